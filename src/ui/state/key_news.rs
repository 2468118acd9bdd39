//! What happened to watched keys.

use crate::domain::{text::SafeText, time::Timestamp, watch::News};

/// Something that was seen, for somebody to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyNewsEntry {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// The key's label.
    pub label: SafeText,
    /// What happened.
    pub news: News,
    /// Whether somebody has seen it here.
    pub read: bool,
}
