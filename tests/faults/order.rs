//! The order of audit lines, synced records and sent requests in a run.
//!
//! One log has the requests to the audit and to the journal, their appends and syncs;
//! each entry has the number of writing requests at the server by then. The rule holds
//! for every run: for each such request the audit line and the record precede a sync,
//! the sync precedes the request, and `prepared` precedes `sending`.
//!
//! The order of the first seed of each run is stored in `tests/faults/orders`, a file
//! for each row. `ONRAMP_UPDATE_ORDERS=1 cargo test --lib faults` rewrites these files.
//! Consoles and journals work side by side, so that each user's journal has a line of
//! its own there, the consoles have one, and requests are in all.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::PathBuf,
};

use serde_json::Value;

use crate::{
    api::Write,
    domain::{
        audit::{Act, Value as Fact},
        fingerprint::Fingerprint,
    },
    simulator::{LoggedRequest, Simulator},
};

use super::disk::Slate;

/// Something that happened on this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A line of the audit was asked for: its word, how far a change has got, and
    /// what it is about.
    Audit { word: String, about: String },
    /// A request was to be recorded, and sent after that.
    Write { intent: String },
    /// A record was appended to a journal.
    Record { step: String, intent: String, attempt: Option<u64>, about: Option<String> },
    /// Everything that was appended to this journal is on the disk.
    Synced,
}

/// The operation with its user and its time.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The user of the journal or audit.
    pub(super) user: String,
    pub(super) what: What,
    /// The number of writing requests at the server by then.
    pub(super) requests: usize,
}

/// Returns the requests so far that create or change something, in order.
pub(super) fn writing(simulator: &Simulator) -> Vec<LoggedRequest> {
    let writes = |seen: &LoggedRequest| seen.method != "GET" && !seen.path.starts_with("/oauth2");
    simulator.requests().into_iter().filter(writes).collect()
}

