//! One on-ramp, opened: its facts, its circuits and its keys.

use crate::domain::id::OnRampId;

/// The list of the opened on-ramp that takes the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum List {
    /// VXCs and IXs.
    #[default]
    Circuits,
    /// Service keys.
    Keys,
}

/// An opened on-ramp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Which one.
    pub on_ramp: OnRampId,
    /// The list that takes the keys.
    pub list: List,
    /// The first line each list shows: circuits, keys.
    pub offsets: [usize; 2],
}

impl Visit {
    /// Opens `on_ramp`.
    pub const fn of(on_ramp: OnRampId) -> Self {
        Self { on_ramp, list: List::Circuits, offsets: [0, 0] }
    }

    /// The other list.
    pub const fn switch(&mut self) {
        self.list = match self.list {
            List::Circuits => List::Keys,
            List::Keys => List::Circuits,
        };
    }

    /// Scrolls the list with the focus by `by` lines; `furthest` is the offset
    /// at which its last line is in view.
    pub fn scroll(&mut self, by: isize, furthest: usize) {
        let offset = &mut self.offsets[self.list as usize];
        *offset = offset.saturating_add_signed(by).min(furthest);
    }
}
