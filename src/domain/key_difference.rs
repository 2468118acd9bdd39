//! Differences between a key before and after a change, and between an order and the
//! key created from it.

use std::time::Duration;

use crate::domain::{
    intent::Intent,
    service_key::{KeyUse, ServiceKey, Validity},
    text::SafeText,
    time::Timestamp,
    units::Mbps,
    vlan::VlanTag,
    words::date_time,
};

/// The largest difference between two times that count as the same: the vendor may
/// store whole seconds.
const SAME_MOMENT: Duration = Duration::from_secs(1);

/// One difference: the value before, or as ordered, then the present one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// It is enabled, or disabled.
    Active(bool),
    /// Its label.
    Label(SafeText, SafeText),
    /// Its rate limit.
    Rate(Option<Mbps>, Option<Mbps>),
    /// The start of its window.
    Start(Option<Timestamp>, Option<Timestamp>),
    /// The end of its window; `None` is open-ended.
    End(Option<Timestamp>, Option<Timestamp>),
    /// Whether circuits start without our approval.
    PreApproved(bool),
    /// Its VLAN, or whether it is single-use.
    Usage(KeyUse, KeyUse),
    /// It is on another on-ramp, of this name.
    OnRamp(SafeText),
    /// Megaport reports that its window is over, against the expectation.
    Expired,
    /// Megaport reports that it cannot be redeemed, against the expectation.
    NotValid,
}

/// The values that a key is compared with.
#[derive(Debug, Clone, Copy)]
pub enum Expected<'a> {
    /// The order that the key was created from.
    Order(&'a Intent),
    /// The key as it was.
    Key(&'a ServiceKey),
}

impl<'a> From<&'a Intent> for Expected<'a> {
    fn from(intent: &'a Intent) -> Self {
        Self::Order(intent)
    }
}

impl<'a> From<&'a ServiceKey> for Expected<'a> {
    fn from(key: &'a ServiceKey) -> Self {
        Self::Key(key)
    }
}

/// Returns every difference between `key` and the expectation, in a fixed order.
///
/// A key may lack values of its order (its rate), and the vendor may store whole
/// seconds; compared with an earlier state, every change counts.
pub fn between<'a>(expected: impl Into<Expected<'a>>, key: &ServiceKey) -> Vec<Difference> {
    match expected.into() {
        Expected::Order(intent) => from_order(intent, key),
        Expected::Key(before) => from_key(before, key),
    }
}

fn from_key(before: &ServiceKey, after: &ServiceKey) -> Vec<Difference> {
    let end = |key: &ServiceKey| key.validity.and_then(|window: Validity| window.end);
    let approved = |key: &ServiceKey| key.pre_approved == Some(true);
    let all = [
        (before.active != after.active).then_some(Difference::Active(after.active)),
        (before.label != after.label)
            .then(|| Difference::Label(before.label.clone(), after.label.clone())),
        (before.rate != after.rate).then_some(Difference::Rate(before.rate, after.rate)),
        (end(before) != end(after)).then(|| Difference::End(end(before), end(after))),
        (approved(before) != approved(after)).then(|| Difference::PreApproved(approved(after))),
        (before.usage != after.usage).then_some(Difference::Usage(before.usage, after.usage)),
    ];
    all.into_iter().flatten().collect()
}

fn from_order(intent: &Intent, key: &ServiceKey) -> Vec<Difference> {
    let order = &intent.order;
    let usage = KeyUse::from(order.usage());
    let window = order.validity().unwrap_or_default();
    let got = key.validity.unwrap_or_default();
    let starts_later = window.start.is_some_and(|start| start > intent.prepared_at + SAME_MOMENT);
    let rate = key.rate.filter(|&rate| rate != order.rate());
    let approved = key.pre_approved.filter(|&approved| approved != order.pre_approved());
    let not_valid = key.valid == Some(false) && !starts_later && order.active();
    let all = [
        (usage != key.usage).then_some(Difference::Usage(usage, key.usage)),
        rate.map(|rate| Difference::Rate(Some(order.rate()), Some(rate))),
        (key.active != order.active()).then_some(Difference::Active(key.active)),
        (key.on_ramp != *order.on_ramp()).then(|| Difference::OnRamp(key.on_ramp_name.clone())),
        (!is_same_moment(window.end, got.end)).then_some(Difference::End(window.end, got.end)),
        (starts_later && !is_same_moment(window.start, got.start))
            .then_some(Difference::Start(window.start, got.start)),
        key.expired.then_some(Difference::Expired),
        (not_valid && !key.expired).then_some(Difference::NotValid),
        approved.map(Difference::PreApproved),
        // The key is ours by other evidence; its tag is lost.
        key.label.is_empty().then(|| Difference::Label(order.label().clone(), key.label.clone())),
    ];
    all.into_iter().flatten().collect()
}

