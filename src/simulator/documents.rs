//! Documents: the vendor's JSON for what a world names in short.
//!
//! Reference 2.3 to 2.6, with each field in the JSON type given there. This is
//! the simulator's own reading of the reference: it must never share code with
//! the client's.

use serde_json::{Map, Value, json};

use crate::simulator::world::{Company, Ix, Kind, Service, Site, Vxc, When};

const DAY: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// A document, stored as its text: a tenth of the memory of a tree, and ready to serve.
#[derive(Debug, Clone)]
pub(super) struct Document(Box<str>);

impl Document {
    /// Stores `value`.
    pub(super) fn new(value: &Value) -> Self {
        Self(value.to_string().into_boxed_str())
    }

    /// Returns the JSON text.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Returns the tree, for a rule to inspect.
    pub(super) fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

/// An end of a VXC, with the facts a document has about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct EndFacts<'a> {
    pub(super) owner_uid: &'a str,
    pub(super) uid: &'a str,
    pub(super) name: &'a str,
    pub(super) site: &'a Site,
    pub(super) vlan: Option<i64>,
}

/// Returns a service without its VXCs (reference 2.3).
pub(super) fn service_json(plan: &Service, owner: &Company, site: &Site, start: i64) -> Value {
    let created = plan.created.resolve(start);
    let is_live = matches!(plan.status.as_str(), "LIVE" | "CANCELLED" | "CANCELLED_PARENT");
    let ixs: Vec<Value> = plan.ixs.iter().map(|plan| ix_json(plan, site, start)).collect();
    let permitted = if plan.kind == Kind::Port { "vxcpermitted" } else { "vxcPermitted" };
    let mut document = json!({
        "productId": plan.id, "productUid": plan.uid, "productName": plan.name,
        "productType": product_type(plan.kind), "provisioningStatus": plan.status,
        "createDate": created, "createdBy": owner.uid,
        "liveDate": is_live.then_some(created + 2 * DAY), "terminateDate": null,
        "portSpeed": plan.speed, "market": site.market,
        "locationId": site.id, "location": site.name, "locationDetail": location_detail(site),
        "costCentre": null, "usageAlgorithm": "NOT_POST_PAID", "marketplaceVisibility": false,
        permitted: plan.open, "vxcAutoApproval": false, "secondaryName": null,
        "lagPrimary": plan.lag.is_some_and(|lag| lag.primary),
        "lagId": plan.lag.map(|lag| lag.id), "aggregationId": plan.lag.map(|lag| lag.aggregation),
        "companyUid": owner.uid, "companyName": owner.name,
        "contractStartDate": created + 2 * DAY, "contractEndDate": created + 367 * DAY,
        "contractTermMonths": 12, "associatedIxs": ixs, "attributeTags": {},
        "virtual": plan.kind == Kind::Mcr, "buyoutPort": false,
        "locked": false, "adminLocked": false, "cancelable": true,
        "connectType": connect_type(plan.kind), "resources": resources_json(plan),
    });
    if let Some(speed) = plan.max_vxc_speed {
        document["maxVxcSpeed"] = speed.into();
    }
    if let Some(zone) = &plan.zone {
        document["diversityZone"] = zone.as_str().into();
    }
    match plan.kind {
        Kind::Port => {}
        Kind::Mcr => document["up"] = true.into(),
        Kind::Mve => {
            document["up"] = true.into();
            document["vendor"] = "PALO_ALTO".into();
            document["mveSize"] = "MEDIUM".into();
            document["mveLabel"] = "MVE 4/16".into();
            document["vnics"] = json!([{"vlan": 0, "description": "Data Plane"}]);
        }
    }
    apply_overrides(&mut document, &plan.also, &plan.without, start);
    document
}

/// Returns a VXC (reference 2.5).
pub(super) fn vxc_json(plan: &Vxc, a: &EndFacts<'_>, b: &EndFacts<'_>, start: i64) -> Value {
    let created = plan.created.resolve(start);
    let ended = plan.ended.map(|when| when.resolve(start));
    let gone = plan.status == "DECOMMISSIONED";
    let building = matches!(plan.status.as_str(), "DEPLOYABLE" | "CONFIGURED" | "DESIGN");
    let mut document = json!({
        "productId": plan.id, "productUid": plan.uid, "nServiceId": plan.id % 100_000,
        "productName": plan.name, "productType": "VXC", "provisioningStatus": plan.status,
        "rateLimit": plan.rate, "distanceBand": distance_band(a.site, b.site),
        "aEnd": end_json(a, gone), "bEnd": end_json(b, gone), "createDate": created,
        "liveDate": (!building).then_some(created + 2 * MINUTE_MS),
    });
    if !plan.brief {
        let more = json!({
            "maximumRate": plan.rate, "secondaryName": null, "createdBy": null,
            "usageAlgorithm": "POST_PAID_HOURLY_SPEED_METRO_VXC",
            "resources": {"vll": if gone { json!([]) } else { vll_json(plan, a, b, !building) }},
            "vxcApproval": {"status": null, "message": null, "uid": null, "type": null,
                            "newSpeed": null},
            "contractStartDate": null, "contractEndDate": null, "contractTermMonths": 1,
            "locked": false, "adminLocked": false, "attributeTags": {},
            "up": !building && !gone, "shutdown": false, "cancelable": true,
        });
        merge_json(&mut document, more);
    }
    if let Some(ended) = ended {
        document["terminateDate"] = ended.into();
    }
    apply_overrides(&mut document, &plan.also, &plan.without, start);
    document
}

