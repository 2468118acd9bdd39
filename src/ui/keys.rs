//! The keys view: which were used, and how we know.

pub(in crate::ui) mod columns;
pub(in crate::ui) mod commands;
pub(in crate::ui) mod rows;
pub(in crate::ui) mod view;
pub mod watch;
