//! Link aggregation: several Ports that are one on-ramp.
//!
//! The vendor lists every member as a service of its own, sharing an
//! aggregation number, with one marked primary. Capacity is the sum of the
//! members and VXCs hang on the primary. Source: the vendor's pages on LAGs
//! and the members' `aggregationId` and `lagPrimary`.

use std::collections::BTreeMap;

use super::on_ramp::OnRamp;

pub use super::on_ramp::Lag;

/// Folds the members of every LAG into one on-ramp.
///
/// The member marked primary keeps its identity; where none is marked, the one
/// with the lowest id does, so that a refresh never changes the choice. The
/// speeds of members that are built add up, a lock or a refusal of one member
/// holds for all, and a VXC listed under two members is kept once.
pub fn group_lags(on_ramps: Vec<OnRamp>) -> Vec<OnRamp> {
    let mut single = Vec::with_capacity(on_ramps.len());
    let mut groups: BTreeMap<i64, Vec<OnRamp>> = BTreeMap::new();
    for on_ramp in on_ramps {
        match &on_ramp.lag {
            Some(lag) => groups.entry(lag.group).or_default().push(on_ramp),
            None => single.push(on_ramp),
        }
    }
    single.extend(groups.into_values().filter_map(fold));
    single
}

fn fold(mut members: Vec<OnRamp>) -> Option<OnRamp> {
    let is_primary = |m: &OnRamp| m.lag.as_ref().is_some_and(|lag| lag.primary);
    members.sort_by_key(|m| (!is_primary(m), m.id.clone()));
    let mut members = members.into_iter();
    let mut whole = members.next()?;
    whole.speed = whole.speed.filter(|_| whole.status.holds_capacity());
    for member in members {
        let more = member.speed.filter(|_| member.status.holds_capacity());
        whole.speed = match (whole.speed, more) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        whole.locked |= member.locked;
        whole.admin_locked |= member.admin_locked;
        if member.permits_vxcs == Some(false) {
            whole.permits_vxcs = member.permits_vxcs;
        }
        let held: Vec<_> = whole.vxcs.iter().map(|v| v.id.clone()).collect();
        whole.vxcs.extend(member.vxcs.into_iter().filter(|v| !held.contains(&v.id)));
        let held: Vec<_> = whole.ixs.iter().map(|i| i.id.clone()).collect();
        whole.ixs.extend(member.ixs.into_iter().filter(|i| !held.contains(&i.id)));
        whole.unread += member.unread;
        if let Some(lag) = &mut whole.lag {
            lag.members.push(member.id);
        }
    }
    Some(whole)
}

/// Takes a fresh record of one member over into the whole LAG.
///
/// What it does not list stays: that may be another member's, and a VLAN that
/// is called taken for too long cuts nobody off. The next list of all on-ramps
/// tells.
pub fn renew(whole: &mut OnRamp, member: OnRamp) {
    whole.vxcs.retain(|old| member.vxcs.iter().all(|new| new.id != old.id));
    whole.vxcs.extend(member.vxcs);
    whole.ixs.retain(|old| member.ixs.iter().all(|new| new.id != old.id));
    whole.ixs.extend(member.ixs);
    whole.locked |= member.locked;
    whole.admin_locked |= member.admin_locked;
    whole.unread = whole.unread.max(member.unread);
}

#[cfg(test)]
mod tests {
    use super::{
        super::{on_ramp::samples::*, units::Mbps},
        *,
    };
    use proptest::prelude::*;

    fn member(id: &str, group: i64, primary: bool) -> OnRamp {
        let mut port = port(id);
        port.lag =
            Some(Lag { group, primary, members: vec![port.id.clone()], member_speed: port.speed });
        port
    }

    #[test]
    fn a_lag_is_one_on_ramp_with_the_sum_of_its_speeds_and_the_vxcs_of_its_primary() {
        let mut primary = member("b", 7, true);
        primary.vxcs = vec![vxc("v1", 500, 100)];
        let mut other = member("a", 7, false);
        other.vxcs = vec![vxc("v1", 500, 100)];
        let all = group_lags(vec![other, primary, port("alone")]);
        let lag = all.iter().find(|o| o.lag.is_some()).expect("the LAG");
        assert_eq!(all.len(), 2);
        assert_eq!((lag.id.as_str(), lag.speed), ("b", Some(Mbps::new(20_000))));
        assert_eq!((lag.vxcs.len(), lag.allocated()), (1, Mbps::new(500)));
        assert_eq!(lag.max_vxc(), Some(Mbps::new(10_000)), "one VXC fits one member");
    }

    #[test]
    fn a_member_that_is_not_built_adds_no_speed_and_a_locked_one_locks_the_lag() {
        let mut waiting = member("b", 7, false);
        waiting.status = crate::domain::status::Status::New;
        waiting.locked = true;
        let all = group_lags(vec![member("a", 7, true), waiting]);
        assert_eq!((all[0].speed, all[0].locked), (Some(Mbps::new(10_000)), true));
    }

    proptest! {
        #[test]
        fn grouping_loses_no_speed_and_does_not_depend_on_order(
            groups in proptest::collection::vec((0i64..4, any::<bool>()), 1..12),
        ) {
            let members: Vec<_> = groups.iter().enumerate()
                .map(|(i, &(g, p))| member(&format!("m{i:02}"), g, p)).collect();
            let total: Mbps = members.iter().filter_map(|m| m.speed).sum();
            let mut reversed = members.clone();
            reversed.reverse();
            let whole = group_lags(members);
            prop_assert_eq!(whole.iter().filter_map(|m| m.speed).sum::<Mbps>(), total);
            prop_assert_eq!(whole, group_lags(reversed));
        }
    }
}
