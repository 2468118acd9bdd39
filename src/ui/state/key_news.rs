//! The news of watched keys.

use crate::domain::{text::SafeText, time::Timestamp, watch::News};

/// A piece of news about a watched key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyNewsEntry {
    /// The time, by the server's clock.
    pub at: Timestamp,
    /// The key's label.
    pub label: SafeText,
    /// The news.
    pub news: News,
    /// Whether it was shown on this console.
    pub read: bool,
}
