//! Texts of a document, borrowed from the body until a value keeps them.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

use crate::domain::text::SafeText;

use super::lenient::{Lenient, deserialize_lenient};

/// A text that may be missing. A number counts as its digits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Text<'a>(pub(super) Option<Cow<'a, str>>);

impl<'a> Lenient<'a> for Text<'a> {
    fn absent() -> Self {
        Self(None)
    }

    fn int(value: i64) -> Self {
        Self(Some(Cow::Owned(value.to_string())))
    }

    fn text(value: Cow<'a, str>) -> Self {
        Self((!value.is_empty()).then_some(value))
    }
}

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        deserialize_lenient(from)
    }
}

impl Text<'_> {
    /// Returns the text, empty where there is none. Not fit for a screen.
    pub(super) fn raw(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// Returns the text, made fit for a screen.
    pub(super) fn clean(&self) -> SafeText {
        SafeText::clean(self.raw())
    }
}

/// The name of a member.
pub(super) struct Name<'a>(pub(super) Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Borrow;

        impl<'de> Visitor<'de> for Borrow {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member's name")
            }

            fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }

        from.deserialize_str(Borrow)
    }
}
