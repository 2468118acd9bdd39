//! Every entry of one intent, and the resulting state.

use crate::{
    domain::{audit::Entry, intent::IntentId, time::Timestamp},
    ui::widget::theme::Role,
};

use super::words;

/// The entries of one intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) struct Group {
    /// The intent.
    pub(in crate::ui) intent: IntentId,
    /// The number of its last entry.
    pub(in crate::ui) last: u64,
    /// When its key became known, else the time of its last entry.
    pub(in crate::ui) at: Timestamp,
    /// Its state.
    pub(in crate::ui) state: State,
    /// The order of several that it is part of.
    pub(in crate::ui) order: Option<String>,
    /// The text that the filter searches.
    pub(in crate::ui) haystack: String,
}

/// The state of an intent by its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::ui) enum State {
    Confirmed,
    Sent,
    Unknown,
    NotSent,
    Refused,
    GivenUp,
    Made,
}

impl State {
    fn of_act(act: &str) -> Option<Self> {
        Some(match act {
            "key.prepared" => Self::Confirmed,
            "key.sent" => Self::Sent,
            "key.created" | "key.found" | "key.adopted" | "key.seen" => Self::Made,
            "key.refused" => Self::Refused,
            "key.not-sent" => Self::NotSent,
            "key.unknown" => Self::Unknown,
            "key.closed" => Self::GivenUp,
            _ => return None,
        })
    }

    /// Returns a word or two, and their role.
    pub(in crate::ui) const fn describe(self) -> (&'static str, Role) {
        match self {
            Self::Confirmed => ("confirmed", Role::Plain),
            Self::Sent => ("sent", Role::Warn),
            Self::Unknown => ("may exist", Role::Bad),
            Self::NotSent => ("not sent", Role::Warn),
            Self::Refused => ("refused", Role::Warn),
            Self::GivenUp => ("closed in doubt", Role::Quiet),
            Self::Made => ("created", Role::Good),
        }
    }
}

/// Returns the intents of `entries`, which come the newest first, the newest first.
pub(in crate::ui) fn groups(entries: &[Entry]) -> Vec<Group> {
    let mut groups: Vec<Group> = vec![];
    for entry in entries {
        let Some(state) = State::of_act(entry.act.as_str()) else { continue };
        let intent = entry.fact("intent").and_then(|text| u64::from_str_radix(text, 16).ok());
        let Some(intent) = intent.map(IntentId) else { continue };
        match groups.iter_mut().find(|group| group.intent == intent) {
            // Its card was closed later, or a created key was given up as lost.
            Some(group) => {
                if state == State::Made && group.state == State::Made {
                    group.at = entry.at;
                }
            }
            None => groups.push(Group {
                intent,
                last: entry.number,
                at: entry.at,
                state,
                order: entry.fact("order").map(str::to_owned),
                haystack: words::haystack(entry),
            }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(number: u64, act: &str, intent: u64) -> Entry {
        let intent = format!("{intent:016x}");
        let facts = vec![("intent".into(), intent.as_str().into())];
        let at = Timestamp::from_millis(i64::try_from(number).expect("small"));
        Entry { number, at, act: act.into(), facts }
    }

    #[test]
    fn an_intent_stands_where_its_last_step_left_it() {
        let mut all = vec![
            entry(1, "key.prepared", 7),
            entry(2, "key.sent", 7),
            entry(3, "key.prepared", 8),
            entry(4, "key.created", 7),
            entry(5, "key.revealed", 7),
            entry(6, "key.closed", 8),
            entry(7, "key.seen", 7),
        ];
        all.reverse();
        let groups = groups(&all);
        let short: Vec<_> = groups.iter().map(|g| (g.intent.0, g.last, g.state)).collect();
        assert_eq!(short, [(7, 7, State::Made), (8, 6, State::GivenUp)]);
        assert_eq!(groups[0].at, Timestamp::from_millis(4), "when its key was known");
    }

    proptest! {
        #[test]
        fn no_intent_is_lost_or_doubled(intents in proptest::collection::vec(0_u64..6, 0..40)) {
            let entries = (1_u64..).zip(&intents).map(|(n, intent)| entry(n, "key.sent", *intent));
            let mut entries: Vec<_> = entries.collect();
            entries.reverse();
            let mut found: Vec<_> = groups(&entries).iter().map(|g| g.intent.0).collect();
            found.sort_unstable();
            let mut wanted = intents;
            wanted.sort_unstable();
            wanted.dedup();
            prop_assert_eq!(found, wanted);
        }
    }
}
