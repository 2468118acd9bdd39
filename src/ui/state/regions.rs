//! The region map on the screen: what is known of its files.

use crate::domain::text::SafeText;

/// The state of the region files beside the map itself.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The error in a file that could not be used.
    pub bad: Option<SafeText>,
    /// Whether the user has read that.
    pub seen: bool,
    /// The number of edits that can be undone.
    pub undos: usize,
}
