//! On-ramps for other programs.

use crate::domain::{
    country::Country,
    geography::Geography,
    inventory::Inventory,
    place::{PlaceFrom, Zone},
};

use super::{Table, Value};

/// Every on-ramp, in the order of their names. `geography` is of the same
/// inventory.
pub fn on_ramps(inventory: &Inventory, geography: &Geography) -> Table {
    let rows = inventory.on_ramps().iter().enumerate().map(|(at, on_ramp)| {
        let summary = inventory.summary(at);
        let site = &on_ramp.site;
        let country = site.country.as_ref().map_or("", Country::name);
        let region = geography.region_of(at).map_or("", |region| region.as_str());
        let location = site.id.map_or(Value::Nothing, |id| Value::Number(id.0));
        let percent = summary.percent.map_or(Value::Nothing, |n| Value::Number(n.into()));
        let unused = summary.keys.map_or(Value::Nothing, |keys| Value::count(keys.unused));
        let why = summary.closed.iter().map(ToString::to_string).collect();
        vec![
            Value::text(on_ramp.id.as_str()),
            Value::text(on_ramp.name.as_str()),
            Value::Text(on_ramp.kind.to_string()),
            Value::text(on_ramp.status.word()),
            Value::text(site.name.as_str()),
            location,
            Value::text(site.metro.as_str()),
            Value::text(country),
            Value::text(match site.from {
                PlaceFrom::Record => "record",
                PlaceFrom::Locations => "locations",
            }),
            Value::text(region),
            Value::text(zone(&on_ramp.zone)),
            Value::rate(on_ramp.speed),
            Value::rate(on_ramp.capacity()),
            Value::count(summary.vxcs),
            Value::Number(summary.allocated.get().into()),
            percent,
            unused,
            Value::count(summary.vlans.free),
            Value::Is(summary.vlans.certain),
            Value::Is(summary.closed.is_empty()),
            Value::Texts(why),
            Value::Number(summary.unread.into()),
            Value::moment(on_ramp.terminates),
        ]
    });
    let columns = vec![
        "uid",
        "name",
        "kind",
        "status",
        "site",
        "location",
        "metro",
        "country",
        "place_from",
        "region",
        "zone",
        "speed_mbps",
        "capacity_mbps",
        "vxcs",
        "allocated_mbps",
        "allocated_percent",
        "unused_keys",
        "free_vlans",
        "free_vlans_certain",
        "open",
        "closed_because",
        "circuits_unread",
        "ends",
    ];
    Table { columns, rows: rows.collect() }
}

/// A diversity zone's word, empty where there is none.
pub(super) fn zone(zone: &Zone) -> &str {
    if *zone == Zone::Unstated { "" } else { zone.word() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        on_ramp::samples::{port, vxc},
        region::RegionMap,
        service_key::samples::key,
        time::Timestamp,
    };

    #[test]
    fn an_on_ramp_is_told_with_its_room_and_why_it_is_closed() {
        let (mut open, mut shut) = (port("a"), port("b"));
        open.vxcs = vec![vxc("v", 2_500, 100)];
        (open.zone, shut.admin_locked) = (Zone::Red, true);
        let mut inventory = Inventory::new(vec![open, shut]);
        inventory.set_keys(vec![key("k", "a", 101)], 0, Timestamp::from_millis(1_000));
        let geography = Geography::of(inventory.on_ramps(), &RegionMap::default());
        let table = on_ramps(&inventory, &geography);
        let get = |row: usize, column: &str| {
            let at = table.columns.iter().position(|name| *name == column).expect("a column");
            table.rows[row][at].clone()
        };
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        assert_eq!(get(0, "allocated_percent"), Value::Number(25));
        assert_eq!(get(0, "unused_keys"), Value::Number(1));
        assert_eq!(get(0, "free_vlans"), Value::Number(4090));
        assert_eq!(get(0, "zone"), Value::Text("RED".into()));
        assert_eq!((get(0, "open"), get(1, "open")), (Value::Is(true), Value::Is(false)));
        assert_eq!(get(1, "closed_because"), Value::Texts(vec!["locked by Megaport".into()]));
        assert_eq!(get(1, "zone"), Value::Nothing);
    }
}
