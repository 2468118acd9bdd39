//! The end of the log, as it was read.

use crate::domain::text::SafeText;

/// The end of the log, and how logging goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tail {
    /// Its path; `None` where it has none.
    pub path: Option<SafeText>,
    /// Its level.
    pub level: &'static str,
    /// The setting that decided the level.
    pub because: &'static str,
    /// Whether anything is logged.
    pub is_on: bool,
    /// The reason why it does not work.
    pub trouble: Option<SafeText>,
    /// Its last lines, the oldest first.
    pub lines: Vec<SafeText>,
}
