//! The words for audit entries.

use crate::{
    domain::audit::{Entry, Reached},
    ui::widget::theme::Role,
};

/// Returns the name of an act on the screen, and its role. An unknown one is shown by
/// its own word.
pub(in crate::ui) fn of_act(entry: &Entry) -> (String, Role) {
    let outcome = entry.fact("outcome");
    if let ("key.changed" | "circuit.answered", Some(outcome)) = (entry.act.as_str(), outcome) {
        let is_key = entry.act.as_str() == "key.changed";
        return of_change(is_key, entry.fact("change") == Some("rejected"), outcome);
    }
    let (word, role) = match (entry.act.as_str(), outcome) {
        ("session.started", _) => ("session starts", Role::Quiet),
        ("session.ended", _) => ("session ends", Role::Quiet),
        ("mode.changed", _) if entry.fact("writes") == Some("yes") => ("read-write", Role::Warn),
        ("mode.changed", _) => ("read-only", Role::Quiet),
        ("key.prepared", _) => ("you confirmed", Role::Plain),
        ("key.sent", _) => ("request sent", Role::Plain),
        ("key.created", _) => ("key created", Role::Good),
        ("key.found", _) => ("key found", Role::Good),
        ("key.adopted", _) => ("key identified", Role::Good),
        ("key.refused", _) => ("refused", Role::Warn),
        ("key.not-sent", _) => ("not sent", Role::Warn),
        ("key.unknown", _) => ("may exist", Role::Bad),
        ("key.seen", _) => ("card closed", Role::Quiet),
        ("key.closed", _) => ("closed in doubt", Role::Warn),
        ("key.revealed", _) => ("key shown", Role::Accent),
        ("key.copied", Some("not copied")) => ("not copied", Role::Warn),
        ("key.copied", _) => ("key copied", Role::Accent),
        ("clipboard.cleared", Some("not cleared")) => ("not cleared", Role::Warn),
        ("clipboard.cleared", _) => ("copy cleared", Role::Quiet),
        ("key.taken", _) => ("accepted as is", Role::Plain),
        ("key.news", _) => ("update", Role::Accent),
        ("key.changed", _) => ("key change", Role::Plain),
        ("circuit.answered", _) => ("approval", Role::Plain),
        ("journal.damage-seen", _) => ("damage confirmed", Role::Warn),
        ("key.handed-over", _) => ("shift report", Role::Accent),
        (other, _) => (other, Role::Plain),
    };
    (word.to_owned(), role)
}

/// Returns the progress of a key's change, or of an answer to a circuit. An unknown
/// outcome is shown by its own word.
fn of_change(is_key: bool, rejected: bool, outcome: &str) -> (String, Role) {
    let Some(reached) = Reached::of_word(outcome) else {
        return (outcome.to_owned(), Role::Plain);
    };
    let (word, role) = match (reached, is_key) {
        (Reached::Confirmed, true) => ("change started", Role::Plain),
        (Reached::Confirmed, false) => ("approval started", Role::Plain),
        (Reached::Sent, true) => ("change sent", Role::Plain),
        (Reached::Sent, false) => ("approval sent", Role::Plain),
        (Reached::Unknown, true) => ("change in doubt", Role::Bad),
        (Reached::Unknown, false) => ("circuit in doubt", Role::Bad),
        (Reached::Failed, true) => ("not changed", Role::Warn),
        (Reached::Failed, false) => ("not approved", Role::Warn),
        (Reached::Done, true) => ("key changed", Role::Good),
        (Reached::Done, false) if rejected => ("circuit rejected", Role::Warn),
        (Reached::Done, false) => ("circuit approved", Role::Good),
    };
    (word.to_owned(), role)
}

/// Returns the subject of an act, for the widest column.
pub(in crate::ui) fn about(entry: &Entry) -> String {
    let fact = |name: &str| entry.fact(name).unwrap_or_default().to_owned();
    match entry.act.as_str() {
        "session.started" => {
            let mode = if entry.fact("writes") == Some("yes") { "read-write" } else { "read-only" };
            let profile =
                entry.fact("profile").map_or_else(String::new, |name| format!(", {name}"));
            format!("{mode}{profile}")
        }
        "session.ended" => fact("how"),
        "mode.changed" => fact("reason"),
        "clipboard.cleared" => fact("says"),
        "key.news" => format!("{}: {}", fact("label"), fact("says")),
        "journal.damage-seen" => format!("damaged lines: {}", fact("lines")),
        _ => match fact("key").split(", ").count() {
            0 | 1 => fact("label"),
            keys => format!("{keys} keys: {}", fact("label")),
        },
    }
}

/// Returns the text of an entry that the filter searches.
pub(in crate::ui) fn haystack(entry: &Entry) -> String {
    let mut text = format!("{} {}", of_act(entry).0, entry.act);
    for (_, value) in &entry.facts {
        text.push(' ');
        text.push_str(value.as_str());
    }
    text.to_lowercase()
}

