//! The clipboard: actions of the screen, and their results.

use std::time::Duration;

use crate::domain::text::SafeText;

use super::account::Secret;

/// The timeout of a program that copies: the user's own may use a network.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// An action on the user's clipboard.
#[derive(Debug, Clone, PartialEq)]
pub enum Clipboard {
    /// Put this text there, and nothing else: no newline at its end.
    Copy(Secret),
    /// Take away what was put there.
    Clear,
}

/// How certain it is that a text arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was copied and read back, or a command confirmed it.
    Done,
    /// It was sent; whether it arrived cannot be known.
    Sent,
    /// It was not copied.
    Not,
}

/// The result of an action on the clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The certainty of that result.
    pub outcome: Outcome,
    /// The result in a few words, without the text itself.
    pub says: SafeText,
}

impl Verdict {
    /// Returns a verdict in these words.
    pub fn new(outcome: Outcome, says: &str) -> Self {
        Self { outcome, says: SafeText::clean(says) }
    }
}
