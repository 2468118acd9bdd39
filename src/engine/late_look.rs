//! A search in the background, after something was believed.

use std::time::Duration;

use crate::domain::{
    id::{KeyId, OnRampId},
    intent::IntentId,
    key_order::KeyOrder,
    time::Timestamp,
};

use super::attempt::{LOOKS, LOOKS_REFUSED};

/// The key that is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LateKey {
    /// Any key of a refused request.
    Refused,
    /// This key, which its reply has named.
    Created(KeyId),
}

/// A search in the background.
#[derive(Debug, Clone)]
pub(super) struct LateLook {
    pub(super) intent: IntentId,
    pub(super) on_ramp: OnRampId,
    /// The label without its tag, by which a repeated order is recognised.
    pub(super) label: String,
    pub(super) wanted: LateKey,
    pub(super) since: Timestamp,
    pub(super) planned: usize,
    pub(super) next_at: Option<Timestamp>,
    pub(super) failures: u32,
}

impl LateLook {
    const fn schedule(&self) -> &'static [u64] {
        match self.wanted {
            LateKey::Refused => &LOOKS_REFUSED,
            LateKey::Created(_) => &LOOKS,
        }
    }

    /// Returns the time of the next planned read.
    pub(super) fn planned_at(&self) -> Option<Timestamp> {
        let after = self.schedule().get(self.planned)?;
        Some(self.since + Duration::from_secs(*after))
    }

    /// Returns the time of the last planned read.
    pub(super) fn ends_at(&self) -> Timestamp {
        let last = self.schedule().last().copied().unwrap_or_default();
        let planned = self.since + Duration::from_secs(last);
        self.next_at.map_or(planned, |next| next.max(planned))
    }

    /// Returns whether a new order would be for the same.
    pub(super) fn is_same_order(&self, order: &KeyOrder) -> bool {
        let label = order.typed_label();
        self.on_ramp == *order.on_ramp() || (!label.is_empty() && label == self.label)
    }
}
