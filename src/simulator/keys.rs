//! Keys: the rules for creating and changing a service key.
//!
//! Reference 4.3 to 4.5 and 4.7. There is no way to delete one.

use serde_json::{Map, Value, json};

use crate::simulator::{
    answer::Refusal,
    clock::millis,
    key_json::{identity_members, merge_members},
    schedule::DueEvent,
    state::State,
    store::{KeyRecord, Store},
    switches::Switches,
    tokens::new_uuid,
    vlans::{FIRST_VLAN, LAST_VLAN, UNTAGGED, VlanFilter, Vlans},
};

/// Creates a key of `company` and returns its index.
pub(super) fn create_key(
    state: &mut State,
    company: usize,
    body: &Value,
    now: i64,
) -> Result<usize, Refusal> {
    let body = body.as_object().ok_or_else(|| Refusal::invalid("An object is expected"))?;
    let service = service_of_body(&state.store, company, body)?;
    let single_use =
        read_bool(body, "singleUse")?.ok_or_else(|| Refusal::invalid("singleUse is required"))?;
    let vlan = read_integer(body, "vlan")?;
    if vlan.is_some() && !single_use && !state.switches.multi_use_keys_take_vlans {
        return Err(Refusal::invalid("vlan is for single-use keys only"));
    }
    let active = read_bool(body, "active")?.unwrap_or(true);
    let wish = RequestedKey { single_use, vlan, active };
    let members = editable_members(state, service, body, &wish)?;
    check_accepts_vxcs(&state.store.services[service].document.value(), &state.switches)?;
    check_vlan(state, service, vlan, None, now)?;

    let key = new_uuid(&mut state.rng);
    let owner = &state.store.accounts[company].company;
    let mut record = KeyRecord {
        members: identity_members(&key, &state.store.services[service], owner, now),
        key: key.clone(),
        company,
        service,
        listed_from: now.saturating_add_unsigned(state.switches.list_lag_ms),
        used: false,
        before: None,
    };
    merge_members(&mut record.members, members);
    if let Some(after) = state.customer_after.filter(|_| company == 0) {
        state.schedule.add(now + millis(after), DueEvent::Redeem { key });
    }
    Ok(state.store.add_key(record))
}

/// Changes a key of `company`: fields that the body omits are reset (reference 4.5).
pub(super) fn change_key(
    state: &mut State,
    company: usize,
    body: &Value,
    now: i64,
) -> Result<usize, Refusal> {
    let body = body.as_object().ok_or_else(|| Refusal::invalid("An object is expected"))?;
    let key = read_text(body, "key")?.ok_or_else(|| Refusal::invalid("key is required"))?;
    let index = Some(key.as_str())
        .filter(|key| key.len() > 8)
        .and_then(|key| state.store.find_key(key))
        .ok_or_else(|| Refusal::not_found(format!("Service key [{key}] not found")))?;
    let record = &state.store.keys[index];
    if record.company != company {
        return Err(Refusal::forbidden("The service key belongs to another company"));
    }
    let service = service_of_body(&state.store, company, body)?;
    let moves = service != record.service;
    if moves && !state.switches.keys_can_move {
        return Err(Refusal::invalid("A service key cannot move to another service"));
    }
    let single_use = read_bool(body, "singleUse")?.unwrap_or_default();
    // Turning single-use off clears the VLAN (reference 4.5).
    let takes_vlan = single_use || state.switches.multi_use_keys_take_vlans;
    let vlan = read_integer(body, "vlan")?.filter(|_| takes_vlan);
    let active = read_bool(body, "active")?.unwrap_or_default();
    // Disabling a key must work even if another one has its VLAN meanwhile.
    let same = record.number("vlan") == vlan;
    let at_rest = record.is_spent() || (same && !active && !moves);
    let members =
        editable_members(state, service, body, &RequestedKey { single_use, vlan, active })?;
    if !at_rest {
        check_vlan(state, service, vlan, Some(index), now)?;
    }
    let lag = state.switches.change_lag_ms;
    let record = &mut state.store.keys[index];
    if lag > 0 {
        record.before = Some((record.members.clone(), now.saturating_add_unsigned(lag)));
    }
    merge_members(&mut record.members, members);
    if moves {
        state.store.move_key(index, service);
    }
    Ok(index)
}

struct RequestedKey {
    single_use: bool,
    vlan: Option<i64>,
    active: bool,
}

