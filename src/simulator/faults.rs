//! Faults: what goes wrong, as a queue read from a script.
//!
//! A script is a JSON array. Each fault names the calls it waits for and what
//! then happens:
//!
//! ```json
//! [ {"match": "POST /v2/service/key", "nth": 1, "act": "lost_after_commit"},
//!   {"match": "GET /v2/products", "times": 3, "act": {"status": {"code": 503}}},
//!   {"match": "GET /v2/service/key?key=", "act": "hang", "commit": "never"} ]
//! ```
//!
//! * `match` is a method and a path. `*` stands for any method, or for one
//!   segment of the path; `**` at the end for any rest. After `?` follows text
//!   that the query must contain.
//! * `nth` is the first matching call that is struck (from 1, the default),
//!   `times` how many are struck from there (1 by default, 0 for all).
//! * `commit` says whether the call takes effect: `"never"` (the default),
//!   `"before"` the fault, or `{"after_ms": 30000}` later. Acts that need the
//!   true reply (`slow_drip`, `cut_short`, `hang_after`, `rewrite`,
//!   `lost_after_commit`) always take effect first.
//! * Every fault counts the calls it matches, from when it was pushed. Of several
//!   that are ready for a call the first in the queue strikes; the others stay for
//!   the calls that follow.

mod act;
mod pattern;

use serde::{
    Deserialize, Deserializer,
    de::{self, Unexpected},
};

pub use act::{Act, RetryAfter, Shape};
pub use pattern::Pattern;

use super::call::Call;
use super::world::describe_error;

/// A fault to inject.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The calls it waits for.
    #[serde(rename = "match")]
    pub pattern: Pattern,
    /// The first matching call that is struck, from 1.
    #[serde(default = "one", deserialize_with = "from_one")]
    pub nth: u32,
    /// The number of calls struck from there; 0 for all.
    #[serde(default = "one")]
    pub times: u32,
    /// The effect.
    pub act: Act,
    /// Whether the call takes effect.
    #[serde(default)]
    pub commit: Commit,
}

/// Whether a call that goes wrong takes effect all the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commit {
    /// It does not.
    #[default]
    Never,
    /// It does, before the fault.
    Before,
    /// It does, this many milliseconds later.
    AfterMs(u64),
}

impl Fault {
    /// Returns a fault that strikes the next call matching `pattern`, once.
    ///
    /// # Panics
    ///
    /// If `pattern` is not a method and a path: it is written in the program.
    pub fn new(pattern: &str, act: Act) -> Self {
        let Some(pattern) = Pattern::parse(pattern) else {
            panic!("{pattern:?} is not a method and a path");
        };
        Self { pattern, nth: 1, times: 1, act, commit: Commit::Never }
    }

    /// Sets whether the call takes effect.
    #[must_use]
    pub fn commit(self, commit: Commit) -> Self {
        Self { commit, ..self }
    }

    /// Starts from the `nth` matching call.
    #[must_use]
    pub fn nth(self, nth: u32) -> Self {
        Self { nth, ..self }
    }

    /// Returns the same fault, striking `times` calls; 0 for all.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }
}

/// Calls are counted from 1: a fault of the call before the first would never strike.
fn from_one<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let nth = u32::deserialize(from)?;
    let wrong = || de::Error::invalid_value(Unexpected::Unsigned(0), &"a call, counted from 1");
    if nth == 0 { Err(wrong()) } else { Ok(nth) }
}

/// The reason why a fault script cannot be used, with the place in its file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {expected}")]
pub struct FaultError {
    /// The file's name as given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// The error there and what was expected.
    pub expected: String,
}

/// Reads a fault script from `text`; `name` is what errors call the file.
pub fn faults_from_json(text: &str, name: &str) -> Result<Vec<Fault>, FaultError> {
    serde_json::from_str(text).map_err(|error| FaultError {
        file: name.to_owned(),
        line: error.line(),
        column: error.column(),
        expected: describe_error(&error),
    })
}

/// The faults that wait.
#[derive(Debug, Default)]
pub(super) struct Faults {
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    fault: Fault,
    /// Matching calls since it was pushed.
    calls: u32,
    struck: u32,
}

impl Faults {
    /// Adds a fault at the end of the queue.
    pub(super) fn push(&mut self, fault: Fault) {
        self.waiting.push(Waiting { fault, calls: 0, struck: 0 });
    }

    /// Forgets every fault.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// Returns the fault that strikes `call`, if any.
    pub(super) fn next_fault_for(&mut self, call: &Call) -> Option<Fault> {
        let mut struck = None;
        for waiting in &mut self.waiting {
            let fault = &waiting.fault;
            if !fault.pattern.matches(&call.method, &call.path, &call.query) {
                continue;
            }
            waiting.calls = waiting.calls.saturating_add(1);
            if struck.is_none() && waiting.calls >= fault.nth {
                waiting.struck = waiting.struck.saturating_add(1);
                struck = Some(fault.clone());
            }
        }
        self.waiting
            .retain(|waiting| waiting.fault.times == 0 || waiting.struck < waiting.fault.times);
        struck
    }
}

const fn one() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_and_its_errors_name_line_and_column() {
        let text = r#"[{"match": "POST /v2/service/key", "act": "hang", "commit": {"after_ms": 5}},
            {"match": "GET /**", "times": 0, "act": {"status": {"code": 503, "shape": "empty"}}}]"#;
        let faults = faults_from_json(text, "f.json").unwrap();
        assert_eq!(faults[0].commit, Commit::AfterMs(5));
        assert_eq!(faults[1].times, 0);

        let wrong = "[\n {\"match\": \"POST /x\", \"act\": \"explode\"}]";
        let error = faults_from_json(wrong, "f.json").unwrap_err().to_string();
        assert!(error.starts_with("f.json:2:"), "{error}");
        assert!(error.contains("expected one of") && error.contains("`reset`"), "{error}");
        let wrong = r#"[{"match": "GET /", "act": {"html": {"code": 99}}}]"#;
        let error = faults_from_json(wrong, "f.json").unwrap_err().to_string();
        assert!(error.contains("an HTTP status from 200 to 599"), "{error}");
        let error = faults_from_json(r#"[{"match": "POST"}]"#, "f.json").unwrap_err().to_string();
        assert!(error.contains("a method and a path"), "{error}");
    }
}
