//! Lines of the audit, chained: each carries the hash of the one before, so
//! that a line that was changed, moved or taken out is noticed.

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// What the first line carries instead of a hash.
const START: &str = "start";

/// What the next line after `line` carries: half of its SHA-256.
pub(super) fn hash(line: &[u8]) -> String {
    let digest = Sha256::digest(line);
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Line number `n`, made of `fields`, after the line `before` it.
pub(super) fn line(n: u64, mut fields: Map<String, Value>, before: Option<&[u8]>) -> String {
    fields.insert("n".to_owned(), n.into());
    let before = before.map_or_else(|| START.to_owned(), hash);
    fields.insert("prev".to_owned(), before.into());
    Value::Object(fields).to_string()
}

/// The number a line carries.
pub(super) fn number(line: &[u8]) -> Option<u64> {
    serde_json::from_slice::<Value>(line).ok()?.get("n")?.as_u64()
}

/// How a whole audit was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Chain {
    /// How many lines there are.
    pub lines: usize,
    /// The first line, from 1, that does not follow from the one before.
    pub broken: Option<usize>,
}

/// Follows the chain from the first line to the last.
pub(super) fn follow<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Chain {
    let mut chain = Chain::default();
    let mut before: Option<&[u8]> = None;
    for line in lines {
        chain.lines += 1;
        let carried = serde_json::from_slice::<Value>(line).ok();
        let carried = carried.as_ref().and_then(|value| value.get("prev")?.as_str());
        let wanted = before.map_or_else(|| START.to_owned(), hash);
        if carried != Some(wanted.as_str()) && chain.broken.is_none() {
            chain.broken = Some(chain.lines);
        }
        before = Some(line);
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: u64) -> Vec<String> {
        let mut all: Vec<String> = vec![];
        for n in 1..=count {
            let fields = Map::from_iter([("act".to_owned(), format!("act {n}").into())]);
            let next = line(n, fields, all.last().map(String::as_bytes));
            all.push(next);
        }
        all
    }

    fn chain(lines: &[String]) -> Chain {
        follow(lines.iter().map(String::as_bytes))
    }

    #[test]
    fn a_chain_that_nobody_touched_is_whole() {
        let lines = lines(5);
        assert!(lines[0].contains(r#""prev":"start""#) && number(lines[4].as_bytes()) == Some(5));
        assert_eq!(chain(&lines), Chain { lines: 5, broken: None });
        assert_eq!(chain(&[]), Chain::default());
    }

    #[test]
    fn a_line_that_was_changed_taken_out_or_moved_breaks_it_at_its_place() {
        let whole = lines(5);
        let mut changed = whole.clone();
        changed[1] = changed[1].replace("act 2", "act 9");
        assert_eq!(chain(&changed).broken, Some(3));
        let mut gone = whole.clone();
        gone.remove(1);
        assert_eq!(chain(&gone).broken, Some(2));
        let mut beheaded = whole.clone();
        beheaded.remove(0);
        assert_eq!(chain(&beheaded).broken, Some(1));
        let mut moved = whole;
        moved.swap(2, 3);
        assert_eq!(chain(&moved).broken, Some(3));
    }
}
