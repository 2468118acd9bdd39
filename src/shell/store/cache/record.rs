//! The JSON of the cache, and how it becomes domain values.
//!
//! Only what the screen shows is in it. A change of meaning gets another schema number, and
//! a file with another number is not read.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::{
    country::Country,
    event::{Event, Kind as EventKind, ShortId, State},
    id::{CompanyId, ConnectionId, OnRampId},
    lag::Lag,
    link::Link,
    location::{Location, LocationStatus, OnSale},
    on_ramp::{AsOf, Group, Kind, Member, OnRamp, Service},
    place::{LocationId, MetroName, PlaceFrom, Site, Zone},
    snapshot::Snapshot,
    status::Status,
    text::SafeText,
    time::Timestamp,
    units::Mbps,
    vlan::VlanTag,
    vxc::{End, Ix, Vxc},
};

/// Text of the file itself, where it has no escapes.
type Text<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
struct Lists<'a> {
    read_at: i64,
    #[serde(borrow)]
    on_ramps: Vec<OnRampRecord<'a>>,
    #[serde(borrow)]
    locations: Option<(Vec<LocationRecord<'a>>, i64)>,
    #[serde(borrow)]
    events: Option<(Vec<EventRecord<'a>>, i64)>,
}

#[expect(clippy::struct_excessive_bools, reason = "a record of the file, not a state")]
#[derive(Serialize, Deserialize)]
struct OnRampRecord<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    kind: KindRecord,
    #[serde(borrow)]
    status: Text<'a>,
    location: Option<i64>,
    #[serde(borrow)]
    site: Text<'a>,
    #[serde(borrow)]
    metro: Text<'a>,
    #[serde(borrow)]
    country: Text<'a>,
    #[serde(borrow)]
    zone: Text<'a>,
    zone_from_before: bool,
    place_from_list: bool,
    speed: Option<u32>,
    max_vxc: Option<u32>,
    permits: Option<bool>,
    auto: Option<bool>,
    locked: bool,
    admin_locked: bool,
    flags_unread: bool,
    up: Option<bool>,
    lag: Option<LagRecord>,
    #[serde(borrow)]
    vxcs: Vec<VxcRecord<'a>>,
    #[serde(borrow)]
    ixs: Vec<IxRecord<'a>>,
    unread: u32,
    created: Option<i64>,
    terminates: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KindRecord {
    Port,
    Mcr,
    Mve,
}

#[derive(Serialize, Deserialize)]
struct LagRecord {
    group: i64,
    /// Whether `group` is a `lagId`.
    by_lag_id: bool,
    primary: bool,
    members: Vec<MemberRecord>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ServiceRecord {
    Now,
    WhenBuilt,
    Never,
}

/// A member of a LAG. The disagreement of records is computed again.
#[derive(Serialize, Deserialize)]
struct MemberRecord {
    id: String,
    speed: Option<u32>,
    service: ServiceRecord,
    locked: bool,
    admin_locked: bool,
    flags_unread: bool,
    permits: Option<bool>,
    unread: u32,
}

#[derive(Serialize, Deserialize)]
struct VxcRecord<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    status: Text<'a>,
    rate: Option<u32>,
    vlan: Option<i64>,
    #[serde(borrow)]
    customer: Option<Text<'a>>,
    #[serde(borrow)]
    far_end: Text<'a>,
    created: Option<i64>,
    waits: bool,
    /// Whether our end is its A-End.
    leaves: bool,
    up: Option<bool>,
    shut_down: bool,
}

#[derive(Serialize, Deserialize)]
struct IxRecord<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    status: Text<'a>,
    rate: Option<u32>,
    vlan: Option<i64>,
}

/// A data centre, without its message and what is on sale: nothing shows them.
#[derive(Serialize, Deserialize)]
struct LocationRecord<'a> {
    id: i64,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    metro: Text<'a>,
    #[serde(borrow)]
    operator: Text<'a>,
    #[serde(borrow)]
    address: Text<'a>,
    #[serde(borrow)]
    country: Text<'a>,
    /// `None` where it is open.
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    zones: Vec<OnSaleRecord<'a>>,
}

#[derive(Serialize, Deserialize)]
struct OnSaleRecord<'a> {
    #[serde(borrow)]
    zone: Text<'a>,
    ports: Vec<u32>,
    mcrs: Vec<u32>,
    mves: Option<bool>,
}

