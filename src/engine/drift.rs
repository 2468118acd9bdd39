//! How keys are expected to be, and which are listed otherwise.

use std::collections::BTreeMap;

use crate::domain::{drift::Drifted, fingerprint::Fingerprint, key_values::KeyValues};

/// What is known of keys beside what the lists say.
#[derive(Debug, Default)]
pub struct Drift {
    /// How every key is expected to be: as ordered or changed here, else as it was
    /// listed first in this session.
    pub(super) expected: BTreeMap<Fingerprint, KeyValues>,
    /// In what listed keys are otherwise.
    pub(super) differences: Drifted,
}
