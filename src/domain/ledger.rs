//! The state of every intent, derived from the journal.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    alteration::{Alteration, ChangeStep, Subject},
    fingerprint::Fingerprint,
    intent::IntentId,
    key_values::KeyValues,
    time::Timestamp,
};

mod record;
mod standing;

pub use record::{Author, JournalStep, Record, SessionId};
pub use standing::{IntentStatus, InvalidStep, State};

/// A change whose outcome is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenChange {
    /// The change.
    pub alteration: Alteration,
    /// The time at which it was about to be sent, by the server's clock.
    pub begun_at: Timestamp,
    /// The session that began it, where that is known.
    pub writer: Option<SessionId>,
}

/// The last values that this host gave a key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Changed {
    /// The values, if they were journaled.
    to: Option<Box<KeyValues>>,
    /// The session that recorded the end of the change, if known.
    writer: Option<SessionId>,
}

/// Every intent and every open change of one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    standings: BTreeMap<IntentId, IntentStatus>,
    changes: BTreeMap<IntentId, OpenChange>,
    /// The values that keys were changed to here, or accepted with; `None` where a
    /// recorded change lacks them.
    changed: BTreeMap<Fingerprint, Changed>,
    /// Intents of which a step was read and the order was not.
    lost: BTreeSet<IntentId>,
    /// Whether a line before could not be read.
    damaged: bool,
}

impl Ledger {
    /// Returns the state of everything after `records`. Steps that cannot follow change
    /// nothing.
    pub fn replay<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut ledger = Self::default();
        for record in records {
            drop(ledger.apply_record(record));
        }
        ledger
    }

    /// Applies one record.
    ///
    /// After an unreadable line, a step that cannot follow is accepted all the same:
    /// the missing line may have led to it.
    pub fn apply_record(&mut self, record: &Record) -> Result<(), InvalidStep> {
        if let JournalStep::Change(turn) = &record.step {
            self.allows(record)?;
            match turn {
                ChangeStep::Begun(alteration) => {
                    let (alteration, begun_at) = ((**alteration).clone(), record.at);
                    let writer = record.author.map(|author| author.session);
                    let open = OpenChange { alteration, begun_at, writer };
                    self.changes.insert(record.intent, open);
                }
                ChangeStep::Done | ChangeStep::NotDone | ChangeStep::Seen => {
                    let ended = self.changes.remove(&record.intent).map(|open| open.alteration);
                    if let Some(Alteration { subject: Subject::Key(key), to, .. }) = ended
                        && *turn != ChangeStep::NotDone
                    {
                        // The user has seen the present state, which may differ from
                        // every record.
                        let to = to.filter(|_| *turn == ChangeStep::Done);
                        let writer = record.author.map(|author| author.session);
                        self.changed.insert(key, Changed { to, writer });
                    }
                }
            }
            return Ok(());
        }
        let standing = self.standings.get_mut(&record.intent);
        match (standing, &record.step) {
            (Some(standing), _) => match standing.apply_record(record) {
                Err(_) if self.damaged => standing.force(record),
                taken => return taken,
            },
            (None, JournalStep::Prepared(intent)) if intent.id == record.intent => {
                let writer = record.author.map(|author| author.session);
                let standing = IntentStatus { writer, ..IntentStatus::new((**intent).clone()) };
                self.standings.insert(record.intent, standing);
                self.lost.remove(&record.intent);
            }
            (None, step) if self.damaged => {
                let open = matches!(
                    step,
                    JournalStep::Sending | JournalStep::Unknown | JournalStep::Created(_)
                );
                if open {
                    self.lost.insert(record.intent);
                } else {
                    self.lost.remove(&record.intent);
                }
            }
            (None, _) => return Err(InvalidStep::Unheard),
        }
        Ok(())
    }

    /// Returns whether `record` could be applied now, and its VLAN reserved.
    pub fn allows(&self, record: &Record) -> Result<(), InvalidStep> {
        let open = self.changes.contains_key(&record.intent);
        match (self.standings.get(&record.intent), &record.step) {
            (None, JournalStep::Change(ChangeStep::Begun(_))) if open => Err(InvalidStep::Again),
            (None, JournalStep::Change(ChangeStep::Begun(change)))
                if change.id == record.intent =>
            {
                Ok(())
            }
            // It may have been settled by another console.
            (None, JournalStep::Change(_)) if !open => Err(InvalidStep::Unheard),
            (None, JournalStep::Change(_)) => Ok(()),
            (Some(standing), _) => standing.after(record).map(drop),
            (None, JournalStep::Prepared(intent)) => {
                let other = self.open().find(|open| open.intent.collides_with(intent));
                other.map_or(Ok(()), |open| {
                    Err(InvalidStep::Reserved(open.intent.order.label().clone()))
                })
            }
            (None, _) => Err(InvalidStep::Unheard),
        }
    }

    /// Notes an unreadable line: it may have recorded that something was sent.
    pub fn damage(&mut self) {
        self.damaged = true;
        for standing in self.standings.values_mut() {
            standing.doubt_prepared();
        }
    }

    /// Returns the values that every key that this journal knows is expected to have:
    /// those of its order, or of the last change here. A key without known values is
    /// omitted.
    pub fn expected(&self) -> BTreeMap<Fingerprint, KeyValues> {
        self.expected_by(|_| true)
    }

    /// Returns the expected values of the keys whose last step was written by a session
    /// other than `own`.
    pub fn expected_by_others(&self, own: Option<SessionId>) -> BTreeMap<Fingerprint, KeyValues> {
        self.expected_by(|writer| writer.is_some() && writer != own)
    }

    fn expected_by(
        &self,
        is_wanted: impl Fn(Option<SessionId>) -> bool,
    ) -> BTreeMap<Fingerprint, KeyValues> {
        let created = self.all().filter_map(|one| match one.state {
            State::Created(key) | State::Acknowledged(key) if is_wanted(one.writer) => {
                Some((key, KeyValues::of_order(&one.intent)))
            }
            _ => None,
        });
        let mut expected: BTreeMap<_, _> = created.collect();
        for (key, Changed { to, writer }) in &self.changed {
            match to {
                Some(values) if is_wanted(*writer) => {
                    drop(expected.insert(*key, (**values).clone()));
                }
                _ => drop(expected.remove(key)),
            }
        }
        expected
    }

    /// Returns the state of one intent.
    pub fn get(&self, id: IntentId) -> Option<&IntentStatus> {
        self.standings.get(&id)
    }

    /// Returns every intent.
    pub fn all(&self) -> impl Iterator<Item = &IntentStatus> {
        self.standings.values()
    }

    /// Returns those with something left to do.
    pub fn open(&self) -> impl Iterator<Item = &IntentStatus> {
        self.all().filter(|standing| standing.is_open())
    }

    /// Returns changes with an unknown outcome, the earliest first.
    pub fn changes(&self) -> Vec<&OpenChange> {
        let mut open: Vec<_> = self.changes.values().collect();
        open.sort_by_key(|one| one.begun_at);
        open
    }

    /// Returns whether the change of this name is open.
    pub fn is_changing(&self, id: IntentId) -> bool {
        self.changes.contains_key(&id)
    }

    /// Returns requests that may have created a key and whose order could not be read.
    pub const fn lost(&self) -> &BTreeSet<IntentId> {
        &self.lost
    }
}

#[cfg(test)]
mod tests;