/// An event, without its impact and the last notice: nothing shows them.
#[derive(Serialize, Deserialize)]
struct EventRecord<'a> {
    #[serde(borrow)]
    number: Text<'a>,
    kind: EventKindRecord,
    #[serde(borrow)]
    state: StateRecord<'a>,
    from: Option<i64>,
    until: Option<i64>,
    #[serde(borrow)]
    purpose: Text<'a>,
    services: Vec<String>,
    unread: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EventKindRecord {
    Outage,
    EmergencyWork,
    PlannedWork,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StateRecord<'a> {
    Now,
    Scheduled,
    Over,
    #[serde(borrow)]
    Other(Text<'a>),
}

/// Returns the JSON of a snapshot.
pub(super) fn write(snapshot: &Snapshot) -> String {
    let lists = Lists {
        read_at: snapshot.read_at.as_millis(),
        on_ramps: snapshot.on_ramps.iter().map(OnRampRecord::new).collect(),
        locations: snapshot
            .locations
            .as_ref()
            .map(|(all, at)| (all.iter().map(LocationRecord::new).collect(), at.as_millis())),
        events: snapshot
            .events
            .as_ref()
            .map(|(all, at)| (all.iter().map(EventRecord::new).collect(), at.as_millis())),
    };
    // Strings and numbers only: it cannot fail, and an empty text is no cache.
    serde_json::to_string(&lists).unwrap_or_default()
}

/// Reads a snapshot; `None` if it is not ours. A file with a valid checksum was written
/// whole: one unreadable entry invalidates all.
pub(super) fn read(json: &str) -> Option<Snapshot> {
    let lists: Lists<'_> = serde_json::from_str(json).ok()?;
    let moment = Timestamp::from_millis;
    let locations = lists.locations.map(|(all, at)| {
        let all = all.into_iter().map(LocationRecord::location).collect();
        (all, moment(at))
    });
    let events = match lists.events {
        Some((all, at)) => {
            let all: Option<_> = all.into_iter().map(EventRecord::event).collect();
            Some((all?, moment(at)))
        }
        None => None,
    };
    let on_ramps: Option<_> = lists.on_ramps.into_iter().map(OnRampRecord::on_ramp).collect();
    Some(Snapshot { on_ramps: on_ramps?, read_at: moment(lists.read_at), locations, events })
}

fn text(text: &SafeText) -> Text<'_> {
    Cow::Borrowed(text.as_str())
}

fn clean(text: &str) -> SafeText {
    SafeText::clean(text)
}

fn rate(rate: Option<Mbps>) -> Option<u32> {
    rate.map(Mbps::get)
}

fn millis(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_millis)
}

/// Returns the vendor's word, empty where it gave none.
fn word(status: &Status) -> Text<'_> {
    match status {
        Status::Other(word) => text(word),
        known => Cow::Borrowed(known.word()),
    }
}

fn country(country: Option<&Country>) -> Text<'_> {
    Cow::Borrowed(country.map_or("", Country::name))
}

impl<'a> OnRampRecord<'a> {
    fn new(on_ramp: &'a OnRamp) -> Self {
        let site = &on_ramp.site;
        Self {
            id: Cow::Borrowed(on_ramp.id.as_str()),
            name: text(&on_ramp.name),
            kind: match on_ramp.kind {
                Kind::Port => KindRecord::Port,
                Kind::Mcr => KindRecord::Mcr,
                Kind::Mve => KindRecord::Mve,
            },
            status: word(&on_ramp.status),
            location: site.id.map(|id| id.0),
            site: text(&site.name),
            metro: Cow::Borrowed(site.metro.as_str()),
            country: country(site.country.as_ref()),
            zone: zone_text(&on_ramp.zone),
            place_from_list: site.from == PlaceFrom::Locations,
            zone_from_before: on_ramp.zone_as_of == AsOf::Before,
            speed: rate(on_ramp.speed),
            max_vxc: rate(on_ramp.stated_max_vxc),
            permits: on_ramp.permits_vxcs,
            auto: on_ramp.auto_approval,
            locked: on_ramp.locked,
            admin_locked: on_ramp.admin_locked,
            flags_unread: on_ramp.flags_unread,
            up: on_ramp.link.is_up(),
            lag: on_ramp.lag.as_ref().map(LagRecord::new),
            vxcs: on_ramp.vxcs.iter().map(VxcRecord::new).collect(),
            ixs: on_ramp.ixs.iter().map(IxRecord::new).collect(),
            unread: on_ramp.unread,
            created: millis(on_ramp.created),
            terminates: millis(on_ramp.terminates),
        }
    }

