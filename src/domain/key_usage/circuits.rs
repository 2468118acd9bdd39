//! The circuits of an on-ramp, ordered for judging its keys.

use crate::domain::{inventory::Seen, on_ramp::OnRamp, time::Timestamp, vlan::VlanTag, vxc::Vxc};

/// The circuits of an on-ramp, as far as they may have been created from its keys.
#[derive(Debug, Clone)]
pub struct Circuits<'a> {
    pub(super) seen: Seen<'a>,
    /// Those that come to the on-ramp, by VLAN.
    coming: Vec<&'a Vxc>,
    /// Our own that start there, by VLAN.
    leaving: Vec<&'a Vxc>,
    /// Those that come, on the VLAN of no known key, in the order in which they
    /// were ordered.
    unclaimed: Vec<&'a Vxc>,
}

impl<'a> Circuits<'a> {
    /// Creates those of an on-ramp; `is_of_key` returns whether a VLAN belongs to a
    /// known key.
    pub fn new(seen: Seen<'a>, is_of_key: impl Fn(VlanTag) -> bool) -> Self {
        let on_ramp = if let Seen::Listed(on_ramp) = seen { Some(on_ramp) } else { None };
        let mut standing: Vec<_> = on_ramp.into_iter().flat_map(OnRamp::standing_vxcs).collect();
        standing.sort_by_key(|vxc| vxc.vlan);
        let (coming, leaving): (Vec<_>, Vec<_>) =
            standing.into_iter().partition(|vxc| vxc.comes_here());
        let free = |vxc: &&&Vxc| vxc.created.is_some() && !is_of_key(vxc.vlan);
        let mut unclaimed: Vec<_> = coming.iter().filter(free).copied().collect();
        unclaimed.sort_by_key(|vxc| vxc.created);
        Self { seen, coming, leaving, unclaimed }
    }

    /// Returns whether all circuits of the on-ramp were read.
    pub(super) const fn are_whole(&self) -> bool {
        matches!(self.seen, Seen::Listed(on_ramp) if on_ramp.unread == 0)
    }

    /// Returns the circuit on a VLAN that may have been created from a key of that
    /// time, the oldest first.
    pub(super) fn find_on_vlan(&self, tag: VlanTag, made: Option<Timestamp>) -> Option<&'a Vxc> {
        let may = circuits_on(&self.coming, tag).filter(|vxc| vxc.may_come_of_key(made));
        may.min_by_key(|vxc| vxc.created)
    }

    /// Returns what kept a VLAN from a key created at that time: a circuit of our own
    /// that starts on it, or an older one.
    pub(super) fn in_the_way(&self, tag: VlanTag, made: Option<Timestamp>) -> Option<&'a Vxc> {
        let older = circuits_on(&self.coming, tag).filter(|vxc| !vxc.may_come_of_key(made));
        circuits_on(&self.leaving, tag).chain(older).next()
    }

    /// Returns the circuits that came after `made` and are on the VLAN of no known key:
    /// their number, and the newest of them.
    pub(super) fn since(&self, made: Option<Timestamp>) -> Option<(usize, &'a Vxc)> {
        let made = made?;
        let from = self.unclaimed.partition_point(|vxc| vxc.created < Some(made));
        let newer = &self.unclaimed[from..];
        newer.last().map(|newest| (newer.len(), *newest))
    }
}

/// Returns those on a VLAN, of circuits in the order of their VLANs.
fn circuits_on<'a>(vxcs: &[&'a Vxc], tag: VlanTag) -> impl Iterator<Item = &'a Vxc> {
    let from = vxcs.partition_point(|vxc| vxc.vlan < tag);
    vxcs[from..].iter().take_while(move |vxc| vxc.vlan == tag).copied()
}
