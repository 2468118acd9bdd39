//! Failures a cache survives: every way in which its file can be wrong.

use std::{fs, os::unix::fs::PermissionsExt as _};

use tempfile::TempDir;

use crate::domain::{
    country::Country,
    event::{self, Event, ShortId, State},
    id::{CompanyId, ConnectionId},
    lag::Lag,
    location::{Location, LocationStatus, OnSale},
    on_ramp::{Group, Kind, Link, Member, OnRamp, Service, samples::port},
    place::{LocationId, PlaceFrom, Site, Zone},
    status::Status,
    units::Mbps,
    vlan::VlanTag,
    vxc::{End, Ix, Vxc},
};

use super::*;

/// Returns an on-ramp with something in every field.
fn full() -> OnRamp {
    let at = Timestamp::from_millis(1_700_000_000_001);
    let id = |text: &str| ConnectionId::new(text).expect("legal");
    let vxc = Vxc {
        id: id("v-1"),
        name: "Aurora \u{202e}".into(),
        status: Status::Live,
        rate: Some(Mbps::new(500)),
        vlan: VlanTag::from_wire(Some(-1)),
        customer: CompanyId::new("e2709d35-1c48-4af2-b6d3-98f41a07c6de").ok(),
        far_end: "edge".into(),
        created: Some(at),
        awaits_approval: true,
        our_end: End::A,
        link: Link::Down,
        shut_down: true,
    };
    let (ix, vlan) = (id("i-1"), VlanTag::from_wire(Some(700)));
    let ix = Ix { id: ix, name: "IX".into(), status: Status::Live, rate: Some(Mbps::new(1)), vlan };
    OnRamp {
        kind: Kind::Port,
        status: Status::parse("CANCELLED"),
        site: Site {
            id: Some(LocationId(59)),
            name: "Equinix LA1".into(),
            metro: "Los Angeles".into(),
            country: Country::parse("USA"),
            from: PlaceFrom::Locations,
        },
        zone: Zone::Blue,
        stated_max_vxc: Some(Mbps::new(5_000)),
        permits_vxcs: Some(false),
        auto_approval: Some(true),
        locked: true,
        admin_locked: true,
        flags_unread: true,
        link: Link::Down,
        lag: Some(Lag {
            group: Group::Lag(7),
            primary: true,
            members: vec![
                port("q").as_member(),
                Member {
                    locked: true,
                    service: Service::Never,
                    unread: 3,
                    ..port("r").as_member()
                },
            ],
            apart: None,
        }),
        vxcs: vec![vxc],
        ixs: vec![ix],
        unread: 3,
        created: Some(at),
        terminates: Some(at),
        ..port("q")
    }
}

/// Returns lists with a value in every stored field.
fn snapshot() -> Snapshot {
    let at = Timestamp::from_millis(1_795_442_551_000);
    let location = Location {
        id: LocationId(59),
        name: "Equinix LA1".into(),
        metro: "Los Angeles".into(),
        country: Country::parse("US"),
        operator: "Equinix".into(),
        address: "600 West 7th Street".into(),
        status: LocationStatus::parse("Restricted"),
        message: "".into(),
        zones: vec![OnSale {
            zone: Zone::Red,
            ports: vec![Mbps::new(1_000)],
            mcrs: vec![],
            mves: Some(false),
        }],
    };
    let event = Event {
        number: "CSS-9".into(),
        kind: event::Kind::Outage,
        state: State::Other("Odd".into()),
        from: Some(at),
        until: None,
        purpose: "Fibre cut \"here\"".into(),
        impact: "".into(),
        notice: "".into(),
        services: ShortId::parse("8611b645").into_iter().collect(),
        unread: 2,
    };
    Snapshot {
        on_ramps: vec![port("p"), full()],
        read_at: at,
        locations: Some((vec![location], at)),
        events: Some((vec![event], at)),
    }
}

struct Place {
    _top: TempDir,
    cache: Cache,
}

impl Place {
    fn new() -> Self {
        let top = TempDir::new().expect("a directory");
        let directory = top.path().join("onramp");
        let cache = Cache::in_directory(Some(directory), "PRODUCTION", "https://api", "an-id");
        Self { _top: top, cache }
    }

    fn with_content(content: &[u8]) -> Self {
        let place = Self::new();
        place.cache.write(&snapshot()).expect("written");
        let path = place.cache.path().expect("a path");
        fs::write(&path, content).expect("written");
        place
    }