fn vll_json(plan: &Vxc, a: &EndFacts<'_>, b: &EndFacts<'_>, up: bool) -> Value {
    json!({"a_vlan": a.vlan, "b_vlan": b.vlan, "description": "vll", "id": plan.id + 20_000,
           "name": "vll", "rate_limit_mbps": plan.rate, "resource_name": "vll",
           "resource_type": "vll", "shutdown": false, "up": i32::from(up)})
}

/// Builds one end; after decommissioning place and VLAN are `null` (reference 2.5).
fn end_json(facts: &EndFacts<'_>, gone: bool) -> Value {
    let mut document = json!({
        "ownerUid": facts.owner_uid, "productUid": facts.uid, "productName": facts.name,
        "locationId": facts.site.id, "location": facts.site.name,
        "locationDetail": location_detail(facts.site),
        "vlan": facts.vlan, "innerVlan": null, "secondaryName": null,
    });
    if gone {
        for member in ["locationId", "location", "vlan"] {
            document[member] = Value::Null;
        }
    }
    document
}

fn ix_json(plan: &Ix, site: &Site, start: i64) -> Value {
    let created = plan.created.resolve(start);
    json!({
        "productId": plan.id, "productUid": plan.uid, "productName": plan.name,
        "provisioningStatus": "LIVE", "rateLimit": plan.rate, "vlan": plan.vlan, "asn": plan.asn,
        "macAddress": "02:00:5e:10:00:01", "networkServiceType": plan.exchange,
        "locationDetail": location_detail(site), "term": 1, "createDate": created,
        "deployDate": created + 2 * MINUTE_MS, "secondaryName": null, "attributeTags": {},
        "usageAlgorithm": "POST_PAID_HOURLY_SPEED_IX", "publicGraph": false, "resources": {},
    })
}

/// Builds `locationDetail` of a site.
pub(super) fn location_detail(site: &Site) -> Value {
    json!({"name": site.name, "city": site.city, "metro": site.metro, "country": site.country})
}

/// Returns the distance between two sites, in the vendor's bands.
pub(super) fn distance_band(a: &Site, b: &Site) -> &'static str {
    if a.id == b.id {
        "DATA_CENTRE"
    } else if a.metro == b.metro {
        "METRO"
    } else if a.country == b.country {
        "ZONE"
    } else {
        "INTERZONE"
    }
}

fn resources_json(plan: &Service) -> Value {
    let interface = |speed: u64| {
        json!({"demarcation": format!("Rack {} U12", plan.id % 40 + 1), "description": "",
               "id": plan.id + 50_000, "loa_template": "megaport", "media": "LR",
               "name": format!("Ethernet1/{}", plan.id % 32 + 1), "port_speed": speed,
               "resource_name": "interface", "resource_type": "interface", "up": 1})
    };
    match plan.kind {
        Kind::Port => json!({"interface": interface(plan.speed.unwrap_or(10_000))}),
        Kind::Mcr => json!({"virtual_router": {
            "id": plan.id + 60_000, "mcrAsn": 133_937, "name": plan.name,
            "speed": plan.speed, "resource_name": "virtual_router",
            "resource_type": "virtual_router"}}),
        // For an MVE the interface is the host's (reference 2.4).
        Kind::Mve => json!({"interface": interface(40_000), "virtual_machine": [{
            "id": plan.id + 70_000, "cpu_count": 4, "up": true, "resource_type": "virtual_machine",
            "image": {"id": 88, "vendor": "Palo Alto", "product": "VM-Series",
                      "version": "11.1.0"},
            "vnics": [{"vlan": 0, "description": "Data Plane"}]}]}),
    }
}

/// Returns the vendor's name for a kind (reference 2.2).
pub(super) const fn product_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Port => "MEGAPORT",
        Kind::Mcr => "MCR2",
        Kind::Mve => "MVE",
    }
}

const fn connect_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Port => "DEFAULT",
        Kind::Mcr => "VROUTER",
        Kind::Mve => "MVE",
    }
}

fn merge_json(document: &mut Value, more: Value) {
    if let (Value::Object(document), Value::Object(more)) = (document, more) {
        document.extend(more);
    }
}

fn apply_overrides(
    document: &mut Value,
    also: &Map<String, Value>,
    without: &[String],
    start: i64,
) {
    let Value::Object(members) = document else { return };
    for (name, value) in also {
        let mut value = value.clone();
        resolve_dates(name, &mut value, start);
        members.insert(name.clone(), value);
    }
    for name in without {
        members.remove(name);
    }
}

/// Replaces relative times such as `-30d` by real ones.
fn resolve_dates(name: &str, value: &mut Value, start: i64) {
    match value {
        Value::String(text) if name.ends_with("Date") || name == "start" || name == "end" => {
            if let Some(when) = When::parse(text) {
                *value = when.resolve(start).into();
            }
        }
        Value::Object(members) => {
            members.iter_mut().for_each(|(name, value)| resolve_dates(name, value, start));
        }
        Value::Array(values) => values.iter_mut().for_each(|v| resolve_dates(name, v, start)),
        _ => {}
    }
}
