//! Routes: which path and method lead to which rule.
//!
//! The numbers are those of the table in reference 0.1. A route reads the call
//! and writes the answer; the rules live in the files beside.

mod design;
mod events;
mod keys;
mod locations;
mod products;
mod telemetry;
pub(super) mod token;
mod vlan;
mod vxc;

use serde_json::json;

use crate::simulator::{
    answer::{Answer, Refusal},
    call::Call,
    state::State,
    world::EventKind,
};

/// Answers a call that needs no token, where it is one.
pub(super) fn answer_public(
    state: &State,
    call: &Call,
    now: i64,
) -> Option<Result<Answer, Refusal>> {
    match (call.method.as_str(), call.segments().as_slice()) {
        ("GET", ["v3", "locations"]) => Some(Ok(locations::list_locations(state, call))),
        ("GET", ["v2", "locations", "rtt"]) => Some(locations::list_round_trips(state, call, now)),
        ("GET", ["v2", "networkRegions"]) => Some(Ok(locations::list_regions(state))),
        _ => None,
    }
}

/// Answers a call of `company`.
pub(super) fn answer_call(
    state: &mut State,
    call: &Call,
    company: usize,
    now: i64,
) -> Result<Answer, Refusal> {
    let segments = call.segments();
    match (call.method.as_str(), segments.as_slice()) {
        ("GET", ["v2", "products"]) => Ok(products::list_products(state, call, company)),
        ("GET", ["v2", "product", uid]) => products::get_product(state, company, uid),
        ("GET", ["v2", "product", "port", uid, "vlan"]) => {
            vlan::check_vlan(state, call, company, uid, now)
        }
        ("GET", ["v2", "product", kind, uid, "telemetry"]) => {
            telemetry::list_telemetry(state, call, company, (kind, uid), now)
        }
        ("GET", ["v2", "employment"]) => Ok(employment(state, company)),
        ("GET", ["v2", "service", "key"]) => keys::list_keys(state, call, company, now),
        ("POST", ["v2", "service", "key"]) => keys::create_key(state, call, company, now),
        ("PUT", ["v2", "service", "key"]) => keys::change_key(state, call, company, now),
        ("GET", ["v2", "service", "key", "validate"]) => keys::validate_key(state, call, now),
        ("GET", ["ens", "v1", "status", "maintenance"]) => {
            events::list_events(state, call, company, EventKind::Maintenance, now)
        }
        ("GET", ["ens", "v1", "status", "outage"]) => {
            events::list_events(state, call, company, EventKind::Outage, now)
        }
        ("POST", ["v3" | "v4", "networkdesign", "buy"]) => {
            design::buy_design(state, call, company, now)
        }
        ("POST", ["v3", "networkdesign", "validate"]) => {
            design::validate_design(state, call, company, now)
        }
        ("PUT", ["v3", "product", "vxc", uid]) => vxc::change_vxc(state, call, company, uid, now),
        ("POST", ["v3", "product", uid, "action", "CANCEL_NOW"]) => {
            vxc::cancel_vxc(state, company, uid, now)
        }
        ("POST", ["v2", "product", uid, "lock"]) => {
            products::lock_product(state, company, uid, true)
        }
        ("DELETE", ["v2", "product", uid, "lock"]) => {
            products::lock_product(state, company, uid, false)
        }
        (_, known) => match allowed_methods(known) {
            [] => Err(Refusal::not_found(format!("No such path: {}", call.path))),
            methods => Ok(Answer::method_not_allowed(methods)),
        },
    }
}

/// Returns the employees of `company` (reference 9.4): only the one who created its API
/// keys.
fn employment(state: &State, company: usize) -> Answer {
    let company = &state.store.accounts[company].company;
    let user = json!({
        "companyId": company.id, "companyName": company.name, "companyUid": company.uid,
        "position": "Company Admin", "active": true,
    });
    Answer::ok("Get users of company", &json!([user]))
}

/// Returns the methods of a path that exists.
fn allowed_methods(segments: &[&str]) -> &'static [&'static str] {
    match segments {
        ["v2", "products" | "employment" | "networkRegions"]
        | ["v2", "product", _]
        | ["v2", "product", "port", _, "vlan"]
        | ["v2", "product", _, _, "telemetry"]
        | ["v3", "locations"]
        | ["v2", "locations", "rtt"]
        | ["ens", "v1", "status", "maintenance" | "outage"]
        | ["v2", "service", "key", "validate"] => &["GET"],
        // Typed paths are for PUT only (reference 0.2 and 3).
        ["v2" | "v3", "product", "megaport" | "mcr2" | "mve" | "vxc" | "ix", _] => &["PUT"],
        ["v2", "service", "key"] => &["GET", "POST", "PUT"],
        ["v2", "product", _, "lock"] => &["POST", "DELETE"],
        ["v3", "product", _, "action", _]
        | ["v3" | "v4", "networkdesign", "buy"]
        | ["v3", "networkdesign", "validate"] => &["POST"],
        _ => &[],
    }
}
