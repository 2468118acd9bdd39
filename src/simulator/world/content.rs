//! The contents of a world file, as read.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::When;

/// Everything that exists when the simulator starts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// The provider first, then its customers.
    pub companies: Vec<Company>,
    /// Data centres.
    pub sites: Vec<Site>,
    /// Ports, MCRs and MVEs of every company.
    pub services: Vec<Service>,
    /// Connections between two services.
    #[serde(default)]
    pub vxcs: Vec<Vxc>,
    /// Service keys, as they were handed out.
    #[serde(default)]
    pub keys: Vec<Key>,
    /// Maintenance and outages.
    #[serde(default)]
    pub events: Vec<Event>,
}

/// A company with an account.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// Number, unique among companies.
    pub id: u64,
    /// UUID.
    pub uid: String,
    /// Name as shown.
    pub name: String,
}

/// A data centre (reference 7.1).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// The `locationId` elsewhere.
    pub id: u64,
    /// Name of the data centre.
    pub name: String,
    /// City.
    pub city: String,
    /// Metro.
    pub metro: String,
    /// Country, in the spelling products carry (`USA`, `UK`).
    pub country: String,
    /// The market, in two letters.
    pub market: String,
}

/// The kind of a service (reference 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Kind {
    /// A Port.
    #[serde(rename = "MEGAPORT")]
    Port,
    /// A Megaport Cloud Router.
    #[serde(rename = "MCR2")]
    Mcr,
    /// A Megaport Virtual Edge.
    #[serde(rename = "MVE")]
    Mve,
}

/// A Port, MCR or MVE (reference 2.3).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// UUID.
    pub uid: String,
    /// Number, unique among services and VXCs.
    pub id: u64,
    /// Name as shown.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// The owner's `id`.
    pub company: u64,
    /// The site's `id`.
    pub site: u64,
    /// Status (reference 2.7).
    #[serde(default = "live")]
    pub status: String,
    /// `portSpeed` in Mbps; none for an MVE.
    pub speed: Option<u64>,
    /// `maxVxcSpeed` in Mbps, where served.
    pub max_vxc_speed: Option<u64>,
    /// Diversity zone.
    pub zone: Option<String>,
    /// `vxcpermitted`: open for new connections.
    #[serde(default = "yes")]
    pub open: bool,
    /// Membership of a LAG.
    pub lag: Option<Lag>,
    /// The time of its order.
    pub created: When,
    /// Internet exchange connections.
    #[serde(default)]
    pub ixs: Vec<Ix>,
    /// Members of the document that are replaced.
    #[serde(default)]
    pub also: Map<String, Value>,
    /// Members of the document that are dropped.
    #[serde(default)]
    pub without: Vec<String>,
}

/// Membership of a LAG (reference 12).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lag {
    /// `lagId`.
    pub id: u64,
    /// The number all members share.
    pub aggregation: u64,
    /// Whether VXCs are attached to this member.
    pub primary: bool,
}

/// An internet exchange connection (reference 2.6).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ix {
    /// UUID.
    pub uid: String,
    /// Number.
    pub id: u64,
    /// Name as shown.
    pub name: String,
    /// Mbps.
    pub rate: u64,
    /// VLAN on the Port.
    pub vlan: i64,
    /// The company's AS number.
    pub asn: u64,
    /// The exchange, e.g. `Los Angeles IX`.
    pub exchange: String,
    /// The time of its order.
    pub created: When,
}

/// A VXC (reference 2.5).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vxc {
    /// UUID.
    pub uid: String,
    /// Number, unique among services and VXCs.
    pub id: u64,
    /// Name, chosen by who ordered.
    pub name: String,
    /// Committed rate in Mbps.
    pub rate: u64,
    /// Status (reference 2.7).
    #[serde(default = "live")]
    pub status: String,
    /// The customer's end.
    pub a: End,
    /// The provider's end.
    pub b: End,
    /// The time of its order.
    pub created: When,
    /// The time of its end.
    pub ended: Option<When>,
    /// Omits members the reference marks as possibly absent.
    #[serde(default)]
    pub brief: bool,
    /// Members of the document that are replaced.
    #[serde(default)]
    pub also: Map<String, Value>,
    /// Members of the document that are dropped.
    #[serde(default)]
    pub without: Vec<String>,
}

/// An end of a VXC.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// The service's UUID.
    pub uid: String,
    /// VLAN; `-1` untagged.
    pub vlan: Option<i64>,
    /// The owning company's UUID, for a service outside this world.
    pub owner: Option<String>,
    /// The service's name, for a service outside this world.
    pub name: Option<String>,
    /// The site's `id`, for a service outside this world.
    pub site: Option<u64>,
}

/// A service key (reference 4.1).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The key, a UUID.
    pub key: String,
    /// The on-ramp's UUID.
    pub service: String,
    /// Label.
    pub description: Option<String>,
    /// Whether it allows one connection only.
    pub single_use: bool,
    /// VLAN of a single-use key; `-1` untagged.
    pub vlan: Option<i64>,
    /// Mbps.
    pub max_speed: u64,
    /// Enabled.
    #[serde(default = "yes")]
    pub active: bool,
    /// Accept without asking.
    pub pre_approved: Option<bool>,
    /// Start of validity.
    pub valid_from: Option<When>,
    /// End of validity.
    pub valid_until: Option<When>,
    /// The time of its creation.
    pub created: When,
    /// The time it was redeemed.
    pub last_used: Option<When>,
}

/// The kind of an event (reference 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Work.
    Maintenance,
    /// Something that broke.
    Outage,
}

/// An event of the provider's (reference 8). Its state follows from the time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Number, as in `CSS-4821`.
    pub id: String,
    /// Its kind.
    pub kind: EventKind,
    /// Its begin; an outage is not announced before.
    pub start: When,
    /// Its end.
    pub end: When,
    /// Its purpose, or the thing that broke.
    pub purpose: String,
    /// The effect that customers may notice.
    #[serde(default)]
    pub impact: String,
    /// Whether the work could not wait.
    #[serde(default)]
    pub emergency: bool,
    /// The reason why the maintenance was cancelled, if it was.
    pub cancelled: Option<String>,
    /// Short ids of services.
    #[serde(default)]
    pub services: Vec<String>,
    /// The notices published during an outage.
    #[serde(default)]
    pub notices: Vec<String>,
}

fn live() -> String {
    "LIVE".to_owned()
}

const fn yes() -> bool {
    true
}
