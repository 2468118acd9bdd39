//! The shift report: what the next shift must know, as Markdown, with keys masked.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use super::{
    export::{code, plain},
    fingerprint::Fingerprint,
    key_usage::{Reading, Remembered, Survey, Word},
    ledger::{IntentStatus, OpenChange, State},
    service_key::{KeyUse, ServiceKey},
    text::SafeText,
    time::Timestamp,
    words::{date_time, relative},
};

/// The length of the reported shift.
const SHIFT: Duration = Duration::from_secs(24 * 3600);

/// The data of a shift report.
#[derive(Debug, Clone)]
pub struct Shift<'a> {
    /// The API, in words.
    pub whose: SafeText,
    /// The account as it was read.
    pub survey: Survey<'a>,
    /// The keys that this host has created.
    pub made: Vec<&'a Remembered>,
    /// Requests with something left to do.
    pub open: Vec<&'a IntentStatus>,
    /// Changes with an unknown outcome.
    pub changes: Vec<&'a OpenChange>,
    /// The number of requests whose order could not be read.
    pub lost: usize,
    /// The unreadable parts, in words.
    pub missing: Option<SafeText>,
}

impl Shift<'_> {
    /// Returns the whole text.
    pub fn markdown(&self) -> String {
        let now = self.survey.now;
        let listed: BTreeMap<_, _> = self
            .survey
            .all_listed()
            .into_iter()
            .map(|(key, reading)| (Fingerprint::of_key(&key.id), (key, reading)))
            .collect();
        let mut out = format!("# Shift report, {}\n\n", date_time(now));
        let _infallible = writeln!(out, "{}\n", plain(self.whose.as_str()));
        if let Some(missing) = &self.missing {
            let _infallible = writeln!(out, "**Not complete: {}.**\n", plain(missing.as_str()));
        }
        let mut today: Vec<_> = self
            .made
            .iter()
            .filter(|one| one.created.is_some_and(|at| at + SHIFT >= now))
            .collect();
        today.sort_by_key(|one| one.created);
        let today = today.into_iter().map(|memory| self.made_line(memory, &listed));
        section(&mut out, "Keys created here in the last 24 hours", today.collect());
        section(&mut out, "Half pairs", self.halves(&listed));
        let changed = listed.values().filter(|(_, reading)| !reading.drift().is_empty());
        let changed = changed.map(|(key, reading)| self.line_of_changed(key, reading));
        section(&mut out, "Keys changed outside this host's record", changed.collect());
        section(&mut out, "Requests in doubt or unfinished", self.unfinished());
        let soon = listed.values().filter(|(_, reading)| reading.word == Word::ExpiresSoon);
        let soon = soon.map(|(key, reading)| line_of_key(key, reading, now));
        section(&mut out, "Unused keys that expire within 3 days", soon.collect());
        out
    }

    fn made_line(
        &self,
        memory: &Remembered,
        listed: &BTreeMap<Fingerprint, (&ServiceKey, Reading)>,
    ) -> String {
        let now = self.survey.now;
        let (key, reading) = match listed.get(&memory.print) {
            Some((key, reading)) => (key.id.masked(), reading.clone()),
            None => (memory.print.to_string(), self.survey.gone(memory)),
        };
        let made =
            memory.created.map_or_else(String::new, |at| format!(", created {}", date_time(at)));
        let whom = format!("{} {}", memory.for_whom.customer, memory.for_whom.reference);
        let whom = if whom.trim().is_empty() {
            String::new()
        } else {
            format!(", for {}", plain(whom.trim()))
        };
        format!(
            "**{}** {}, key {}, on {}, {}{whom}{}. {}",
            plain(&reading.word.text()),
            plain(memory.label.as_str()),
            code(&key),
            plain(memory.on_ramp_name.as_str()),
            vlan(memory.usage),
            plain(&made),
            because(&reading, now)
        )
    }

    /// Pairs of which a part is missing.
    /// A key that was changed elsewhere, by our label where it has lost it.
    fn line_of_changed(&self, key: &ServiceKey, reading: &Reading) -> String {
        let line = line_of_key(key, reading, self.survey.now);
        let memory = self.survey.remembered.get(&Fingerprint::of_key(&key.id));
        match memory.filter(|_| key.label.is_empty()) {
            Some(memory) => format!("{} (label on record){line}", plain(memory.label.as_str())),
            None => line,
        }
    }

    fn halves(&self, listed: &BTreeMap<Fingerprint, (&ServiceKey, Reading)>) -> Vec<String> {
        let mut orders: BTreeMap<u64, Vec<&Remembered>> = BTreeMap::new();
        for memory in &self.made {
            if let Some(part) = memory.part {
                orders.entry(part.order).or_default().push(memory);
            }
        }
        let half = orders.into_values().filter_map(|parts| {
            let of = parts.first()?.part?.of;
            let memory = parts.first().filter(|_| parts.len() < usize::from(of))?;
            // A disabled or expired one needs no attention.
            let stands = listed
                .get(&memory.print)
                .is_none_or(|(_, reading)| !matches!(reading.word, Word::Inactive | Word::Expired));
            let made = parts.len();
            stands.then(|| {
                format!(
                    "{made} of {of} created: {}, on {}, {}",
                    plain(memory.label.as_str()),
                    plain(memory.on_ramp_name.as_str()),
                    vlan(memory.usage)
                )
            })
        });
        half.collect()
    }

    fn unfinished(&self) -> Vec<String> {
        let mut lines: Vec<_> = self
            .open
            .iter()
            .map(|standing| {
                let says = match standing.state {
                    State::Prepared => "confirmed, never sent",
                    State::Created(_) => "created, card not closed",
                    _ => "**the key may exist**: search for it, do not send it again",
                };
                let intent = &standing.intent;
                let (label, on_ramp) = (intent.order.label(), &intent.on_ramp_name);
                let at = plain(&date_time(intent.prepared_at));
                let (label, on_ramp) = (plain(label.as_str()), plain(on_ramp.as_str()));
                format!("{label}, on {on_ramp}, confirmed {at}: {says}")
            })
            .collect();
        lines.extend(self.changes.iter().map(|open| {
            let (name, what) = (&open.alteration.name, &open.alteration.what);
            let (name, what) = (plain(name.as_str()), plain(what.as_str()));
            let at = plain(&date_time(open.begun_at));
            format!("change of {name}, sent {at}: {what}. **It may be done**: check it")
        }));
        if self.lost > 0 {
            lines.push(format!("{} more, whose order the journal could not read", self.lost));
        }
        lines
    }
}

