//! The state of a list: when it was read, and the progress of reading it.

use std::collections::BTreeMap;

use crate::{
    api::{Failure, RequestId, Unread},
    domain::{
        text::SafeText,
        time::{ReadAt, Timestamp},
    },
};

/// The state of a list: when it was read, and the progress of reading it.
#[derive(Debug, Clone, Default)]
pub struct Load {
    /// The request in progress, its start, and the number of bytes received.
    pub asked: Option<(RequestId, Timestamp, u64)>,
    /// Whether the user asked for it, and waits.
    pub by_hand: bool,
    /// The time the data on the screen was read.
    pub read_at: Option<ReadAt>,
    /// Whether an earlier session read it.
    pub saved: bool,
    /// The number of failed attempts in a row.
    pub failures: u32,
    /// The entries that could not be read.
    pub unread: Vec<Unread>,
    /// The number of ignored entries of each other kind, by the vendor's name of it.
    pub other: BTreeMap<SafeText, usize>,
    /// The failure of the last attempt. The data read before stays.
    pub failure: Option<Failure>,
    /// The entries that left the list in this session without an explanation: labels of
    /// keys, names of on-ramps.
    pub left: Vec<SafeText>,
}
