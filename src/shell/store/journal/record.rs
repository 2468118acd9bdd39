//! The JSON of a journal line, and how it becomes a record of the domain.
//!
//! A field that was written once keeps its name and meaning. Unknown fields are
//! ignored; an unknown step makes the line unreadable, and an unreadable line blocks
//! new keys until the user has acknowledged it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::{
    alteration::{Alteration, ChangeStep, Subject},
    fingerprint::Fingerprint,
    id::{ConnectionId, OnRampId},
    intent::{ForWhom, Intent, IntentId, Part, Realm},
    key_order::{KeyOrder, OrderUse, Terms},
    key_values::{Basis, KeyValues},
    ledger::{Author, JournalStep, Record, SessionId},
    place::Zone,
    service_key::{KeyUse, Validity},
    time::Timestamp,
    units::Mbps,
    vlan::{VlanId, VlanTag},
};

/// The contents of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// Something happened to an intent.
    Record(Record),
    /// The user has acknowledged that so many lines before could not be read.
    Accepted(usize),
    /// The format of the lines from here on, and the program that wrote it.
    Format {
        /// The format's number.
        version: u32,
        /// The program that wrote this line.
        program: String,
    },
}

/// Names, customers and references may be as long as this, in characters.
const TEXT_MAX_CHARS: usize = ForWhom::ROOM;

/// The longest summary of a change.
const SUMMARY_MAX_CHARS: usize = 400;

