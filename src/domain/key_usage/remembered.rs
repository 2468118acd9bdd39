//! A remembered key, which may no longer be listed.

use std::collections::BTreeMap;

use crate::domain::{
    fingerprint::Fingerprint,
    id::OnRampId,
    intent::{ForWhom, Intent, Part},
    ledger::{Ledger, State},
    service_key::{KeyUse, ServiceKey},
    text::SafeText,
    time::Timestamp,
    units::Mbps,
};

/// The stored facts of a key: never its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// By which it is recognised in a list.
    pub print: Fingerprint,
    /// Its label.
    pub label: SafeText,
    /// Its on-ramp.
    pub on_ramp: OnRampId,
    /// The name of that on-ramp at the time.
    pub on_ramp_name: SafeText,
    /// Single-use with its VLAN, or multi-use.
    pub usage: KeyUse,
    /// Its rate limit.
    pub rate: Option<Mbps>,
    /// The time of its creation.
    pub created: Option<Timestamp>,
    /// The end of its window.
    pub end: Option<Timestamp>,
    /// Its last use, as listed.
    pub last_used: Option<Timestamp>,
    /// The customer it was created for.
    pub for_whom: ForWhom,
    /// Its place in an order of several.
    pub part: Option<Part>,
}

impl Remembered {
    /// Returns every key that is created by the journal.
    pub fn of_ledger(ledger: &Ledger) -> BTreeMap<Fingerprint, Self> {
        let made = ledger.all().filter_map(|one| match one.state {
            State::Created(print) | State::Acknowledged(print) => {
                Some((print, Self::of_intent(&one.intent, print)))
            }
            _ => None,
        });
        made.collect()
    }

    /// Takes the journal's facts of the key created for `intent`.
    pub fn of_intent(intent: &Intent, print: Fingerprint) -> Self {
        let order = &intent.order;
        Self {
            print,
            label: order.label().clone(),
            on_ramp: order.on_ramp().clone(),
            on_ramp_name: intent.on_ramp_name.clone(),
            usage: order.usage().into(),
            rate: Some(order.rate()),
            created: Some(intent.prepared_at),
            end: order.validity().and_then(|window| window.end),
            last_used: None,
            for_whom: intent.for_whom.clone(),
            part: intent.part,
        }
    }

    /// Returns whether it takes many customers.
    pub const fn is_multi_use(&self) -> bool {
        matches!(self.usage, KeyUse::Multi)
    }

    /// Takes the facts of a listed key.
    pub fn of_key(key: &ServiceKey) -> Self {
        Self {
            print: Fingerprint::of_key(&key.id),
            label: key.label.clone(),
            on_ramp: key.on_ramp.clone(),
            on_ramp_name: key.on_ramp_name.clone(),
            usage: key.usage,
            rate: key.rate,
            created: key.created,
            end: key.validity.and_then(|window| window.end),
            last_used: key.last_used,
            for_whom: ForWhom::default(),
            part: None,
        }
    }
}
