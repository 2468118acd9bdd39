//! Key faces: how a service key reads in a list and in a reply.
//!
//! Reference 4.1. Writes what is so; decides nothing.

use serde_json::{Map, Value, json};

use super::answer::with_member;
use super::store::{KeyRecord, Service, Store};
use super::world::{Company, Key};

/// The members of a key that stands in a world file.
pub(super) fn planned(
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
    let mut members = identity(&plan.key, service, owner, plan.created.resolve(start));
    set(
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

/// The members of a key that never change.
pub(super) fn identity(
    key: &str,
    service: &Service,
    owner: &Company,
    created: i64,
) -> Map<String, Value> {
    let mut members = Map::new();
    set(
        &mut members,
        json!({
            "key": key, "createDate": created, "lastUsed": null,
            "companyId": owner.id, "companyUid": owner.uid, "companyName": owner.name,
            "productId": service.id, "productUid": service.uid, "productName": service.name,
        }),
    );
    members
}

/// Sets several members at once.
pub(super) fn set(members: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        members.extend(more);
    }
}

impl KeyRecord {
    /// Whether the key's time is over.
    pub(super) fn expired(&self, now: i64) -> bool {
        self.window("end").is_some_and(|end| now >= end)
    }

    /// Whether a single-use key has been used.
    pub(super) fn spent(&self) -> bool {
        self.flag("singleUse") && self.members.get("lastUsed").is_some_and(Value::is_i64)
    }

    /// Whether the key may be redeemed now, and if not, why.
    pub(super) fn objection(&self, now: i64) -> Option<&'static str> {
        if !self.flag("active") {
            Some("is not active")
        } else if self.expired(now) {
            Some("has expired")
        } else if self.window("start").is_some_and(|start| now < start) {
            Some("is not yet valid")
        } else if self.spent() {
            Some("has been used")
        } else {
            None
        }
    }

    /// A member that is true.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.members.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// A member that is a whole number.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.members.get(name).and_then(Value::as_i64)
    }

    fn window(&self, name: &str) -> Option<i64> {
        self.members.get("validFor")?.get(name)?.as_i64()
    }

    /// The key as reads show it, which may lag behind a change.
    pub(super) fn read(&self, now: i64) -> Value {
        match &self.before {
            Some((members, until)) if now < *until => self.face_of(members, now),
            _ => self.face(now),
        }
    }

    /// The key as it is.
    pub(super) fn face(&self, now: i64) -> Value {
        self.face_of(&self.members, now)
    }

    fn face_of(&self, members: &Map<String, Value>, now: i64) -> Value {
        let mut members = members.clone();
        members.insert("expired".to_owned(), self.expired(now).into());
        members.insert("valid".to_owned(), self.objection(now).is_none().into());
        Value::Object(members)
    }
}

impl Store {
    /// A key with its `productDto`, as writes answer.
    pub(super) fn key_with_product(&self, index: usize, now: i64) -> String {
        self.with_product(index, &self.keys[index].face(now))
    }

    /// The same as lookups answer.
    pub(super) fn read_with_product(&self, index: usize, now: i64) -> String {
        self.with_product(index, &self.keys[index].read(now))
    }

    fn with_product(&self, index: usize, face: &Value) -> String {
        let product = self.service_text(self.keys[index].service);
        with_member(&face.to_string(), "productDto", &product)
    }
}
