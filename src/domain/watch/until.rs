//! The goal of a watch, and the records that a check has to read.

use std::collections::BTreeSet;

use crate::domain::{
    id::OnRampId,
    inventory::Inventory,
    key_usage::{Reading, Word},
    time::Timestamp,
};

use super::is_fresh;

/// Until when a key is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Until {
    /// The customer has used it, or may have, if the key has no VLAN of its own to
    /// identify the circuit by.
    #[default]
    Used,
    /// Its circuit is live, awaits no approval, is not shut down, and is up.
    Live,
}

impl Until {
    /// Returns whether that has come.
    pub fn is_met(self, reading: &Reading) -> bool {
        match self {
            Self::Used => reading.word.is_used() || reading.word == Word::MaybeUsed,
            Self::Live => reading.circuit().is_some_and(|circuit| circuit.carries_traffic),
        }
    }

    /// Explains why the goal is not reached although the circuit exists.
    pub fn why_not(self, reading: &Reading) -> Option<String> {
        let circuit = reading.circuit().filter(|_| self == Self::Live && !self.is_met(reading))?;
        let waits = if circuit.awaits_approval { " and awaits our approval" } else { "" };
        Some(format!("circuit {} is {}{waits}", circuit.name, circuit.state))
    }

    /// Returns whether it cannot be reached any more: an expired key cannot be used.
    pub fn is_out_of_reach(self, reading: &Reading) -> bool {
        reading.word == Word::Expired
    }

    /// Returns its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Live => "live",
        }
    }
}

/// The records a check reads beside the list of keys: only a circuit shows that a key
/// was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Records {
    /// The records of these on-ramps.
    Only(Vec<OnRampId>),
    /// The list of all on-ramps: one of those is a LAG, which has no record of
    /// its own.
    All,
}

/// The number of records one check reads.
const AT_ONCE: usize = 2;

