//! The state of one intent, and which step may follow which.

use thiserror::Error;

use crate::domain::{
    fingerprint::Fingerprint, intent::Intent, issuance::Doubt, text::SafeText, time::Timestamp,
};

use super::{JournalStep, Record, SessionId};

/// The state of an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Confirmed, and not sent.
    Prepared,
    /// Being sent; after a crash, as doubtful as [`Self::Unknown`].
    Sending,
    /// The key exists; the user has not seen it yet.
    Created(Fingerprint),
    /// Not created, by Megaport's own reply.
    Refused,
    /// Not created: nothing was sent.
    NotSent,
    /// It may have been created.
    Unknown,
    /// Created, and seen.
    Acknowledged(Fingerprint),
    /// Given up, with the reason.
    Closed(SafeText),
}

impl State {
    /// Returns whether something is left to do.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Prepared | Self::Sending | Self::Created(_) | Self::Unknown)
    }
}

/// The reason why a step cannot follow.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidStep {
    /// There is no such intent.
    #[error("that request is unknown")]
    Unheard,
    /// There is one of that name already.
    #[error("that request is already known")]
    Again,
    /// The step cannot follow its present state.
    #[error("another console has changed the state of this request")]
    Order,
    /// The step is about another attempt than the last one.
    #[error("another console has sent this request since (attempt {last})")]
    Attempt {
        /// The last attempt.
        last: u32,
    },
    /// Only the session that sent an attempt can say how it ended, while it
    /// runs.
    #[error("the console that sent this request is still running")]
    SenderRuns(SessionId),
    /// A refusal after a doubtful attempt proves nothing about that attempt.
    #[error("an earlier attempt is still in doubt")]
    Doubted,
    /// Another open intent keeps the VLAN.
    #[error("VLAN reserved by an unfinished request, {0}")]
    Reserved(SafeText),
}

/// An intent with its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntentStatus {
    /// The intent.
    pub intent: Intent,
    /// Its state.
    pub state: State,
    /// How often it was sent: the number of the last attempt.
    pub attempts: u32,
    /// The session that sent the last attempt, where that is known.
    pub sender: Option<SessionId>,
    /// The session that wrote the last step, if known; `None` before this process has
    /// journaled it.
    pub writer: Option<SessionId>,
    /// Whether an attempt ended in doubt.
    pub doubted: bool,
    /// The time it was last sent, by the server's clock.
    pub sent_at: Option<Timestamp>,
}

impl IntentStatus {
    /// Returns an intent that was just confirmed.
    pub const fn new(intent: Intent) -> Self {
        let state = State::Prepared;
        let (sender, writer, sent_at) = (None, None, None);
        Self { intent, state, attempts: 0, sender, writer, doubted: false, sent_at }
    }

    /// Returns a record of `step` about the last attempt, or of the next one where it
    /// is about to be sent.
    pub const fn record(&self, step: JournalStep, at: Timestamp) -> Record {
        let attempt = match step {
            JournalStep::Sending => self.attempts + 1,
            _ => self.attempts,
        };
        Record { intent: self.intent.id, at, attempt: Some(attempt), author: None, step }
    }

    /// Returns whether something is left to do. This includes the second of a pair that
    /// was refused or not sent: its first key exists, so the user may send it again.
    pub fn is_open(&self) -> bool {
        let ended = matches!(self.state, State::Refused | State::NotSent);
        self.state.is_open() || ended && self.intent.completes_a_pair()
    }

    /// Returns the step that a failed request with this doubt leads to: after a
    /// doubtful attempt, only a key settles it.
    pub const fn end(&self, doubt: Doubt) -> JournalStep {
        match doubt {
            Doubt::Unknown => JournalStep::Unknown,
            _ if self.doubted => JournalStep::Unknown,
            Doubt::NotSent => JournalStep::NotSent,
            Doubt::NotProcessed | Doubt::Refused => JournalStep::Refused,
        }
    }

    /// Returns whether it may still lead to a key though it is settled: it was given up
    /// or refused, or its one key may not be the only one.
    pub fn may_yield_late_key(&self) -> bool {
        match self.state {
            _ if self.is_open() => false,
            // A gateway may deliver one request twice.
            State::Closed(_) | State::Refused | State::Acknowledged(_) => self.attempts > 0,
            State::NotSent => self.attempts > 1,
            _ => false,
        }
    }

