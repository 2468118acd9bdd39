//! The keys of the account, and those remembered though no list has them any
//! more: has the customer used it yet?
//!
//! [`crate::domain::key_usage`] judges the evidence for a key's word. Rows
//! are worked out when the lists, the filter or the sort change; only those
//! that are seen are judged again and formatted when the screen is drawn.

mod sort;

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use tui_input::Input;

use crate::domain::{
    fingerprint::Fingerprint, id::KeyId, key_usage::Word, time::Timestamp, vlan::VlanTag,
};

pub use crate::ui::state::keys::sort::{Sort, SortBy};

/// The key of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowKey {
    /// A listed key.
    Listed(KeyId),
    /// A key that is no longer listed.
    Remembered(Fingerprint),
}

/// A row, with the values for sorting and filtering.
#[derive(Debug, Clone)]
pub struct Row {
    /// The key.
    pub of: RowKey,
    /// Its state when the lists were read.
    pub word: Word,
    /// The text that the filter searches, in small letters.
    pub haystack: Box<str>,
    /// Its label, as it is sorted.
    pub label: Box<str>,
    /// Its on-ramp's name.
    pub on_ramp: Box<str>,
    /// Its VLAN.
    pub vlan: VlanTag,
    /// The time of its creation.
    pub created: Option<Timestamp>,
    /// Its end.
    pub end: Option<Timestamp>,
}

impl Row {
    /// Returns the order by state: keys that need attention first.
    pub(in crate::ui) fn by_state(one: &Self, other: &Self) -> Ordering {
        one.word.cmp(&other.word)
    }

    /// Returns the key's id, where the list has it.
    pub const fn id(&self) -> Option<&KeyId> {
        match &self.of {
            RowKey::Listed(id) => Some(id),
            RowKey::Remembered(_) => None,
        }
    }
}

/// The keys view.
#[derive(Debug, Clone, Default)]
pub struct KeyList {
    /// The key under the cursor.
    pub selected: Option<RowKey>,
    /// The first row shown.
    pub offset: usize,
    /// The filter of the list.
    pub filter: Input,
    /// Whether the filter is being typed.
    pub typing: bool,
    /// The order.
    pub sort: Sort,
    /// Keys that are marked, to be changed together.
    pub marks: BTreeSet<KeyId>,
    /// Whether rows show every column that fits, at the cost of the pane below.
    pub wide: bool,
    all: Vec<Row>,
    shown: Vec<usize>,
    counts: Vec<(Word, usize)>,
    cursor: usize,
}

impl KeyList {
    /// Applies the rows of new lists; cursor and marks stay on their keys.
    pub fn apply_rows(&mut self, rows: Vec<Row>) {
        self.counts = count(&rows);
        self.all = rows;
        let listed: BTreeSet<_> = self.all.iter().filter_map(Row::id).collect();
        self.marks.retain(|id| listed.contains(id));
        self.arrange();
    }

    /// Filters and sorts again.
    pub fn arrange(&mut self) {
        let words: Vec<_> = self.filter.value().split_whitespace().map(str::to_lowercase).collect();
        let fits = |row: &Row| words.iter().all(|word| row.haystack.contains(word.as_str()));
        self.shown = (0..self.all.len()).filter(|&at| fits(&self.all[at])).collect();
        self.sort.order(&self.all, &mut self.shown);
        let at = self.selected.as_ref().and_then(|of| self.rows().position(|row| row.of == *of));
        self.cursor = at.unwrap_or_else(|| self.cursor.min(self.shown.len().saturating_sub(1)));
        self.selected = self.row(self.cursor).map(|row| row.of.clone());
    }

    /// Returns the rows that pass the filter, in their order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.shown.iter().map(|&at| &self.all[at])
    }

    /// Returns the row at this index.
    pub fn row(&self, at: usize) -> Option<&Row> {
        self.shown.get(at).map(|&at| &self.all[at])
    }

    /// Returns the row under the cursor.
    pub fn current(&self) -> Option<&Row> {
        self.row(self.cursor)
    }

    /// Returns its place.
    pub const fn cursor(&self) -> usize {
        self.cursor
    }

    /// Returns the number of rows without the filter.
    pub const fn len(&self) -> usize {
        self.all.len()
    }

    /// Returns whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Puts the cursor on a row, the last one at most, and scrolls so that it stays on
    /// a page.
    pub fn go_to(&mut self, row: usize, page: usize) {
        self.cursor = row.min(self.shown.len().saturating_sub(1));
        self.selected = self.row(self.cursor).map(|row| row.of.clone());
        self.scroll(page);
    }

    /// Scrolls so that the cursor is on a page of so many lines.
    pub fn scroll(&mut self, page: usize) {
        let from = (self.cursor + 1).saturating_sub(page.max(1));
        self.offset = self.offset.clamp(from, self.cursor.max(from));
    }

    /// Marks the key under the cursor, or takes its mark away.
    pub fn mark(&mut self) {
        let Some(id) = self.current().and_then(Row::id).cloned() else { return };
        if !self.marks.remove(&id) {
            self.marks.insert(id);
        }
    }

    /// Marks every key that is shown, or none.
    pub fn mark_all(&mut self) {
        let all: Vec<_> = self.rows().filter_map(Row::id).cloned().collect();
        if all.iter().all(|id| self.marks.contains(id)) {
            self.marks.retain(|id| !all.contains(id));
        } else {
            self.marks.extend(all);
        }
    }

    /// Sorts by another order.
    pub fn sort_by(&mut self, change: impl FnOnce(Sort) -> Sort) {
        self.sort = change(self.sort);
        self.arrange();
    }

    /// Returns the number of rows for each word, those that the filter hides included.
    pub fn counts(&self) -> &[(Word, usize)] {
        &self.counts
    }
}

/// Counts the `rows` of each word, in the order of the words.
fn count(rows: &[Row]) -> Vec<(Word, usize)> {
    let mut counts = BTreeMap::new();
    for row in rows {
        // A multi-use key is used, however often.
        let word = if row.word.is_used() { Word::Used(None) } else { row.word };
        *counts.entry(word).or_default() += 1;
    }
    counts.into_iter().collect()
}
