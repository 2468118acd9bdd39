//! The vendor's identifiers, opaque but checked.
//!
//! They go into URLs, files and onto the screen, so only letters, digits, `-` and `_`
//! are accepted. Source: UIDs are UUID text, yet the vendor's own fixtures carry one
//! that is not hexadecimal, so no more is assumed.

use std::fmt;

use thiserror::Error;

/// The reason why a text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdError {
    /// Empty, or longer than 64 characters.
    #[error("an identifier has 1 to 64 characters")]
    Length,
    /// A character other than a letter, a digit, `-` or `_`.
    #[error("an identifier has only letters, digits, - and _")]
    Character,
}

fn check(raw: &str) -> Result<Box<str>, IdError> {
    if raw.is_empty() || raw.len() > 64 {
        return Err(IdError::Length);
    }
    if !raw.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        return Err(IdError::Character);
    }
    Ok(raw.into())
}

macro_rules! public_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Checks `raw`: 1 to 64 letters, digits, `-` or `_`.
            pub fn new(raw: &str) -> Result<Self, IdError> {
                check(raw).map(Self)
            }

            /// Returns the identifier's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

public_id! {
    /// The `productUid` of an on-ramp. Stable: it may be stored for good.
    OnRampId
}
public_id! {
    /// The `productUid` of a VXC or an IX.
    ConnectionId
}
public_id! {
    /// The `companyUid` of an account.
    CompanyId
}

/// A service key. Anyone who holds it can order a circuit and read the whole on-ramp it
/// belongs to, so it is treated as a secret.
///
/// It has no `Display`, and `Debug` shows the masked form. Source: a lookup by
/// key returns the on-ramp with every customer's VXC to any account.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(Box<str>);

impl KeyId {
    /// Checks `raw` like every other identifier.
    pub fn new(raw: &str) -> Result<Self, IdError> {
        check(raw).map(Self)
    }

    /// Returns the whole key, for the wire, the key card and nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns the first and last four characters: enough to tell keys apart in a list.
    pub fn masked(&self) -> String {
        let tail = self.0.len().saturating_sub(4).max(4);
        if self.0.len() < 12 {
            return "…".to_owned();
        }
        format!("{}…{}", &self.0[..4], &self.0[tail..])
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({})", self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_can_not_leave_its_path_segment() {
        for bad in ["", "a/b", "a?b", "a b", "a\u{1b}[2J", "..", "%2e", &"x".repeat(65)] {
            assert!(OnRampId::new(bad).is_err(), "{bad:?} got in");
        }
        assert!(OnRampId::new("8611b645-ea50-46eb-b400-1c2fb858a303").is_ok());
        assert!(OnRampId::new("not-hexadecimal-zzz").is_ok());
    }

    #[test]
    fn a_key_is_masked_wherever_it_is_debugged() {
        let key = KeyId::new("106e38ae-eb59-415f-ac81-526a5299851d").expect("legal");
        assert_eq!(format!("{key:?}"), "KeyId(106e…851d)");
        assert_eq!(KeyId::new("short").expect("legal").masked(), "…");
    }
}
