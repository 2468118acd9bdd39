//! Checks an audit that is read whole: whether every line is as it was written, and
//! in its place. `onramp audit verify` and `onramp doctor` print what it finds.

use super::{
    chain::{ChainReader, ChainReport},
    storage,
};

/// Checks the audit at `path`; `None` if there is none, and none was.
pub(in crate::shell) fn check_chain(path: &std::path::Path) -> Result<Option<ChainReport>, String> {
    let end = storage::read_whole_file(path)?;
    if end.bytes.is_empty() && end.head.is_none() {
        return Ok(None);
    }
    let mut walk = ChainReader::from_the_start();
    let (lines, open_end) = end.lines();
    for line in lines {
        walk.read_line(line);
    }
    Ok(Some(walk.into_report(open_end, end.head.as_ref())))
}

/// Returns a chain that fits, in words.
pub(in crate::shell) fn describe_chain(found: &ChainReport) -> String {
    let lines = |n: u64| if n == 1 { "1 line".to_owned() } else { format!("{n} lines") };
    let mut says = format!("{}, unbroken chain", lines(found.lines));
    if found.torn > 0 {
        says = format!("{says}; {} incomplete (recorded by the next one)", lines(found.torn));
    }
    if found.open_end {
        says = format!("{says}; the last one is incomplete");
    }
    says
}
