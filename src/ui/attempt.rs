//! Requests to create keys: how far each has got, and what a person decides about it.

pub(in crate::ui) mod commands;
pub mod damage;
pub(in crate::ui) mod list_commands;
pub mod progress;
pub mod reason;
pub mod unfinished;
