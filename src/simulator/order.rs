//! Orders: a customer redeems a service key and a VXC comes to be.
//!
//! Reference 9.1 and 4.6. The scripted customer goes through the same checks.

use serde_json::{Value, json};

use crate::simulator::{
    answer::Refusal,
    clock::millis,
    documents::{distance_band, vxc_json},
    keys::{check_accepts_vxcs, max_key_speed, read_integer, vlan_taken_text},
    schedule::DueEvent,
    state::State,
    tokens::new_uuid,
    vlans::{FIRST_VLAN, LAST_VLAN, UNTAGGED, VlanFilter, Vlans},
    world::{End, Kind, Vxc, When},
};

const TERMS_IN_MONTHS: [i64; 6] = [1, 12, 24, 36, 48, 60];

/// A VXC of an order, checked and ready.
#[derive(Debug)]
pub(super) struct Order {
    name: String,
    rate: i64,
    term: i64,
    key: usize,
    a: (usize, i64),
    b: (usize, i64),
}

/// Checks every VXC of a network design of `company`.
pub(super) fn check_design(
    state: &State,
    company: usize,
    design: &Value,
    now: i64,
) -> Result<Vec<Order>, Refusal> {
    let items = design.as_array().filter(|items| !items.is_empty());
    let items = items.ok_or_else(|| Refusal::invalid("A network design is expected"))?;
    let mut orders: Vec<Order> = Vec::new();
    for item in items {
        let uid = item["productUid"].as_str().unwrap_or_default();
        let a_end = state
            .store
            .find_service(uid)
            .filter(|service| state.store.services[*service].company == company)
            .ok_or_else(|| Refusal::invalid("Valid A-End is required"))?;
        for wish in item["associatedVxcs"].as_array().into_iter().flatten() {
            let order = check_vxc(state, a_end, wish, now)?;
            if orders.iter().any(|other| other.b == order.b || other.a == order.a) {
                return Err(Refusal::invalid("Two VXCs of one order use the same VLAN"));
            }
            orders.push(order);
        }
    }
    if orders.is_empty() {
        return Err(Refusal::invalid("A VXC is expected"));
    }
    Ok(orders)
}

fn check_vxc(state: &State, a_end: usize, wish: &Value, now: i64) -> Result<Order, Refusal> {
    let store = &state.store;
    let name = wish["productName"].as_str().filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Refusal::invalid("productName is required"))?;
    let key = wish["serviceKey"].as_str().unwrap_or_default();
    let key = store.find_key(key).ok_or_else(|| Refusal::invalid("The service key is unknown"))?;
    let record = &store.keys[key];
    if let Some(objection) = record.redeem_objection(now) {
        return Err(Refusal::invalid(format!("The service key {objection}")));
    }
    let b_end = store
        .find_service(wish["bEnd"]["productUid"].as_str().unwrap_or_default())
        .filter(|service| *service == record.service)
        .ok_or_else(|| Refusal::invalid("Valid B-End is required"))?;
    let (a_document, b_document) =
        (store.services[a_end].document.value(), store.services[b_end].document.value());
    check_accepts_vxcs(&a_document, &state.switches)?;
    check_accepts_vxcs(&b_document, &state.switches)?;
    if store.services[a_end].kind == Kind::Mve && !wish["aEnd"]["vNicIndex"].is_u64() {
        return Err(Refusal::invalid("vNicIndex is required for an MVE"));
    }

    let members = wish.as_object().cloned().unwrap_or_default();
    let limit = [
        record.number("maxSpeed").unwrap_or(i64::MAX),
        max_key_speed(&a_document),
        max_key_speed(&b_document),
        a_document["maxVxcSpeed"].as_i64().unwrap_or(i64::MAX),
        b_document["maxVxcSpeed"].as_i64().unwrap_or(i64::MAX),
    ];
    let limit = limit.into_iter().min().unwrap_or_default();
    let rate = read_integer(&members, "rateLimit")?.unwrap_or_default();
    if !(1..=limit).contains(&rate) {
        return Err(Refusal::invalid(format!("rateLimit must be from 1 to {limit}")));
    }
    let term = read_integer(&members, "term")?.unwrap_or(1);
    if !TERMS_IN_MONTHS.contains(&term) {
        return Err(Refusal::invalid("term must be 1, 12, 24, 36, 48 or 60"));
    }
    let single_use = record.flag("singleUse");
    let b_vlan = record.number("vlan").filter(|_| single_use).or(wish["bEnd"]["vlan"].as_i64());
    Ok(Order {
        name: name.to_owned(),
        rate,
        term,
        key,
        a: (a_end, grant_vlan(state, a_end, wish["aEnd"]["vlan"].as_i64(), key, now)?),
        b: (b_end, grant_vlan(state, b_end, b_vlan, key, now)?),
    })
}

/// Returns the VLAN an end gets: the one asked for, or the next free one.
fn grant_vlan(
    state: &State,
    service: usize,
    wanted: Option<i64>,
    key: usize,
    now: i64,
) -> Result<i64, Refusal> {
    let counting = VlanFilter { switches: &state.switches, keys: true, except: Some(key), now };
    let vlans = Vlans::of_service(&state.store, service, counting);
    let granted = match wanted {
        None | Some(0) => vlans.free_after(99).next(),
        Some(UNTAGGED) => Some(UNTAGGED).filter(|_| vlans.is_empty()),
        Some(vlan) if !(FIRST_VLAN..=LAST_VLAN).contains(&vlan) => {
            return Err(Refusal::invalid(format!(
                "VLAN {vlan} is not from {FIRST_VLAN} to {LAST_VLAN}"
            )));
        }
        Some(vlan) => Some(vlan).filter(|vlan| vlans.is_free(*vlan)),
    };
    granted.ok_or_else(|| {
        Refusal::invalid(vlan_taken_text(&state.store, service, wanted.unwrap_or_default()))
    })
}

