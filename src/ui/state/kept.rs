//! The lists saved for the next session.

use crate::domain::time::Timestamp;

/// The saved lists.
#[derive(Debug, Default)]
pub struct SavedListsState {
    /// The time its on-ramps were read.
    pub(in crate::ui) at: Option<Timestamp>,
    /// Whether something else was read since.
    pub(in crate::ui) changed: bool,
}