#[derive(Serialize, Deserialize)]
struct LineRecord {
    at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    intent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    attempt: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    session: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    sender_ended: bool,
    #[serde(flatten)]
    what: StepRecord,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
enum StepRecord {
    Prepared(Box<Prepared>),
    Sending,
    Created { key: String },
    Refused,
    NotSent,
    Unknown,
    Acknowledged,
    Closed { reason: String },
    DamageSeen { lines: usize },
    Format { version: u32, program: String },
    Changing(Box<Changing>),
    Changed,
    NotChanged,
    ChangeSeen,
}

#[derive(Serialize, Deserialize)]
struct Prepared {
    environment: String,
    host: String,
    on_ramp: String,
    on_ramp_name: String,
    zone: String,
    label: String,
    vlan: Option<u16>,
    mbps: u32,
    valid_from: Option<i64>,
    valid_to: Option<i64>,
    windowed: bool,
    active: bool,
    pre_approved: bool,
    customer: String,
    reference: String,
    before: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    order: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    part: Option<(u8, u8)>,
}

/// The start of a change. It is of a key, by its fingerprint, or of a circuit
/// on an on-ramp.
#[derive(Serialize, Deserialize)]
struct Changing {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    circuit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    on_ramp: Option<String>,
    name: String,
    what: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    to: Option<Values>,
}

/// The values that a key is to have.
#[derive(Serialize, Deserialize)]
struct Values {
    label: String,
    on_ramp: String,
    multi: bool,
    vlan: Option<i32>,
    mbps: Option<u32>,
    valid_from: Option<i64>,
    valid_to: Option<i64>,
    windowed: bool,
    active: bool,
    pre_approved: Option<bool>,
}

/// Returns the JSON of an entry made `at`.
pub(super) fn write(entry: &Entry, at: Timestamp) -> String {
    let at = at.as_millis();
    let bare = |what| LineRecord {
        at,
        intent: None,
        attempt: None,
        session: None,
        sender_ended: false,
        what,
    };
    let wrote = match entry {
        Entry::Accepted(lines) => bare(StepRecord::DamageSeen { lines: *lines }),
        Entry::Format { version, program } => {
            bare(StepRecord::Format { version: *version, program: program.clone() })
        }
        Entry::Record(record) => LineRecord {
            intent: Some(record.intent.to_string()),
            attempt: record.attempt,
            session: record.author.map(|author| author.session.to_string()),
            sender_ended: record.author.is_some_and(|author| author.sender_ended),
            ..bare(step(&record.step))
        },
    };
    // Strings and numbers only: it cannot fail, and an empty line is no record.
    serde_json::to_string(&wrote).unwrap_or_default()
}

/// Reads an entry of a journal of this format; `None` if it is not ours.
pub(super) fn read(json: &str, format: u32) -> Option<Entry> {
    let LineRecord { at, intent, attempt, session, sender_ended, what } =
        serde_json::from_str(json).ok()?;
    let at = Timestamp::from_millis(at);
    match what {
        StepRecord::DamageSeen { lines } => return Some(Entry::Accepted(lines)),
        StepRecord::Format { version, program } => return Some(Entry::Format { version, program }),
        _ => {}
    }
    let intent = IntentId(number(&intent?)?);
    let session = session.and_then(|text| number(&text)).map(SessionId);
    let author = session.map(|session| Author { session, sender_ended });
    let step = match what {
        StepRecord::Prepared(prepared) => {
            JournalStep::Prepared(Box::new(prepared.intent(intent, at)?))
        }
        StepRecord::Sending => JournalStep::Sending,
        StepRecord::Created { key } => JournalStep::Created(parse_fingerprint(&key)?),
        StepRecord::Refused => JournalStep::Refused,
        StepRecord::NotSent => JournalStep::NotSent,
        StepRecord::Unknown => JournalStep::Unknown,
        StepRecord::Acknowledged => JournalStep::Acknowledged,
        StepRecord::Closed { reason } => JournalStep::Closed(reason.as_str().into()),
        StepRecord::Changing(changing) => {
            JournalStep::Change(ChangeStep::Begun(Box::new(changing.alteration(intent)?)))
        }
        StepRecord::Changed => JournalStep::Change(ChangeStep::Done),
        StepRecord::NotChanged => JournalStep::Change(ChangeStep::NotDone),
        StepRecord::ChangeSeen => JournalStep::Change(ChangeStep::Seen),
        StepRecord::DamageSeen { .. } | StepRecord::Format { .. } => return None,
    };
    let record = Record { intent, at, attempt, author, step };
    // An attempt is identified by both names, so a line without them is useless.
    let is_named = record.attempt.is_some() && record.author.is_some();
    let says_enough = format == 1 || is_named || !record.is_about_an_attempt();
    says_enough.then_some(Entry::Record(record))
}

fn step(step: &JournalStep) -> StepRecord {
    match step {
        JournalStep::Prepared(intent) => StepRecord::Prepared(Box::new(Prepared::new(intent))),
        JournalStep::Sending => StepRecord::Sending,
        JournalStep::Created(key) => StepRecord::Created { key: key.to_string() },
        JournalStep::Refused => StepRecord::Refused,
        JournalStep::NotSent => StepRecord::NotSent,
        JournalStep::Unknown => StepRecord::Unknown,
        JournalStep::Acknowledged => StepRecord::Acknowledged,
        JournalStep::Closed(reason) => StepRecord::Closed { reason: reason.to_string() },
        JournalStep::Change(ChangeStep::Begun(change)) => {
            StepRecord::Changing(Box::new(Changing::new(change)))
        }
        JournalStep::Change(ChangeStep::Done) => StepRecord::Changed,
        JournalStep::Change(ChangeStep::NotDone) => StepRecord::NotChanged,
        JournalStep::Change(ChangeStep::Seen) => StepRecord::ChangeSeen,
    }
}

fn parse_fingerprint(text: &str) -> Option<Fingerprint> {
    u32::from_str_radix(text, 16).ok().map(Fingerprint)
}

fn number(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}

/// Shortens a text to a readable length, so that a line stays short.
fn words(text: &str) -> String {
    cut_text(text, TEXT_MAX_CHARS)
}

fn cut_text(text: &str, to: usize) -> String {
    text.chars().take(to).collect()
}

/// The number that means untagged in a line: no VLAN has it.
const UNTAGGED: u16 = 0;

impl Changing {
    fn new(change: &Alteration) -> Self {
        let (name, what) =
            (words(change.name.as_str()), cut_text(change.what.as_str(), SUMMARY_MAX_CHARS));
        let to = change.to.as_deref().map(Values::new);
        let none = Self { key: None, circuit: None, on_ramp: None, name, what, to };
        match &change.subject {
            Subject::Key(print) => Self { key: Some(print.to_string()), ..none },
            Subject::Circuit(id, on_ramp) => {
                let (circuit, on_ramp) = (Some(id.to_string()), Some(on_ramp.to_string()));
                Self { circuit, on_ramp, ..none }
            }
        }
    }

