//! Link aggregation: several Ports that are one on-ramp.
//!
//! The vendor lists every member as a service of its own, sharing an
//! aggregation number, with one marked primary. Capacity is the sum of the
//! members and VXCs hang on the primary. Source: the vendor's pages on LAGs
//! and the members' `aggregationId` and `lagPrimary`.

use std::collections::BTreeMap;

use crate::domain::{
    id::OnRampId,
    on_ramp::{Disagreement, Group, Member, OnRamp, Service},
    place::Zone,
};

pub use crate::domain::on_ramp::Lag;

/// Folds the members of every LAG into one on-ramp.
///
/// The member marked primary keeps its identity; where none is marked, the one with the
/// lowest id does, so that a refresh never changes the choice. The speeds of members
/// that are in service add up, a lock or a refusal of one member holds for all, and a
/// VXC listed under two members is counted once. Records that share a number and cannot
/// be one LAG stay separate, with the reason.
pub fn group_lags(on_ramps: Vec<OnRamp>) -> Vec<OnRamp> {
    let mut single = Vec::with_capacity(on_ramps.len());
    let mut groups: BTreeMap<Group, Vec<OnRamp>> = BTreeMap::new();
    for on_ramp in on_ramps {
        match &on_ramp.lag {
            Some(lag) => groups.entry(lag.group).or_default().push(on_ramp),
            None => single.push(on_ramp),
        }
    }
    for mut members in groups.into_values() {
        if let Some(why) = disagreement(&members) {
            members.iter_mut().filter_map(|one| one.lag.as_mut()).for_each(|lag| {
                lag.apart = Some(why);
            });
            single.append(&mut members);
        } else {
            single.extend(fold(members));
        }
    }
    single
}

/// Returns the field in which these records disagree, so that they cannot be one LAG. A
/// missing zone or place is no disagreement.
fn disagreement(members: &[OnRamp]) -> Option<Disagreement> {
    let (first, rest) = members.split_first()?;
    let zones = || members.iter().map(|one| &one.zone).filter(|zone| **zone != Zone::Unstated);
    let sites = || members.iter().filter_map(|one| one.site.id);
    if rest.iter().any(|one| one.kind != first.kind) {
        Some(Disagreement::Kind)
    } else if sites().any(|site| Some(site) != sites().next()) {
        Some(Disagreement::Site)
    } else if zones().any(|zone| Some(zone) != zones().next()) {
        Some(Disagreement::Zone)
    } else {
        None
    }
}

fn fold(mut members: Vec<OnRamp>) -> Option<OnRamp> {
    let is_primary = |m: &OnRamp| m.lag.as_ref().is_some_and(|lag| lag.primary);
    members.sort_by_key(|m| (!is_primary(m), m.id.clone()));
    // One that an earlier session has folded has all of them.
    let facts = members.iter().flat_map(|one| match &one.lag {
        Some(lag) if lag.members.len() > 1 => lag.members.clone(),
        _ => vec![one.as_member()],
    });
    let facts = facts.collect();
    let mut members = members.into_iter();
    let mut whole = members.next()?;
    for member in members {
        let held: Vec<_> = whole.vxcs.iter().map(|v| v.id.clone()).collect();
        whole.vxcs.extend(member.vxcs.into_iter().filter(|v| !held.contains(&v.id)));
        let held: Vec<_> = whole.ixs.iter().map(|i| i.id.clone()).collect();
        whole.ixs.extend(member.ixs.into_iter().filter(|i| !held.contains(&i.id)));
        if whole.zone == Zone::Unstated {
            whole.zone = member.zone;
        }
    }
    if let Some(lag) = &mut whole.lag {
        lag.members = facts;
    }
    sum_up(&mut whole);
    Some(whole)
}

/// Works out of the members what the whole LAG is.
fn sum_up(whole: &mut OnRamp) {
    let Some(lag) = &whole.lag else { return };
    let any = |is: fn(&Member) -> bool| lag.members.iter().any(is);
    whole.speed = lag.speed_of(|member| member.service == Service::Now);
    whole.locked = any(|member| member.locked);
    whole.admin_locked = any(|member| member.admin_locked);
    whole.flags_unread = any(|member| member.flags_unread);
    let refused = any(|member| member.permits_vxcs == Some(false));
    let said = lag.members.iter().find_map(|member| member.permits_vxcs);
    whole.permits_vxcs = if refused { Some(false) } else { said };
    whole.unread = lag.members.iter().map(|member| member.unread).sum();
}

/// Applies a new record of one member to the whole LAG.
///
/// A circuit that it does not list stays: it may be another member's, and a VLAN
/// reported as taken for too long does no harm. The next full list settles it.
pub fn renew(whole: &mut OnRamp, member: OnRamp) {
    let facts = member.as_member();
    let mut members = whole.lag.iter_mut().flat_map(|lag| &mut lag.members);
    match members.find(|known| known.id == facts.id) {
        Some(known) => *known = facts,
        // Only the full list shows which Ports form a LAG.
        None => return,
    }
    whole.vxcs.retain(|old| member.vxcs.iter().all(|new| new.id != old.id));
    whole.ixs.retain(|old| member.ixs.iter().all(|new| new.id != old.id));
    if member.id == whole.id {
        let (lag, vxcs, ixs) = (whole.lag.take(), &mut whole.vxcs, &mut whole.ixs);
        let (vxcs, ixs) = (std::mem::take(vxcs), std::mem::take(ixs));
        *whole = member;
        whole.lag = lag;
        whole.vxcs.splice(0..0, vxcs);
        whole.ixs.splice(0..0, ixs);
    } else {
        whole.vxcs.extend(member.vxcs);
        whole.ixs.extend(member.ixs);
    }
    sum_up(whole);
}