fn section(out: &mut String, title: &str, lines: Vec<String>) {
    let _infallible = writeln!(out, "## {title}\n");
    if lines.is_empty() {
        out.push_str("None.\n");
    }
    for line in lines {
        let _infallible = writeln!(out, "- {line}");
    }
    out.push('\n');
}

fn line_of_key(key: &ServiceKey, reading: &Reading, now: Timestamp) -> String {
    let end = key.validity.and_then(|window| window.end);
    let ends = end.map_or_else(String::new, |at| format!(", ends {}", relative(at, now)));
    format!(
        "{}, key {}, on {}, {}{}. {}",
        plain(key.label.as_str()),
        code(&key.id.masked()),
        plain(key.on_ramp_name.as_str()),
        vlan(key.usage),
        plain(&ends),
        because(reading, now)
    )
}

/// Describes the evidence for a state.
fn because(reading: &Reading, now: Timestamp) -> String {
    let says: Vec<_> = reading.evidence.iter().map(|one| plain(&one.describe(now))).collect();
    says.join("; ")
}

fn vlan(usage: KeyUse) -> String {
    match usage {
        KeyUse::Single(tag) => format!("VLAN {tag}"),
        KeyUse::Multi => "multi-use".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        alteration::{Alteration, Subject},
        intent::{IntentId, Part, samples},
        inventory::Inventory,
        key_difference::Difference,
        on_ramp::samples::port,
        service_key::{Validity, samples::key},
    };

    const KEY: &str = "106e38ae-eb59-415f-ac81-526a5299851d";

    #[test]
    fn report_lists_new_keys_half_pairs_doubts_and_expiries() {
        let now = samples::THEN + Duration::from_secs(3600);
        let ours = ServiceKey { label: "[x](http://evil)".into(), ..key(KEY, "p", 142) };
        let ends = ServiceKey {
            validity: Some(Validity { start: None, end: Some(now + Duration::from_secs(7200)) }),
            label: "Soon over".into(),
            ..key("a-key-that-ends-soon", "p", 143)
        };
        let mut inventory = Inventory::new(vec![port("p")]);
        let nameless = ServiceKey { label: "".into(), ..key("a-key-without-a-label", "p", 144) };
        inventory.set_keys(vec![ours.clone(), ends, nameless.clone()], 0, now);
        let part = Some(Part { order: 7, number: 1, of: 2 });
        let made = Remembered { created: Some(samples::THEN), part, ..Remembered::of_key(&ours) };
        let old = Remembered {
            created: Some(now - Duration::from_secs(25 * 3600)),
            label: "Of yesterday".into(),
            ..Remembered::of_key(&key("an-older-key-of-ours", "p", 150))
        };
        let mut doubt = IntentStatus::new(samples::intent(5));
        doubt.state = State::Unknown;
        let change = OpenChange {
            alteration: Alteration {
                id: IntentId(6),
                subject: Subject::Key(Fingerprint::of_key(&ours.id)),
                name: "[x](http://evil)".into(),
                what: "active → disabled".into(),
                to: None,
            },
            begun_at: samples::THEN,
            writer: None,
        };
        let lost = Remembered { label: "ACME #k7f3q9".into(), ..Remembered::of_key(&nameless) };
        let drifted = BTreeMap::from([(lost.print, vec![Difference::Active(false)])]);
        let shift = Shift {
            whose: "PRODUCTION".into(),
            survey: Survey {
                inventory: &inventory,
                remembered: &BTreeMap::from([(lost.print, lost)]),
                drifted: &drifted,
                unread: 0,
                now,
            },
            made: vec![&made, &old],
            open: vec![&doubt],
            changes: vec![&change],
            lost: 1,
            missing: None,
        };
        let text = shift.markdown();
        let at =
            |title: &str| text.split("## ").find(|part| part.starts_with(title)).expect("there");
        assert!(
            at("Keys created here in the last 24 hours")
                .contains("key `106e…851d`, on p, VLAN 142"),
            "{text}"
        );
        assert!(!text.contains("Of yesterday"), "{text}");
        assert!(at("Half pairs").contains("1 of 2 created:"), "{text}");
        let changed = at("Keys changed outside");
        assert!(changed.contains("k7f3q9 (label on record)"), "{changed}");
        assert!(changed.contains("perhaps by a colleague&#58; active → disabled"), "{changed}");
        assert!(at("Requests").contains("**the key may exist**"), "{text}");
        assert!(at("Requests").contains("active → disabled. **It may be done**"), "{text}");
        assert!(at("Requests").contains("1 more"), "{text}");
        assert!(
            at("Unused").contains("Soon over") && at("Unused").contains("ends in 2 h"),
            "{text}"
        );
        assert!(!text.contains(KEY) && !text.contains("](http"), "masked, and no link: {text}");
    }

    #[test]
    fn where_there_is_nothing_it_says_so() {
        let inventory = Inventory::new(vec![]);
        let remembered = BTreeMap::new();
        let (inventory, remembered) = (&inventory, &remembered);
        let (drifted, unread, now) = (&BTreeMap::new(), 0, samples::THEN);
        let survey = Survey { inventory, remembered, drifted, unread, now };
        let (whose, missing) = ("STAGING".into(), Some("1 key could not be read".into()));
        let shift =
            Shift { whose, survey, made: vec![], open: vec![], changes: vec![], lost: 0, missing };
        let text = shift.markdown();
        assert_eq!(text.matches("None.\n").count(), 5, "{text}");
        assert!(text.contains("**Not complete: 1 key could not be read.**"), "{text}");
    }
}
