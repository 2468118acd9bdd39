//! Lenient reading of any JSON value into a type.
//!
//! The vendor's types drift: `1`, `"1"`, `1.0` and `true` for one member, `[]` in place
//! of an object. A [`Lenient`] type never fails on a type, so that one odd member does
//! not cost the whole record.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A type that every JSON value can be read into.
pub(super) trait Lenient<'de>: Sized {
    /// Returns the value of `null`, `{}`, `[]` and a missing member.
    fn absent() -> Self;

    /// Returns the value of a nonsensical type.
    fn odd() -> Self {
        Self::absent()
    }

    /// Reads a boolean.
    fn boolean(_: bool) -> Self {
        Self::odd()
    }

    /// Reads a whole number.
    fn int(_: i64) -> Self {
        Self::odd()
    }

    /// Reads a number with a fraction or an exponent, or a huge one.
    fn float(_: f64) -> Self {
        Self::odd()
    }

    /// Reads a text.
    fn text(_: Cow<'de, str>) -> Self {
        Self::odd()
    }

    /// Reads an object.
    fn object<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut empty = true;
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            empty = false;
        }
        Ok(if empty { Self::absent() } else { Self::odd() })
    }

    /// Reads an array.
    fn array<A: SeqAccess<'de>>(mut entries: A) -> Result<Self, A::Error> {
        let mut empty = true;
        while entries.next_element::<IgnoredAny>()?.is_some() {
            empty = false;
        }
        Ok(if empty { Self::absent() } else { Self::odd() })
    }
}

/// Reads the next value, of any type, into `T`.
pub(super) fn deserialize_lenient<'de, T: Lenient<'de>, D: Deserializer<'de>>(
    from: D,
) -> Result<T, D::Error> {
    from.deserialize_any(LenientVisitor(PhantomData))
}

struct LenientVisitor<T>(PhantomData<T>);

impl<'de, T: Lenient<'de>> Visitor<'de> for LenientVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<T, E> {
        Ok(T::boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<T, E> {
        Ok(T::int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<T, E> {
        Ok(T::int(i64::try_from(value).unwrap_or(i64::MAX)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<T, E> {
        Ok(T::float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<T, E> {
        Ok(T::text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<T, E> {
        Ok(T::text(Cow::Owned(value.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::absent())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::object(members)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, entries: A) -> Result<T, A::Error> {
        T::array(entries)
    }
}
