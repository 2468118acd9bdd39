//! Requests to create keys: their progress, and the user's decisions about them.

pub(in crate::ui) mod commands;
pub mod damage;
pub(in crate::ui) mod list_commands;
pub mod progress;
pub mod reason;
pub mod unfinished;
