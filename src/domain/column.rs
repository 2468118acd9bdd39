//! Columns of lists: one row of a table for each.
//!
//! From its row come a column's heading and width, the order in which it is dropped,
//! its cell, its sort order, its word before the colon of a filter, and its exported
//! field. A column that is not on the screen omits what it does not need. The tables
//! are in `domain/on_ramp_columns` and, for lists that are only shown, in the features
//! of the screen.

use std::cmp::Ordering;

use super::export::Value;

/// The alignment of a cell in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words: at the left.
    Left,
    /// Figures: at the right.
    Right,
}

/// The use a column makes of spare width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grow {
    /// Nothing.
    No,
    /// It takes its share, as a text that may be longer than its column.
    Text,
    /// It takes some of it, to draw a longer bar.
    Bar,
}

/// The terminals on which a column is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnVisibility {
    /// None: it is for filters and exports.
    Never,
    /// All of them.
    Always,
    /// Broad ones only.
    Broad,
}

/// A function of a column, and what it is called.
pub type Named<F> = (&'static str, F);

/// An order of rows.
pub type Order<S> = fn(&S, &S) -> Ordering;

/// The text of a row that a filter searches.
pub type Text<R> = fn(&R) -> String;

/// The value of a row for other programs.
pub type Exported<R> = fn(&R) -> Value;

/// A column of a list of rows `R`, whose cells are `C`. Rows are sorted as `S`, where a
/// list stores less of a row for sorting than it shows.
#[derive(Debug)]
pub struct Column<R, C, S = R> {
    /// Its name, unique in its table: for sorting, and for users who choose columns.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Where it is visible.
    pub shown: ColumnVisibility,
    /// Its width in cells of the terminal; 0 takes what is left.
    pub width: u16,
    /// The width on a broad terminal.
    pub broad_width: u16,
    /// The alignment of its cells.
    pub align: Align,
    /// Its use of spare width.
    pub grow: Grow,
    /// When it is dropped on a narrow terminal: 1 is the first to go, 0 stays.
    pub drop: u8,
    /// The cell of a row.
    pub cell: Option<fn(&R) -> C>,
    /// The order of rows by it, the smallest first, and what that is called.
    pub sort: Option<Named<Order<S>>>,
    /// The word before a colon in a filter, and the text that is searched.
    pub filter: Option<Named<Text<R>>>,
    /// The field's name for other programs, and its value.
    pub export: Option<Named<Exported<R>>>,
}

impl<R, C, S> Column<R, C, S> {
    /// Returns a column of so many cells, with words in it.
    pub const fn shown(
        id: &'static str,
        title: &'static str,
        width: u16,
        cell: fn(&R) -> C,
    ) -> Self {
        let (shown, align, grow, drop) = (ColumnVisibility::Always, Align::Left, Grow::No, 0);
        let (sort, filter, export) = (None, None, None);
        let (broad_width, cell) = (width, Some(cell));
        Self { id, title, shown, width, broad_width, align, grow, drop, cell, sort, filter, export }
    }

    /// Returns a column that is not on the screen.
    pub const fn hidden(id: &'static str) -> Self {
        let (title, shown, width, broad_width) = ("", ColumnVisibility::Never, 0, 0);
        let (align, grow, drop, cell) = (Align::Left, Grow::No, 0, None);
        let (sort, filter, export) = (None, None, None);
        Self { id, title, shown, width, broad_width, align, grow, drop, cell, sort, filter, export }
    }

    /// Aligns its cells as figures.
    #[must_use]
    pub const fn figures(self) -> Self {
        Self { align: Align::Right, ..self }
    }

    /// Gives it a share of the spare width.
    #[must_use]
    pub const fn grows(self, grow: Grow) -> Self {
        Self { grow, ..self }
    }

    /// Makes it the `nth` column to be dropped on a narrow terminal.
    #[must_use]
    pub const fn dropped(self, nth: u8) -> Self {
        Self { drop: nth, ..self }
    }

    /// Shows it on broad terminals only.
    #[must_use]
    pub const fn broad(self) -> Self {
        Self { shown: ColumnVisibility::Broad, ..self }
    }

    /// Sets another width on broad terminals.
    #[must_use]
    pub const fn broad_width(self, broad_width: u16) -> Self {
        Self { broad_width, ..self }
    }

    /// Sets its sort order.
    #[must_use]
    pub const fn sorted(self, sort: fn(&S, &S) -> Ordering) -> Self {
        Self { sort: Some((self.id, sort)), ..self }
    }

    /// Gives its order another name in a title.
    #[must_use]
    pub const fn sorted_as(self, name: &'static str, sort: fn(&S, &S) -> Ordering) -> Self {
        Self { sort: Some((name, sort)), ..self }
    }

    /// Sets its filter term.
    #[must_use]
    pub const fn filtered(self, term: &'static str, text: fn(&R) -> String) -> Self {
        Self { filter: Some((term, text)), ..self }
    }

    /// Sets its name in exports.
    #[must_use]
    pub const fn exported(self, name: &'static str, value: fn(&R) -> Value) -> Self {
        Self { export: Some((name, value)), ..self }
    }
}