/// The facts in the order in which they are shown, with their names there.
pub(in crate::ui) const FACTS: [(&str, &str); 45] = [
    ("label", "Label"),
    ("on_ramp_name", "On-ramp"),
    ("zone", "Zone"),
    ("circuit", "Circuit id"),
    ("vlan", "VLAN"),
    ("rate_mbps", "Rate (Mbps)"),
    ("valid_from", "Valid from"),
    ("valid_to", "Valid until"),
    ("active", "Active"),
    ("pre_approved", "Pre-approved"),
    ("customer", "Customer"),
    ("reference", "Reference"),
    ("change", "Change"),
    ("outcome", "Outcome"),
    ("says", "Details"),
    ("how", "How"),
    ("to", "Written to"),
    ("writes", "Read-write"),
    ("lines", "Lines"),
    ("reason", "Reason"),
    ("trace_id", "Trace id"),
    ("key", "Key"),
    ("key_print", "Fingerprint"),
    ("part", "Part"),
    ("user", "Who"),
    ("sudo_user", "Sudo user"),
    ("ssh_from", "From host"),
    ("tty", "Terminal"),
    ("on_host", "On host"),
    ("uid", "User id"),
    ("login_uid", "Logged in as"),
    ("environment", "Environment"),
    ("api_host", "API"),
    ("profile", "Profile"),
    ("account", "Account"),
    ("host_at", "Host clock"),
    ("on_ramp", "On-ramp id"),
    ("intent", "Intent"),
    ("tag", "Tag"),
    ("order", "Order"),
    ("session", "Session"),
    ("pid", "Process"),
    // What is not in this list is shown by its own name, at the end.
    ("file", "File"),
    ("format", "Format"),
    ("count", "Count"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        audit::{Act, Happened, Reached},
        time::Timestamp,
    };

    fn entry(act: &str, facts: &[(&str, &str)]) -> Entry {
        let facts = facts.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let at = Timestamp::from_millis(0);
        Entry { number: 1, at, act: act.into(), facts: facts.collect() }
    }

    #[test]
    fn every_act_this_console_writes_has_a_word_of_its_own() {
        use crate::domain::intent::samples::intent;
        let happened = [
            Happened::Prepared,
            Happened::Sent,
            Happened::Created,
            Happened::Found,
            Happened::Adopted,
            Happened::Refused,
            Happened::NotSent,
            Happened::Unknown,
            Happened::Seen,
            Happened::Closed,
        ];
        let orders = happened.into_iter().map(|happened| Act::order(&intent(1), happened));
        let others = [
            Act::Started { writes: true },
            Act::Ended("left".into()),
            Act::Mode { writes: false, why: "x".into() },
            Act::Revealed { keys: vec![], how: crate::domain::audit::Disclosure::Card },
            Act::Copied { keys: vec![], outcome: "done", says: "x".into() },
            Act::Cleared { outcome: "done", says: "x".into() },
            Act::DamageSeen { lines: 2 },
            Act::HandedOver { keys: vec![], how: "export".into(), to: "x".into() },
        ];
        let key = crate::domain::service_key::samples::key("k", "p", 100);
        let change = Act::Changed {
            key: crate::domain::audit::KeyMark::new(&key),
            reached: Reached::Done,
            what: "x".into(),
            why: None,
            trace: None,
        };
        let answer = Act::Answered {
            circuit: "Borealis".into(),
            id: crate::domain::id::ConnectionId::new("v").expect("legal"),
            on_ramp: key.on_ramp.clone(),
            on_ramp_name: "p".into(),
            vlan: Some(crate::domain::vlan::VlanTag::Untagged),
            approve: true,
            reached: Reached::Sent,
            why: Some("x".into()),
            trace: Some("x".into()),
        };
        for act in orders.chain(others).chain([change, answer]) {
            let word = act.word();
            assert_ne!(of_act(&entry(word, &[])).0, word, "{word}");
            for (name, _) in act.facts() {
                assert!(FACTS.iter().any(|(known, _)| *known == name), "{name} has no name");
            }
        }
        assert_eq!(of_act(&entry("of.another", &[])).0, "of.another");
    }

    #[test]
    fn a_change_is_called_not_changed_only_once_that_is_known() {
        for act in ["key.changed", "circuit.answered"] {
            for reached in Reached::ALL {
                let (word, _) = of_act(&entry(act, &[("outcome", reached.word())]));
                assert_eq!(word.starts_with("not "), reached == Reached::Failed, "{word}");
            }
            let known: std::collections::BTreeSet<_> = Reached::ALL
                .map(|reached| of_act(&entry(act, &[("outcome", reached.word())])).0)
                .into();
            assert_eq!(known.len(), Reached::ALL.len(), "each has a word of its own");
            assert_eq!(of_act(&entry(act, &[("outcome", "postponed")])).0, "postponed");
        }
    }
}
