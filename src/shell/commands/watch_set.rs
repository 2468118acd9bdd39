//! The set of watched keys, their last known usage, and what has changed since.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    domain::{
        fingerprint::Fingerprint,
        id::OnRampId,
        key_usage::{Reading, Remembered, Survey},
        tag::Tag,
        time::Timestamp,
        watch::{self, News, Until},
        words::count,
    },
    shell::exit::ExitError,
};

/// A watched key.
#[derive(Debug)]
pub(in crate::shell) struct WatchedKey {
    /// The facts known independently of a list.
    pub(in crate::shell) memory: Remembered,
    /// Its reading at the last check.
    pub(in crate::shell) reading: Reading,
    /// Its goal is reached.
    pub(in crate::shell) met: bool,
}

/// News to report.
#[derive(Debug)]
pub(in crate::shell) struct KeyNews {
    /// The key.
    pub(in crate::shell) print: Fingerprint,
    /// The news.
    pub(in crate::shell) news: News,
}

/// The keys that are watched.
#[derive(Debug)]
pub(in crate::shell) struct WatchSet {
    until: Until,
    kept: BTreeMap<Fingerprint, WatchedKey>,
}

impl WatchSet {
    /// Finds the named keys, by label, tag or fingerprint, or without names the unused
    /// ones that this host has created. Goals already reached are reported at once.
    pub(in crate::shell) fn find_keys(
        survey: &Survey<'_>,
        names: &[String],
        until: Until,
    ) -> Result<(Self, Vec<KeyNews>), ExitError> {
        let made = survey.remembered;
        let mut all = BTreeMap::new();
        for (key, reading) in survey.all_listed() {
            let mut memory = Remembered::of_key(key);
            // An update elsewhere may have cleared its label.
            if let Some(ours) = made.get(&memory.print).filter(|_| memory.label.is_empty()) {
                memory.label = ours.label.clone();
            }
            all.insert(memory.print, (memory, reading));
        }
        for (memory, reading) in survey.forgotten() {
            all.insert(memory.print, (memory.clone(), reading));
        }
        if names.is_empty() {
            if made.is_empty() {
                let says = "this host's journal has no key: name a key by its label or \
                    fingerprint";
                return Err(ExitError::Usage(says.to_owned()));
            }
            all.retain(|print, (memory, reading)| {
                let fits = until == Until::Used || !memory.is_multi_use();
                made.contains_key(print) && reading.word.waits() && fits
            });
        } else {
            let unknown =
                names.iter().find(|name| !all.values().any(|(one, _)| is_named(one, name)));
            if let Some(name) = unknown {
                let name = crate::domain::text::SafeText::clean(name);
                let says = format!("no key has the label, tag or fingerprint {name}");
                return Err(ExitError::Usage(says));
            }
            all.retain(|_, (memory, _)| names.iter().any(|name| is_named(memory, name)));
            if until == Until::Live
                && let Some((memory, _)) = all.values().find(|(one, _)| one.is_multi_use())
            {
                let label = &memory.label;
                let says = "is multi-use: its circuits cannot be distinguished";
                return Err(ExitError::Usage(format!("{label} {says}; use --until used")));
            }
        }
        let mut latest = vec![];
        let keep = |(print, (memory, reading)): (_, (_, Reading))| {
            let met = until.is_met(&reading);
            latest.extend(first_news(until, &reading).map(|news| KeyNews { print, news }));
            (print, WatchedKey { memory, reading, met })
        };
        let kept = all.into_iter().map(keep).collect();
        Ok((Self { until, kept }, latest))
    }

    /// Judges every key once more, and returns the news.
    pub(in crate::shell) fn compare_keys(&mut self, survey: &Survey<'_>) -> Vec<KeyNews> {
        let mut listed: BTreeMap<_, _> = survey
            .all_listed()
            .into_iter()
            .map(|(key, reading)| (Fingerprint::of_key(&key.id), reading))
            .collect();
        let mut judge = survey.judge();
        let mut latest = vec![];
        for (print, kept) in self.kept.iter_mut().filter(|(_, kept)| !kept.met) {
            let reading = listed.remove(print).unwrap_or_else(|| judge.gone(&kept.memory));
            let news = watch::compare(&kept.reading, &reading);
            let drift = watch::compare_drift(&kept.reading, &reading);
            latest
                .extend(drift.into_iter().chain(news).map(|news| KeyNews { print: *print, news }));
            kept.met = self.until.is_met(&reading);
            kept.reading = reading;
        }
        latest
    }

    /// Returns a key that is watched.
    pub(in crate::shell) fn get(&self, print: Fingerprint) -> Option<&WatchedKey> {
        self.kept.get(&print)
    }

