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
        /// How many looks there were.
        looks: usize,
        /// Whether a look is under way.
        asking: bool,
        /// Why the last look failed, if it did.
        trouble: Option<Failure>,
    },
    /// Keys that could be ours; a person has to say which.
    Maybe(Vec<ServiceKey>),
    /// It was not made, for certain.
    NotMade(Failure),
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
}

impl Issuing {
    /// How long until something has to be done or redrawn; `None` when nothing
    /// will happen by itself.
    pub fn acts_in(&self, now: Timestamp) -> Option<Duration> {
        match &self.stage {
            Stage::Sending | Stage::Looking { asking: true, .. } => Some(Duration::from_secs(1)),
            Stage::Looking { since, looks, .. } => {
                let at = *since + Duration::from_secs(*LOOKS.get(*looks)?);
                Some(at.since(now).max(Duration::from_millis(1)))
            }
            Stage::Maybe(_) | Stage::NotMade(_) => None,
        }
    }

    /// Whether it is time to look again.
    pub fn is_due(&self, now: Timestamp) -> bool {
        match &self.stage {
            Stage::Looking { since, looks, asking: false, .. } => {
                LOOKS.get(*looks).is_some_and(|&after| now >= *since + Duration::from_secs(after))
            }
            _ => false,
        }
    }

    /// Whether all planned looks are over without evidence.
    pub fn has_looked_enough(&self) -> bool {
        matches!(&self.stage, Stage::Looking { looks, asking: false, .. } if *looks >= LOOKS.len())
    }

    /// Whether it may exist and is not found yet.
    pub const fn is_in_doubt(&self) -> bool {
        matches!(self.stage, Stage::Sending | Stage::Looking { .. } | Stage::Maybe(_))
    }

    /// Weighs what a look found; the key, if it is certain which one is ours.
    pub fn weigh(&mut self, evidence: Evidence) -> Option<ServiceKey> {
        match evidence {
            Evidence::Ours(key) => return Some(key),
            Evidence::Maybe(keys) | Evidence::Several(keys) => self.stage = Stage::Maybe(keys),
            Evidence::NotSeen => {
                if let Stage::Looking { asking, looks, trouble, .. } = &mut self.stage {
                    (*asking, *trouble) = (false, None);
                    *looks += 1;
                }
            }
        }
        None
    }
}
