//! One on-ramp, opened: its facts, its circuits and its keys.

use crate::domain::id::{ConnectionId, KeyId, OnRampId};

/// A list of the opened on-ramp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum List {
    /// VXCs and IXs.
    #[default]
    Circuits,
    /// Service keys.
    Keys,
}

/// What a line of a list stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A VXC or an IX.
    Circuit(ConnectionId),
    /// A service key.
    Key(KeyId),
}

/// Where the cursor of one list is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The entry under the cursor; the first one until it is moved.
    pub selected: Option<Entry>,
    /// The first line shown.
    pub offset: usize,
}

/// An opened on-ramp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Which one.
    pub on_ramp: OnRampId,
    /// The list that takes the keys.
    pub list: List,
    places: [Place; 2],
}

impl Visit {
    /// Opens `on_ramp`.
    pub fn of(on_ramp: OnRampId) -> Self {
        Self { on_ramp, list: List::Circuits, places: [Place::default(), Place::default()] }
    }

    /// The other list.
    pub const fn switch(&mut self) {
        self.list = match self.list {
            List::Circuits => List::Keys,
            List::Keys => List::Circuits,
        };
    }

    /// Where the cursor of `list` is.
    pub const fn place(&self, list: List) -> &Place {
        &self.places[list as usize]
    }

    /// The line the cursor of `list` is on, among these entries.
    pub fn cursor(&self, list: List, entries: &[Entry]) -> usize {
        let selected = self.place(list).selected.as_ref();
        selected.and_then(|entry| entries.iter().position(|one| one == entry)).unwrap_or(0)
    }

    /// Moves the cursor of the list with the focus by `by` lines and scrolls
    /// so that it stays on a page of `page` lines.
    pub fn move_by(&mut self, by: isize, entries: &[Entry], page: usize) {
        let last = entries.len().saturating_sub(1);
        let cursor = self.cursor(self.list, entries).saturating_add_signed(by).min(last);
        let place = &mut self.places[self.list as usize];
        place.selected = entries.get(cursor).cloned();
        place.offset = place.offset.clamp((cursor + 1).saturating_sub(page.max(1)), cursor);
    }
}
