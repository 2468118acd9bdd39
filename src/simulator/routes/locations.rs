//! 7: `GET /v3/locations` and `GET /v2/locations/rtt` (reference section 7).
//!
//! Neither needs a token: the vendor's own CLI sends none.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::simulator::{
    answer::{Answer, Refusal},
    call::Call,
    load::pseudo_random,
    places,
    state::State,
    world::Site,
};

/// Returns every data centre of the world.
pub(super) fn list_locations(state: &State, call: &Call) -> Answer {
    let statuses = call.parameters("locationStatuses");
    let metro = call.parameter("metro");
    let sites = state.store.sites.values();
    let documents: Vec<Value> = sites
        .filter(|site| metro.as_ref().is_none_or(|metro| *metro == site.metro))
        .map(location_json)
        .filter(|site| statuses.is_empty() || statuses.iter().any(|s| site["status"] == **s))
        .collect();
    Answer::ok("List public locations", &documents.into())
}

/// 7c: the countries of the network, with the sites in each (reference 7.3). Names and
/// codes are not those that services carry.
pub(super) fn list_regions(state: &State) -> Answer {
    let mut countries: BTreeMap<&str, (String, usize)> = BTreeMap::new();
    for site in state.store.sites.values() {
        let name = if site.country == "UK" { "United Kingdom" } else { &site.country };
        countries.entry(&site.market).or_insert((name.to_owned(), 0)).1 += 1;
    }
    let countries: Vec<Value> = countries
        .iter()
        .map(|(prefix, (name, sites))| {
            let code: String = name.chars().filter(|c| c.is_alphabetic()).take(3).collect();
            json!({"siteCount": sites, "code": code.to_uppercase(), "prefix": prefix, "name": name})
        })
        .collect();
    let regions = json!([{"networkRegion": "MP1", "countries": countries}]);
    Answer::ok("List network regions", &regions)
}

/// Returns a site's document. Some have one zone or none, as in the vendor's list.
fn location_json(site: &Site) -> Value {
    let operator = site.name.split(' ').next().unwrap_or_default();
    let speeds = |most: usize| [1000, 10_000, 100_000].into_iter().take(most).collect::<Vec<_>>();
    let zone = |most, mves| {
        json!({"megaportSpeedMbps": speeds(most), "mcrSpeedMbps": [1000, 2500, 5000, 10_000],
               "mveAvailable": mves, "mveMaxCpuCoreCount": null})
    };
    let mut zones = Map::new();
    zones.insert("blue".to_owned(), zone(2, true));
    if !site.id.is_multiple_of(5) || site.id == 60 {
        zones.insert("red".to_owned(), zone(3, false));
    }
    let coordinates = places::coordinates(&site.metro);
    json!({
        "id": site.id, "name": site.name, "metro": site.metro, "market": site.market,
        "status": if site.id % 11 == 10 { "Restricted" } else { "Active" },
        "dataCentre": {"id": 20 + operator.len(), "name": operator},
        "address": {"street": format!("{} Example Street", 1 + site.id % 97),
                    "suburb": site.city, "city": site.city, "state": "", "postcode": "",
                    "country": site.country},
        "latitude": coordinates.map(|(latitude, _)| latitude),
        "longitude": coordinates.map(|(_, longitude)| longitude),
        "orderingMessage": null,
        "diversityZones": zones,
        "productAddOns": {"crossConnect": {"available": true, "type": "STANDARD"}},
    })
}

/// Returns the medians of one month from one data centre.
pub(super) fn list_round_trips(state: &State, call: &Call, now: i64) -> Result<Answer, Refusal> {
    let number = |name: &str| call.parameter(name).and_then(|text| text.parse::<u64>().ok());
    let (Some(from), Some(year @ ..=99), Some(month @ 1..=12)) =
        (number("srcLocation"), number("year"), number("month"))
    else {
        return Err(Refusal::invalid("srcLocation, year (two digits) and month are required"));
    };
    let from = state.store.sites.get(&from);
    let from = from.ok_or_else(|| Refusal::not_found("Could not find the location"))?;
    let today = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
    let today = jiff::tz::Offset::UTC.to_datetime(today);
    let asked =
        (i64::try_from(year).unwrap_or_default() + 2000, i64::try_from(month).unwrap_or_default());
    let running = (i64::from(today.year()), i64::from(today.month()));
    let mut trips = Vec::new();
    if state.switches.round_trips && asked <= running {
        for to in state.store.sites.values().filter(|to| to.id != from.id) {
            // Of the running month only some pairs are measured yet.
            let measured = asked < running || (to.id + from.id).is_multiple_of(2);
            if let Some(km) = distance_km(from, to).filter(|_| measured) {
                let pair = from.id.min(to.id) << 32 | from.id.max(to.id);
                let slack = 1.3 + 0.3 * pseudo_random(pair, 0);
                let median = ((0.4 + km / 100.0 * slack) * 100.0).round() / 100.0;
                trips.push(
                    json!({"srcLocation": from.id, "dstLocation": to.id, "medianRTT": median}),
                );
            }
        }
    }
    Ok(Answer::ok("Median RTT", &trips.into()))
}

/// Returns the distance between two sites, in kilometres along the globe.
fn distance_km(a: &Site, b: &Site) -> Option<f64> {
    let radians = |site: &Site| {
        let (latitude, longitude) = places::coordinates(&site.metro)?;
        Some((latitude.to_radians(), longitude.to_radians()))
    };
    let ((lat_a, lon_a), (lat_b, lon_b)) = (radians(a)?, radians(b)?);
    let half = |angle: f64| (angle / 2.0).sin().powi(2);
    let chord = half(lat_a - lat_b) + lat_a.cos() * lat_b.cos() * half(lon_a - lon_b);
    Some(2.0 * 6371.0 * chord.sqrt().min(1.0).asin())
}
