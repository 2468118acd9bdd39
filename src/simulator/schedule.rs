//! The schedule: future events that need no call, with their times.
//!
//! Nothing runs in the background. Before each call the server does what has fallen
//! due, in order and at the time it was due, so that a caller cannot tell the
//! difference and a test can move the clock instead of waiting.

use std::collections::BTreeMap;

use crate::simulator::call::Call;

/// An event that happens without a call.
#[derive(Debug)]
pub(super) enum DueEvent {
    /// A VXC takes its next step towards `LIVE`.
    Provision { circuit: usize },
    /// The scripted customer redeems a service key.
    Redeem { key: String },
    /// A call whose reply was replaced by a fault takes effect late.
    Commit { call: Box<Call> },
}

/// Events by the time they fall due, and in the order they were entered.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    events: BTreeMap<(i64, u64), DueEvent>,
    entered: u64,
}

impl Schedule {
    /// Enters `event` for the time `due`.
    pub(super) fn add(&mut self, due: i64, event: DueEvent) {
        self.entered += 1;
        self.events.insert((due, self.entered), event);
    }

    /// Takes out the next event that has fallen due, with its time.
    pub(super) fn pop_due(&mut self, now: i64) -> Option<(i64, DueEvent)> {
        let entry = self.events.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((due, _), event) = entry.remove_entry();
        Some((due, event))
    }
}
