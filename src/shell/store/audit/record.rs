//! The JSON of an audit line. It is flat, so that `jq .label` works.

use serde_json::{Value as Json, json};

use crate::domain::{
    audit::{Act, Entry, Fact, Value},
    text::SafeText,
    time::Timestamp,
};

use super::chain::ChainedLine;

/// The members of the chain itself, which are not shown.
const CHAIN_MEMBERS: [&str; 4] = ["n", "prev", "torn", "hash"];

/// Returns a moment as a line has it.
pub(super) fn moment(at: Timestamp) -> String {
    match jiff::Timestamp::from_millisecond(at.as_millis()) {
        Ok(at) => at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        Err(_) => "no time".to_owned(),
    }
}

/// Returns the members of a line: what was done, when by the server's clock and by this
/// host's, and the facts that are the same for the whole session.
pub(super) fn line_members(act: &Act, at: Timestamp, here: Timestamp, session: &[Fact]) -> String {
    let head = [("at", Value::At(at)), ("host_at", Value::At(here))];
    let word = ("act", Value::Text(act.word().to_owned()));
    let facts = act.facts();
    let all = head.iter().chain([&word]).chain(session).chain(&facts);
    let member = |(name, value): &Fact| format!("{}:{}", json!(name), json(value));
    all.map(member).collect::<Vec<_>>().join(",")
}

fn json(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::Flag(flag) => json!(flag),
        Value::At(at) => json!(moment(*at)),
    }
}

/// Reads a line back; `None` where it is none of the audit's.
pub(super) fn parse_entry(line: &ChainedLine) -> Option<Entry> {
    let Json::Object(all) = &line.json else { return None };
    let word = |name: &str| all.get(name).and_then(Json::as_str);
    let at = word("at")?.parse::<jiff::Timestamp>().ok()?.as_millisecond();
    let own = |name: &str| CHAIN_MEMBERS.contains(&name) || matches!(name, "at" | "act");
    let facts = all.iter().filter(|(name, _)| !own(name));
    let text = |value: &Json| match value {
        Json::String(text) => text.clone(),
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    };
    Some(Entry {
        number: line.link.number,
        at: Timestamp::from_millis(at),
        act: word("act")?.into(),
        facts: facts
            .map(|(name, value)| (SafeText::clean(name), SafeText::clean(&text(value))))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::chain::{Link, read};
    use super::*;
    use crate::domain::{audit::Happened, intent::samples::intent};

    #[test]
    fn what_was_written_is_read_back() {
        let (at, here) = (Timestamp::from_millis(1_795_442_551_007), Timestamp::from_millis(0));
        let act = Act::order(&intent(7), Happened::Prepared);
        let session = [("user", Value::Text("an\"na".to_owned())), ("uid", Value::Number(1000))];
        let (line, _) = Link::none().next(&line_members(&act, at, here, &session), None);
        assert!(
            line.contains(r#""at":"2026-11-23T14:02:31.007Z","host_at":"1970-01-01T"#),
            "{line}"
        );
        let entry = parse_entry(&read(line.as_bytes()).expect("whole")).expect("ours");
        assert_eq!((entry.number, entry.at, entry.act.as_str()), (1, at, "key.prepared"));
        for (name, value) in [
            ("user", "an\"na"),
            ("uid", "1000"),
            ("vlan", "142"),
            ("pre_approved", "no"),
            ("customer", "Acme"),
        ] {
            assert_eq!(entry.fact(name), Some(value), "{name}");
        }
        assert_eq!(entry.fact("prev"), None);
    }
}
