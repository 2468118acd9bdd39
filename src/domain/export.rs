//! Output for other programs: tables of plain values, as CSV, and text that is put into
//! Markdown.
//!
//! Names and labels are written by other companies' staff. A spreadsheet takes some
//! texts for formulas, and a ticket system some for links: both are prevented here.

mod csv;
mod keys;
mod markdown;
mod on_ramps;

use super::{time::Timestamp, units::Mbps, words};

pub use csv::csv;
pub use keys::keys;
pub use markdown::{code, plain};
pub use on_ramps::on_ramps;

/// One value of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Not known, or there is none.
    Nothing,
    /// Yes or no.
    Is(bool),
    /// A count.
    Number(i64),
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
}

/// A table: what its columns are called, and its rows in that order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<&'static str>,
    /// The rows, each with a value for every column.
    pub rows: Vec<Vec<Value>>,
}

/// The format of an exported file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Comma-separated values.
    Csv,
    /// JSON: one array.
    Json,
}

impl Value {
    /// Returns a text, or nothing where it is empty.
    pub(super) fn text(text: &str) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text.to_owned()) }
    }

    /// Returns a count.
    pub(super) fn count(n: usize) -> Self {
        Self::Number(i64::try_from(n).unwrap_or(i64::MAX))
    }

    /// Returns a rate in Mbps.
    pub(super) fn rate(rate: Option<Mbps>) -> Self {
        rate.map_or(Self::Nothing, |rate| Self::Number(rate.get().into()))
    }

    /// Returns a moment, as programs read it.
    pub(super) fn moment(at: Option<Timestamp>) -> Self {
        at.and_then(words::iso).map_or(Self::Nothing, Self::Text)
    }
}