    fn path(&self) -> PathBuf {
        self.cache.path().expect("a path")
    }
}

/// Asserts that it is renamed with one notice, and that nothing of it is used.
fn is_set_aside(place: &Place, why: &str) {
    let recalled = place.cache.read();
    assert_eq!(recalled.snapshot, None, "{why}");
    let says = recalled.trouble.expect("it is said");
    assert!(says.as_str().contains(why) && says.as_str().contains("moved to"), "{says}");
    assert!(!place.path().exists() && place.path().with_extension("bad").exists());
    assert_eq!(place.cache.read(), CachedLists::default(), "it is said once");
    place.cache.write(&snapshot()).expect("and written anew");
    assert!(place.cache.read().snapshot.is_some());
}

#[test]
fn what_was_written_is_read_and_is_for_this_user_only() {
    let place = Place::new();
    assert_eq!(place.cache.read(), CachedLists::default(), "nothing yet, and nothing is made");
    assert!(!place.path().parent().expect("a directory").exists());
    place.cache.write(&snapshot()).expect("written");
    assert_eq!(place.cache.read().snapshot.as_deref(), Some(&snapshot()));
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o7777;
    assert_eq!(mode(&place.path()), 0o600);
    assert_eq!(mode(place.path().parent().expect("a directory")), 0o700);
}

#[test]
fn another_accounts_lists_have_another_name() {
    let directory = Some(PathBuf::from("/nowhere"));
    let of =
        |environment, api, id| Cache::in_directory(directory.clone(), environment, api, id).name;
    let one = of("PRODUCTION", "https://api", "an-id");
    assert_ne!(one, of("STAGING", "https://api", "an-id"));
    assert_ne!(one, of("PRODUCTION", "https://api2", "an-id"));
    assert_ne!(one, of("PRODUCTION", "https://api", "another-id"));
    assert!(!one.contains("an-id"));
}

#[test]
fn f60_damaged_or_foreign_cache_is_set_aside_and_refetched() {
    is_set_aside(&Place::with_content(b""), "it is empty");
    is_set_aside(&Place::with_content(&[0x9f, 0x00, 0xff, 0x13, b'\n']), "it is not text");
    is_set_aside(&Place::with_content(b"{\"on_ramps\": []}"), "it is not a cache file");
    let whole = file::encode(&snapshot());
    let schema = whole.replacen("onramp-lists 3 ", "onramp-lists 2 ", 1);
    is_set_aside(
        &Place::with_content(schema.as_bytes()),
        "it was written by another version of onramp",
    );
    let bent = whole.replacen("Equinix", "Equinox", 1);
    is_set_aside(&Place::with_content(bent.as_bytes()), "it is damaged");
    for cut in 1..whole.len() {
        assert!(file::decode(&whole[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn f60_a_file_that_claims_a_gigabyte_is_not_read() {
    let place = Place::with_content(b"onramp-lists 3 ");
    let file = fs::OpenOptions::new().write(true).open(place.path()).expect("there");
    file.set_len(1 << 30).expect("sparse");
    is_set_aside(&place, "it is too large");
}

#[test]
fn a_link_or_a_directory_of_others_is_not_believed() {
    let place = Place::new();
    place.cache.write(&snapshot()).expect("written");
    let elsewhere = place.path().with_extension("elsewhere");
    fs::rename(place.path(), &elsewhere).expect("moved");
    std::os::unix::fs::symlink(&elsewhere, place.path()).expect("a link");
    assert_eq!(place.cache.read().snapshot, None, "no link is followed");
    let directory = place.path().parent().expect("a directory").to_owned();
    place.cache.write(&snapshot()).expect("the link is replaced");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).expect("opened");
    let recalled = place.cache.read();
    assert_eq!(recalled.snapshot, None);
    assert!(recalled.trouble.is_some_and(|why| why.as_str().contains("not used")));
    assert!(place.path().exists(), "and not touched");
}

#[test]
fn what_comes_late_does_not_take_the_place_of_what_is_newer() {
    let place = Place::new();
    let newer = snapshot();
    let older =
        Snapshot { read_at: newer.read_at - std::time::Duration::from_secs(1), ..newer.clone() };
    place.cache.write(&newer).expect("written");
    place.cache.write(&older).expect("left out");
    assert_eq!(place.cache.read().snapshot.as_deref(), Some(&newer));
}
