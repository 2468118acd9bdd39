//! Reports about the files of the region map: what they say, and how edits
//! went.

use crate::domain::{region::RegionMap, text::SafeText};

use super::RequestId;

/// A report about the files of the region map.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The files were read.
    Read {
        /// The map that they make. One that is not legal counts as it was.
        map: Box<RegionMap>,
        /// How many edits can be taken back.
        undos: usize,
        /// Why a file could not be taken over: file, line, column.
        bad: Option<SafeText>,
    },
    /// An edit is in its file; with the map, and how many can be taken back.
    Saved(RequestId, Box<RegionMap>, usize),
    /// The last edit was taken back.
    Undone(RequestId, Box<RegionMap>, usize),
    /// Nothing was written, and why; with the map where it was read anew.
    NotSaved(RequestId, SafeText, Option<Box<RegionMap>>),
}