    fn alteration(self, id: IntentId) -> Option<Alteration> {
        let subject = match (self.key, self.circuit, self.on_ramp) {
            (Some(key), ..) => Subject::Key(parse_fingerprint(&key)?),
            (None, Some(circuit), Some(on_ramp)) => {
                let (circuit, on_ramp) = (ConnectionId::new(&circuit), OnRampId::new(&on_ramp));
                Subject::Circuit(circuit.ok()?, on_ramp.ok()?)
            }
            _ => return None,
        };
        let (name, what) = (self.name.as_str().into(), self.what.as_str().into());
        let to = self.to.and_then(Values::values).map(Box::new);
        Some(Alteration { id, subject, name, what, to })
    }
}

impl Values {
    fn new(values: &KeyValues) -> Self {
        let window = values.validity;
        let millis = |at: Timestamp| at.as_millis();
        Self {
            label: words(values.label.as_str()),
            on_ramp: values.on_ramp.to_string(),
            multi: values.usage == KeyUse::Multi,
            vlan: match values.usage {
                KeyUse::Single(tag) => tag.number(),
                KeyUse::Multi => None,
            },
            mbps: values.rate.map(Mbps::get),
            valid_from: window.and_then(|window| window.start).map(millis),
            valid_to: window.and_then(|window| window.end).map(millis),
            windowed: window.is_some(),
            active: values.active,
            pre_approved: values.pre_approved,
        }
    }

    fn values(self) -> Option<KeyValues> {
        let moment = |millis: Option<i64>| millis.map(Timestamp::from_millis);
        let window = Validity { start: moment(self.valid_from), end: moment(self.valid_to) };
        let tag = VlanTag::from_wire(self.vlan.map(i64::from));
        Some(KeyValues {
            basis: Basis::List,
            label: self.label.as_str().into(),
            on_ramp: OnRampId::new(&self.on_ramp).ok()?,
            usage: if self.multi { KeyUse::Multi } else { KeyUse::Single(tag) },
            rate: self.mbps.map(Mbps::new),
            validity: self.windowed.then_some(window),
            active: self.active,
            pre_approved: self.pre_approved,
        })
    }
}

impl Prepared {
    fn new(intent: &Intent) -> Self {
        let order = &intent.order;
        let window = order.validity();
        let millis = |at: Timestamp| at.as_millis();
        Self {
            environment: intent.realm.environment.clone(),
            host: intent.realm.host.clone(),
            on_ramp: order.on_ramp().to_string(),
            on_ramp_name: words(intent.on_ramp_name.as_str()),
            zone: if intent.zone == Zone::Unstated {
                String::new()
            } else {
                intent.zone.word().to_owned()
            },
            label: order.label().to_string(),
            vlan: match order.usage() {
                OrderUse::Single(vlan) => Some(vlan.get()),
                OrderUse::Untagged => Some(UNTAGGED),
                OrderUse::Multi => None,
            },
            mbps: order.rate().get(),
            valid_from: window.and_then(|window| window.start).map(millis),
            valid_to: window.and_then(|window| window.end).map(millis),
            windowed: window.is_some(),
            active: order.active(),
            pre_approved: order.pre_approved(),
            customer: words(&intent.for_whom.customer),
            reference: words(&intent.for_whom.reference),
            before: intent.before.iter().map(ToString::to_string).collect(),
            order: intent.part.map(|part| format!("{:016x}", part.order)),
            part: intent.part.map(|part| (part.number, part.of)),
        }
    }

    fn intent(self, id: IntentId, at: Timestamp) -> Option<Intent> {
        let moment = |millis: Option<i64>| millis.map(Timestamp::from_millis);
        let window = Validity { start: moment(self.valid_from), end: moment(self.valid_to) };
        let usage = match self.vlan {
            Some(UNTAGGED) => OrderUse::Untagged,
            Some(vlan) => OrderUse::Single(VlanId::new(vlan).ok()?),
            None => OrderUse::Multi,
        };
        let order = KeyOrder::restore(Terms {
            on_ramp: OnRampId::new(&self.on_ramp).ok()?,
            label: self.label.as_str().into(),
            usage,
            rate: Mbps::new(self.mbps),
            validity: self.windowed.then_some(window),
            active: self.active,
            pre_approved: self.pre_approved,
        })?;
        let part = match (self.order, self.part) {
            (Some(order), Some((part, of))) => {
                Some(Part { order: number(&order)?, number: part, of })
            }
            _ => None,
        };
        Some(Intent {
            id,
            realm: Realm { environment: self.environment, host: self.host },
            order,
            on_ramp_name: self.on_ramp_name.as_str().into(),
            zone: Zone::parse(&self.zone),
            for_whom: ForWhom { customer: self.customer, reference: self.reference },
            before: parse_fingerprints(&self.before)?,
            prepared_at: at,
            part,
        })
    }
}

fn parse_fingerprints(text: &str) -> Option<BTreeSet<Fingerprint>> {
    let each = text.as_bytes().chunks(8);
    let one = |eight: &[u8]| {
        parse_fingerprint(std::str::from_utf8(eight).ok().filter(|eight| eight.len() == 8)?)
    };
    each.map(one).collect()
}
