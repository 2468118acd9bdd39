//! What differs between a key before a change and after it.

use super::{
    service_key::{KeyUse, ServiceKey, Validity},
    text::SafeText,
    time::Timestamp,
    units::Mbps,
    words::date_time,
};

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
    use super::{super::service_key::samples::key, *};

    #[test]
    fn what_a_change_drops_is_seen_beside_what_was_asked_for() {
        let before = key("k", "p", 100);
        let after = ServiceKey { active: false, label: "".into(), ..before.clone() };
        let dropped = Difference::Label("a label".into(), "".into());
        assert_eq!(between(&before, &after), [Difference::Active(false), dropped]);
        assert_eq!(between(&before, &before), []);
    }
}
