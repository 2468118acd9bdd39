//! Lines of the audit, chained: each carries the hash of the one before and
//! its own, so that one that was changed, moved or taken out is noticed.
//!
//! `{"n":12,"prev":"…",…,"hash":"…"}`: `hash` is the SHA-256 of the line up to
//! the comma before it, and `prev` is the `hash` of the line before. Bytes of a
//! line that was never finished stay where they are, and the next line has
//! their SHA-256 as `torn`.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The hash in the first line, which has no line before it.
const ZERO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The text before the hash at the end of a line.
const HASH_PREFIX: &str = r#","hash":""#;
const HASH_SUFFIX: &str = r#""}"#;

/// Returns the SHA-256 of `bytes`, in hexadecimal digits.
pub(super) fn hash(bytes: &[u8]) -> String {
    hex_digits(Sha256::new().chain_update(bytes))
}

fn hex_digits(hasher: Sha256) -> String {
    hasher.finalize().iter().fold(String::new(), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _infallible = write!(digits, "{byte:02x}");
        digits
    })
}

/// The last line of a chain, as the next one needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// Its number.
    pub(super) number: u64,
    /// Its hash.
    pub(super) hash: String,
}

impl Link {
    /// Returns the link before the first line.
    pub(super) fn none() -> Self {
        Self { number: 0, hash: ZERO_HASH.to_owned() }
    }

    /// Returns the line after this one, without its end: `members` as they are in a
    /// JSON object, and the hash of what was `torn` before it.
    pub(super) fn next(&self, members: &str, torn: Option<&str>) -> (String, Self) {
        let (number, prev) = (self.number + 1, &self.hash);
        let torn = torn.map_or_else(String::new, |hash| format!(r#","torn":"{hash}""#));
        let body = format!(r#"{{"n":{number},"prev":"{prev}"{torn},{members}"#);
        let hash = hash(body.as_bytes());
        (format!("{body}{HASH_PREFIX}{hash}{HASH_SUFFIX}"), Self { number, hash })
    }
}

/// A line that is as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChainedLine {
    /// Its place.
    pub(super) link: Link,
    /// The hash of the one before.
    prev: String,
    /// The hash of what was torn before it.
    torn: Option<String>,
    /// The whole line.
    pub(super) json: Value,
}

/// Reads a line without its end; `None` where it is none, or is not as it was
/// written.
pub(super) fn read(bytes: &[u8]) -> Option<ChainedLine> {
    let text = std::str::from_utf8(bytes).ok()?;
    let rest = text.strip_suffix(HASH_SUFFIX)?;
    let (body, own) = rest.split_at_checked(rest.len().checked_sub(ZERO_HASH.len())?)?;
    let body = body.strip_suffix(HASH_PREFIX)?;
    if hash(body.as_bytes()) != own {
        return None;
    }
    let json: Value = serde_json::from_str(text).ok()?;
    let word = |name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
    let link = Link { number: json.get("n")?.as_u64()?, hash: own.to_owned() };
    Some(ChainedLine { link, prev: word("prev")?, torn: word("torn"), json })
}

/// The result of checking a chain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::shell) struct ChainReport {
    /// The number of lines followed.
    pub(in crate::shell) lines: u64,
    /// The number of them that were never finished, as the next one states.
    pub(in crate::shell) torn: u64,
    /// The first line, from 1, that does not fit, and why.
    pub(in crate::shell) broken: Option<(u64, String)>,
    /// Whether the file ends within a line.
    pub(in crate::shell) open_end: bool,
}

/// Follows a chain line by line.
#[derive(Debug)]
pub(super) struct ChainReader {
    found: ChainReport,
    /// The last line that is as it was written; `None` before the first one of
    /// a file that is only followed from its middle.
    link: Option<Link>,
    /// Bytes since then that are no line, and which line they began at.
    torn: Option<(u64, Sha256)>,
}

impl ChainReader {
    /// Follows a chain from its first line.
    pub(super) fn from_the_start() -> Self {
        Self { link: Some(Link::none()), ..Self::from_the_middle() }
    }

    /// Follows a chain from the middle.
    pub(super) fn from_the_middle() -> Self {
        Self { found: ChainReport::default(), link: None, torn: None }
    }

    /// Takes the next line without its end. Gives it back read, where it is as
    /// it was written.
    pub(super) fn read_line(&mut self, line: &[u8]) -> Option<ChainedLine> {
        self.found.lines += 1;
        let at = self.found.lines;
        let Some(whole) = read(line) else {
            let (_, hasher) = self.torn.get_or_insert_with(|| (at, Sha256::new()));
            hasher.update(line);
            hasher.update(b"\n");
            return None;
        };
        let torn = self.torn.take();
        if let Some((from, hasher)) = torn {
            if whole.torn == Some(hex_digits(hasher)) {
                self.found.torn += at - from;
            } else {
                self.mark_broken(from, "it was changed after it was written");
            }
        } else if whole.torn.is_some() {
            self.mark_broken(at, "it refers to a previous line that is missing");
        }
        if let Some(link) = &self.link {
            let (known, number) = (link.number, whole.link.number);
            if number != known + 1 {
                self.mark_broken(at, &format!("it is number {number} but follows number {known}"));
            } else if whole.prev != link.hash {
                self.mark_broken(at, "it does not contain the hash of the previous line");
            }
        }
        self.link = Some(whole.link.clone());
        Some(whole)
    }

    fn mark_broken(&mut self, at: u64, why: &str) {
        self.found.broken.get_or_insert_with(|| (at, why.to_owned()));
    }

    /// Returns the last intact line, and the hash of the unfinished text after it.
    pub(super) fn end(&self) -> (Option<&Link>, Option<String>) {
        let torn = self.torn.as_ref().map(|(_, hasher)| hex_digits(hasher.clone()));
        (self.link.as_ref(), torn)
    }

    /// Returns the result. `open_end` is whether the last line had no end, and `head`
    /// the separately stored hash of the last line.
    pub(super) fn into_report(mut self, open_end: bool, head: Option<&Link>) -> ChainReport {
        self.found.open_end = open_end;
        let last = self.link.as_ref();
        if let (Some(head), Some(last)) = (head, last) {
            let says = if last.number < head.number {
                Some(format!("number {} was written here and is missing", head.number))
            } else if last.number == head.number && last.hash != head.hash {
                Some("it is not the last line that was written".to_owned())
            } else {
                None
            };
            if let Some(says) = says {
                let at = self.torn.as_ref().map_or(self.found.lines + 1, |(from, _)| *from);
                self.mark_broken(at, &says);
            }
        }
        if let Some((from, _)) = self.torn.take()
            && !open_end
        {
            self.mark_broken(from, "it was changed after it was written");
        }
        self.found
    }
}

#[cfg(test)]
mod tests;
