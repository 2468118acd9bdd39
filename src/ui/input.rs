//! Keys to commands: the present meaning of a key, and the commands that several
//! features bind.

pub(in crate::ui) mod key_commands;
pub(in crate::ui) mod list_filter;
pub(in crate::ui) mod motion;
pub(in crate::ui) mod refresh;
pub(in crate::ui) mod resolve;
