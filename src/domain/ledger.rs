//! Where every intent stands, worked out from what was written down.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::{
    alteration::{Alteration, Turn},
    fingerprint::Fingerprint,
    intent::{Intent, IntentId},
    issuance::Doubt,
    text::SafeText,
    time::Timestamp,
};

/// What happened to an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It was confirmed; nothing is sent yet.
    Prepared(Box<Intent>),
    /// From here on its request may leave.
    Sending,
    /// The key exists.
    Created(Fingerprint),
    /// Megaport did not carry it out, and said so.
    Refused,
    /// Nothing left this host.
    NotSent,
    /// It may have been carried out.
    Unknown,
    /// A person has seen the key.
    Acknowledged,
    /// A person gave it up, with a reason.
    Closed(SafeText),
    /// It is no intent, but a change of something that exists.
    Change(Turn),
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The intent, or the change.
    pub intent: IntentId,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// What happened.
    pub step: Step,
}

/// Where an intent stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Confirmed, and not sent.
    Prepared,
    /// Being sent; after a crash, as doubtful as [`Self::Unknown`].
    Sending,
    /// The key exists; nobody has seen it yet.
    Created(Fingerprint),
    /// Not made, by Megaport's own word.
    Refused,
    /// Not made: nothing left this host.
    NotSent,
    /// It may have been made.
    Unknown,
    /// Made, and seen.
    Acknowledged(Fingerprint),
    /// Given up, with the reason.
    Closed(SafeText),
}

impl State {
    /// Whether something is left to do.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Prepared | Self::Sending | Self::Created(_) | Self::Unknown)
    }
}

/// A step that can not follow.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Illegal {
    /// There is no such intent.
    #[error("nothing is known of that request")]
    Unheard,
    /// There is one of that name already.
    #[error("that request is known already")]
    Again,
    /// Not from where it stands.
    #[error("that request stands elsewhere by now: another console has seen to it")]
    Order,
    /// A refusal after a doubtful attempt says nothing about that attempt.
    #[error("an earlier attempt is still in doubt")]
    Doubted,
    /// Another open intent keeps the VLAN.
    #[error("VLAN kept by an unfinished request, {0}")]
    Reserved(SafeText),
}

/// An intent and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The intent.
    pub intent: Intent,
    /// Where it stands.
    pub state: State,
    /// How often it was sent.
    pub attempts: u32,
    /// Whether an attempt ended in doubt.
    pub doubted: bool,
    /// When it was sent last, by the server's clock.
    pub sent_at: Option<Timestamp>,
}

impl Standing {
    /// An intent that was just confirmed.
    pub const fn of(intent: Intent) -> Self {
        let state = State::Prepared;
        Self { intent, state, attempts: 0, doubted: false, sent_at: None }
    }

    /// What the end of a request with this doubt says of the intent: after a
    /// doubtful attempt, nothing but a key settles it.
    pub const fn end(&self, doubt: Doubt) -> Step {
        match doubt {
            Doubt::Unknown => Step::Unknown,
            _ if self.doubted => Step::Unknown,
            Doubt::NotSent => Step::NotSent,
            Doubt::NotProcessed | Doubt::Refused => Step::Refused,
        }
    }

    /// Whether a key could still come of it though it is settled: it was given
    /// up, or sent more than once.
    pub const fn may_surprise(&self) -> bool {
        match self.state {
            State::Closed(_) => self.attempts > 0,
            State::Acknowledged(_) => self.attempts > 1,
            _ => false,
        }
    }

    /// Takes one step; the one place that says which may follow which.
    pub fn take(&mut self, step: &Step, at: Timestamp) -> Result<(), Illegal> {
        let next = self.next(step)?;
        if *step == Step::Sending {
            self.attempts += 1;
            self.sent_at = Some(at);
        }
        self.doubted |= next == State::Unknown;
        self.state = next;
        Ok(())
    }

    fn next(&self, step: &Step) -> Result<State, Illegal> {
        use State::{Acknowledged, Closed, Created, NotSent, Prepared, Refused, Sending, Unknown};
        Ok(match (&self.state, step) {
            (_, Step::Prepared(_)) => return Err(Illegal::Again),
            // Never from `Sending`: that request may be on its way.
            (Prepared | Unknown, Step::Sending) => Sending,
            (Sending, Step::Refused | Step::NotSent) if self.doubted => {
                return Err(Illegal::Doubted);
            }
            (Sending, Step::Refused) => Refused,
            (Sending, Step::NotSent) => NotSent,
            (Sending | Unknown, Step::Unknown) => Unknown,
            (Sending | Unknown, Step::Created(key)) => Created(*key),
            // Evidence is stronger than a person's word.
            (Closed(_), Step::Created(key)) if self.attempts > 0 => Created(*key),
            (Created(known) | Acknowledged(known), Step::Created(key)) if known == key => {
                self.state.clone()
            }
            (Created(key) | Acknowledged(key), Step::Acknowledged) => Acknowledged(*key),
            (Prepared | Unknown, Step::Closed(why)) => Closed(why.clone()),
            _ => return Err(Illegal::Order),
        })
    }