/// Returns the on-ramp that each member of a LAG is.
pub fn wholes(on_ramps: &[OnRamp]) -> BTreeMap<OnRampId, OnRampId> {
    let grouped = group_lags(on_ramps.iter().map(OnRamp::without_circuits).collect());
    let of = |whole: OnRamp| {
        let id = whole.id;
        whole.lag.into_iter().flat_map(|lag| lag.members).map(move |one| (one.id, id.clone()))
    };
    grouped.into_iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            on_ramp::{Kind, Link, samples::*},
            place::{LocationId, Site},
            status::Status,
            units::Mbps,
        },
        *,
    };
    use proptest::prelude::*;

    fn member(id: &str, group: i64, primary: bool) -> OnRamp {
        lag_member(port(id), group, primary)
    }

    #[test]
    fn lag_is_one_on_ramp_with_summed_speed_and_primarys_vxcs() {
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
    fn unbuilt_member_adds_no_speed_and_locked_one_locks_the_lag() {
        let mut waiting = member("b", 7, false);
        waiting.status = crate::domain::status::Status::New;
        waiting.locked = true;
        let all = group_lags(vec![member("a", 7, true), waiting]);
        assert_eq!((all[0].speed, all[0].locked), (Some(Mbps::new(10_000)), true));
    }

    #[test]
    fn capacity_is_what_is_in_service_and_the_rest_is_when_built() {
        let with = |id: &str, status: &str, link| {
            let port = OnRamp { status: Status::parse(status), link, ..port(id) };
            lag_member(port, 7, id == "a")
        };
        let members = |link| {
            vec![
                with("a", "LIVE", Link::Up),
                with("b", "DEPLOYABLE", Link::Unknown),
                with("c", "CONFIGURED", link),
            ]
        };
        let dark = &group_lags(members(Link::Down))[0];
        let when_built = |whole: &OnRamp| whole.lag.as_ref().and_then(Lag::when_built);
        assert_eq!((dark.speed, when_built(dark)), (Some(mbps(10_000)), Some(mbps(30_000))));
        let lit = &group_lags(members(Link::Up))[0];
        assert_eq!((lit.speed, when_built(lit)), (Some(mbps(20_000)), Some(mbps(30_000))));
    }

    const fn mbps(rate: u32) -> Mbps {
        Mbps::new(rate)
    }

    #[test]
    fn records_that_cannot_form_a_lag_stay_apart_with_reason() {
        let site = |id| Site { id: Some(LocationId(id)), ..Site::default() };
        let one = || OnRamp { zone: Zone::Red, site: site(59), ..member("a", 7, true) };
        let like = || OnRamp { zone: Zone::Red, site: site(59), ..member("b", 7, false) };
        for (other, why) in [
            (OnRamp { kind: Kind::Mcr, ..like() }, Disagreement::Kind),
            (OnRamp { site: site(60), ..like() }, Disagreement::Site),
            (OnRamp { zone: Zone::Blue, ..like() }, Disagreement::Zone),
        ] {
            let apart = group_lags(vec![one(), other]);
            assert_eq!(apart.len(), 2, "{why:?}");
            let said = apart.iter().map(|one| one.lag.as_ref().and_then(|lag| lag.apart));
            assert_eq!(said.collect::<Vec<_>>(), [Some(why); 2]);
        }
        let unsaid = OnRamp { zone: Zone::Unstated, site: Site::default(), ..like() };
        assert_eq!(group_lags(vec![one(), unsaid]).len(), 1, "what is unsaid is no disagreement");
        let by_lag_id = OnRamp { lag: None, ..like() };
        let mut by_lag_id = lag_member(by_lag_id, 7, false);
        by_lag_id.lag.as_mut().expect("a LAG").group = Group::Lag(7);
        assert_eq!(group_lags(vec![one(), by_lag_id]).len(), 2, "another kind of number");
    }

    #[test]
    fn member_record_sets_and_clears_its_own_fields() {
        let mut whole = group_lags(vec![member("a", 7, true), member("b", 7, false)]).remove(0);
        let locked = OnRamp { locked: true, unread: 2, ..member("b", 7, false) };
        renew(&mut whole, locked);
        assert_eq!((whole.locked, whole.unread, whole.speed), (true, 2, Some(mbps(20_000))));
        let down = OnRamp { status: Status::Failed, ..member("b", 7, false) };
        renew(&mut whole, down);
        assert_eq!((whole.locked, whole.unread, whole.speed), (false, 0, Some(mbps(10_000))));
        let closed = OnRamp { permits_vxcs: Some(false), ..member("a", 7, true) };
        renew(&mut whole, closed);
        assert_eq!(whole.permits_vxcs, Some(false));
        renew(&mut whole, member("a", 7, true));
        assert_eq!((whole.permits_vxcs, whole.speed), (Some(true), Some(mbps(10_000))));
        assert_eq!(whole.lag.as_ref().map(|lag| lag.members.len()), Some(2));
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
