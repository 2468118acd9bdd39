//! Reads the audit back for the screen: its end, and only of this account.

use crate::{
    api::audit::Page,
    domain::{audit::Entry, text::SafeText},
    shell::store::permissions::path_text,
};

use super::{
    chain::ChainReader,
    owner::{AuditAccount, path},
    record,
    storage::AuditTail,
};

/// The most that is read: 1 MiB.
pub(super) const PAGE_MAX_BYTES: u64 = 1 << 20;

/// Returns the visible part of `end`. Two companies' circuits are never on one screen,
/// so lines of other accounts are only counted.
pub(super) fn build_page(end: Result<AuditTail, String>, account: &AuditAccount) -> Page {
    let path = path().filter(|_| !account.memory).map(|path| path_text(&path));
    let end = match end {
        Ok(end) => end,
        Err(why) => {
            return Page { path, trouble: Some(SafeText::clean(&why)), ..Page::default() };
        }
    };
    let mut walk =
        if end.is_all { ChainReader::from_the_start() } else { ChainReader::from_the_middle() };
    let (lines, open_end) = end.lines();
    let all: Vec<Entry> =
        lines.filter_map(|line| record::parse_entry(&walk.read_line(line)?)).collect();
    let found = walk.into_report(open_end, end.head.as_ref());
    let broken = found.broken.map(|(line, why)| {
        let place = if end.is_all { "line" } else { "of the lines read, line" };
        SafeText::clean(&format!("{place} {line}: {why}"))
    });
    let count = all.len();
    let entries: Vec<_> = all.into_iter().filter(|entry| is_ours(entry, account)).collect();
    let others = count - entries.len();
    Page { path, entries, others, more: !end.is_all, broken, trouble: None }
}

fn is_ours(entry: &Entry, account: &AuditAccount) -> bool {
    let is = |name: &str, value: &str| entry.fact(name) == Some(value);
    is("environment", &account.environment)
        && is("api_host", &account.host)
        && is("account", &account.account)
}
