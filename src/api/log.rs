//! The end of the log, as it was read.

use crate::domain::text::SafeText;

/// The end of the log, and how logging goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tail {
    /// Where it is; `None` where there is no place for it.
    pub path: Option<SafeText>,
    /// How much is logged.
    pub level: &'static str,
    /// Who says so.
    pub because: &'static str,
    /// Whether anything is logged.
    pub is_on: bool,
    /// Why it is not as it should be.
    pub trouble: Option<SafeText>,
    /// Its last lines, the oldest first.
    pub lines: Vec<SafeText>,
}
