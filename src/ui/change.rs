//! Changing keys and answering circuits: the questions about them.

pub mod approval;
pub(in crate::ui) mod approval_commands;
pub(in crate::ui) mod commands;
pub mod question;
pub mod question_view;
