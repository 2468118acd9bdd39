//! The events view: maintenance and outages.

pub(in crate::ui) mod columns;
pub(in crate::ui) mod commands;
pub(in crate::ui) mod view;
