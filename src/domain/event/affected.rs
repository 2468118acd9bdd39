//! The company's own on-ramps that an event may affect.

use std::collections::BTreeMap;

use crate::domain::{
    id::OnRampId,
    on_ramp::{Lag, OnRamp},
};

use super::{Event, ShortId};

/// The way an event may affect an on-ramp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touch {
    /// The event, by its place in the list.
    pub event: usize,
    /// Whether it names the on-ramp itself, or a member of its LAG.
    pub itself: bool,
    /// How many of its VXCs and IXs are named.
    pub circuits: usize,
}

/// Every on-ramp that an event of a list may touch.
#[derive(Debug, Clone, Default)]
pub struct Affected(BTreeMap<OnRampId, Vec<Touch>>);

impl Affected {
    /// Matches `events` to on-ramps and to what hangs on them.
    pub fn match_events<'a>(
        events: &[Event],
        on_ramps: impl IntoIterator<Item = &'a OnRamp>,
    ) -> Self {
        let mut named: BTreeMap<&ShortId, Vec<usize>> = BTreeMap::new();
        for (place, event) in events.iter().enumerate() {
            for service in &event.services {
                named.entry(service).or_default().push(place);
            }
        }
        let of =
            |id: &str| ShortId::parse(id).and_then(|short| named.get(&short)).into_iter().flatten();
        let mut affected = BTreeMap::new();
        for on_ramp in on_ramps {
            let mut touches: BTreeMap<usize, Touch> = BTreeMap::new();
            let touch = |event| Touch { event, itself: false, circuits: 0 };
            let members = on_ramp.lag.iter().flat_map(Lag::ids);
            for id in members.chain([&on_ramp.id]) {
                for &event in of(id.as_str()) {
                    touches.entry(event).or_insert(touch(event)).itself = true;
                }
            }
            let vxcs = on_ramp.standing_vxcs().map(|vxc| &vxc.id);
            for id in vxcs.chain(on_ramp.standing_ixs().map(|ix| &ix.id)) {
                for &event in of(id.as_str()) {
                    touches.entry(event).or_insert(touch(event)).circuits += 1;
                }
            }
            if !touches.is_empty() {
                affected.insert(on_ramp.id.clone(), touches.into_values().collect());
            }
        }
        Self(affected)
    }

    /// Returns what may affect an on-ramp, in the order of the events.
    pub fn touches_of(&self, on_ramp: &OnRampId) -> &[Touch] {
        self.0.get(on_ramp).map_or(&[], Vec::as_slice)
    }

    /// Returns how many on-ramps an event may affect.
    pub fn count(&self, event: usize) -> usize {
        self.0.values().filter(|touches| touches.iter().any(|touch| touch.event == event)).count()
    }

    /// Returns the on-ramps an event may touch, and how.
    pub fn touched(&self, event: usize) -> impl Iterator<Item = (&OnRampId, Touch)> {
        self.0.iter().filter_map(move |(id, touches)| {
            Some((id, *touches.iter().find(|touch| touch.event == event)?))
        })
    }
}
