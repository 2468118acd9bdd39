//! The log on the screen: its last lines, the newest at the bottom.

use crate::api::log::Tail;

/// The dialog.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// What was read; `None` while it is being read.
    pub tail: Option<Tail>,
    /// How many rows the view is above the newest.
    pub above: usize,
}
