//! The state of the journal, as the engine knows it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    fingerprint::Fingerprint,
    intent::IntentId,
    ledger::IntentStatus,
    service_key::ServiceKey,
    tag::{Seed, Tag},
    text::SafeText,
};

use super::{late_look::LateLook, open_change::UnconfirmedChange};

/// Whether a request can be journaled before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Readiness {
    /// It is being opened.
    #[default]
    Opening,
    /// Yes.
    Ready,
    /// The user has not yet acknowledged how many of its lines could not be read.
    Damaged(usize),
    /// No, and why.
    Unusable(SafeText),
}

impl Readiness {
    /// Returns whether the journal needs the user's attention.
    pub const fn has_problem(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::Unusable(_))
    }
}

/// A settled request with a second listed key: an intermediary sent it twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondKey {
    /// The label that was ordered.
    pub label: SafeText,
    /// The key that the request was settled with.
    pub settled: Fingerprint,
    /// The other key.
    pub key: ServiceKey,
}

/// The state of the journal, as the engine knows it.
#[derive(Debug, Default)]
pub struct Journal {
    /// Whether requests can be journaled.
    pub readiness: Readiness,
    /// Whether all of it was read. If not, there may be unknown unfinished requests.
    pub is_read: bool,
    /// The source of intent ids; `None` until the journal is open.
    pub(super) seed: Option<Seed>,
    /// Intents of which something is not on the disk, and why.
    pub unwritten: BTreeMap<IntentId, SafeText>,
    /// Requests that may have created a key and whose order could not be read.
    pub lost: BTreeSet<IntentId>,
    /// Changes with an unknown outcome, the earliest first.
    pub changes: Vec<UnconfirmedChange>,
    /// Second keys of settled intents.
    pub second: Vec<SecondKey>,
    /// Settled intents that could still bring a key, by their tags.
    pub settled: BTreeMap<Tag, IntentStatus>,
    /// Searches in the background, for keys of refused requests and for new keys
    /// that are not listed yet.
    pub(super) late_looks: Vec<LateLook>,
}

impl Journal {
    /// Returns why no request can be journaled; `None` where it can.
    pub fn trouble(&self) -> Option<String> {
        match &self.readiness {
            Readiness::Ready => None,
            Readiness::Opening => Some("the journal is being opened".to_owned()),
            Readiness::Damaged(_) => Some("the journal is damaged".to_owned()),
            Readiness::Unusable(why) => Some(format!("the journal cannot be written: {why}")),
        }
    }
}

impl Journal {
    /// Returns whether the journal, or a finding through it, needs the user's
    /// attention.
    pub fn has_problem(&self) -> bool {
        !self.lost.is_empty() || !self.unwritten.is_empty() || self.readiness.has_problem()
    }
}