impl What {
    /// Returns the entry of an act, if it is about a sent request.
    pub(super) fn of_act(act: &Act) -> Option<Self> {
        let facts: BTreeMap<_, _> = act.facts().into_iter().collect();
        let text = |name: &str| match facts.get(name) {
            Some(Fact::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let about = match act {
            Act::Order { .. } => text("intent")?,
            Act::Changed { .. } => text("key_print")?,
            Act::Answered { .. } => text("circuit")?,
            _ => return None,
        };
        let reached = text("outcome").map_or_else(String::new, |reached| format!(" {reached}"));
        Some(Self::Audit { word: format!("{}{reached}", act.word()), about })
    }

    /// Returns the entry of a write.
    pub(super) fn of_write(write: &Write) -> Self {
        Self::Write { intent: write.named().to_string() }
    }

    /// Returns the entry of a journal line.
    pub(super) fn of_line(line: &Value) -> Self {
        let word = |name: &str| line[name].as_str().map(ToOwned::to_owned);
        Self::Record {
            step: word("step").unwrap_or_default(),
            intent: word("intent").unwrap_or_default(),
            attempt: line["attempt"].as_u64(),
            about: word("key").or_else(|| word("circuit")),
        }
    }

    /// Returns whether the console itself did it, and not the thread of a journal.
    fn is_of_the_console(&self) -> bool {
        matches!(self, Self::Audit { .. } | Self::Write { .. })
    }
}

/// A request, and what it is about: an intent, a key's fingerprint, or a circuit;
/// nothing where another client sent it.
struct Request {
    verb: String,
    about: Option<String>,
    /// The how many-eth about that it is, from 1.
    time: usize,
}

fn requests(slate: &Slate, simulator: &Simulator) -> Vec<Request> {
    let mut times = BTreeMap::<String, usize>::new();
    let one = |seen: LoggedRequest| {
        let body: Value = serde_json::from_str(&seen.body).unwrap_or_default();
        let about = match (seen.method.as_str(), seen.path.as_str()) {
            _ if slate.elsewhere.contains(&seen.body) => None,
            ("POST", "/v2/service/key") => {
                let label = body["description"].as_str().unwrap_or_default();
                let found = slate.labels.iter().find(|(its, _)| its == label);
                found.map(|(_, intent)| intent.clone())
            }
            ("PUT", "/v2/service/key") => {
                let key = body["key"].as_str().unwrap_or_default();
                Some(Fingerprint::of_text(key).to_string())
            }
            (_, path) => path.rsplit('/').next().map(ToOwned::to_owned),
        };
        let time = times.entry(about.clone().unwrap_or_default()).or_default();
        *time += 1;
        Request { verb: seen.method, about, time: *time }
    };
    writing(simulator).into_iter().map(one).collect()
}

/// Returns every request that was sent too early.
pub(super) fn wrong(slate: &Slate, simulator: &Simulator) -> Vec<String> {
    let mut wrong = vec![];
    for (n, request) in requests(slate, simulator).iter().enumerate() {
        let Request { verb, about: Some(about), time } = request else { continue };
        if !is_in_order(&slate.order, n, verb == "POST", about, *time) {
            wrong.push(format!("the order before {verb} {n}, about {about}: {:?}", slate.order));
        }
    }
    wrong
}

/// Returns whether the audit line and the record of a request precede a sync, and that
/// the request, which is the one of this number.
fn is_in_order(order: &[Entry], n: usize, creates: bool, about: &str, time: usize) -> bool {
    let before = |entry: &Entry| entry.requests <= n;
    let nth = |wanted: &dyn Fn(&Entry) -> bool, time: usize| {
        order.iter().enumerate().filter(|(_, entry)| wanted(entry)).nth(time - 1).map(|(at, _)| at)
    };
    let audit = |word: &'static str| move |entry: &Entry| matches!(&entry.what, What::Audit { word: its, about: of } if its == word && of == about);
    let record = |word: &'static str| {
        move |entry: &Entry| match &entry.what {
            What::Record { step, intent, about: of, .. } => {
                step == word && (intent == about || of.as_deref() == Some(about))
            }
            _ => false,
        }
    };
    let synced_after = |at: usize| {
        let of = &order[at].user;
        let synced = |entry: &&Entry| entry.what == What::Synced && entry.user == *of;
        order[at..].iter().find(synced).is_some_and(before)
    };
    let asked = |word: &'static str, time: usize| nth(&audit(word), time);
    let written = |word: &'static str, time: usize| nth(&record(word), time);
    let wanted = |of: &str, time: usize| {
        nth(&|entry| matches!(&entry.what, What::Write { intent } if intent == of), time)
    };
    if creates {
        let (Some(prepared), Some(sending)) = (written("prepared", 1), written("sending", time))
        else {
            return false;
        };
        let line = asked("key.prepared", 1).zip(wanted(about, 1)).is_some_and(|(a, b)| a < b);
        let sent = asked("key.sent", time).is_some_and(|line| before(&order[line]));
        line && sent && prepared < sending && synced_after(prepared) && synced_after(sending)
    } else {
        let Some(begun) = written("changing", time) else { return false };
        let confirmed = ["key.changed confirmed", "circuit.answered confirmed"];
        let line = confirmed.iter().find_map(|word| asked(word, time));
        let What::Record { intent, .. } = &order[begun].what else { return false };
        let line = line.zip(wanted(intent, 1)).is_some_and(|(a, b)| a < b);
        line && synced_after(begun)
    }
}

impl Request {
    fn text(&self, names: &mut Names) -> String {
        let about = self.about.as_ref().map_or("of another client", |about| names.of(about));
        format!("[{} {about}]", self.verb)
    }
}

/// Returns the order of a run, without random names.
pub(super) fn text(slate: &Slate, simulator: &Simulator) -> String {
    let mut names = Names::default();
    let requests = requests(slate, simulator);
    let mut text = String::new();
    let users: BTreeSet<_> = slate.order.iter().map(|entry| &entry.user).collect();
    let mut lanes: Vec<_> =
        users.iter().map(|user| (format!("journal of {user}"), Some(*user), false)).collect();
    if lanes.len() < 2 {
        lanes = vec![("journal".to_owned(), None, false)];
    }
    lanes.push(("console".to_owned(), None, true));
    for (lane, user, of_console) in lanes {
        let mut words = vec![];
        let mut seen = 0;
        let is_here = |entry: &&Entry| {
            entry.what.is_of_the_console() == of_console
                && user.is_none_or(|user| entry.user == *user)
        };
        // Between the disk of one user and the requests of another there is no order.
        let recorded: BTreeSet<_> =
            slate.order.iter().filter(is_here).filter_map(|entry| entry.what.intent()).collect();
        let is_own = |request: &&Request| {
            user.is_none() || request.about.as_ref().is_some_and(|about| recorded.contains(about))
        };
        for entry in slate.order.iter().filter(is_here) {
            // The server had seen these requests by then.
            for request in requests.iter().take(entry.requests).skip(seen).filter(is_own) {
                words.push(request.text(&mut names));
            }
            seen = seen.max(entry.requests);
            words.push(entry.what.text(&mut names));
        }
        let rest = requests.iter().skip(seen).filter(is_own);
        words.extend(rest.map(|request| request.text(&mut names)));
        let _infallible = writeln!(text, "  {lane}: {}", words.join(", "));
    }
    text
}

impl What {
    /// Returns the intent of a journal line.
    fn intent(&self) -> Option<&String> {
        match self {
            Self::Record { intent, .. } => Some(intent),
            _ => None,
        }
    }