    fn pending(&self) -> impl Iterator<Item = &WatchedKey> {
        let out = |kept: &&WatchedKey| self.until.is_out_of_reach(&kept.reading);
        self.kept.values().filter(move |kept| !kept.met && !out(kept))
    }

    /// Returns how many have not reached their goal.
    pub(in crate::shell) fn pending_count(&self) -> usize {
        self.pending().count()
    }

    /// Returns the on-ramps of the keys that have not reached their goal, with their
    /// creation times.
    pub(in crate::shell) fn waiting(&self) -> impl Iterator<Item = (&OnRampId, Option<Timestamp>)> {
        self.pending().map(|kept| (&kept.memory.on_ramp, kept.memory.created))
    }

    /// Returns the time until the next check; `None` if no goal is left.
    pub(in crate::shell) fn interval(&self, now: Timestamp) -> Option<Duration> {
        watch::interval(self.waiting().map(|(_, made)| made), now)
    }

    /// Returns the result once no goal is left; before that, a timeout.
    pub(in crate::shell) fn exit_state(&self) -> Result<(), ExitError> {
        let word = self.until.word();
        let why = self.pending().find_map(|kept| self.until.why_not(&kept.reading));
        let why = why.map_or_else(String::new, |why| format!(": {why}"));
        let pending = self.pending_count();
        let out = self.kept.values().filter(|kept| !kept.met).count() - pending;
        match (pending, out) {
            (0, 0) => Ok(()),
            (0, n) => {
                Err(ExitError::Failed(format!("{} expired, never seen as {word}", count(n, "key"))))
            }
            (n, _) => {
                Err(ExitError::TimedOut(format!("{} not {word} in time{why}", count(n, "key"))))
            }
        }
    }
}

/// Returns whether a name means this key: its fingerprint, its label with or without
/// the tag, or the tag.
fn is_named(memory: &Remembered, name: &str) -> bool {
    let label = memory.label.as_str();
    let bare = |tag: Tag| label.trim_end().strip_suffix(&tag.to_string()).map(str::trim_end);
    let name = name.trim();
    !name.is_empty()
        && (memory.print.to_string().eq_ignore_ascii_case(name)
            || label == name
            || Tag::in_label(label).any(|tag| tag.to_string() == name || bare(tag) == Some(name)))
}

