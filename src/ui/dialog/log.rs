//! The log on the screen: its last lines, the newest at the bottom.

use crate::domain::text::SafeText;

/// The log as it was read.
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

/// The dialog.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// What was read; `None` while it is being read.
    pub tail: Option<Tail>,
    /// How many rows the view is above the newest.
    pub above: usize,
}
