//! The events view: where its cursor is.

use crate::domain::{event::Kind, text::SafeText};

/// The view.
#[derive(Debug, Clone, Default)]
pub struct EventList {
    /// The event under the cursor, by its kind and number; the first one where
    /// that is gone.
    pub selected: Option<(Kind, SafeText)>,
    /// The first row shown.
    pub offset: usize,
}
