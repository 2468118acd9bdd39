use crate::domain::{country::Country, place::LocationId};

use super::*;

fn location(id: i64) -> Selector {
    Selector::Location(LocationId(id))
}

fn metro(name: &str) -> Selector {
    Selector::Metro(name.into())
}

fn country(name: &str) -> Selector {
    Selector::Country(Country::parse(name).expect("a name"))
}

fn region(name: &str, claims: &[Selector]) -> Region {
    Region { name: name.into(), claims: claims.to_vec(), ..Region::default() }
}

fn layer(regions: Vec<Region>) -> Layer {
    Layer { regions, ..Layer::default() }
}

fn site(id: i64, metro: &str, country: &str) -> Site {
    let country = Country::parse(country);
    Site { id: Some(LocationId(id)), metro: metro.into(), country, ..Site::default() }
}

fn home(map: &RegionMap, site: &Site) -> String {
    match map.home(site) {
        Home::Region(at, area) => path(&map.regions()[at].name, area.as_ref()).to_string(),
        Home::Barred => "barred".to_owned(),
        Home::Tied(tie) => tie.to_string(),
        Home::Unclaimed => "unclaimed".to_owned(),
    }
}

#[test]
fn the_narrower_claim_wins_over_the_earlier_one() {
    let map = RegionMap::new(vec![
        region("US", &[country("USA")]),
        region("US-West", &[metro("Los Angeles")]),
        region("One building", &[location(60)]),
    ]);
    assert_eq!(map.find(&site(1, "Dallas", "United States")), Some(0));
    assert_eq!(map.find(&site(59, "los angeles", "US")), Some(1));
    assert_eq!(map.find(&site(60, "Los Angeles", "US")), Some(2));
    assert_eq!(map.find(&site(9, "Paris", "France")), None);
}

#[test]
fn two_equally_narrow_claims_are_an_unresolved_tie() {
    let claims = [metro("London")];
    let map = RegionMap::new(vec![region("A", &claims), region("B", &[metro("london")])]);
    let london = site(1, "London", "UK");
    assert_eq!(home(&map, &london), "A and B both claim metro London");
    assert_eq!(map.find(&london), None);
    assert_eq!(map.ties().len(), 1);
    // A narrower claim settles it for its place, another file for all of it.
    let one = region("C", &[location(1)]);
    let narrower = RegionMap::new(vec![region("A", &claims), region("B", &claims), one]);
    assert_eq!(home(&narrower, &london), "C");
    let own = layer(vec![region("B", &claims)]);
    let settled = RegionMap::from_layers(vec![map.layers()[0].clone(), own]);
    assert_eq!((home(&settled, &london), settled.ties().len()), ("B".to_owned(), 0));
}

#[test]
fn an_area_names_the_part_of_its_region() {
    let bay = Area { name: "Bay".into(), claims: vec![metro("San Jose")], ..Area::default() };
    let west = Region { areas: vec![bay], ..region("US-West", &[metro("Los Angeles")]) };
    let map = RegionMap::new(vec![west]);
    assert_eq!(home(&map, &site(1, "San Jose", "US")), "US-West > Bay");
    assert_eq!(home(&map, &site(2, "Los Angeles", "US")), "US-West");
    assert!(map.empty().is_empty());
}

#[test]
fn the_personal_file_counts_more_where_both_are_equally_narrow() {
    let note = |note: &str, region: Region| Region { note: note.into(), ..region };
    let team = layer(vec![
        note("team", region("East", &[location(1), country("Japan")])),
        region("West", &[metro("Osaka")]),
    ]);
    let own = Layer {
        unmapped: vec![location(3)],
        ..layer(vec![
            note("mine", region("East", &[country("Peru")])),
            region("New", &[location(1)]),
        ])
    };
    let map = RegionMap::from_layers(vec![team, own]);
    let names: Vec<_> = map.regions().iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["East", "West", "New"]);
    assert_eq!(map.regions()[0].note, "mine".into());
    assert_eq!(home(&map, &site(1, "Tokyo", "Japan")), "New");
    assert_eq!(home(&map, &site(2, "Tokyo", "Japan")), "East");
    assert_eq!(home(&map, &site(3, "Tokyo", "Japan")), "barred");
    assert_eq!(home(&map, &site(4, "Lima", "Peru")), "East");
    // The team's metro is narrower than any country.
    assert_eq!(home(&map, &site(5, "Osaka", "Japan")), "West");
}

#[test]
fn an_edit_moves_a_place_and_leaves_the_others() {
    let map = RegionMap::new(vec![
        region("A", &[location(1), location(2), metro("X")]),
        region("B", &[country("Japan")]),
    ]);
    let after = |edit: Edit| map.edited(0, &edit);
    let to_b = Edit::Assign { places: vec![location(2)], region: "B".into() };
    let moved = after(to_b).expect("legal");
    assert_eq!(moved.regions()[1].claims, [location(2), country("Japan")], "by kind");
    assert_eq!(moved.regions()[0].claims, [location(1), metro("X")]);
    let to_new = Edit::Assign { places: vec![metro("x")], region: "C".into() };
    assert_eq!(after(to_new).expect("legal").regions().len(), 3);
    let rename = |to: &str| Edit::Rename { from: "A".into(), to: to.into() };
    assert_eq!(after(rename("B")), Err(Refused::Taken("B".into())));
    assert_eq!(after(rename(" ")), Err(Refused::NoName));
    assert_eq!(after(rename(UNMAPPED)), Err(Refused::Reserved));
    assert_eq!(after(rename("Z")).expect("legal").regions()[0].name, "Z".into());
    let gone = Edit::Remove { region: "A".into() };
    assert_eq!(after(gone.clone()).expect("legal").regions().len(), 1);
    let fixed = Layer { fixed: true, file: "f".into(), ..map.layers()[0].clone() };
    assert_eq!(fixed.edited(&gone), Err(Refused::Fixed("f".into())));
}

#[test]
fn place_still_claimed_by_others_is_barred_else_dropped() {
    let map = RegionMap::new(vec![region("A", &[location(1), country("Japan")])]);
    let (inside, outside) = (site(1, "Tokyo", "Japan"), site(1, "Seoul", "Korea"));
    let (there, rest) = ([location(1)], vec![location(1)]);
    assert_eq!(map.unmapping(0, &there, [&inside]), Edit::Bar { places: rest.clone() });
    assert_eq!(map.unmapping(0, &there, [&outside]), Edit::Drop { places: rest });
}

#[test]
fn what_claims_nothing_is_named() {
    let area = Area { name: "Bay".into(), ..Area::default() };
    let map = RegionMap::new(vec![
        region("A", &[]),
        Region { areas: vec![area], ..region("B", &[location(1)]) },
    ]);
    assert_eq!(map.empty(), [SafeText::from("A"), "B > Bay".into()]);
}
