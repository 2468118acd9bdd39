//! The members of a service key's document.
//!
//! Reference 4.1. Writes facts; decides nothing.

use serde_json::{Map, Value, json};

use crate::simulator::{
    store::Service,
    world::{Company, Key},
};

/// Returns the members of a key in a world file.
pub(super) fn members_from_plan(
    plan: &Key,
    service: &Service,
    owner: &Company,
    start: i64,
) -> Map<String, Value> {
    let resolve = |when: &super::world::When| when.resolve(start);
    let valid_for = (plan.valid_from.is_some() || plan.valid_until.is_some()).then(|| {
        json!({"start": plan.valid_from.as_ref().map_or(plan.created.resolve(start), resolve),
               "end": plan.valid_until.as_ref().map(resolve)})
    });
    let mut members = identity_members(&plan.key, service, owner, plan.created.resolve(start));
    merge_members(
        &mut members,
        json!({
            "description": plan.description, "vlan": plan.vlan, "maxSpeed": plan.max_speed,
            "preApproved": plan.pre_approved, "singleUse": plan.single_use,
            "lastUsed": plan.last_used.as_ref().map(resolve), "active": plan.active,
            "validFor": valid_for, "promoCode": null,
        }),
    );
    members
}

/// Returns the members of a key that never change.
pub(super) fn identity_members(
    key: &str,
    service: &Service,
    owner: &Company,
    created: i64,
) -> Map<String, Value> {
    let mut members = Map::new();
    merge_members(
        &mut members,
        json!({
            "key": key, "createDate": created, "lastUsed": null,
            "companyId": owner.id, "companyUid": owner.uid, "companyName": owner.name,
        }),
    );
    merge_members(&mut members, product(service));
    members
}

/// Returns the members that name the service of a key.
pub(super) fn product(service: &Service) -> Value {
    json!({"productId": service.id, "productUid": service.uid, "productName": service.name})
}

/// Sets several members at once.
pub(super) fn merge_members(members: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        members.extend(more);
    }
}
