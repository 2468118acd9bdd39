//! The card of a key that was made: the one place that shows it whole.

use std::time::Duration;

use crate::domain::{
    key_order::{KeyOrder, OrderUse},
    service_key::{KeyUse, ServiceKey},
    time::Timestamp,
};

use super::new_key::ForWhom;

/// How long a card takes no key: it may open while somebody types.
const QUIET: Duration = Duration::from_millis(400);

/// A key card.
#[derive(Debug, Clone)]
pub struct Card {
    /// Whether the key was just made, or is only shown again.
    pub fresh: bool,
    /// When it was opened.
    pub opened: Timestamp,
    /// The key.
    pub key: ServiceKey,
    /// For whom it was made.
    pub for_whom: ForWhom,
    /// Whether its reply was lost and it was found in the list.
    pub found: bool,
    /// What differs from what was asked for, in words.
    pub differs: Vec<String>,
}

impl Card {
    /// The card of `key`, made for `order`.
    pub fn of(
        key: ServiceKey,
        order: &KeyOrder,
        for_whom: ForWhom,
        found: bool,
        opened: Timestamp,
    ) -> Self {
        let mut differs = vec![];
        if let (OrderUse::Single(asked), KeyUse::Single(got)) = (order.usage(), key.usage)
            && got.id() != Some(asked)
        {
            differs.push(format!("asked for VLAN {asked}, got {got}"));
        }
        if matches!(order.usage(), OrderUse::Single(_)) == key.is_multi_use() {
            differs.push("single-use and multi-use are swapped".to_owned());
        }
        if let Some(rate) = key.rate.filter(|&rate| rate != order.rate()) {
            differs.push(format!("asked for {}, got {rate}", order.rate()));
        }
        if key.active != order.active() {
            let got = if key.active { "active" } else { "inactive" };
            differs.push(format!("it is {got}"));
        }
        if key.on_ramp != *order.on_ramp() {
            differs.push(format!("it is on another on-ramp: {}", key.on_ramp_name));
        }
        Self { fresh: true, opened, key, for_whom, found, differs }
    }

    /// The card of a key that was made earlier.
    pub fn show(key: ServiceKey, opened: Timestamp) -> Self {
        let for_whom = ForWhom::default();
        Self { fresh: false, opened, key, for_whom, found: false, differs: vec![] }
    }

    /// How long until it takes keys; `None` when it does. One that was asked
    /// for does at once.
    pub fn takes_keys_in(&self, now: Timestamp) -> Option<Duration> {
        let left = QUIET.checked_sub(now.since(self.opened)).filter(|left| !left.is_zero());
        left.filter(|_| self.fresh)
    }
}
