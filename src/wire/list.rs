//! Lists under the envelope's `data`, read entry by entry as they stream by.

use std::{
    collections::{BTreeMap, btree_map::Entry as Slot},
    fmt,
    marker::PhantomData,
};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::domain::text::SafeText;

use super::{WireError, words::Name};

/// A list that was read entry by entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T> {
    /// The entries that could be read.
    pub entries: Vec<T>,
    /// The position, from 0, of every entry that could not, and why: a fixed
    /// sentence or a position, never its content.
    pub unread: Vec<(usize, SafeText)>,
    /// The number of ignored entries of each other kind, by the vendor's name of it.
    pub other: BTreeMap<SafeText, usize>,
    /// The positions of the entries that could be read.
    positions: Vec<usize>,
}

impl<T: PartialEq> List<T> {
    /// Removes every entry that has the identity of an earlier one. One with the same
    /// content is a repetition; one with other content is counted as unreadable, and
    /// its safer values are merged into the one that stays.
    pub(super) fn without_repeats<K: Ord>(
        mut self,
        what: &str,
        id: impl Fn(&T) -> K,
        unite: impl Fn(&mut T, T),
    ) -> Self {
        let mut first: BTreeMap<K, (usize, usize)> = BTreeMap::new();
        let mut kept: Vec<T> = Vec::with_capacity(self.entries.len());
        for (entry, position) in self.entries.into_iter().zip(&self.positions) {
            match first.entry(id(&entry)) {
                Slot::Vacant(slot) => {
                    slot.insert((kept.len(), *position));
                    kept.push(entry);
                }
                Slot::Occupied(slot) => {
                    let (at, before) = *slot.get();
                    if kept[at] == entry {
                        continue;
                    }
                    let why =
                        format!("the same {what} as entry {}, with other content", before + 1);
                    self.unread.push((*position, SafeText::clean(&why)));
                    unite(&mut kept[at], entry);
                }
            }
        }
        self.unread.sort_by_key(|(position, _)| *position);
        self.positions.clear();
        Self { entries: kept, ..self }
    }
}

/// The result of reading one entry.
pub(super) enum Entry<T> {
    /// It was read.
    Read(T),
    /// It is not ours and is ignored silently.
    Skipped,
    /// It is not ours, but of this kind.
    Other(SafeText),
    /// It could not be read: why.
    Unread(&'static str),
}

/// Reads the list under `data`. A `data` that is missing or `null` is no list, and not
/// an empty one: an error sent as a success looks like that, and the entries it lacks
/// would be taken for removed.
///
/// Anything after the document is ignored.
pub(super) fn read_list<'a, R, T>(
    text: &'a str,
    read: impl FnMut(R) -> Entry<T>,
) -> Result<List<T>, WireError>
where
    R: Deserialize<'a>,
{
    let mut reading = Reading { list: None, read, careful: false, record: PhantomData };
    if reading.run(text).is_err() {
        // Some entry cannot be read, and took the rest with it. Going over
        // every entry twice finds it, and costs a fifth of the speed.
        reading.careful = true;
        reading.run(text)?;
    }
    reading.list.ok_or(WireError::Shape("it has no data"))
}

struct Reading<F, R, T> {
    list: Option<List<T>>,
    read: F,
    careful: bool,
    record: PhantomData<R>,
}

impl<F, R, T> Reading<F, R, T> {
    /// Reads the document.
    fn run<'a>(&mut self, text: &'a str) -> serde_json::Result<()>
    where
        F: FnMut(R) -> Entry<T>,
        R: Deserialize<'a>,
    {
        self.list = None;
        serde_json::Deserializer::from_str(text).deserialize_map(Envelope(self))
    }

    fn take_record(&mut self, list: &mut List<T>, position: usize, record: R)
    where
        F: FnMut(R) -> Entry<T>,
    {
        match (self.read)(record) {
            Entry::Read(entry) => {
                list.entries.push(entry);
                list.positions.push(position);
            }
            Entry::Skipped => {}
            Entry::Other(kind) => *list.other.entry(kind).or_default() += 1,
            Entry::Unread(why) => list.unread.push((position, why.into())),
        }
    }
}

/// The document, down to its `data`.
struct Envelope<'r, F, R, T>(&'r mut Reading<F, R, T>);

impl<'de, F, R, T> Visitor<'de> for Envelope<'_, F, R, T>
where
    F: FnMut(R) -> Entry<T>,
    R: Deserialize<'de>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a list under data")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<Name<'de>>()? {
            if name.0 == "data" {
                members.next_value_seed(Data(self.0))?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The list itself.
struct Data<'r, F, R, T>(&'r mut Reading<F, R, T>);

impl<'de, F, R, T> DeserializeSeed<'de> for Data<'_, F, R, T>
where
    F: FnMut(R) -> Entry<T>,
    R: Deserialize<'de>,
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de, F, R, T> Visitor<'de> for Data<'_, F, R, T>
where
    F: FnMut(R) -> Entry<T>,
    R: Deserialize<'de>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.list = None;
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let (entries_read, unread, positions) = (Vec::new(), Vec::new(), Vec::new());
        let mut list = List { entries: entries_read, unread, other: BTreeMap::new(), positions };
        let mut position = 0;
        while !self.0.careful
            && let Some(record) = entries.next_element::<R>()?
        {
            self.0.take_record(&mut list, position, record);
            position += 1;
        }
        while self.0.careful
            && let Some(raw) = entries.next_element::<&'de RawValue>()?
        {
            match serde_json::from_str::<R>(raw.get()) {
                Ok(record) => self.0.take_record(&mut list, position, record),
                Err(error) => {
                    let why = format!("not readable from character {}", error.column());
                    list.unread.push((position, SafeText::clean(&why)));
                }
            }
            position += 1;
        }
        list.entries.shrink_to_fit();
        self.0.list = Some(list);
        Ok(())
    }
}