impl Records {
    /// Returns the records that check number `turn` reads for these keys, by their
    /// on-ramp and creation time: the on-ramps of those younger than an hour, and where
    /// there is none, of all; a few at a time, in turn. An on-ramp that is no longer
    /// listed is not read.
    pub fn due<'a>(
        inventory: &Inventory,
        waiting: impl IntoIterator<Item = (&'a OnRampId, Option<Timestamp>)>,
        now: Timestamp,
        turn: usize,
    ) -> Self {
        let listed = waiting.into_iter().filter_map(|(id, made)| {
            let on_ramp = inventory.on_ramp(id)?;
            Some((is_fresh(made, now), (&on_ramp.id, on_ramp.lag.is_some())))
        });
        let listed: Vec<_> = listed.collect();
        let any_fresh = listed.iter().any(|(fresh, _)| *fresh);
        let all: BTreeSet<_> =
            listed.iter().filter(|(fresh, _)| *fresh || !any_fresh).map(|(_, one)| one).collect();
        let from = if all.is_empty() { 0 } else { turn * AT_ONCE % all.len() };
        let due: Vec<_> = all.iter().cycle().skip(from).take(AT_ONCE.min(all.len())).collect();
        if due.iter().any(|(_, is_lag)| *is_lag) {
            return Self::All;
        }
        Self::Only(due.into_iter().map(|(id, _)| (*id).clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        key_usage::samples,
        on_ramp::{
            Link, OnRamp,
            samples::{lag_member, port, vxc},
        },
        service_key::{KeyUse, ServiceKey, samples::key},
        status::Status,
        time::Timestamp,
        vlan::VlanTag,
        vxc::Vxc,
    };

    fn reading(key: &ServiceKey, circuit: Option<(Status, bool)>) -> Reading {
        let mut on_ramp = port("p");
        on_ramp.vxcs = vec![vxc("v", 500, 100)];
        match circuit {
            Some((status, waits)) => {
                (on_ramp.vxcs[0].status, on_ramp.vxcs[0].awaits_approval) = (status, waits);
            }
            None => on_ramp.vxcs.clear(),
        }
        samples::reading(key, &on_ramp, Timestamp::from_millis(1_000))
    }

    #[test]
    fn used_is_reached_with_a_circuit_and_live_after_approvals() {
        let key = key("k-106e38ae", "p", 100);
        let met = |until: Until, circuit| until.is_met(&reading(&key, circuit));
        assert!(!met(Until::Used, None) && !met(Until::Live, None));
        assert!(met(Until::Used, Some((Status::Deployable, true))));
        assert!(!met(Until::Live, Some((Status::Deployable, false))));
        assert!(!met(Until::Live, Some((Status::Live, true))));
        assert!(met(Until::Live, Some((Status::Live, false))));
    }

    #[test]
    fn live_order_shut_down_or_not_up_is_not_live_with_reason() {
        let key = key("k-106e38ae", "p", 100);
        for (link, shut_down, why) in [
            (Link::Up, true, "circuit v is LIVE, but shut down"),
            (Link::Down, false, "circuit v is LIVE, but not up"),
            (Link::Down, true, "circuit v is LIVE, but shut down and not up"),
            (Link::Unknown, false, "circuit v is LIVE, but not reported as up"),
        ] {
            let circuit = Vxc { link, shut_down, ..vxc("v", 500, 100) };
            let on_ramp = OnRamp { vxcs: vec![circuit], ..port("p") };
            let reading = samples::reading(&key, &on_ramp, Timestamp::from_millis(1_000));
            assert!(Until::Used.is_met(&reading) && !Until::Live.is_met(&reading), "{why}");
            assert_eq!(Until::Live.why_not(&reading).as_deref(), Some(why));
        }
    }

    #[test]
    fn a_key_without_a_vlan_counts_as_used_once_it_may_have_been() {
        let key = ServiceKey { usage: KeyUse::Single(VlanTag::Unstated), ..key("k", "p", 0) };
        let came = Vxc { created: Some(Timestamp::from_millis(500)), ..vxc("v", 500, 300) };
        let met = |vxcs| {
            let on_ramp = OnRamp { vxcs, ..port("p") };
            let reading = samples::reading(&key, &on_ramp, Timestamp::from_millis(1_000));
            Until::Used.is_met(&reading)
        };
        assert_eq!([met(vec![]), met(vec![came])], [false, true]);
    }

    #[test]
    fn expired_key_is_out_of_reach_and_disabled_key_is_not() {
        let key = key("k-106e38ae", "p", 100);
        let over = ServiceKey { expired: true, ..key.clone() };
        let off = ServiceKey { active: false, ..key.clone() };
        let lost = |key: &ServiceKey| Until::Used.is_out_of_reach(&reading(key, None));
        assert_eq!([lost(&key), lost(&over), lost(&off)], [false, true, false]);
    }

    fn text(records: &Records) -> String {
        match records {
            Records::Only(ids) => ids.iter().map(ToString::to_string).collect(),
            Records::All => "all".to_owned(),
        }
    }

    #[test]
    fn records_are_read_in_small_turns_and_lags_with_the_list() {
        let mut ports = ["a", "b", "c"].map(port);
        let inventory = Inventory::new(ports.to_vec());
        let ids = ["a", "b", "c", "gone"].map(|id| OnRampId::new(id).expect("legal"));
        let (now, old) = (Timestamp::from_millis(10_000_000), Some(Timestamp::from_millis(0)));
        let due = |inventory: &Inventory, turn| {
            let waiting = ids.iter().map(|id| (id, old));
            text(&Records::due(inventory, waiting, now, turn))
        };
        let young = Some(now - std::time::Duration::from_secs(60));
        let waiting = ids.iter().zip([old, young, None, young]);
        let one = Records::due(&Inventory::new(ports.to_vec()), waiting, now, 5);
        assert_eq!(text(&one), "b", "what was made of late comes first");
        assert_eq!([0, 1, 2].map(|turn| due(&inventory, turn)), ["ab", "ca", "bc"]);
        let none = Records::due(&inventory, [], now, 3);
        assert_eq!(none, Records::Only(vec![]));
        ports[2] = lag_member(ports[2].clone(), 1, true);
        let inventory = Inventory::new(ports.to_vec());
        assert_eq!([0, 1].map(|turn| due(&inventory, turn)), ["ab", "all"]);
    }
}
