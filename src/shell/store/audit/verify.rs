//! `onramp audit verify`: is every line as it was written, and in its place?

use std::path::PathBuf;

use crate::shell::{exit::Ending, stdio, store::permissions::shown};

use super::{
    chain::{Found, Walk},
    paper,
};

/// Checks the chain of the audit, or of another file, and says how it is.
pub fn verify(file: Option<PathBuf>) -> Result<(), Ending> {
    let nowhere = || Ending::Failed("there is no place for it: set ONRAMP_STATE_DIR".to_owned());
    let path = file.or_else(crate::shell::store::audit::path).ok_or_else(nowhere)?;
    let name = shown(&path);
    let found = follow(&path).map_err(Ending::Failed)?;
    let Some(found) = found else {
        return Err(Ending::Failed(format!("{name} is not there")));
    };
    match &found.broken {
        Some((line, why)) => Err(Ending::Failed(format!("{name}, line {line}: {why}"))),
        None => stdio::print(&format!("{name}: {}\n", in_words(&found))),
    }
}

/// How the audit at `path` is; `None` where there is none, and none was.
pub(in crate::shell) fn follow(path: &std::path::Path) -> Result<Option<Found>, String> {
    let end = paper::whole(path)?;
    if end.bytes.is_empty() && end.head.is_none() {
        return Ok(None);
    }
    let mut walk = Walk::from_the_start();
    let (lines, open_end) = end.lines();
    for line in lines {
        walk.take(line);
    }
    Ok(Some(walk.found(open_end, end.head.as_ref())))
}

/// A chain that fits, in words.
pub(in crate::shell) fn in_words(found: &Found) -> String {
    let lines = |n: u64| if n == 1 { "1 line".to_owned() } else { format!("{n} lines") };
    let mut says = format!("{}, each follows from the one before", lines(found.lines));
    if found.torn > 0 {
        says = format!("{says}; {} never finished, as the next one says", lines(found.torn));
    }
    if found.open_end {
        says = format!("{says}; the last one was not finished");
    }
    says
}
