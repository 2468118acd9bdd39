//! Reports about the files of the region map: their contents, and the results of edits.

use crate::domain::{region::RegionMap, text::SafeText};

use super::RequestId;

/// A report about the files of the region map.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The files were read.
    Read {
        /// The resulting map. An invalid file counts with its last valid contents.
        map: Box<RegionMap>,
        /// The number of edits that can be undone.
        undos: usize,
        /// The error in a file that could not be used: file, line, column.
        bad: Option<SafeText>,
    },
    /// An edit is in its file; with the map, and the number of edits that can be
    /// undone.
    Saved(RequestId, Box<RegionMap>, usize),
    /// The last edit was undone.
    Undone(RequestId, Box<RegionMap>, usize),
    /// Nothing was written, with the reason; and the map where it was read again.
    NotSaved(RequestId, SafeText, Option<Box<RegionMap>>),
}
