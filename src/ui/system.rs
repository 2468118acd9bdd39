//! Parts of every view: help, the `:` line, the log, problems, quitting.

pub mod allow_writes;
pub(in crate::ui) mod commands;
pub(in crate::ui) mod export;
pub mod help;
pub mod leave;
pub mod log;
pub mod log_view;
pub(in crate::ui) mod mode;
pub mod problems;
pub mod prompt;
pub(in crate::ui) mod second_keys;
pub(in crate::ui) mod shift_report;
