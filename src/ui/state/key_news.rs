//! What happened to watched keys.

use crate::domain::{text::SafeText, time::Timestamp, watch::News};

/// One thing that happened to a watched key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyNewsEntry {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// The key's label.
    pub label: SafeText,
    /// What happened.
    pub news: News,
    /// Whether it was shown on this console.
    pub read: bool,
}
