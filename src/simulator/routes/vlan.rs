//! 5: `GET /v2/product/port/{uid}/vlan?vlan=N` (reference section 5).

use crate::simulator::{
    answer::{Answer, Refusal},
    call::Call,
    state::State,
    vlans::{VlanFilter, Vlans},
    world::Kind,
};

/// `[N]` if N is free, three to five others if it is taken, nothing if untagged.
pub(super) fn check_vlan(
    state: &State,
    call: &Call,
    company: usize,
    uid: &str,
    now: i64,
) -> Result<Answer, Refusal> {
    let switches = &state.switches;
    let service = state
        .store
        .find_service_by_id_or_uid(uid)
        .filter(|service| {
            !switches.vlan_check_for_ports_only || state.store.services[*service].kind == Kind::Port
        })
        .ok_or_else(|| super::products::product_not_found(uid))?;
    if state.store.services[service].company != company {
        return Err(Refusal::forbidden("The service belongs to another company"));
    }
    let vlan = call.parameter("vlan").and_then(|text| text.parse::<i64>().ok());
    let vlan = vlan
        .filter(|vlan| (0..=4094).contains(vlan))
        .ok_or_else(|| Refusal::invalid("vlan must be a number from 0 to 4094"))?;
    let counting =
        VlanFilter { switches, keys: switches.vlan_check_counts_unused_keys, except: None, now };
    let vlans = Vlans::of_service(&state.store, service, counting);
    let offered: Vec<i64> = if vlans.is_free(vlan) {
        vec![vlan]
    } else {
        let count = usize::try_from(3 + vlan % 3).unwrap_or(3);
        vlans.free_after(vlan).take(count).collect()
    };
    Ok(Answer::ok("Available VLANs", &offered.into()))
}
