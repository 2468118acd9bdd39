//! The clipboard: what the screen wants done with it, and how it went.

use std::time::Duration;

use crate::domain::text::SafeText;

use super::account::Secret;

/// How long a program that copies is waited for: the user's own may go over a network.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// What to do with the user's clipboard.
#[derive(Debug, Clone, PartialEq)]
pub enum Clipboard {
    /// Put this text there, and nothing else: no newline at its end.
    Copy(Secret),
    /// Take away what was put there.
    Clear,
}

/// How far it is known that a text arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was put there and looked at again, or a command said so.
    Done,
    /// It was sent, and nobody can know whether it arrived.
    Sent,
    /// It was not copied.
    Not,
}

/// How an act on the clipboard went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How far it is known.
    pub outcome: Outcome,
    /// The same in a few words, and nothing of the text.
    pub says: SafeText,
}

impl Verdict {
    /// A verdict in these words.
    pub fn new(outcome: Outcome, says: &str) -> Self {
        Self { outcome, says: SafeText::clean(says) }
    }
}
