//! The card of a key that was made: the one place that shows it whole.

use std::time::Duration;

use crate::api::clipboard::Verdict;
use crate::domain::{
    intent::{ForWhom, Intent, IntentId},
    key_order::OrderUse,
    service_key::{KeyUse, ServiceKey},
    time::Timestamp,
};

/// How long a card takes no key: it may open while somebody types.
const QUIET: Duration = Duration::from_millis(400);

/// How the key came to its card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Somebody asked to see it again.
    Shown,
    /// It was just made.
    Made,
    /// Its reply was lost, and it was found in the list.
    Found,
    /// It was made in an earlier session that ended before anybody saw it.
    Earlier,
    /// It was given up, and has appeared after all.
    Late,
}

/// A key card.
#[derive(Debug, Clone)]
pub struct Card {
    /// The intent it was made for, if it is shown because of that.
    pub intent: Option<IntentId>,
    /// How it came here.
    pub origin: Origin,
    /// When it was opened.
    pub opened: Timestamp,
    /// The key.
    pub key: ServiceKey,
    /// For whom it was made.
    pub for_whom: ForWhom,
    /// What differs from what was asked for, in words.
    pub differs: Vec<String>,
    /// Whether its pair is whole, and how the other half stood, where it is
    /// one of a pair.
    pub pair: Option<(bool, String)>,
    /// How copying it went last.
    pub copied: Option<Verdict>,
}

impl Card {
    /// The card of `key`, made for `intent`.
    pub fn of(key: ServiceKey, intent: &Intent, origin: Origin, opened: Timestamp) -> Self {
        let order = &intent.order;
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
        let for_whom = intent.for_whom.clone();
        let (intent, pair) = (Some(intent.id), None);
        Self { intent, origin, opened, key, for_whom, differs, pair, copied: None }
    }

    /// The card of a key that was made earlier.
    pub fn show(key: ServiceKey, opened: Timestamp) -> Self {
        let for_whom = ForWhom::default();
        let (differs, pair) = (vec![], None);
        let (intent, origin) = (None, Origin::Shown);
        Self { intent, origin, opened, key, for_whom, differs, pair, copied: None }
    }

    /// How long until it takes keys; `None` when it does. One that was asked
    /// for does at once.
    pub fn takes_keys_in(&self, now: Timestamp) -> Option<Duration> {
        let left = QUIET.checked_sub(now.since(self.opened)).filter(|left| !left.is_zero());
        left.filter(|_| self.origin != Origin::Shown)
    }
}
