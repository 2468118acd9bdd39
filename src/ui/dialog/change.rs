//! A change of keys: what is asked for, and how far it has got.
//!
//! A change can be sent again, unlike a new key: it says how the key shall be.
//! What became of it is read from the key itself, whatever the reply was.

use std::time::Duration;

use crate::{
    api::{Failure, KeyChange},
    domain::{
        key_difference::{Difference, between},
        service_key::{KeyUse, ServiceKey},
        time::Timestamp,
        vlan::VlanTag,
    },
    engine::question::Question,
};

/// How far the change of one key has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has said yes, or it waits for the one before.
    Waiting,
    /// It is written down before it leaves.
    Writing,
    /// The request has left.
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
pub struct Step {
    /// The key before.
    pub before: ServiceKey,
    /// What shall be different.
    pub change: KeyChange,
    /// Whether it is to be done.
    pub wanted: bool,
    /// How far it has got.
    pub stage: Stage,
}

/// A change of one key or several, confirmed by one `y` and sent one after
/// the other.
#[derive(Debug, Clone)]
pub struct Change {
    /// The question: `Switch off?`.
    pub title: &'static str,
    /// What it means, in a sentence.
    pub means: &'static str,
    /// Each key.
    pub steps: Vec<Step>,
    /// Whether `y` counts.
    pub question: Question,
    /// Whether somebody has said yes.
    pub confirmed: bool,
}

impl Step {
    /// A change of `key`, to be done.
    pub const fn of(key: ServiceKey, change: KeyChange) -> Self {
        Self { before: key, change, wanted: true, stage: Stage::Waiting }
    }

    /// Whether it is under way.
    pub const fn is_under_way(&self) -> bool {
        matches!(self.stage, Stage::Writing | Stage::Sending | Stage::Reading(_))
    }

    /// Whether `after` is as was asked for.
    pub fn is_met_by(&self, after: &ServiceKey) -> bool {
        let change = &self.change;
        change.active.is_none_or(|active| active == after.active)
            && change.rate.is_none_or(|rate| Some(rate) == after.rate)
            && change.vlan.is_none_or(|vlan| after.usage == KeyUse::Single(VlanTag::Tagged(vlan)))
            && change.pre_approved.is_none_or(|wanted| wanted == (after.pre_approved == Some(true)))
            && change.label.as_ref().is_none_or(|label| *label == after.label)
            && change.validity.is_none_or(|window| {
                let end = |window: Option<crate::domain::service_key::Validity>| {
                    window.and_then(|window| window.end)
                };
                end(window) == end(after.validity)
            })
    }

    /// What differs now, or what will, as far as that is known.
    pub fn differences(&self) -> Vec<Difference> {
        match &self.stage {
            Stage::Done(after) => between(&self.before, after),
            Stage::Waiting if self.wanted => between(&self.before, &self.after()),
            _ => vec![],
        }
    }

    /// What shall differ, whatever became of it.
    pub fn asked_for(&self) -> Vec<Difference> {
        between(&self.before, &self.after())
    }

    /// The key as it shall be.
    fn after(&self) -> ServiceKey {
        let (mut key, change) = (self.before.clone(), &self.change);
        key.active = change.active.unwrap_or(key.active);
        key.rate = change.rate.or(key.rate);
        key.label = change.label.clone().unwrap_or(key.label);
        key.validity = change.validity.unwrap_or(key.validity);
        key.pre_approved = change.pre_approved.or(key.pre_approved);
        if let Some(vlan) = change.vlan {
            key.usage = KeyUse::Single(VlanTag::Tagged(vlan));
        }
        key
    }
}

impl Change {
    /// Switches keys off.
    pub fn switch_off(keys: Vec<ServiceKey>, now: Timestamp) -> Self {
        let step = |key: ServiceKey| {
            let change = KeyChange { active: Some(false), ..KeyChange::of(key.id.clone()) };
            Step::of(key, change)
        };
        Self {
            title: "Switch off?",
            means: "The customer cannot redeem it any more. It stays listed, keeps its VLAN, and \
                    can be switched on again. A circuit that exists already is not touched.",
            steps: keys.into_iter().map(step).collect(),
            question: Question::opened(now),
            confirmed: false,
        }
    }

    /// Somebody said yes: what failed is to be tried once more.
    pub fn confirm(&mut self) {
        self.confirmed = true;
        for step in &mut self.steps {
            if matches!(step.stage, Stage::Failed(_)) {
                step.stage = Stage::Waiting;
            }
        }
    }

    /// Switches keys on again.
    pub fn switch_on(keys: Vec<ServiceKey>, now: Timestamp) -> Self {
        let step = |key: ServiceKey| {
            let change = KeyChange { active: Some(true), ..KeyChange::of(key.id.clone()) };
            Step::of(key, change)
        };
        Self {
            title: "Switch on?",
            means: "The customer can redeem it from then on, as long as its window is open.",
            steps: keys.into_iter().map(step).collect(),
            question: Question::opened(now),
            confirmed: false,
        }
    }

    /// Makes one change of one key.
    pub fn of(key: ServiceKey, change: KeyChange, now: Timestamp) -> Self {
        Self {
            title: "Change this key?",
            means: "All of the key is sent again, since what is left out would be reset; then it \
                    is read, and what differs is shown.",
            steps: vec![Step::of(key, change)],
            question: Question::opened(now),
            confirmed: false,
        }
    }

    /// How long until `y` counts; `None` when it does.
    pub fn arms_in(&self, now: Timestamp) -> Option<Duration> {
        self.question.arms_in(now).filter(|_| self.may_go())
    }

    /// Whether anything of it is under way.
    pub fn is_under_way(&self) -> bool {
        self.steps.iter().any(Step::is_under_way)
    }

    /// Whether a `y` would do something: it was not said yet, or some of it
    /// was not done.
    pub fn may_go(&self) -> bool {
        let left =
            |step: &Step| step.wanted && matches!(step.stage, Stage::Waiting | Stage::Failed(_));
        !self.is_under_way() && self.steps.iter().any(left)
    }
}