    fn text(&self, names: &mut Names) -> String {
        match self {
            Self::Audit { word, about } => format!("{word} {}", names.of(about)),
            Self::Write { intent } => format!("write {}", names.of(intent)),
            Self::Record { step, intent, attempt, about } => {
                let mut text = step.clone();
                for name in [Some(intent), about.as_ref()].into_iter().flatten() {
                    if !name.is_empty() {
                        text.push(' ');
                        text.push_str(names.of(name));
                    }
                }
                text + &attempt.map_or_else(String::new, |attempt| format!(":{attempt}"))
            }
            Self::Synced => "sync".to_owned(),
        }
    }
}

/// Names by the order in which they appear.
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn of(&mut self, name: &str) -> &str {
        let next = format!("#{}", self.0.len() + 1);
        self.0.entry(name.to_owned()).or_insert(next)
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line of a test has no other place")]
fn is_update() -> bool {
    std::env::var_os("ONRAMP_UPDATE_ORDERS").is_some()
}

/// Compares the orders of all runs of a row with the stored ones.
pub(super) fn compare(id: &str, runs: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/faults/orders");
    let path = folder.join(format!("{id}.txt"));
    if is_update() {
        fs::create_dir_all(&folder).expect("a directory");
        fs::write(&path, runs).expect("written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, runs, "{id}: the order is another than in {}", path.display());
}

mod tests {
    use super::*;

    fn entry(what: What, requests: usize) -> Entry {
        Entry { user: "agent".into(), what, requests }
    }

    fn record(step: &str) -> What {
        let (attempt, about) = (Some(1), None);
        What::Record { step: step.into(), intent: "i".into(), attempt, about }
    }

    fn line(word: &str) -> What {
        What::Audit { word: word.into(), about: "i".into() }
    }

    /// Returns the correct order before the first request to create a key.
    fn right() -> Vec<Entry> {
        let order = [
            line("key.prepared"),
            What::Write { intent: "i".into() },
            record("prepared"),
            What::Synced,
            record("sending"),
            What::Synced,
            line("key.sent"),
        ];
        order.map(|what| entry(what, 0)).to_vec()
    }

    #[test]
    fn the_rule_fails_without_each_of_what_must_precede_a_request() {
        assert!(is_in_order(&right(), 0, true, "i", 1));
        for left_out in 0..right().len() {
            // One sync after both records is enough for both.
            let mut order = right();
            order.remove(left_out);
            let is_first_sync = left_out == 3;
            assert_eq!(is_in_order(&order, 0, true, "i", 1), is_first_sync, "{left_out}");
        }
        let mut late = right();
        late[5].requests = 1;
        assert!(!is_in_order(&late, 0, true, "i", 1), "the sync has followed the request");
        let mut order = right();
        order.swap(0, 1);
        assert!(!is_in_order(&order, 0, true, "i", 1), "the audit line was asked for too late");
        let mut order = right();
        order.swap(2, 4);
        assert!(!is_in_order(&order, 0, true, "i", 1), "sent before it was prepared");
        assert!(!is_in_order(&right(), 0, true, "i", 2), "nothing precedes a second attempt");
    }
}
