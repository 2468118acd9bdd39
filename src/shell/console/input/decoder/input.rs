//! The meaning of a terminal's bytes: a key, a paste, or nothing for the user.

use crate::ui::state::key::Key;

/// The input read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::shell::console::input) enum Input {
    /// A key press.
    Key(Key),
    /// A press that the terminal itself marks as a repeat: the key is held.
    Repeat(Key),
    /// The terminal got the focus: the user has come to it.
    Focused,
    /// A paste.
    Paste(String),
}
