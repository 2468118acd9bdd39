//! A platform's own number for an order, which makes a repeat of a command safe.
//!
//! The tag in the label is derived from it, so that any host finds the key in Megaport's
//! list without this host's journal.

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::{intent::Realm, tag::Tag};

/// A reference: 1 to 128 printable characters; case matters. It is not sent. It is no
/// secret store: a short one can be guessed from its tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference(String);

/// The reason why a text is not a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReferenceFault {
    /// It is empty or too long.
    #[error("a reference has 1 to {} characters", Reference::CHARACTERS_MAX)]
    Length,
    /// It has a character that cannot be printed.
    #[error("a reference has printable characters only")]
    Hidden,
}

/// The place of a key in the order of a reference: 1 of 1, or one of the two of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferencePart {
    /// The only key.
    Only,
    /// The first key of a pair.
    First,
    /// The second key of a pair.
    Second,
}

impl ReferencePart {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Only, Self::First, Self::Second];

    /// Returns the part as the tag's digest has it.
    const fn text(self) -> &'static str {
        match self {
            Self::Only => "1/1",
            Self::First => "1/2",
            Self::Second => "2/2",
        }
    }
}

impl Reference {
    /// The longest reference, in characters.
    pub const CHARACTERS_MAX: usize = 128;

    /// Reads a reference.
    pub fn parse(text: &str) -> Result<Self, ReferenceFault> {
        if text.is_empty() || text.chars().count() > Self::CHARACTERS_MAX {
            return Err(ReferenceFault::Length);
        }
        let is_plain = super::text::SafeText::clean(text).as_str() == text;
        if is_plain { Ok(Self(text.to_owned())) } else { Err(ReferenceFault::Hidden) }
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the tag that the label of a part carries, the same on every host.
    pub fn tag(&self, realm: &Realm, part: ReferencePart) -> Tag {
        let host = realm.host.to_lowercase();
        let host = host.split(':').next().unwrap_or_default();
        let fields = ["onramp-reference-1", &realm.environment, host, &self.0, part.text()];
        let digest = Sha256::digest(fields.join("\0").as_bytes());
        let number = digest.iter().take(8).fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        Tag::derived(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(environment: &str, host: &str) -> Vec<String> {
        let realm = Realm { environment: environment.to_owned(), host: host.to_owned() };
        let reference = Reference::parse("ACME-4471").expect("legal");
        ReferencePart::ALL.map(|part| reference.tag(&realm, part).to_string()).into()
    }

    #[test]
    fn tags_are_those_of_the_contract() {
        let production = ["#zzp3565bby", "#trmyzwbznn", "#6pxfr5qbsh"];
        assert_eq!(tags("PRODUCTION", "api.megaport.com"), production);
        assert_eq!(tags("PRODUCTION", "API.Megaport.com:443"), production, "no port, no case");
        assert_eq!(tags("CUSTOM", "127.0.0.1")[0], "#5qb5hq2gg5");
    }

    #[test]
    fn reference_is_1_to_128_printable_characters() {
        assert!(Reference::parse(&"x".repeat(128)).is_ok());
        for (text, fault) in [
            (String::new(), ReferenceFault::Length),
            ("x".repeat(129), ReferenceFault::Length),
            ("a\nb".to_owned(), ReferenceFault::Hidden),
            ("a\u{202e}b".to_owned(), ReferenceFault::Hidden),
        ] {
            assert_eq!(Reference::parse(&text), Err(fault), "{text:?}");
        }
    }
}
