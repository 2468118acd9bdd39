//! The expected values of keys, and the keys that differ.

use std::collections::BTreeMap;

use crate::domain::{drift::Drifted, fingerprint::Fingerprint, key_values::KeyValues};

/// The knowledge about keys beyond the lists.
#[derive(Debug, Default)]
pub struct Drift {
    /// The expected values of every key: as ordered or changed here, else as it was
    /// listed first in this session.
    pub(super) expected: BTreeMap<Fingerprint, KeyValues>,
    /// The differences of listed keys.
    pub(super) differences: Drifted,
}
