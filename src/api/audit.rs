//! Reports of the audit: how writing goes, and what was read back.

use crate::{
    api::RequestId,
    domain::{audit::Entry, text::SafeText},
};

/// A report of the audit.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The state of writing.
    State(State),
    /// Something was written.
    Wrote,
    /// This was read back.
    Read(RequestId, Box<Page>),
}

/// The state of writing the audit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// Whether no key may be created while it cannot be written.
    pub required: bool,
    /// The reason why it cannot be written.
    pub trouble: Option<SafeText>,
    /// The number of unwritten acts.
    pub unwritten: usize,
    /// Something beside it that does not work: the system's log, say.
    pub remark: Option<SafeText>,
}

impl State {
    /// Returns why no key can be created; `None` where it is written or optional.
    pub fn blocks(&self) -> Option<String> {
        let why = self.trouble.as_ref().filter(|_| self.required)?;
        Some(format!("the audit log is required and cannot be written: {why}"))
    }

    /// Returns whether it needs attention.
    pub const fn has_problem(&self) -> bool {
        self.trouble.is_some() || self.remark.is_some() || self.unwritten > 0
    }
}

/// The end of the audit, as it was read back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Its path; `None` in memory.
    pub path: Option<SafeText>,
    /// The lines of this account, the oldest first.
    pub entries: Vec<Entry>,
    /// The number of lines of other accounts, which are not shown.
    pub others: usize,
    /// Whether there are older lines that were not read.
    pub more: bool,
    /// The break in its chain, if any.
    pub broken: Option<SafeText>,
    /// The reason why it could not be read.
    pub trouble: Option<SafeText>,
}
