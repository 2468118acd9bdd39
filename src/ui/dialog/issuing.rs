//! The key being made, from the one request to the evidence that ends it.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    api::Failure,
    domain::{
        id::KeyId, issuance::Evidence, key_order::KeyOrder, service_key::ServiceKey,
        time::Timestamp,
    },
};

use super::new_key::ForWhom;

/// When to look for a key whose reply was lost, in seconds after the loss. A
/// list may lag behind, so one look proves nothing.
pub const LOOKS: [u64; 7] = [0, 2, 5, 10, 20, 40, 80];

/// How far it has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// The request has left and can not be recalled.
    Sending,
    /// The reply was lost: the key may exist, and the list is searched.
    Looking {
        /// How the reply was lost.
        failure: Failure,
        /// When it was lost.
        since: Timestamp,
    },
    /// Keys that could be ours though not all is as it was sent; a person has
    /// to say which.
    Maybe(Vec<ServiceKey>),
    /// More than one key with all that was sent: something sent twice.
    Several(Vec<ServiceKey>),
    /// It was not made, for certain.
    NotMade(Failure),
}

/// How the search goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// How many of the planned looks were started.
    pub planned: usize,
    /// How many looks read the whole list and did not find it.
    pub answered: usize,
    /// Whether a look is under way.
    pub asking: bool,
    /// Why the last look failed, if it did.
    pub trouble: Option<Failure>,
    /// How many entries the last look could not read: one of them may be it.
    pub unread: usize,
}

/// A key being made.
#[derive(Debug, Clone)]
pub struct Issuing {
    /// What was sent.
    pub order: KeyOrder,
    /// For whom.
    pub for_whom: ForWhom,
    /// The keys that were there before it was sent.
    pub before: BTreeSet<KeyId>,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// How far it has got.
    pub stage: Stage,
    /// How the search for it goes.
    pub search: Search,
}

impl Issuing {
    /// How long until something has to be done or redrawn; `None` when nothing
    /// will happen by itself.
    pub fn acts_in(&self, now: Timestamp) -> Option<Duration> {
        match &self.stage {
            Stage::Sending => Some(Duration::from_secs(1)),
            Stage::Looking { .. } if self.search.asking => Some(Duration::from_secs(1)),
            Stage::Looking { since, .. } => {
                let at = *since + Duration::from_secs(*LOOKS.get(self.search.planned)?);
                Some(at.since(now).max(Duration::from_millis(1)))
            }
            Stage::Maybe(_) | Stage::Several(_) | Stage::NotMade(_) => None,
        }
    }

    /// Whether a planned look is due.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let Stage::Looking { since, .. } = &self.stage else { return false };
        let due = |after: &u64| now >= *since + Duration::from_secs(*after);
        !self.search.asking && LOOKS.get(self.search.planned).is_some_and(due)
    }

    /// Whether all planned looks are over and at least one read the whole list.
    pub fn has_looked_enough(&self) -> bool {
        let Search { planned, answered, asking, .. } = self.search;
        let looking = matches!(self.stage, Stage::Looking { .. });
        looking && planned >= LOOKS.len() && answered > 0 && !asking
    }

    /// Whether it may exist and is not found yet.
    pub const fn is_in_doubt(&self) -> bool {
        !matches!(self.stage, Stage::NotMade(_))
    }

    /// Weighs what a look found among the entries it could read; the key, if
    /// it is certain which one is ours.
    pub fn weigh(&mut self, evidence: Evidence, unread: usize) -> Option<ServiceKey> {
        (self.search.asking, self.search.trouble, self.search.unread) = (false, None, unread);
        match evidence {
            Evidence::Ours(key) => return Some(key),
            Evidence::Maybe(keys) => self.stage = Stage::Maybe(keys),
            Evidence::Several(keys) => self.stage = Stage::Several(keys),
            Evidence::NotSeen => self.search.answered += usize::from(unread == 0),
        }
        None
    }
}
