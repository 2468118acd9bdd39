//! Lenient reading of the vendor's objects, member by member.
//!
//! A derived reader refuses an object in which a member occurs twice, or which is
//! `null` or `[]` in place of itself. The reader made here accepts all of these; of a
//! repeated member, the last one counts.

use std::marker::PhantomData;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess},
};
use serde_json::value::RawValue;

use super::lenient::{Lenient, deserialize_lenient};

/// Declares an object: our name of a member, its type, and the vendor's names.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident {
        $($field:ident: $kind:ty = $($json:literal)|+),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Default)]
        pub(super) struct $name<'a> {
            $(pub(super) $field: $kind,)+
            body: std::marker::PhantomData<&'a str>,
        }

        impl<'a> $crate::wire::lenient::Lenient<'a> for $name<'a> {
            fn absent() -> Self {
                Self::default()
            }

            fn object<A: serde::de::MapAccess<'a>>(mut members: A) -> Result<Self, A::Error> {
                let mut record = Self::default();
                while let Some(name) = members.next_key::<$crate::wire::words::Name<'a>>()? {
                    match &*name.0 {
                        $($($json)|+ => record.$field = members.next_value()?,)+
                        _ => {
                            members.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(record)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name<'de> {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::wire::lenient::deserialize_lenient(from)
            }
        }
    };
}

pub(super) use record;

/// Objects that come as an array, or as a single object.
pub(super) struct Several<T>(pub(super) Vec<T>);

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Lenient<'de> + Deserialize<'de>> Lenient<'de> for Several<T> {
    fn absent() -> Self {
        Self::default()
    }

    fn object<A: MapAccess<'de>>(members: A) -> Result<Self, A::Error> {
        Ok(Self(vec![T::object(members)?]))
    }

    fn array<A: SeqAccess<'de>>(mut entries: A) -> Result<Self, A::Error> {
        let mut several = Vec::new();
        while let Some(entry) = entries.next_element()? {
            several.push(entry);
        }
        Ok(Self(several))
    }
}

impl<'de, T: Lenient<'de> + Deserialize<'de>> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        deserialize_lenient(from)
    }
}

/// A list inside a record, read entry by entry: an entry that cannot be read
/// is counted and costs nothing else.
pub(super) struct Nested<'a, T> {
    /// The entries that could be read.
    pub(super) entries: Vec<T>,
    /// The number of entries that could not. A value that is no list counts as one.
    pub(super) unread: u32,
    body: PhantomData<&'a str>,
}

impl<T> Default for Nested<'_, T> {
    fn default() -> Self {
        Self { entries: Vec::new(), unread: 0, body: PhantomData }
    }
}

impl<'de, T: Deserialize<'de>> Lenient<'de> for Nested<'de, T> {
    fn absent() -> Self {
        Self::default()
    }

    fn odd() -> Self {
        Self { unread: 1, ..Self::default() }
    }

    fn array<A: SeqAccess<'de>>(mut entries: A) -> Result<Self, A::Error> {
        let mut nested = Self::default();
        while let Some(entry) = entries.next_element::<&'de RawValue>()? {
            match serde_json::from_str(entry.get()) {
                Ok(entry) => nested.entries.push(entry),
                Err(_) => nested.unread += 1,
            }
        }
        Ok(nested)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nested<'de, T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        deserialize_lenient(from)
    }
}
