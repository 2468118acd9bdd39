//! The facts of an audited act, by name.

use crate::domain::{
    intent::Intent, key_order::OrderUse, place::Zone, service_key::KeyUse, text::SafeText,
    time::Timestamp, vlan::VlanTag,
};

use super::{Act, Disclosure, KeyMark};

/// The value of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Words.
    Text(String),
    /// A figure.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A moment.
    At(Timestamp),
}

/// One fact of an audit line: name and value.
pub type Fact = (&'static str, Value);

/// The most characters a text of a line has.
const LONGEST: usize = 200;

/// Cleans free text for an audit line: shortened to a readable length, with anything
/// that looks like a key masked. Labels, reasons and the vendor's messages come from
/// outside.
pub fn harmless(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((from, to)) = find_key(rest) {
        out.push_str(&rest[..from]);
        out.push('…');
        out.push_str(&rest[to - 4..to]);
        rest = &rest[to..];
    }
    out.push_str(rest);
    SafeText::clean(&out).as_str().chars().take(LONGEST).collect()
}

/// Finds the start and end of a text that begins like a key, with 8-4-4 hexadecimal
/// digits: a cut text may contain a cut key.
fn find_key(text: &str) -> Option<(usize, usize)> {
    const START: usize = "106e38ae-eb59-415f-".len();
    let starts = |window: &[u8]| {
        window.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    let from = text.as_bytes().windows(START).position(starts)?;
    let more = text[from..].bytes().take_while(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
    Some((from, from + more.count()))
}

fn text(text: &str) -> Value {
    Value::Text(harmless(text))
}

fn number(number: impl Into<i64>) -> Value {
    Value::Number(number.into())
}

impl Act {
    /// Returns every fact of it, in the order of writing.
    pub fn facts(&self) -> Vec<Fact> {
        match self {
            Self::Started { writes } => vec![("writes", Value::Flag(*writes))],
            Self::Ended(how) => vec![("how", text(how.as_str()))],
            Self::Mode { writes, why } => {
                vec![("writes", Value::Flag(*writes)), ("reason", text(why.as_str()))]
            }
            Self::Order { intent, key, why, trace, .. } => {
                let mut facts = of_intent(intent);
                if let Some(key) = key {
                    facts.extend([
                        ("key", Value::Text(key.tail.clone())),
                        ("key_print", Value::Text(key.print.to_string())),
                    ]);
                }
                facts.extend(because(why.as_ref(), trace.as_ref()));
                facts
            }
            Self::Revealed { keys, how } => {
                let how = match how {
                    Disclosure::Card => "on its card",
                    Disclosure::Alone => "alone",
                    Disclosure::Aloud => "to be read aloud",
                };
                let mut facts = of_keys(keys);
                facts.push(("how", Value::Text(how.to_owned())));
                facts
            }
            Self::Copied { keys, outcome, says } => {
                let mut facts = of_keys(keys);
                facts.extend(verdict(outcome, says));
                facts
            }
            Self::Cleared { outcome, says } => verdict(outcome, says).into(),
            Self::Changed { key, reached, what, why, trace } => {
                let mut facts = of_keys(std::slice::from_ref(key));
                facts.extend([
                    ("change", text(what.as_str())),
                    ("outcome", Value::Text(reached.word().to_owned())),
                ]);
                facts.extend(because(why.as_ref(), trace.as_ref()));
                facts
            }
            Self::Taken { key, what } => {
                let mut facts = of_keys(std::slice::from_ref(key));
                facts.push(("change", text(what.as_str())));
                facts
            }
            Self::News { print, label, says } => vec![
                ("key_print", Value::Text(print.to_string())),
                ("label", text(label.as_str())),
                ("says", text(says.as_str())),
            ],
            Self::Answered {
                circuit,
                id,
                on_ramp,
                on_ramp_name,
                vlan,
                approve,
                reached,
                why,
                trace,
            } => {
                let answer = if *approve { "approved" } else { "rejected" };
                let mut facts = vec![
                    ("label", text(circuit.as_str())),
                    ("circuit", Value::Text(id.to_string())),
                    ("on_ramp", Value::Text(on_ramp.to_string())),
                    ("on_ramp_name", text(on_ramp_name.as_str())),
                    ("change", Value::Text(answer.to_owned())),
                    ("outcome", Value::Text(reached.word().to_owned())),
                ];
                facts.extend(vlan.map(|vlan| ("vlan", usage(KeyUse::Single(vlan)))));
                facts.extend(because(why.as_ref(), trace.as_ref()));
                facts
            }
            Self::DamageSeen { lines } => {
                vec![("lines", number(i64::try_from(*lines).unwrap_or(i64::MAX)))]
            }
            Self::HandedOver { keys, how, to } => {
                let mut facts = of_keys(keys);
                facts.extend([("how", text(how.as_str())), ("to", text(to.as_str()))]);
                facts
            }
        }
    }
}

fn because(why: Option<&SafeText>, trace: Option<&SafeText>) -> impl Iterator<Item = Fact> {
    let why = why.map(|why| ("reason", text(why.as_str())));
    // A trace id looks like a key and is none: the vendor's support asks for it.
    let trace = trace.map(|trace| ("trace_id", Value::Text(trace.to_string())));
    why.into_iter().chain(trace)
}

fn verdict(outcome: &str, says: &SafeText) -> [Fact; 2] {
    [("outcome", text(outcome)), ("says", text(says.as_str()))]
}

/// Returns the keys of an act: of several, the same names with a figure would be a
/// table; a list in words is read as easily.
fn of_keys(keys: &[KeyMark]) -> Vec<Fact> {
    let join = |each: &dyn Fn(&KeyMark) -> String| {
        Value::Text(keys.iter().map(each).collect::<Vec<_>>().join(", "))
    };
    let mut facts = vec![
        ("key", join(&|key| key.tail.clone())),
        ("key_print", join(&|key| key.print.to_string())),
        ("label", join(&|key| harmless(key.label.as_str()))),
        ("on_ramp", join(&|key| key.on_ramp.to_string())),
        ("on_ramp_name", join(&|key| harmless(key.on_ramp_name.as_str()))),
    ];
    if let [one] = keys {
        facts.push(("vlan", usage(one.usage)));
    }
    facts
}

fn usage(usage: KeyUse) -> Value {
    match usage {
        KeyUse::Single(VlanTag::Untagged) => Value::Text("untagged".to_owned()),
        KeyUse::Single(tag) => match tag.id() {
            Some(vlan) => number(vlan.get()),
            None => Value::Text(tag.to_string()),
        },
        KeyUse::Multi => Value::Text("multi-use".to_owned()),
    }
}

fn of_intent(intent: &Intent) -> Vec<Fact> {
    let order = &intent.order;
    let vlan = match order.usage() {
        OrderUse::Single(vlan) => number(vlan.get()),
        OrderUse::Untagged => Value::Text("untagged".to_owned()),
        OrderUse::Multi => Value::Text("multi-use".to_owned()),
    };
    let mut facts = vec![
        ("intent", Value::Text(intent.id.to_string())),
        ("tag", Value::Text(intent.tag().to_string())),
        ("label", text(order.label().as_str())),
        ("on_ramp", Value::Text(order.on_ramp().to_string())),
        ("on_ramp_name", text(intent.on_ramp_name.as_str())),
    ];
    if intent.zone != Zone::Unstated {
        facts.push(("zone", text(intent.zone.word())));
    }
    facts.extend([("vlan", vlan), ("rate_mbps", number(order.rate().get()))]);
    let window = order.validity();
    let moments = [
        ("valid_from", window.and_then(|window| window.start)),
        ("valid_to", window.and_then(|window| window.end)),
    ];
    facts.extend(moments.into_iter().filter_map(|(name, at)| Some((name, Value::At(at?)))));
    facts.extend([
        ("active", Value::Flag(order.active())),
        ("pre_approved", Value::Flag(order.pre_approved())),
    ]);
    let whom = &intent.for_whom;
    let words = [("customer", &whom.customer), ("reference", &whom.reference)];
    let said = words.into_iter().filter(|(_, words)| !words.is_empty());
    facts.extend(said.map(|(name, words)| (name, text(words))));
    if let Some(part) = intent.part {
        facts.extend([
            ("order", Value::Text(format!("{:016x}", part.order))),
            ("part", Value::Text(format!("{} of {}", part.number, part.of))),
        ]);
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        audit::Happened,
        fingerprint::Fingerprint,
        intent::{Part, samples::intent},
        service_key::samples::key,
    };

    const CANARY: &str = "106e38ae-eb59-415f-ac81-526a5299851d";

    fn of(facts: &[Fact], name: &str) -> Option<Value> {
        facts.iter().find(|(its, _)| *its == name).map(|(_, value)| value.clone())
    }

    #[test]
    fn key_is_audited_by_last_digits_and_fingerprint_only() {
        let key = key(CANARY, "p", 142);
        let act = Act::revealed([&key], Disclosure::Card);
        let facts = act.facts();
        assert_eq!(of(&facts, "key"), Some(Value::Text("…851d".to_owned())));
        let print = Fingerprint::of_key(&key.id).to_string();
        assert_eq!(of(&facts, "key_print"), Some(Value::Text(print)));
        assert!(!format!("{act:?} {facts:?}").contains(CANARY));
    }

    #[test]
    fn key_like_text_from_any_source_is_masked() {
        let said = format!("é {CANARY}, not {} and not 106e38ae-eb59", CANARY.to_uppercase());
        assert_eq!(harmless(&said), "é …851d, not …851D and not 106e38ae-eb59");
        assert_eq!(harmless(&format!("{}…", &CANARY[..30])), "…6a52…", "one that was cut");
        assert_eq!(harmless(&"x".repeat(900)).chars().count(), LONGEST);
        let mut order = Act::order(&intent(1), Happened::Closed);
        if let Act::Order { why, .. } = &mut order {
            *why = Some(SafeText::clean(&format!("the customer has {CANARY}")));
        }
        assert_eq!(of(&order.facts(), "reason"), Some(text("the customer has …851d")));
    }

    #[test]
    fn an_order_says_everything_that_was_confirmed() {
        let mut intent = intent(7);
        intent.part = Some(Part { order: 7, number: 1, of: 2 });
        let facts = Act::order(&intent, Happened::Prepared).facts();
        for (name, value) in [
            ("intent", Value::Text("0000000000000007".to_owned())),
            ("tag", Value::Text(intent.tag().to_string())),
            ("on_ramp", Value::Text("p".to_owned())),
            ("zone", Value::Text("BLUE".to_owned())),
            ("vlan", Value::Number(142)),
            ("customer", Value::Text("Acme".to_owned())),
            ("reference", Value::Text("4471".to_owned())),
            ("part", Value::Text("1 of 2".to_owned())),
        ] {
            assert_eq!(of(&facts, name), Some(value), "{name}");
        }
    }
}