    /// Takes over a step that can not follow, because what led to it could not
    /// be read.
    fn force(&mut self, step: &Step, at: Timestamp) {
        self.doubted = true;
        self.attempts = self.attempts.max(1);
        self.state = match step {
            Step::Created(key) => State::Created(*key),
            Step::Acknowledged => match self.state {
                State::Created(key) | State::Acknowledged(key) => State::Acknowledged(key),
                _ => State::Unknown,
            },
            Step::Closed(why) => State::Closed(why.clone()),
            Step::Sending => {
                (self.attempts, self.sent_at) = (self.attempts + 1, Some(at));
                State::Sending
            }
            Step::Prepared(_) | Step::Refused | Step::NotSent | Step::Unknown | Step::Change(_) => {
                State::Unknown
            }
        };
    }
}

/// A change of which nobody knows how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenChange {
    /// The change.
    pub alteration: Alteration,
    /// When it was about to leave, by the server's clock.
    pub begun_at: Timestamp,
}

/// Every intent and every open change of one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    standings: BTreeMap<IntentId, Standing>,
    changes: BTreeMap<IntentId, OpenChange>,
    /// Intents of which a step was read and the order was not.
    lost: BTreeSet<IntentId>,
    /// Whether a line before could not be read.
    damaged: bool,
}

impl Ledger {
    /// Where everything stands after `records`. Steps that can not follow
    /// change nothing.
    pub fn replay<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut ledger = Self::default();
        for record in records {
            drop(ledger.take(record));
        }
        ledger
    }

    /// Takes over one record.
    ///
    /// Behind a line that could not be read, a step that can not follow is
    /// taken all the same: what is missing may have led to it.
    pub fn take(&mut self, record: &Record) -> Result<(), Illegal> {
        if let Step::Change(turn) = &record.step {
            self.allows(record)?;
            match turn {
                Turn::Begun(alteration) => {
                    let (alteration, begun_at) = ((**alteration).clone(), record.at);
                    self.changes.insert(record.intent, OpenChange { alteration, begun_at });
                }
                Turn::Done | Turn::NotDone | Turn::Seen => {
                    self.changes.remove(&record.intent);
                }
            }
            return Ok(());
        }
        let standing = self.standings.get_mut(&record.intent);
        match (standing, &record.step) {
            (Some(standing), step) => match standing.take(step, record.at) {
                Err(_) if self.damaged => standing.force(step, record.at),
                taken => return taken,
            },
            (None, Step::Prepared(intent)) if intent.id == record.intent => {
                self.standings.insert(record.intent, Standing::of((**intent).clone()));
                self.lost.remove(&record.intent);
            }
            (None, step) if self.damaged => {
                let open = matches!(step, Step::Sending | Step::Unknown | Step::Created(_));
                if open {
                    self.lost.insert(record.intent);
                } else {
                    self.lost.remove(&record.intent);
                }
            }
            (None, _) => return Err(Illegal::Unheard),
        }
        Ok(())
    }

    /// Whether `record` could be taken over now, and its VLAN be kept.
    pub fn allows(&self, record: &Record) -> Result<(), Illegal> {
        let open = self.changes.contains_key(&record.intent);
        match (self.standings.get(&record.intent), &record.step) {
            (None, Step::Change(Turn::Begun(_))) if open => Err(Illegal::Again),
            (None, Step::Change(Turn::Begun(change))) if change.id == record.intent => Ok(()),
            // It may have been settled by another console.
            (None, Step::Change(_)) if !open => Err(Illegal::Unheard),
            (None, Step::Change(_)) => Ok(()),
            (Some(standing), step) => standing.next(step).map(drop),
            (None, Step::Prepared(intent)) => {
                let other = self.open().find(|open| open.intent.collides_with(intent));
                other.map_or(Ok(()), |open| {
                    Err(Illegal::Reserved(open.intent.order.label().clone()))
                })
            }
            (None, _) => Err(Illegal::Unheard),
        }
    }

    /// A line could not be read: it may have been the one that says that
    /// something was sent.
    pub fn damage(&mut self) {
        self.damaged = true;
        for standing in self.standings.values_mut() {
            if standing.state == State::Prepared {
                standing.state = State::Unknown;
                (standing.attempts, standing.doubted) = (1, true);
            }
        }
    }

    /// Where one intent stands.
    pub fn get(&self, id: IntentId) -> Option<&Standing> {
        self.standings.get(&id)
    }

    /// Every intent.
    pub fn all(&self) -> impl Iterator<Item = &Standing> {
        self.standings.values()
    }

    /// Those with something left to do.
    pub fn open(&self) -> impl Iterator<Item = &Standing> {
        self.all().filter(|standing| standing.state.is_open())
    }

    /// Changes of which nobody knows how they ended, the earliest first.
    pub fn changes(&self) -> Vec<&OpenChange> {
        let mut open: Vec<_> = self.changes.values().collect();
        open.sort_by_key(|one| one.begun_at);
        open
    }

    /// Whether the change of this name is open.
    pub fn is_changing(&self, id: IntentId) -> bool {
        self.changes.contains_key(&id)
    }

    /// Requests that may have made a key and whose order could not be read.
    pub const fn lost(&self) -> &BTreeSet<IntentId> {
        &self.lost
    }
}

#[cfg(test)]
mod tests;