/// Returns the news of a key at the start of the watch: its goal is reached already, or
/// its circuit exists and is not live yet.
fn first_news(until: Until, reading: &Reading) -> Option<News> {
    match (until, reading.circuit()) {
        (Until::Live, Some(circuit)) => Some(News::Moved(circuit.clone())),
        (Until::Used, circuit) if until.is_met(reading) => Some(News::used(reading, circuit)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        drift,
        inventory::Inventory,
        key_difference::Difference,
        on_ramp::samples::{port, vxc},
        service_key::{KeyUse, ServiceKey, samples::key},
    };

    const NOW: Timestamp = Timestamp::from_millis(1_795_442_551_000);

    fn keys() -> Vec<ServiceKey> {
        let labelled =
            |id: &str, vlan, label: &str| ServiceKey { label: label.into(), ..key(id, "p", vlan) };
        vec![
            labelled("key-of-acme", 100, "ACME-4471 #k7f3q9"),
            labelled("key-of-bolt", 101, "Bolt #b7f3q9"),
            ServiceKey { usage: KeyUse::Multi, ..labelled("key-of-pool", 0, "Pool") },
        ]
    }

    fn inventory(keys: Vec<ServiceKey>, vlans: &[i64]) -> Inventory {
        let mut on_ramp = port("p");
        on_ramp.vxcs = vlans.iter().map(|vlan| vxc(&format!("v{vlan}"), 100, *vlan)).collect();
        let mut inventory = Inventory::new(vec![on_ramp]);
        inventory.set_keys(keys, 0, NOW);
        inventory
    }

    fn begin(
        inventory: &Inventory,
        names: &[&str],
        until: Until,
    ) -> Result<(WatchSet, Vec<KeyNews>), ExitError> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let ours = Remembered::of_key(&keys()[0]);
        let made = BTreeMap::from([(ours.print, ours)]);
        WatchSet::find_keys(&survey(inventory, &made), &names, until)
    }

    fn survey<'a>(
        inventory: &'a Inventory,
        remembered: &'a BTreeMap<Fingerprint, Remembered>,
    ) -> Survey<'a> {
        static NONE: drift::Drifted = BTreeMap::new();
        Survey { inventory, remembered, drifted: &NONE, unread: 0, now: NOW }
    }

    fn look(watch_set: &mut WatchSet, inventory: &Inventory) -> Vec<KeyNews> {
        watch_set.compare_keys(&survey(inventory, &BTreeMap::new()))
    }

    #[test]
    fn key_is_found_by_label_tag_or_fingerprint_else_reported() {
        let inventory = inventory(keys(), &[]);
        let print = Fingerprint::of_key(&keys()[0].id);
        for name in ["ACME-4471 #k7f3q9", "ACME-4471", "#k7f3q9", &print.to_string()] {
            let (watch_set, latest) = begin(&inventory, &[name], Until::Used).expect(name);
            assert!(latest.is_empty() && watch_set.get(print).is_some(), "{name}");
            assert_eq!(watch_set.pending_count(), 1, "{name}");
        }
        for name in ["ACME", "", "key-of-acme", "4471"] {
            let ending = begin(&inventory, &["Bolt", name], Until::Used).expect_err(name);
            assert_eq!(ending.code(), 2, "{name}");
        }
    }

    #[test]
    fn without_names_unused_keys_of_this_host_are_watched() {
        let unused = inventory(keys(), &[]);
        let (watch_set, _) = begin(&unused, &[], Until::Used).expect("some");
        assert_eq!(watch_set.pending_count(), 1, "only the first is this host's");
        assert_eq!(watch_set.exit_state().expect_err("not yet").code(), 124);
        let used = inventory(keys(), &[100]);
        let (watch_set, latest) = begin(&used, &[], Until::Used).expect("some");
        assert!(latest.is_empty() && watch_set.exit_state().is_ok(), "none is unused");
        let none = WatchSet::find_keys(&survey(&used, &BTreeMap::new()), &[], Until::Used);
        assert_eq!(none.expect_err("no key").code(), 2);
    }

    #[test]
    fn news_is_reported_once_and_a_used_key_at_once() {
        let before = inventory(keys(), &[101]);
        let (mut watch_set, latest) =
            begin(&before, &["ACME-4471", "Bolt"], Until::Used).expect("two");
        assert_eq!(latest.len(), 1, "Bolt is used already");
        let after = inventory(keys(), &[100, 101]);
        let latest = look(&mut watch_set, &after);
        assert!(
            matches!(latest.as_slice(), [KeyNews { news: News::Used(Some(_)), .. }]),
            "{latest:?}"
        );
        assert!(look(&mut watch_set, &after).is_empty());
        assert!(watch_set.exit_state().is_ok());
    }

    #[test]
    fn used_key_stays_used_when_unlisted_vanished_key_does_not() {
        let before = inventory(keys(), &[]);
        for (vlans, met) in [(&[100][..], true), (&[], false)] {
            let (mut watch_set, _) = begin(&before, &["ACME-4471"], Until::Used).expect("one");
            let latest = look(&mut watch_set, &inventory(vec![], vlans));
            assert_eq!(latest[0].news.name(), if met { "used" } else { "vanished" });
            assert_eq!(watch_set.exit_state().is_ok(), met);
        }
    }

    #[test]
    fn watch_ends_on_expiry_and_awaits_no_multi_use_circuit() {
        let (mut watch_set, _) =
            begin(&inventory(keys(), &[]), &["ACME-4471"], Until::Used).expect("one");
        let mut over = keys();
        over[0].expired = true;
        let latest = look(&mut watch_set, &inventory(over, &[]));
        assert_eq!(latest[0].news, News::Expired);
        assert_eq!(
            (watch_set.pending_count(), watch_set.exit_state().expect_err("over").code()),
            (0, 1)
        );
        let refused = begin(&inventory(keys(), &[]), &["Pool"], Until::Live);
        assert_eq!(refused.expect_err("many circuits").code(), 2);
    }

    #[test]
    fn key_changed_elsewhere_is_reported_once_and_watch_goes_on() {
        let inventory = inventory(keys(), &[]);
        let (mut watch_set, _) = begin(&inventory, &["ACME-4471"], Until::Used).expect("one");
        let print = Fingerprint::of_key(&keys()[0].id);
        let drifted = BTreeMap::from([(print, vec![Difference::Active(false)])]);
        let remembered = BTreeMap::new();
        let changed = Survey { drifted: &drifted, ..survey(&inventory, &remembered) };
        let names =
            |latest: Vec<KeyNews>| latest.iter().map(|one| one.news.name()).collect::<Vec<_>>();
        assert_eq!(names(watch_set.compare_keys(&changed)), ["drifted"]);
        assert_eq!(
            (names(watch_set.compare_keys(&changed)), watch_set.pending_count()),
            (vec![], 1)
        );
        assert_eq!(names(look(&mut watch_set, &inventory)), ["restored"]);
    }
}