/// Carries out a checked order: the VXC exists, the key is used.
pub(super) fn place_order(state: &mut State, order: &Order, now: i64) -> Value {
    let uid = new_uuid(&mut state.rng);
    let id = state.store.next_id();
    let end = |(service, vlan): (usize, i64)| End {
        uid: state.store.services[service].uid.clone(),
        vlan: Some(vlan),
        owner: None,
        name: None,
        site: None,
    };
    let plan = Vxc {
        uid: uid.clone(),
        id,
        name: order.name.clone(),
        rate: order.rate.unsigned_abs(),
        status: "DEPLOYABLE".to_owned(),
        a: end(order.a),
        b: end(order.b),
        created: When::At(now),
        ended: None,
        brief: false,
        also: serde_json::Map::new(),
        without: Vec::new(),
    };
    let pre_approved = state.store.keys[order.key].flag("preApproved");
    let document = match (state.store.end_facts(&plan.a), state.store.end_facts(&plan.b)) {
        (Some(a), Some(b)) => {
            let mut document = vxc_json(&plan, &a, &b, now);
            document["contractTermMonths"] = order.term.into();
            if !pre_approved {
                document["vxcApproval"] = json!({
                    "status": "PENDING_EXTERNAL", "message": null, "uid": uid, "type": "NEW",
                    "newSpeed": order.rate});
            }
            document
        }
        _ => Value::Null,
    };
    let circuit = state.store.add_circuit(&document, [Some(order.a.0), Some(order.b.0)]);
    if pre_approved {
        state.schedule.add(now + millis(state.provisioning), DueEvent::Provision { circuit });
    }
    let record = &mut state.store.keys[order.key];
    record.used = true;
    if !state.switches.last_used_stays_null {
        record.members.insert("lastUsed".to_owned(), now.into());
    }
    order_json(state, order, &uid, pre_approved, now)
}

/// Returns the order as the buyer sees it (reference 9.1).
fn order_json(state: &State, order: &Order, uid: &str, pre_approved: bool, now: i64) -> Value {
    let store = &state.store;
    let (a, b) = (&store.services[order.a.0], &store.services[order.b.0]);
    let (a_site, b_site) = (store.sites.get(&a.site), store.sites.get(&b.site));
    let band = a_site.zip(b_site).map(|(a, b)| distance_band(a, b));
    json!({
        "createDate": now, "vxcOrderId": store.circuits.len(),
        "payerCompanyName": store.accounts[a.company].company.name,
        "nonPayerCompanyName": store.accounts[b.company].company.name,
        "payerVlanId": order.a.1, "nonPayerVlanId": order.b.1,
        "payerInnerVlanId": null, "nonPayerInnerVlanId": null,
        "payerStatus": "APPROVED",
        "nonPayerStatus": if pre_approved { "APPROVED" } else { "PENDING" },
        "payerApproval": now, "nonPayerApproval": pre_approved.then_some(now),
        "serviceName": order.name, "speed": order.rate, "distanceBand": band,
        "orderType": "NEW", "duration": order.term, "serviceKey": store.keys[order.key].key,
        "connectType": "DEFAULT", "vxcJTechnicalServiceUid": uid, "fullyApproved": pre_approved,
        "vxc": {"productType": "VXC", "provisioningStatus": "DEPLOYABLE", "rateLimit": order.rate,
                "technicalServiceUid": uid, "vxcPermitted": true,
                "market": b_site.map(|site| site.country.clone())},
    })
}

/// Moves a VXC one step towards `LIVE`; returns whether another follows.
pub(super) fn advance_provisioning(state: &mut State, circuit: usize, now: i64) -> bool {
    let mut more = false;
    state.store.change_circuit(circuit, |document| {
        let live = document["provisioningStatus"] == "CONFIGURED";
        document["provisioningStatus"] = if live { "LIVE" } else { "CONFIGURED" }.into();
        if live {
            document["liveDate"] = now.into();
            document["up"] = true.into();
            document["resources"]["vll"]["up"] = 1.into();
        }
        more = !live;
    });
    more
}

/// Answers a pending approval (reference 9.2).
pub(super) fn answer_approval(
    state: &mut State,
    circuit: usize,
    approved: bool,
    now: i64,
) -> Result<(), Refusal> {
    let document = state.store.circuits[circuit].document.value();
    if document["vxcApproval"]["status"] != "PENDING_EXTERNAL" {
        return Err(Refusal::invalid("No approval is pending"));
    }
    state.store.change_circuit(circuit, |document| {
        document["vxcApproval"] =
            json!({"status": null, "message": null, "uid": null, "type": null, "newSpeed": null});
        if !approved {
            decommission(document, now);
        }
    });
    if approved {
        state.schedule.add(now + millis(state.provisioning), DueEvent::Provision { circuit });
    }
    Ok(())
}

/// Reduces a circuit that has ended to what the API still shows (reference 2.5).
pub(super) fn decommission(document: &mut Value, now: i64) {
    document["provisioningStatus"] = "DECOMMISSIONED".into();
    document["terminateDate"] = now.into();
    document["resources"]["vll"] = json!([]);
    for end in ["aEnd", "bEnd"] {
        for member in ["locationId", "location", "vlan"] {
            document[end][member] = Value::Null;
        }
    }
}
