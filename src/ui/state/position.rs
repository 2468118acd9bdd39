//! The position of a cursor, and its motions.

/// A motion of the cursor. Positive is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// So many lines.
    Lines(isize),
    /// So many halves of a page.
    HalfPages(isize),
    /// To the first line.
    First,
    /// To the last line.
    Last,
}

impl Motion {
    /// Returns by how many lines it moves down, on pages of `page` lines.
    pub fn lines(self, page: usize) -> isize {
        let half = isize::try_from(page / 2).unwrap_or(1).max(1);
        match self {
            Self::Lines(by) => by,
            Self::HalfPages(halves) => halves * half,
            Self::First => isize::MIN,
            Self::Last => isize::MAX,
        }
    }
}

/// A line that motions change: the one under the cursor, or the first one shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Its index, from 0; none until it was moved, then the first.
    pub at: Option<usize>,
    /// The last one that it may be.
    pub last: usize,
    /// The lines of a page.
    pub page: usize,
    /// Whether it counts from the end: down is towards 0.
    pub from_end: bool,
}

impl Position {
    /// Returns the index after a motion: never outside of the list.
    pub fn after(self, motion: Motion) -> usize {
        let by = motion.lines(self.page);
        let by = if self.from_end { by.saturating_neg() } else { by };
        self.at.map_or(0, |at| at.saturating_add_signed(by).min(self.last))
    }

    /// Returns the first line shown of a text with `lines` lines in a box of `rows`.
    pub fn scrolled(at: usize, lines: usize, rows: u16) -> Self {
        let rows = usize::from(rows);
        Self { at: Some(at), last: lines.saturating_sub(rows), page: rows, from_end: false }
    }

    /// Returns the line under the cursor of a list of `length` entries.
    pub const fn of_list(at: usize, length: usize, page: usize) -> Self {
        Self { at: Some(at), last: length.saturating_sub(1), page, from_end: false }
    }
}