/// Returns whether two moments are the same in Megaport's precision.
pub(super) fn is_same_moment(one: Option<Timestamp>, other: Option<Timestamp>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.since(other).max(other.since(one)) <= SAME_MOMENT,
        (one, other) => one == other,
    }
}

impl Difference {
    /// Describes how a key differs from its order, for its card and the audit.
    pub fn against_order(&self) -> String {
        let moment = |at: &Option<Timestamp>| at.map_or_else(|| "no expiry".to_owned(), date_time);
        let rate = |rate: &Option<Mbps>| {
            rate.map_or_else(|| "no rate limit".to_owned(), |rate| rate.to_string())
        };
        match self {
            Self::Usage(KeyUse::Single(VlanTag::Untagged), KeyUse::Single(_)) => {
                "ordered untagged, listed with another VLAN".to_owned()
            }
            Self::Usage(KeyUse::Single(asked), KeyUse::Single(got)) => {
                format!("ordered VLAN {asked}, listed {got}")
            }
            Self::Usage(..) => {
                "ordered and listed types differ (single-use or multi-use)".to_owned()
            }
            Self::Rate(asked, got) => format!("ordered {}, listed {}", rate(asked), rate(got)),
            Self::Active(true) => "ordered disabled, listed active".to_owned(),
            Self::Active(false) => "ordered active, listed disabled".to_owned(),
            Self::OnRamp(name) => format!("it is on another on-ramp: {name}"),
            Self::End(asked, got) => {
                format!("ordered with end {}, listed with {}", moment(asked), moment(got))
            }
            Self::Start(asked, got) => {
                format!("ordered with start {}, listed with {}", moment(asked), moment(got))
            }
            Self::Expired => "Megaport reports it as expired".to_owned(),
            Self::NotValid => "Megaport reports it as not valid".to_owned(),
            Self::PreApproved(true) => "approval differs: circuits start automatically".to_owned(),
            Self::PreApproved(false) => "approval differs: we approve its circuits".to_owned(),
            Self::Label(_, got) if got.is_empty() => {
                "Megaport dropped its label and with it our tag".to_owned()
            }
            Self::Label(asked, got) => format!("ordered with label {asked}, listed with {got}"),
        }
    }

