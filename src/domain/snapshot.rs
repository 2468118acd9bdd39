//! The saved snapshot of an account, so that its tree is on the screen at once, and
//! without a network.
//!
//! No key is in it: a key is a secret, and how many there are changes by the
//! hour. Nothing in it decides whether anything is sent.

use super::{event::Event, location::Location, on_ramp::OnRamp, time::Timestamp};

/// The lists of one account, each with when it was read by the server's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The on-ramps, LAG members folded together.
    pub on_ramps: Vec<OnRamp>,
    /// The time of their reading.
    pub read_at: Timestamp,
    /// The data centres, where they were read.
    pub locations: Option<(Vec<Location>, Timestamp)>,
    /// Maintenance and outages, if they were read.
    pub events: Option<(Vec<Event>, Timestamp)>,
}
