//! The activity view: what was done here, and when.

pub(in crate::ui) mod columns;
pub(in crate::ui) mod commands;
pub mod entry;
pub(in crate::ui) mod lines;
pub(in crate::ui) mod receive;
pub mod timeline;
pub(in crate::ui) mod view;
