//! Reports of the journal: what is in it, and which request may leave.

use crate::domain::{
    intent::IntentId,
    ledger::{Ledger, Standing},
    text::SafeText,
};

use super::RequestId;

/// A report of the journal.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// It was opened, or opened again, and this is in it.
    Opened(Box<Opened>),
    /// A request is written down and may leave.
    Begun(RequestId),
    /// A request could not be written down, so it does not leave, and why. Where
    /// another console has moved its intent on, this is where that stands now.
    NotBegun(RequestId, SafeText, Option<Box<Standing>>),
    /// What happened to an intent is not on the disk yet.
    Unwritten(IntentId, SafeText),
    /// Everything is on the disk.
    Written,
    /// Nothing can be written down any more.
    Unusable(SafeText),
}

/// The content of a journal that was opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// Where every intent stands.
    pub ledger: Ledger,
    /// A number that was drawn at random.
    pub seed: u64,
    /// How many lines could not be read and were not accepted yet.
    pub damaged: usize,
    /// Why nothing can be written down; `None` where it can.
    pub unusable: Option<SafeText>,
    /// Something to be said once.
    pub note: Option<SafeText>,
}
