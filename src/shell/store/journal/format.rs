//! Which formats of journal there are, and what their files are called.
//!
//! | format | file | what a step names |
//! |---|---|---|
//! | 1 | `journal-ACCOUNT` | nothing: its attempts are 1, 2, … in file order |
//! | 2 | `journal-v2-ACCOUNT` | its attempt and its session |
//!
//! A file of format 2 states its format in its first line. A format that
//! changes what an attempt means gets a file name of its own, so that an older
//! program, left open in a terminal somewhere, cannot read a new line by the
//! old rule: the older file is read, kept from being written to while a newer
//! console runs, and never written to again. A newer file is read and shown as
//! far as it is understood, and nothing is written beside it.

use std::fmt;

/// The format that this program writes.
pub(super) const FORMAT: u32 = 2;

/// This program, as a journal names it.
pub(super) const PROGRAM: &str = concat!("onramp ", env!("CARGO_PKG_VERSION"));

/// Returns the name of the file of `format` for an account.
pub(super) fn file_name(account: &str, format: u32) -> String {
    match format {
        1 => format!("journal-{account}"),
        newer => format!("journal-v{newer}-{account}"),
    }
}

/// Returns whether a file of this name is a journal of the format that this program
/// writes; those of its sessions and what was torn off lie beside it.
pub(super) fn is_journal(name: &str) -> bool {
    let own = name.starts_with(&file_name("", FORMAT));
    own && name.strip_suffix(".torn").is_none() && !name.contains(".session-")
}

/// Returns the format that a file of this name is in, if it is a journal of the
/// account.
pub(super) fn format_of(name: &str, account: &str) -> Option<u32> {
    let rest = name.strip_prefix("journal-")?;
    if rest == account {
        return Some(1);
    }
    let (number, its_account) = rest.strip_prefix('v')?.split_once('-')?;
    let format = number.parse::<u32>().ok().filter(|format| *format > 1)?;
    (its_account == account && number == format.to_string()).then_some(format)
}

/// A journal that was written by a newer program than this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::shell) struct Newer {
    /// Its format.
    pub(in crate::shell) format: u32,
    /// The program that wrote it, where that could be read.
    pub(in crate::shell) program: Option<String>,
}

impl fmt::Display for Newer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program = self.program.as_deref().unwrap_or("a newer onramp");
        write!(
            f,
            "this account's journal has format {}, written by {program}; {PROGRAM} reads it but \
             does not write it: use the newer version",
            self.format
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn journal_file_is_recognised_by_its_exact_name() {
        let account = "production-api.example-0011aabb";
        for format in [1, 2, 3, 40] {
            assert_eq!(format_of(&file_name(account, format), account), Some(format));
        }
        for name in [
            "journal-v2-staging-api.example-0011aabb",
            "journal-v02-production-api.example-0011aabb",
            "journal-v1-production-api.example-0011aabb",
            "journal-v2-production-api.example-0011aabb.torn",
            "journal-v2-production-api.example-0011aabb.session-00",
            "audit-production-api.example-0011aabb",
        ] {
            assert_eq!(format_of(name, account), None, "{name}");
        }
    }
}