/// Returns the members a POST or PUT sets, all of them.
fn editable_members(
    state: &State,
    service: usize,
    body: &Map<String, Value>,
    wish: &RequestedKey,
) -> Result<Value, Refusal> {
    let top = max_key_speed(&state.store.services[service].document.value());
    // The vendor's own tools send 0 for an unspecified speed (reference 4.1).
    let speed = read_integer(body, "maxSpeed")?.filter(|speed| *speed != 0).unwrap_or(top);
    if !(1..=top).contains(&speed) {
        return Err(Refusal::invalid(format!("maxSpeed must be from 1 to {top}")));
    }
    if let Some(vlan) = wish.vlan
        && vlan != UNTAGGED
        && !(FIRST_VLAN..=LAST_VLAN).contains(&vlan)
    {
        return Err(Refusal::invalid(format!(
            "VLAN {vlan} is not from {FIRST_VLAN} to {LAST_VLAN}"
        )));
    }
    let description = read_text(body, "description")?.filter(|_| state.switches.keep_description);
    Ok(json!({
        "description": description, "vlan": wish.vlan, "maxSpeed": speed,
        "preApproved": read_bool(body, "preApproved")?, "singleUse": wish.single_use,
        "active": wish.active, "validFor": read_validity(body)?, "promoCode": read_text(body, "promoCode")?,
    }))
}

/// Returns the on-ramp named by `productUid` or `productId`, but not both.
fn service_of_body(
    store: &Store,
    company: usize,
    body: &Map<String, Value>,
) -> Result<usize, Refusal> {
    let name = match (read_text(body, "productUid")?, read_integer(body, "productId")?) {
        (Some(uid), None) => uid,
        (None, Some(id)) => id.to_string(),
        _ => return Err(Refusal::invalid("One of productUid and productId is required")),
    };
    let service = store
        .find_service_by_id_or_uid(&name)
        .ok_or_else(|| Refusal::invalid(format!("Could not find a service with UID {name}")))?;
    if store.services[service].company != company {
        return Err(Refusal::forbidden("The service belongs to another company"));
    }
    Ok(service)
}

/// Returns whether a new connection may attach (reference 4.4 and 12).
pub(super) fn check_accepts_vxcs(document: &Value, switches: &Switches) -> Result<(), Refusal> {
    let is = |name: &str| document[name].as_bool();
    let open = is("vxcpermitted").or_else(|| is("vxcPermitted")).unwrap_or(true);
    let status = document["provisioningStatus"].as_str().unwrap_or_default();
    if !open {
        return Err(Refusal::invalid("The service does not permit new connections"));
    }
    let is_port = document["productType"] == "MEGAPORT";
    let locked = is("locked") == Some(true) && !(is_port && switches.locked_ports_take_vxcs);
    if locked || is("adminLocked") == Some(true) {
        return Err(Refusal::invalid("The service is locked"));
    }
    if !matches!(status, "LIVE" | "CONFIGURED") {
        return Err(Refusal::invalid(format!("The service is {status}")));
    }
    Ok(())
}

fn check_vlan(
    state: &State,
    service: usize,
    vlan: Option<i64>,
    except: Option<usize>,
    now: i64,
) -> Result<(), Refusal> {
    let Some(vlan) = vlan.filter(|_| state.switches.enforce_vlan) else { return Ok(()) };
    let counting = VlanFilter { switches: &state.switches, keys: true, except, now };
    let vlans = Vlans::of_service(&state.store, service, counting);
    let free = if vlan == UNTAGGED { vlans.is_empty() } else { vlans.is_free(vlan) };
    if free {
        return Ok(());
    }
    Err(Refusal::invalid(vlan_taken_text(&state.store, service, vlan)))
}

/// Returns the vendor's words for a VLAN that is taken (reference 10.1).
pub(super) fn vlan_taken_text(store: &Store, service: usize, vlan: i64) -> String {
    let service = &store.services[service];
    let kind = super::documents::product_type(service.kind);
    format!("VLAN {vlan} not available on {kind} service {}", service.id)
}

/// Returns the fastest connection a key for this service may offer, in Mbps.
pub(super) fn max_key_speed(document: &Value) -> i64 {
    let speed = |name: &str| document[name].as_i64();
    speed("portSpeed").or_else(|| speed("maxVxcSpeed")).unwrap_or(10_000)
}

fn read_validity(body: &Map<String, Value>) -> Result<Value, Refusal> {
    let window = match body.get("validFor") {
        None | Some(Value::Null) => return Ok(Value::Null),
        Some(Value::Object(window)) => window,
        Some(_) => return Err(Refusal::invalid("validFor must be an object")),
    };
    let (start, end) = (read_integer(window, "start")?, read_integer(window, "end")?);
    if let (Some(start), Some(end)) = (start, end)
        && end <= start
    {
        return Err(Refusal::invalid("validFor.end must be after validFor.start"));
    }
    Ok(json!({"start": start, "end": end}))
}

fn read_bool(body: &Map<String, Value>, name: &str) -> Result<Option<bool>, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(_) => Err(Refusal::invalid(format!("{name} must be true or false"))),
    }
}

fn read_text(body: &Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(value)) => Ok(Some(value.clone())),
        Some(_) => Err(Refusal::invalid(format!("{name} must be text"))),
    }
}

/// Returns a whole number; text that reads as one is accepted (reference 0.2).
pub(super) fn read_integer(body: &Map<String, Value>, name: &str) -> Result<Option<i64>, Refusal> {
    let number = match body.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(value)) => value.parse().ok(),
        Some(value) => value.as_i64(),
    };
    number.map(Some).ok_or_else(|| Refusal::invalid(format!("{name} must be a whole number")))
}
