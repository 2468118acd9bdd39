//! The page of one on-ramp: its facts, its circuits and its keys.

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

/// The entry of a list's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A VXC or an IX.
    Circuit(ConnectionId),
    /// A service key.
    Key(KeyId),
}

/// The position of one list's cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListCursor {
    /// The entry under the cursor; the first one until it is moved.
    pub selected: Option<Entry>,
    /// The first line shown.
    pub offset: usize,
}

/// An opened on-ramp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnRampPage {
    /// The on-ramp.
    pub on_ramp: OnRampId,
    /// The list that takes the keys.
    pub list: List,
    places: [ListCursor; 2],
}

impl OnRampPage {
    /// Opens `on_ramp`.
    pub fn new(on_ramp: OnRampId) -> Self {
        Self {
            on_ramp,
            list: List::Circuits,
            places: [ListCursor::default(), ListCursor::default()],
        }
    }

    /// Switches to the other list.
    pub const fn switch(&mut self) {
        self.list = match self.list {
            List::Circuits => List::Keys,
            List::Keys => List::Circuits,
        };
    }

    /// Returns the position of the cursor of `list`.
    pub const fn place(&self, list: List) -> &ListCursor {
        &self.places[list as usize]
    }

    /// Puts the cursor of the list with the focus on `entry`, which is on line
    /// `cursor`, and scrolls so that it stays on a page of `page` lines.
    pub fn select(&mut self, entry: Option<Entry>, cursor: usize, page: usize) {
        let place = &mut self.places[self.list as usize];
        place.selected = entry;
        place.offset = place.offset.clamp((cursor + 1).saturating_sub(page.max(1)), cursor);
    }
}
