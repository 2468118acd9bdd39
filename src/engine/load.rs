//! A list that is kept: when it was read, and how reading it goes.

use std::collections::BTreeMap;

use crate::{
    api::{Failure, RequestId, Unread},
    domain::{
        text::SafeText,
        time::{ReadAt, Timestamp},
    },
};

/// A list that is kept: when it was read, and how it is going.
#[derive(Debug, Clone, Default)]
pub struct Load {
    /// The request under way, since when, and how many bytes have come in.
    pub asked: Option<(RequestId, Timestamp, u64)>,
    /// Whether somebody asked for it, and waits.
    pub by_hand: bool,
    /// When what is on the screen was read.
    pub read_at: Option<ReadAt>,
    /// Whether an earlier session read it.
    pub saved: bool,
    /// How many attempts in a row have failed.
    pub failures: u32,
    /// The entries that could not be read.
    pub unread: Vec<Unread>,
    /// How many entries there are of each kind that is none of ours, by the vendor's
    /// name of it.
    pub other: BTreeMap<SafeText, usize>,
    /// Why the last attempt failed. What was read before stays.
    pub failure: Option<Failure>,
    /// What has left the list in this session without an explanation: labels of
    /// keys, names of on-ramps.
    pub left: Vec<SafeText>,
}
