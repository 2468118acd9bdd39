//! Reports of the audit: how writing goes, and what was read back.

use crate::{
    api::RequestId,
    domain::{audit::Entry, text::SafeText},
};

/// A report of the audit.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// How writing goes.
    State(State),
    /// Something was written.
    Wrote,
    /// This was read back.
    Read(RequestId, Box<Page>),
}

/// How writing goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// Whether no key may be made while it cannot be written.
    pub required: bool,
    /// Why it cannot be written.
    pub trouble: Option<SafeText>,
    /// How many acts are not written.
    pub unwritten: usize,
    /// Something beside it that does not work: the system's log, say.
    pub remark: Option<SafeText>,
}

impl State {
    /// Why no key can be made; `None` where it is written, or need not be.
    pub fn blocks(&self) -> Option<String> {
        let why = self.trouble.as_ref().filter(|_| self.required)?;
        Some(format!("the audit log is required and cannot be written: {why}"))
    }

    /// Whether it needs an eye.
    pub const fn has_problem(&self) -> bool {
        self.trouble.is_some() || self.remark.is_some() || self.unwritten > 0
    }
}

/// The end of the audit, as it was read back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Where it is; `None` in memory.
    pub path: Option<SafeText>,
    /// The lines of this account, the oldest first.
    pub entries: Vec<Entry>,
    /// How many lines are of other accounts, and are not shown.
    pub others: usize,
    /// Whether there are older lines that were not read.
    pub more: bool,
    /// What of its chain does not fit.
    pub broken: Option<SafeText>,
    /// Why it could not be read.
    pub trouble: Option<SafeText>,
}