    /// Applies one step; the one place that decides which may follow which. An illegal
    /// step changes nothing.
    pub fn apply_record(&mut self, record: &Record) -> Result<(), InvalidStep> {
        let next = self.after(record)?;
        if record.step == JournalStep::Sending {
            self.attempts += 1;
            self.sender = record.author.map(|author| author.session);
            self.sent_at = Some(record.at);
        }
        self.doubted |= next == State::Unknown;
        self.state = next;
        self.writer = record.author.map(|author| author.session);
        Ok(())
    }

    /// Returns the state that `record` leads to.
    pub(super) fn after(&self, record: &Record) -> Result<State, InvalidStep> {
        use State::{Acknowledged, Closed, Created, NotSent, Prepared, Refused, Sending, Unknown};
        self.check_attempt(record)?;
        Ok(match (&self.state, &record.step) {
            (_, JournalStep::Prepared(_)) => return Err(InvalidStep::Again),
            // Never from `Sending`: that request may be in flight.
            (Prepared | Unknown, JournalStep::Sending) => Sending,
            (Refused | NotSent, JournalStep::Sending) if self.intent.completes_a_pair() => Sending,
            (Sending, JournalStep::Refused | JournalStep::NotSent) if self.doubted => {
                return Err(InvalidStep::Doubted);
            }
            (Sending, JournalStep::Refused) => Refused,
            (Sending, JournalStep::NotSent) => NotSent,
            (Sending | Unknown, JournalStep::Unknown) => Unknown,
            (Sending | Unknown, JournalStep::Created(key)) => Created(*key),
            // Evidence is stronger than the user's decision, and than Megaport's reply:
            // a gateway may deliver a request twice and pass the second reply on.
            (Closed(_) | Refused, JournalStep::Created(key)) if self.attempts > 0 => Created(*key),
            (NotSent, JournalStep::Created(key)) if self.attempts > 1 => Created(*key),
            (Created(known) | Acknowledged(known), JournalStep::Created(key)) if known == key => {
                self.state.clone()
            }
            (Created(key) | Acknowledged(key), JournalStep::Acknowledged) => Acknowledged(*key),
            (Prepared | Unknown, JournalStep::Closed(why)) => Closed(why.clone()),
            (Refused | NotSent, JournalStep::Closed(why)) if self.intent.completes_a_pair() => {
                Closed(why.clone())
            }
            _ => return Err(InvalidStep::Order),
        })
    }

    /// Returns whether the step is about the right attempt, and comes from a session
    /// that can know. Two consoles may hold the same intent; what one of them believed
    /// of attempt 1 must not open attempt 2, which the other one has sent since.
    fn check_attempt(&self, record: &Record) -> Result<(), InvalidStep> {
        let (last, step) = (self.attempts, &record.step);
        let about = match step {
            JournalStep::Sending => last + 1,
            JournalStep::Closed(_) => last,
            step if step.ends_attempt() => last,
            // A key that was seen stays seen, whichever attempt created it.
            _ => return Ok(()),
        };
        if record.attempt.is_some_and(|attempt| attempt != about) {
            return Err(InvalidStep::Attempt { last });
        }
        match (self.sender, record.author) {
            (Some(sender), Some(author))
                if step.ends_attempt() && author.session != sender && !author.sender_ended =>
            {
                Err(InvalidStep::SenderRuns(sender))
            }
            _ => Ok(()),
        }
    }

    /// Applies a step that cannot follow, because the step that led to it could not be
    /// read.
    pub(super) fn force(&mut self, record: &Record) {
        self.doubted = true;
        self.writer = record.author.map(|author| author.session);
        self.attempts = self.attempts.max(1).max(record.attempt.unwrap_or_default());
        self.state = match &record.step {
            JournalStep::Created(key) => State::Created(*key),
            JournalStep::Acknowledged => match self.state {
                State::Created(key) | State::Acknowledged(key) => State::Acknowledged(key),
                _ => State::Unknown,
            },
            JournalStep::Closed(why) => State::Closed(why.clone()),
            JournalStep::Sending => {
                if record.attempt.is_none() {
                    self.attempts += 1;
                }
                self.sender = record.author.map(|author| author.session);
                self.sent_at = Some(record.at);
                State::Sending
            }
            JournalStep::Prepared(_)
            | JournalStep::Refused
            | JournalStep::NotSent
            | JournalStep::Unknown
            | JournalStep::Change(_) => State::Unknown,
        };
    }

    /// Marks that an unreadable line may have recorded this as sent.
    pub(super) fn doubt_prepared(&mut self) {
        if self.state == State::Prepared {
            (self.state, self.attempts, self.doubted) = (State::Unknown, 1, true);
        }
    }
}
