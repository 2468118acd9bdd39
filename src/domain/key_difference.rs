//! What differs between a key before a change and after it, and between an
//! order and the key that came of it.

use std::time::Duration;

use super::{
    intent::Intent,
    key_order::OrderUse,
    service_key::{KeyUse, ServiceKey, Validity},
    text::SafeText,
    time::Timestamp,
    units::Mbps,
    vlan::VlanTag,
    words::date_time,
};

/// How far two moments may lie apart and still be the same: the vendor may keep
/// whole seconds.
const SAME_MOMENT: Duration = Duration::from_secs(1);

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// It was switched on, or off.
    Active(bool),
    /// Its label.
    Label(SafeText, SafeText),
    /// Its rate limit.
    Rate(Option<Mbps>, Option<Mbps>),
    /// The end of its window; `None` is open-ended.
    End(Option<Timestamp>, Option<Timestamp>),
    /// Whether circuits wait for our approval.
    PreApproved(bool),
    /// Its VLAN, or whether it is single-use.
    Usage(KeyUse, KeyUse),
}

/// Everything that differs, in a fixed order.
pub fn between(before: &ServiceKey, after: &ServiceKey) -> Vec<Difference> {
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

/// What of a key is not as `intent` ordered it, each in words.
///
/// A missing label is said, too: the key is ours by what else was seen of it,
/// and cannot be found by its tag any more.
pub fn from_order(intent: &Intent, key: &ServiceKey) -> Vec<String> {
    let order = &intent.order;
    let mut differs = vec![];
    if let (OrderUse::Single(asked), KeyUse::Single(got)) = (order.usage(), key.usage)
        && got.id() != Some(asked)
    {
        differs.push(format!("asked for VLAN {asked}, got {got}"));
    }
    if order.usage() == OrderUse::Untagged && key.usage != KeyUse::Single(VlanTag::Untagged) {
        differs.push("asked for an untagged key, got another one".to_owned());
    }
    if (order.usage() == OrderUse::Multi) != key.is_multi_use() {
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
    differs.extend(window_from_order(intent, key));
    if key.pre_approved.is_some_and(|approved| approved != order.pre_approved()) {
        let got = if order.pre_approved() { "we approve its circuits" } else { "no approval" };
        differs.push(format!("approval is the other way round: {got}"));
    }
    if key.label.is_empty() {
        differs.push("Megaport has lost its label, and with it our tag".to_owned());
    }
    differs
}

/// What of a key's window is not as it was ordered.
fn window_from_order(intent: &Intent, key: &ServiceKey) -> Vec<String> {
    let mut differs = vec![];
    let in_words = |end: Option<Timestamp>| end.map_or_else(|| "no end".to_owned(), date_time);
    let ordered = intent.order.validity().unwrap_or_default();
    let got = key.validity.unwrap_or_default();
    if !is_same_moment(ordered.end, got.end) {
        let (asked, got) = (in_words(ordered.end), in_words(got.end));
        differs.push(format!("asked for an end at {asked}, got {got}"));
    }
    let starts_later = ordered.start.is_some_and(|start| start > intent.prepared_at + SAME_MOMENT);
    if starts_later && !is_same_moment(ordered.start, got.start) {
        let (asked, got) = (in_words(ordered.start), in_words(got.start));
        differs.push(format!("asked for a start at {asked}, got {got}"));
    }
    if key.expired {
        differs.push("Megaport says that it has expired".to_owned());
    } else if key.valid == Some(false) && !starts_later && order_is_usable(intent) {
        differs.push("Megaport says that it is not valid".to_owned());
    }
    differs
}

/// Whether the key was ordered to be usable at once.
const fn order_is_usable(intent: &Intent) -> bool {
    intent.order.active()
}

fn is_same_moment(one: Option<Timestamp>, other: Option<Timestamp>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.since(other).max(other.since(one)) <= SAME_MOMENT,
        (one, other) => one == other,
    }
}

/// What of a key can be changed, as it is, in a line.
pub fn in_short(key: &ServiceKey) -> String {
    let active = if key.active { "active" } else { "inactive" };
    let rate = key.rate.map_or_else(|| "no rate limit".to_owned(), |rate| rate.to_string());
    let usage = match key.usage {
        KeyUse::Single(tag) => format!("VLAN {tag}"),
        KeyUse::Multi => "multi-use".to_owned(),
    };
    let end = key.validity.and_then(|window| window.end);
    let end = end.map_or_else(|| "open-ended".to_owned(), |at| format!("until {}", date_time(at)));
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
            service_key::samples::key,
        },
        *,
    };

    /// The key as it was ordered.
    fn ordered() -> ServiceKey {
        let order = intent(1).order;
        ServiceKey {
            on_ramp: order.on_ramp().clone(),
            label: order.label().clone(),
            rate: Some(order.rate()),
            validity: order.validity(),
            pre_approved: Some(order.pre_approved()),
            active: order.active(),
            ..key("k", "p", i64::from(intent(1).vlan().expect("tagged").get()))
        }
    }

    #[test]
    fn what_is_not_as_ordered_is_said_one_by_one() {
        assert_eq!(from_order(&intent(1), &ordered()), Vec::<String>::new());
        let window = |end| Some(Validity { start: None, end: Some(end) });
        for (changed, says) in [
            (ServiceKey { valid: Some(false), ..ordered() }, "not valid"),
            (ServiceKey { expired: true, ..ordered() }, "has expired"),
            (ServiceKey { validity: window(THEN), ..ordered() }, "asked for an end at"),
            (ServiceKey { label: "".into(), ..ordered() }, "lost its label"),
            (ServiceKey { pre_approved: Some(true), ..ordered() }, "approval"),
            (ServiceKey { rate: Some(Mbps::new(1)), ..ordered() }, "got 1 Mbps"),
        ] {
            let differs = from_order(&intent(1), &changed);
            assert!(differs.len() == 1 && differs[0].contains(says), "{says}: {differs:?}");
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