    /// Describes what a change would alter, or has altered if it is `done`: old and new
    /// value.
    pub fn as_change(&self, done: bool) -> String {
        let rate =
            |rate: &Option<Mbps>| rate.map_or_else(|| "none".to_owned(), |rate| rate.to_string());
        let start =
            |start: &Option<Timestamp>| start.map_or_else(|| "no start date".to_owned(), date_time);
        let end = |end: &Option<Timestamp>| end.map_or_else(|| "no expiry".to_owned(), date_time);
        let usage = |usage: &KeyUse| match usage {
            KeyUse::Single(VlanTag::Tagged(id)) => format!("single-use on VLAN {id}"),
            KeyUse::Single(VlanTag::Untagged) => "single-use, untagged".to_owned(),
            KeyUse::Single(_) => "single-use without a VLAN".to_owned(),
            KeyUse::Multi => "multi-use".to_owned(),
        };
        let label = |label: &SafeText| {
            if label.is_empty() { "none".to_owned() } else { label.to_string() }
        };
        match self {
            Self::Active(on) => match (on, done) {
                (true, true) => "was disabled, now active".to_owned(),
                (false, true) => "was active, now disabled".to_owned(),
                (true, false) => "disabled → active".to_owned(),
                (false, false) => "active → disabled".to_owned(),
            },
            Self::Label(before, after) if after.is_empty() && done => {
                format!("Megaport dropped its label, {before}")
            }
            Self::Label(before, after) => {
                format!("label: {} → {}", label(before), label(after))
            }
            Self::Rate(before, after) => {
                format!("rate limit: {} → {}", rate(before), rate(after))
            }
            Self::End(before, after) => format!("valid until: {} → {}", end(before), end(after)),
            // A change sets no start, and does not alter Megaport's verdict on the key.
            Self::Start(before, after) => {
                format!("valid from: {} → {}", start(before), start(after))
            }
            Self::OnRamp(name) => format!("on another on-ramp: {name}"),
            Self::Expired => "expired".to_owned(),
            Self::NotValid => "not valid".to_owned(),
            Self::PreApproved(true) => "circuits start without our approval".to_owned(),
            Self::PreApproved(false) => "circuits wait for our approval".to_owned(),
            Self::Usage(before, after) => format!("{} → {}", usage(before), usage(after)),
        }
    }
}

/// Lists old and new values, one after the other.
pub fn describe(differences: &[Difference]) -> String {
    differences.iter().map(|one| one.as_change(false)).collect::<Vec<_>>().join("; ")
}

/// Reports that a key differs from this host's record. The wording blames no user: the
/// record is this host's alone.
pub fn drift_in_words(differences: &[Difference]) -> String {
    let what = describe(differences);
    format!("{CHANGED}: {what}")
}

/// The name for a key that differs from this host's record.
pub const CHANGED: &str = "changed outside this host's record, perhaps by a colleague";

/// Summarizes the changeable fields of a key in one line.
pub fn summarize(key: &ServiceKey) -> String {
    let active = if key.active { "active" } else { "disabled" };
    let rate = key.rate.map_or_else(|| "no rate limit".to_owned(), |rate| rate.to_string());
    let usage = match key.usage {
        KeyUse::Single(tag) => format!("VLAN {tag}"),
        KeyUse::Multi => "multi-use".to_owned(),
    };
    let end = key.validity.and_then(|window| window.end);
    let end = end.map_or_else(|| "no expiry".to_owned(), |at| format!("until {}", date_time(at)));
    let approved = match key.pre_approved {
        Some(true) => ", pre-approved",
        _ => "",
    };
    format!("{active}, {rate}, {usage}, {end}{approved}")
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            intent::samples::{THEN, intent},
            key_values::samples::ordered,
            service_key::samples::key,
        },
        *,
    };

    #[test]
    fn what_is_not_as_ordered_is_said_one_by_one() {
        assert_eq!(between(&intent(1), &ordered()), []);
        let window = |end| Some(Validity { start: None, end: Some(end) });
        for (changed, says) in [
            (ServiceKey { valid: Some(false), ..ordered() }, "not valid"),
            (ServiceKey { expired: true, ..ordered() }, "Megaport reports it as expired"),
            (ServiceKey { validity: window(THEN), ..ordered() }, "ordered with end"),
            (ServiceKey { label: "".into(), ..ordered() }, "dropped its label"),
            (ServiceKey { pre_approved: Some(true), ..ordered() }, "approval"),
            (ServiceKey { rate: Some(Mbps::new(1)), ..ordered() }, "listed 1 Mbps"),
        ] {
            let differs = between(&intent(1), &changed);
            let words: Vec<_> = differs.iter().map(Difference::against_order).collect();
            assert!(words.len() == 1 && words[0].contains(says), "{says}: {words:?}");
        }
    }

    #[test]
    fn what_a_change_drops_is_seen_beside_what_was_asked_for() {
        let before = key("k", "p", 100);
        let after = ServiceKey { active: false, label: "".into(), ..before.clone() };
        let dropped = Difference::Label("a label".into(), "".into());
        assert_eq!(between(&before, &after), [Difference::Active(false), dropped]);
        assert_eq!(between(&before, &before), []);
    }
}
