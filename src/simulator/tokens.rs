//! Access tokens: each has a new text, belongs to one company, and really ends.
//!
//! Reference section 1. Must not know what a token opens.

use std::collections::BTreeMap;

use fastrand::Rng;

/// The tokens given out and not yet ended.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    grants: BTreeMap<String, Grant>,
}

#[derive(Debug)]
struct Grant {
    company: usize,
    ends: i64,
}

impl Tokens {
    /// Issues a token for `company` that expires at `ends`.
    pub(super) fn issue(&mut self, company: usize, now: i64, ends: i64, rng: &mut Rng) -> String {
        self.grants.retain(|_, grant| grant.ends > now);
        // Three parts and close to 1 kB, as the vendor's own; opaque all the same.
        let token = [40, 600, 340].map(|length| random_text(rng, length)).join(".");
        self.grants.insert(token.clone(), Grant { company, ends });
        token
    }

    /// Returns the company `token` belongs to, unless it has ended.
    pub(super) fn company_of(&self, token: &str, now: i64) -> Option<usize> {
        self.grants.get(token).filter(|grant| now < grant.ends).map(|grant| grant.company)
    }

    /// Ends one token.
    pub(super) fn revoke(&mut self, token: &str) {
        self.grants.remove(token);
    }

    /// Ends every token.
    pub(super) fn revoke_all(&mut self) {
        self.grants.clear();
    }
}

/// Returns `length` random letters and digits.
pub(super) fn random_text(rng: &mut Rng, length: usize) -> String {
    (0..length).map(|_| rng.alphanumeric()).collect()
}

/// Returns a random UUID, version 4.
pub(super) fn new_uuid(rng: &mut Rng) -> String {
    let bits = (rng.u128(..) & !(0xf << 76) & !(0xc << 60)) | (4 << 76) | (8 << 60);
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_ends_with_its_time_and_each_has_a_new_text() {
        let (mut tokens, mut rng) = (Tokens::default(), Rng::with_seed(1));
        let first = tokens.issue(3, 0, 1000, &mut rng);
        let second = tokens.issue(3, 0, 1000, &mut rng);
        assert_ne!(first, second);
        assert_eq!(tokens.company_of(&first, 999), Some(3));
        assert_eq!(tokens.company_of(&first, 1000), None);
        tokens.revoke(&second);
        assert_eq!(tokens.company_of(&second, 0), None);
    }

    #[test]
    fn uuid_has_36_characters_and_version_four() {
        let uuid = new_uuid(&mut Rng::with_seed(7));
        assert_eq!(uuid.len(), 36);
        assert_eq!(&uuid[14..15], "4");
        assert!("89ab".contains(&uuid[19..20]));
    }
}
