//! Lists that an earlier session saved.

use crate::domain::{snapshot::Snapshot, text::SafeText};

/// The lists that an earlier session saved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CachedLists {
    /// Its lists, where there are any.
    pub snapshot: Option<Box<Snapshot>>,
    /// A problem to report once.
    pub trouble: Option<SafeText>,
}
