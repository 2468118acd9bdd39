//! What of the lists was handed over for the next session.

use crate::domain::time::Timestamp;

/// What was handed over to be kept.
#[derive(Debug, Default)]
pub struct SavedListsState {
    /// When the on-ramps in it were read.
    pub(in crate::ui) at: Option<Timestamp>,
    /// Whether something else was read since.
    pub(in crate::ui) changed: bool,
}
