//! One line of the journal: a step, its attempt, and its author.

use std::fmt;

use crate::domain::{
    alteration::ChangeStep,
    fingerprint::Fingerprint,
    intent::{Intent, IntentId},
    text::SafeText,
    time::Timestamp,
};

/// A step in the life of an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalStep {
    /// It was confirmed; nothing is sent yet.
    Prepared(Box<Intent>),
    /// The request of one attempt may be sent from here on.
    Sending,
    /// The key exists.
    Created(Fingerprint),
    /// Megaport refused it explicitly.
    Refused,
    /// Nothing was sent.
    NotSent,
    /// It may have been carried out.
    Unknown,
    /// The user has seen the key.
    Acknowledged,
    /// The user gave it up, with a reason.
    Closed(SafeText),
    /// It is no intent, but a change of something that exists.
    Change(ChangeStep),
}

impl JournalStep {
    /// Returns whether the step ends an attempt: while the session that sent it runs,
    /// only that session can vouch for it.
    pub const fn ends_attempt(&self) -> bool {
        matches!(self, Self::Refused | Self::NotSent | Self::Unknown)
    }
}

/// One console's use of one journal: drawn at random when it starts to write, and added
/// to each of its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionId(pub u64);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The session that wrote a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author {
    /// Its name.
    pub session: SessionId,
    /// Whether the session that sent the attempt had ended by then: its lock was free
    /// when this step was written, under the journal's lock. For the sender itself this
    /// has no meaning.
    pub sender_ended: bool,
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The intent, or the change.
    pub intent: IntentId,
    /// The time, by the server's clock.
    pub at: Timestamp,
    /// The attempt to send it that the step is about, from 1; 0 before the first.
    /// `None` where the line does not state it, as in journals of format 1: then it is
    /// the next one for [`JournalStep::Sending`], and else the last one.
    pub attempt: Option<u32>,
    /// The author. `None` until the journal has written it, and for lines of format 1.
    pub author: Option<Author>,
    /// The step.
    pub step: JournalStep,
}

impl Record {
    /// Returns a step that names neither its attempt nor its session.
    pub const fn new(intent: IntentId, at: Timestamp, step: JournalStep) -> Self {
        Self { intent, at, attempt: None, author: None, step }
    }

    /// Returns whether the step is about an attempt, and so has to name it.
    pub const fn is_about_an_attempt(&self) -> bool {
        !matches!(self.step, JournalStep::Prepared(_) | JournalStep::Change(_))
    }

    /// Sets the attempt.
    #[must_use]
    pub fn about(self, attempt: u32) -> Self {
        Self { attempt: Some(attempt), ..self }
    }

    /// Sets the session that wrote it.
    #[must_use]
    pub fn with_author(self, author: Author) -> Self {
        Self { author: Some(author), ..self }
    }
}
