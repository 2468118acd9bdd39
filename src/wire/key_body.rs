//! The bodies that create and change a key.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::domain::{
    key_order::{KeyOrder, OrderUse},
    service_key::{KeyUse, ServiceKey, Validity},
    time::Timestamp,
    vlan::VlanTag,
};

/// Returns the body of `POST /v2/service/key`.
///
/// Booleans are always sent: if omitted, `active` becomes true. A VLAN goes with a
/// single-use key only, and a window only where there is one.
pub fn create_body(order: &KeyOrder) -> Vec<u8> {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("productUid", order.on_ramp().as_str().into());
    put("description", order.label().as_str().into());
    put("singleUse", (order.usage() != OrderUse::Multi).into());
    match order.usage() {
        OrderUse::Single(vlan) => drop(put("vlan", vlan.get().into())),
        OrderUse::Untagged => drop(put("vlan", vlan_json(VlanTag::Untagged))),
        OrderUse::Multi => {}
    }
    put("maxSpeed", order.rate().get().into());
    put("active", order.active().into());
    put("preApproved", order.pre_approved().into());
    if let Some(validity) = order.validity() {
        put("validFor", window_json(validity));
    }
    Value::Object(body).to_string().into_bytes()
}

/// A key with every field that an update sends.
///
/// The label and the promotion code are stored unchanged, since they are sent again:
/// they are not fit for a screen, and `Debug` leaves them out.
#[derive(Clone, PartialEq, Eq)]
pub struct Editable {
    /// The key; change it, then take [`Editable::body`]. Its label and its
    /// promotion code are not sent.
    pub key: ServiceKey,
    /// The label that is sent.
    pub description: Option<String>,
    /// The promotion code that is sent.
    pub promo_code: Option<String>,
}

impl Editable {
    /// Returns the body of `PUT /v2/service/key`.
    ///
    /// The vendor resets every field that an update omits, so all are sent; the on-ramp
    /// by `productUid` alone, as two identifiers of it are refused.
    pub fn body(&self) -> Vec<u8> {
        let key = &self.key;
        let (single, vlan) = match key.usage {
            KeyUse::Single(tag) => (true, vlan_json(tag)),
            KeyUse::Multi => (false, Value::Null),
        };
        let body = json!({
            "key": key.id.reveal(),
            "productUid": key.on_ramp.as_str(),
            "singleUse": single,
            "active": key.active,
            "description": self.description,
            "maxSpeed": key.rate.map(crate::domain::units::Mbps::get),
            "vlan": vlan,
            "preApproved": key.pre_approved,
            "validFor": key.validity.map_or(Value::Null, window_json),
            "promoCode": self.promo_code,
        });
        body.to_string().into_bytes()
    }
}

impl fmt::Debug for Editable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Editable").field("key", &self.key).finish_non_exhaustive()
    }
}

fn window_json(validity: Validity) -> Value {
    json!({
        "start": validity.start.map(Timestamp::as_millis),
        "end": validity.end.map(Timestamp::as_millis),
    })
}

fn vlan_json(tag: VlanTag) -> Value {
    match tag {
        VlanTag::Tagged(id) => id.get().into(),
        VlanTag::Untagged => (-1).into(),
        VlanTag::Unstated => Value::Null,
        VlanTag::Unusual(number) => number.into(),
    }
}
