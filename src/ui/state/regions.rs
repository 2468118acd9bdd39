//! The region map on the screen: what is known of its files.

use crate::domain::text::SafeText;

/// What is known of the files beside the map itself.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Why a file could not be taken over.
    pub bad: Option<SafeText>,
    /// Whether somebody has read that.
    pub seen: bool,
    /// How many edits can be taken back.
    pub undos: usize,
}
