//! The recorded fingerprint of a key, used where the key itself must not be stored.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::id::KeyId;

/// The first 32 bits of a key's SHA-256, shown as 8 hexadecimal digits: enough to
/// recognise the key in a list, and not enough to order with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u32);

impl Fingerprint {
    /// Returns the fingerprint of `key`.
    pub fn of_key(key: &KeyId) -> Self {
        Self::of_text(key.reveal())
    }

    /// Takes the fingerprint of a text that must not be stored.
    pub fn of_text(text: &str) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        Self(digest.iter().take(4).fold(0, |sum, &byte| sum << 8 | u32::from(byte)))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_start_of_the_sha_256() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(Fingerprint::of_text("abc").to_string(), "ba7816bf");
    }
}
