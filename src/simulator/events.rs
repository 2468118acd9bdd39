//! Events: maintenance and outages of the world, at a given time.
//!
//! Reference section 8. Writes documents; the route picks among them.

use serde_json::{Map, Value, json};

use crate::simulator::{
    tokens::new_uuid,
    world::{Event, EventKind},
};

/// An event with its times resolved.
#[derive(Debug)]
pub(super) struct EventTimes {
    plan: Event,
    uid: String,
    from: i64,
    until: i64,
}

impl EventTimes {
    /// Fixes the times of `plan` for a simulator started at `start`.
    pub(super) fn new(plan: Event, start: i64, rng: &mut fastrand::Rng) -> Self {
        let (from, until) = (plan.start.resolve(start), plan.end.resolve(start));
        Self { plan, uid: new_uuid(rng), from, until }
    }

    /// Returns whether it is listed among events of `kind`.
    pub(super) fn is_of_kind(&self, kind: EventKind) -> bool {
        self.plan.kind == kind
    }

    /// Returns the word for its state; none before it is announced.
    pub(super) fn state(&self, now: i64) -> Option<&'static str> {
        match self.plan.kind {
            EventKind::Maintenance if self.plan.cancelled.is_some() => Some("Cancelled"),
            EventKind::Maintenance if now < self.from => Some("Scheduled"),
            EventKind::Maintenance if now < self.until => Some("Running"),
            EventKind::Maintenance => Some("Completed"),
            EventKind::Outage if now < self.from => None,
            EventKind::Outage if now < self.until => Some("Ongoing"),
            EventKind::Outage => Some("Resolved"),
        }
    }

    /// Returns its document at `now`.
    pub(super) fn document(&self, now: i64) -> Value {
        let plan = &self.plan;
        let mut document = Map::new();
        let mut set = |name: &str, value: Value| document.insert(name.to_owned(), value);
        set("eventId", plan.id.clone().into());
        set("state", self.state(now).into());
        set("startTime", iso_time(self.from).into());
        set("purpose", plan.purpose.clone().into());
        set("services", json!(plan.services));
        match plan.kind {
            EventKind::Maintenance => {
                set("endTime", iso_time(self.until).into());
                set("impact", plan.impact.clone().into());
                set("eventType", if plan.emergency { "Emergency" } else { "Planned" }.into());
                if let Some(why) = &plan.cancelled {
                    set("cancelReason", why.clone().into());
                }
            }
            EventKind::Outage => {
                set("outageId", self.uid.clone().into());
                set("createdBy", "noc@example.net".into());
                set("createdDate", iso_time(self.from).into());
                set("updatedDate", iso_time(now.min(self.until)).into());
                set("notices", json!(plan.notices));
                if now >= self.until {
                    set("endTime", iso_time(self.until).into());
                    set("resolution", "Repaired".into());
                }
            }
        }
        Value::Object(document)
    }
}

/// Returns a moment as events write it: `2025-08-02T07:00:00.000Z`.
fn iso_time(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |at| format!("{at:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_milliseconds_and_a_z() {
        assert_eq!(iso_time(1_754_118_000_000), "2025-08-02T07:00:00.000Z");
    }
}
