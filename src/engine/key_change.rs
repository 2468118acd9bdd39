//! The change of one key: its goal and its progress.
//!
//! A change can be sent again, unlike a new key: it states a target value. Its outcome
//! is read from the key itself, independent of the reply.

use crate::{
    api::{Failure, KeyChange},
    domain::{
        audit::{Act, KeyMark, Reached},
        key_difference::{Difference, between},
        key_values::{Basis, KeyValues},
        service_key::{ServiceKey, Validity},
        text::SafeText,
    },
};

/// The progress of one key's change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyChangeStage {
    /// It is not confirmed, or waits for the one before.
    Waiting,
    /// It is journaled before it is sent.
    Writing,
    /// The request was sent.
    Sending,
    /// The key is read again: with how the request failed, if it did.
    Reading(Option<Failure>),
    /// The key as it is now.
    Done(Box<ServiceKey>),
    /// It is not known yet whether it was changed: the key is read again as
    /// planned. With how the request failed, if it did.
    Searching(Option<Failure>),
    /// It was not changed.
    Failed(Failure),
}

/// The change of one key.
#[derive(Debug, Clone)]
pub struct KeyChangeStatus {
    /// The key before.
    pub before: ServiceKey,
    /// The intended change.
    pub change: KeyChange,
    /// Whether it is to be done.
    pub wanted: bool,
    /// Its progress.
    pub stage: KeyChangeStage,
}

impl KeyChangeStatus {
    /// Returns a change of `key`, to be done.
    pub const fn new(key: ServiceKey, change: KeyChange) -> Self {
        Self { before: key, change, wanted: true, stage: KeyChangeStage::Waiting }
    }

    /// Returns whether it is in progress.
    pub const fn is_under_way(&self) -> bool {
        matches!(
            self.stage,
            KeyChangeStage::Writing | KeyChangeStage::Sending | KeyChangeStage::Reading(_)
        )
    }

    /// Returns whether a confirmation would still do anything about it.
    pub const fn is_left(&self) -> bool {
        self.wanted && matches!(self.stage, KeyChangeStage::Waiting | KeyChangeStage::Failed(_))
    }

    /// Returns whether `after` is as was asked for.
    pub fn is_met_by(&self, after: &ServiceKey) -> bool {
        let change = &self.change;
        change.active.is_none_or(|active| active == after.active)
            && change.rate.is_none_or(|rate| Some(rate) == after.rate)
            && change.usage.is_none_or(|usage| usage == after.usage)
            && change.pre_approved.is_none_or(|wanted| wanted == (after.pre_approved == Some(true)))
            && change.label.as_ref().is_none_or(|label| *label == after.label)
            && change.validity.is_none_or(|window| {
                let end = |window: Option<Validity>| window.and_then(|window| window.end);
                end(window) == end(after.validity)
            })
    }

    /// Returns the differences, present or intended, as far as known.
    pub fn differences(&self) -> Vec<Difference> {
        match &self.stage {
            KeyChangeStage::Done(after) => between(&self.before, after),
            KeyChangeStage::Waiting if self.wanted => between(&self.before, &self.after()),
            _ => vec![],
        }
    }

    /// Describes the differences once it is done, else the intended ones.
    pub fn describe(&self) -> String {
        let (differs, done) = match &self.stage {
            KeyChangeStage::Done(_) => (self.differences(), true),
            _ => (between(&self.before, &self.after()), false),
        };
        let what: Vec<_> = differs.iter().map(|one| one.as_change(done)).collect();
        if what.is_empty() { "nothing changed".to_owned() } else { what.join("; ") }
    }

    /// Returns its act for the audit.
    pub fn to_audit_act(&self, reached: Reached, failure: Option<&Failure>) -> Act {
        Act::Changed {
            key: KeyMark::new(&self.before),
            reached,
            what: SafeText::clean(&self.describe()),
            why: failure.map(|failure| failure.happened.clone()),
            trace: failure.and_then(|failure| failure.trace.clone()),
        }
    }

    /// Returns the intended key.
    fn after(&self) -> ServiceKey {
        self.change.onto(KeyValues::of_key(&self.before)).onto(self.before.clone())
    }

    /// Returns the values that the key is to have: those it was expected to have, or
    /// had, with what is changed.
    pub fn values_after(&self, expected: Option<&KeyValues>) -> KeyValues {
        let before = KeyValues::of_key(&self.before);
        let differs = expected.filter(|values| !values.differences(&self.before).is_empty());
        let base = differs.map_or_else(|| before.clone(), |values| values.filled_in_by(&before));
        KeyValues { basis: Basis::List, ..self.change.onto(base) }
    }
}
