//! Reads the audit back for the screen: its end, and only of this account.

use crate::{
    api::audit::Page,
    domain::{audit::Entry, text::SafeText},
    shell::store::permissions::shown,
};

use super::{
    chain::Walk,
    paper::End,
    place::{Where, path},
    record,
};

/// The most that is read: 1 MiB.
pub(super) const MOST: u64 = 1 << 20;

/// What there is to show of `end`. Two customers' circuits are never on one
/// screen, so lines of other accounts are only counted.
pub(super) fn page(end: Result<End, String>, account: &Where) -> Page {
    let path = path().filter(|_| !account.memory).map(|path| shown(&path));
    let end = match end {
        Ok(end) => end,
        Err(why) => {
            return Page { path, trouble: Some(SafeText::clean(&why)), ..Page::default() };
        }
    };
    let mut walk = if end.is_all { Walk::from_the_start() } else { Walk::from_the_middle() };
    let (lines, open_end) = end.lines();
    let all: Vec<Entry> = lines.filter_map(|line| record::entry(&walk.take(line)?)).collect();
    let found = walk.found(open_end, end.head.as_ref());
    let broken = found.broken.map(|(line, why)| {
        let place = if end.is_all { "line" } else { "of the lines read, line" };
        SafeText::clean(&format!("{place} {line}: {why}"))
    });
    let count = all.len();
    let entries: Vec<_> = all.into_iter().filter(|entry| is_ours(entry, account)).collect();
    let others = count - entries.len();
    Page { path, entries, others, more: !end.is_all, broken, trouble: None }
}

fn is_ours(entry: &Entry, account: &Where) -> bool {
    let is = |name: &str, value: &str| entry.fact(name) == Some(value);
    is("environment", &account.environment)
        && is("api_host", &account.host)
        && is("account", &account.account)
}