    fn on_ramp(self) -> Option<OnRamp> {
        let lag = match self.lag {
            Some(lag) => Some(lag.lag()?),
            None => None,
        };
        let vxcs: Option<_> = self.vxcs.into_iter().map(VxcRecord::vxc).collect();
        let ixs: Option<_> = self.ixs.into_iter().map(IxRecord::ix).collect();
        Some(OnRamp {
            id: OnRampId::new(&self.id).ok()?,
            name: clean(&self.name),
            kind: match self.kind {
                KindRecord::Port => Kind::Port,
                KindRecord::Mcr => Kind::Mcr,
                KindRecord::Mve => Kind::Mve,
            },
            status: Status::parse(&self.status),
            site: Site {
                id: self.location.map(LocationId),
                name: clean(&self.site),
                metro: MetroName::parse(&self.metro),
                country: Country::parse(&self.country),
                from: if self.place_from_list { PlaceFrom::Locations } else { PlaceFrom::Record },
            },
            zone: Zone::parse(&self.zone),
            zone_as_of: if self.zone_from_before { AsOf::Before } else { AsOf::Now },
            speed: self.speed.map(Mbps::new),
            stated_max_vxc: self.max_vxc.map(Mbps::new),
            permits_vxcs: self.permits,
            auto_approval: self.auto,
            locked: self.locked,
            admin_locked: self.admin_locked,
            flags_unread: self.flags_unread,
            link: Link::from_up(self.up),
            lag,
            vxcs: vxcs?,
            ixs: ixs?,
            unread: self.unread,
            created: self.created.map(Timestamp::from_millis),
            terminates: self.terminates.map(Timestamp::from_millis),
        })
    }
}

impl LagRecord {
    fn new(lag: &Lag) -> Self {
        let (group, by_lag_id) = match lag.group {
            Group::Aggregation(number) => (number, false),
            Group::Lag(number) => (number, true),
        };
        let members = lag.members.iter().map(MemberRecord::new).collect();
        Self { group, by_lag_id, primary: lag.primary, members }
    }

    fn lag(self) -> Option<Lag> {
        let Self { group, by_lag_id, primary, members } = self;
        let group = if by_lag_id { Group::Lag(group) } else { Group::Aggregation(group) };
        let members: Option<_> = members.into_iter().map(MemberRecord::member).collect();
        Some(Lag { group, primary, members: members?, apart: None })
    }
}

impl MemberRecord {
    fn new(member: &Member) -> Self {
        Self {
            id: member.id.to_string(),
            speed: rate(member.speed),
            service: match member.service {
                Service::Now => ServiceRecord::Now,
                Service::WhenBuilt => ServiceRecord::WhenBuilt,
                Service::Never => ServiceRecord::Never,
            },
            locked: member.locked,
            admin_locked: member.admin_locked,
            flags_unread: member.flags_unread,
            permits: member.permits_vxcs,
            unread: member.unread,
        }
    }

    fn member(self) -> Option<Member> {
        Some(Member {
            id: OnRampId::new(&self.id).ok()?,
            speed: self.speed.map(Mbps::new),
            service: match self.service {
                ServiceRecord::Now => Service::Now,
                ServiceRecord::WhenBuilt => Service::WhenBuilt,
                ServiceRecord::Never => Service::Never,
            },
            locked: self.locked,
            admin_locked: self.admin_locked,
            flags_unread: self.flags_unread,
            permits_vxcs: self.permits,
            unread: self.unread,
        })
    }
}

impl<'a> VxcRecord<'a> {
    fn new(vxc: &'a Vxc) -> Self {
        Self {
            id: Cow::Borrowed(vxc.id.as_str()),
            name: text(&vxc.name),
            status: word(&vxc.status),
            rate: rate(vxc.rate),
            vlan: vxc.vlan.number().map(i64::from),
            customer: vxc.customer.as_ref().map(|id| Cow::Borrowed(id.as_str())),
            far_end: text(&vxc.far_end),
            created: millis(vxc.created),
            waits: vxc.awaits_approval,
            leaves: vxc.our_end == End::A,
            up: vxc.link.is_up(),
            shut_down: vxc.shut_down,
        }
    }

    fn vxc(self) -> Option<Vxc> {
        let customer = match self.customer {
            Some(id) => Some(CompanyId::new(&id).ok()?),
            None => None,
        };
        Some(Vxc {
            id: ConnectionId::new(&self.id).ok()?,
            name: clean(&self.name),
            status: Status::parse(&self.status),
            rate: self.rate.map(Mbps::new),
            vlan: VlanTag::from_wire(self.vlan),
            customer,
            far_end: clean(&self.far_end),
            created: self.created.map(Timestamp::from_millis),
            awaits_approval: self.waits,
            our_end: if self.leaves { End::A } else { End::B },
            link: Link::from_up(self.up),
            shut_down: self.shut_down,
        })
    }
}

impl<'a> IxRecord<'a> {
    fn new(ix: &'a Ix) -> Self {
        Self {
            id: Cow::Borrowed(ix.id.as_str()),
            name: text(&ix.name),
            status: word(&ix.status),
            rate: rate(ix.rate),
            vlan: ix.vlan.number().map(i64::from),
        }
    }

    fn ix(self) -> Option<Ix> {
        Some(Ix {
            id: ConnectionId::new(&self.id).ok()?,
            name: clean(&self.name),
            status: Status::parse(&self.status),
            rate: self.rate.map(Mbps::new),
            vlan: VlanTag::from_wire(self.vlan),
        })
    }
}

/// Returns the word of a zone, as [`Zone::parse`] takes it.
fn zone_text(zone: &Zone) -> Text<'_> {
    match zone {
        Zone::Unstated => Cow::Borrowed(""),
        stated => Cow::Borrowed(stated.word()),
    }
}

impl<'a> OnSaleRecord<'a> {
    fn new(one: &'a OnSale) -> Self {
        let speeds = |all: &[Mbps]| all.iter().map(|speed| speed.get()).collect();
        let zone = zone_text(&one.zone);
        Self { zone, ports: speeds(&one.ports), mcrs: speeds(&one.mcrs), mves: one.mves }
    }

    fn on_sale(self) -> OnSale {
        let speeds = |all: Vec<u32>| all.into_iter().map(Mbps::new).collect();
        let zone = Zone::parse(&self.zone);
        OnSale { zone, ports: speeds(self.ports), mcrs: speeds(self.mcrs), mves: self.mves }
    }
}

impl<'a> LocationRecord<'a> {
    fn new(location: &'a Location) -> Self {
        Self {
            id: location.id.0,
            name: text(&location.name),
            metro: Cow::Borrowed(location.metro.as_str()),
            operator: text(&location.operator),
            address: text(&location.address),
            country: country(location.country.as_ref()),
            status: match &location.status {
                LocationStatus::Active => None,
                LocationStatus::Other(word) => Some(text(word)),
            },
            zones: location.zones.iter().map(OnSaleRecord::new).collect(),
        }
    }

    fn location(self) -> Location {
        let status =
            self.status.map_or(LocationStatus::Active, |word| LocationStatus::parse(&word));
        Location {
            id: LocationId(self.id),
            name: clean(&self.name),
            metro: MetroName::parse(&self.metro),
            operator: clean(&self.operator),
            address: clean(&self.address),
            country: Country::parse(&self.country),
            status,
            message: SafeText::default(),
            zones: self.zones.into_iter().map(OnSaleRecord::on_sale).collect(),
        }
    }
}

impl<'a> EventRecord<'a> {
    fn new(event: &'a Event) -> Self {
        Self {
            number: text(&event.number),
            kind: match event.kind {
                EventKind::Outage => EventKindRecord::Outage,
                EventKind::EmergencyWork => EventKindRecord::EmergencyWork,
                EventKind::PlannedWork => EventKindRecord::PlannedWork,
            },
            state: match &event.state {
                State::Now => StateRecord::Now,
                State::Scheduled => StateRecord::Scheduled,
                State::Over => StateRecord::Over,
                State::Other(word) => StateRecord::Other(text(word)),
            },
            from: millis(event.from),
            until: millis(event.until),
            purpose: text(&event.purpose),
            services: event.services.iter().map(|id| id.as_str().to_owned()).collect(),
            unread: event.unread,
        }
    }

    fn event(self) -> Option<Event> {
        let services: Option<_> = self.services.iter().map(|id| ShortId::parse(id)).collect();
        Some(Event {
            number: clean(&self.number),
            kind: match self.kind {
                EventKindRecord::Outage => EventKind::Outage,
                EventKindRecord::EmergencyWork => EventKind::EmergencyWork,
                EventKindRecord::PlannedWork => EventKind::PlannedWork,
            },
            state: match self.state {
                StateRecord::Now => State::Now,
                StateRecord::Scheduled => State::Scheduled,
                StateRecord::Over => State::Over,
                StateRecord::Other(word) => State::Other(clean(&word)),
            },
            from: self.from.map(Timestamp::from_millis),
            until: self.until.map(Timestamp::from_millis),
            purpose: clean(&self.purpose),
            impact: SafeText::default(),
            notice: SafeText::default(),
            services: services?,
            unread: self.unread,
        })
    }
}
