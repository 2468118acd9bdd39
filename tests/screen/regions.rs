//! The region map: mapping places, what moves, what is not well.

use onramp::{
    api::regions::Event,
    domain::{
        place::LocationId,
        region::{Area, Edit, Layer, LayerOwner, Region, RegionMap, Selector},
        snapshot::Snapshot,
    },
    engine::Input,
    ui::{
        model::msg::{Effect, Msg},
        state::key::{Code, ctrl, plain},
    },
};

use crate::support::{Console, NOW, regions};

const SIZES: [(u16, u16); 2] = [(120, 36), (80, 24)];

fn location(id: i64) -> Selector {
    Selector::Location(LocationId(id))
}

/// Returns a team's file with a note, an area and a tie, and the user's own over it.
fn files() -> RegionMap {
    let mut team = regions().regions().to_vec();
    let downtown = Area {
        name: "Downtown".into(),
        claims: vec![location(60)],
        note: "Ask for the meet-me room".into(),
    };
    team[0].note = "Offer LA1 first: the cross-connect there takes a day, elsewhere a week".into();
    team[0].areas.push(downtown);
    let metro = vec![Selector::Metro("London".into()), location(999)];
    team.push(Region { name: "UK".into(), claims: metro, ..Region::default() });
    team.push(Region { name: "US-South".into(), ..Region::default() });
    let file = |file: &str, whose, regions| Layer {
        file: file.into(),
        whose,
        regions,
        ..Layer::default()
    };
    RegionMap::from_layers(vec![
        file("/srv/team/regions.toml", LayerOwner::Team, team),
        file("~/.config/onramp/regions.toml", LayerOwner::Own, vec![]),
    ])
}

fn with(size: (u16, u16), map: RegionMap) -> Console {
    let mut console = Console::loaded(size);
    console.handle_msg(Msg::Regions(Event::Read { map: Box::new(map), undos: 0, bad: None }));
    console
}

/// Carries out the last requested edit, as the regions watcher does.
fn save(console: &mut Console) -> (usize, Edit) {
    let Some(Effect::Map(id, layer, edit)) = console.effects.last().cloned() else {
        panic!("nothing was saved: {}", console.frame())
    };
    let map = console.model.regions.edited(layer, &edit).expect("a legal edit");
    console.handle_msg(Msg::Regions(Event::Saved(id, Box::new(map), 1)));
    (layer, edit)
}

/// Returns whether the last effect has a file written.
fn writes(console: &Console) -> bool {
    matches!(console.effects.last(), Some(Effect::Map(..)))
}

fn down(console: &mut Console, times: usize) {
    for _ in 0..times {
        console.press(plain(Code::Down));
    }
}

#[test]
fn an_unmapped_location_is_mapped_and_its_region_gone_to() {
    for (columns, rows) in SIZES {
        let mut console = Console::loaded((columns, rows));
        console.keys("2Gm");
        insta::assert_snapshot!(format!("map a location {columns}x{rows}"), console.frame());
        console.keys("\n");
        assert!(!writes(&console), "Enter alone moves nothing: {}", console.frame());
        console.keys("apa");
        let frame = console.frame();
        assert!(frame.contains("1 on-ramp moves:"), "{frame}");
        assert!(frame.contains("(unmapped) → APAC"), "{frame}");
        console.keys("\n");
        assert!(console.frame().contains("Saving"), "{}", console.frame());
        console.keys("\n");
        let edit = Edit::Assign { places: vec![location(3)], region: "APAC".into() };
        assert_eq!(save(&mut console), (0, edit));
        let frame = console.frame();
        assert!(
            frame.contains("APAC has location 3 Equinix SY3 (on-ramps moved: 1). u: undo."),
            "{frame}"
        );
        let saved = console.effects.iter().filter(|one| matches!(one, Effect::Map(..)));
        assert_eq!(saved.count(), 1, "a second Enter is no second edit");
        console.keys(":apac\n");
        assert!(console.frame().contains("On-ramps 2"), "{}", console.frame());
        console.keys("u");
        assert!(matches!(console.effects.last(), Some(Effect::Unmap(_))));
    }
}

#[test]
fn a_team_has_a_file_and_one_has_ones_own_which_is_written_to() {
    for (columns, rows) in SIZES {
        let mut console = with((columns, rows), files());
        console.keys("2m\tuk");
        insta::assert_snapshot!(format!("map a metro {columns}x{rows}"), console.frame());
        console.press(plain(Code::F(2)));
        let frame = console.frame();
        assert!(frame.contains("Others get it once you have shared the file."), "{frame}");
        assert!(frame.contains("regions.toml (the team's)"), "{frame}");
        console.press(plain(Code::F(2)));
        assert!(console.frame().contains("regions.toml (yours)"), "{}", console.frame());
    }
}

#[test]
fn marked_on_ramps_are_mapped_together_to_a_new_region() {
    let mut console = Console::loaded((120, 36));
    console.keys("2 G ");
    let frame = console.frame();
    assert!(frame.contains("✓ London") && frame.contains("✓ Sydney"), "{frame}");
    assert!(frame.contains("6, 2 marked"), "{frame}");
    console.keys("mSea");
    let frame = console.frame();
    assert!(frame.contains("2 locations: 90 Telehouse North, 3 Equinix SY3"), "{frame}");
    // US-East has these letters too.
    assert!(frame.contains("▸ US-East") && frame.contains("Sea  a new region"), "{frame}");
    down(&mut console, 1);
    console.keys("\n");
    let edit = Edit::Assign { places: vec![location(90), location(3)], region: "Sea".into() };
    assert_eq!(save(&mut console).1, edit);
    assert!(!console.frame().contains("marked"), "{}", console.frame());
    console.keys("*m\x1b\x1b");
    assert!(!console.frame().contains("marked"), "Esc drops the marks: {}", console.frame());
}

#[test]
fn what_a_narrower_place_keeps_is_said() {
    let mut map = regions().regions().to_vec();
    map.push(Region { name: "LA1".into(), claims: vec![location(59)], ..Region::default() });
    let mut console = with((120, 36), RegionMap::new(map));
    console.keys("jjjj");
    while !console.model.browse.path().starts_with("USA") {
        console.keys("k");
    }
    console.keys("meur");
    let frame = console.frame();
    assert!(frame.contains("country USA"), "{frame}");
    assert!(frame.contains("No on-ramp moves."), "metros count more: {frame}");
    assert!(frame.contains("3 on-ramps stay where they are"), "{frame}");
}

#[test]
fn a_place_is_taken_out_of_its_region() {
    let mut console = Console::loaded((120, 36));
    console.keys("2m\tunmap");
    let frame = console.frame();
    assert!(frame.contains("Europe → (unmapped)"), "{frame}");
    console.keys("\n");
    let places = vec![Selector::Metro("London".into())];
    assert_eq!(save(&mut console).1, Edit::Drop { places: places.clone() });
    // A place that the team's file claims is barred by the user's own.
    let mut console = with((120, 36), files());
    console.keys("2GkkkkmUnmap");
    let Some(_) = console.model.modals.top() else { panic!("{}", console.frame()) };
    console.keys("\n");
    assert!(matches!(save(&mut console), (1, Edit::Bar { .. })));
}

#[test]
fn region_is_renamed_in_its_file_and_the_cursor_follows() {
    for (columns, rows) in SIZES {
        let mut console = with((columns, rows), files());
        console.keys(":usw\n");
        console.keys("hm");
        insta::assert_snapshot!(format!("rename a region {columns}x{rows}"), console.frame());
        console.keys("\n");
        assert!(!writes(&console), "that is its name: {}", console.frame());
        console.press(ctrl('u'));
        console.keys("APAC");
        let frame = console.frame();
        assert!(
            frame.contains("region APAC already exists: assign places to it instead"),
            "{frame}"
        );
        console.press(ctrl('u'));
        console.keys("West\n");
        let edit = Edit::Rename { from: "US-West".into(), to: "West".into() };
        assert_eq!(save(&mut console), (0, edit));
        assert_eq!(console.model.browse.path(), "West");
        console.keys("m");
        down(&mut console, 1);
        let frame = console.frame();
        assert!(frame.contains("West > Downtown → (unmapped)"), "{frame}");
        console.keys("\n");
        assert_eq!(save(&mut console).1, Edit::Remove { region: "West".into() });
        assert_eq!(console.model.browse.path(), "All on-ramps");
    }
}

#[test]
fn the_map_is_shown_whole_with_what_is_not_well() {
    for (columns, rows) in SIZES {
        let mut console = with((columns, rows), files());
        console.keys(":regions\n");
        insta::assert_snapshot!(format!("region map {columns}x{rows}"), console.frame());
        console.keys("G");
        let frame = console.frame();
        assert!(frame.contains("2 on-ramps unmapped."), "{frame}");
    }
}

#[test]
fn place_unknown_to_megaport_is_named_after_its_list_is_read() {
    let mut console = with((120, 36), files());
    console.keys(":regions\n");
    assert!(!console.frame().contains("Megaport does not list."), "{}", console.frame());
    let locations = Some((vec![], NOW));
    let saved = Snapshot { on_ramps: vec![], read_at: NOW, locations, events: None };
    drop(console.model.engine.handle(Input::Saved(Box::new(saved))));
    let frame = console.frame();
    assert!(frame.contains("The map names location 999, which Megaport does not list."), "{frame}");
    assert_eq!(frame.matches("Megaport does not list.").count(), 1, "on-ramps are there: {frame}");
}

#[test]
fn a_note_stands_where_its_on_ramp_is_looked_at() {
    let mut console = with((120, 36), files());
    console.keys("2jj");
    let frame = console.frame();
    let note = "US-West > Downtown: Ask for the meet-me room · Offer LA1 first";
    assert!(frame.contains(note), "{frame}");
    console.keys("\n");
    let frame = console.frame();
    assert!(frame.contains("region    US-West > Downtown: Ask"), "{frame}");
    console.keys("\x1bkk");
    let frame = console.frame();
    assert!(frame.contains("unmapped: Europe and UK both claim metro London"), "{frame}");
    console.keys("/region:downt\n");
    assert!(console.frame().contains("On-ramps 1 of 6"), "{}", console.frame());
}

#[test]
fn bad_region_file_keeps_the_map_and_stays_reported() {
    for (columns, rows) in SIZES {
        let mut console = Console::loaded((columns, rows));
        let why = "regions.toml, line 3, column 10: expected a sequence";
        let regions_event = |bad: Option<&str>| {
            let bad = bad.map(Into::into);
            Msg::Regions(Event::Read { map: Box::new(regions()), undos: 0, bad })
        };
        console.handle_msg(regions_event(Some(why)));
        console.handle_msg(Msg::Drawn);
        console.keys("jk");
        let frame = console.frame();
        assert!(frame.contains("! The region map is unchanged: regions.toml, line 3"), "{frame}");
        console.keys("!");
        insta::assert_snapshot!(format!("bad regions {columns}x{rows}"), console.frame());
        console.handle_msg(Msg::Drawn);
        console.keys("\x1b");
        assert!(!console.frame().contains("region map is unchanged"), "it was read");
        console.handle_msg(regions_event(None));
        console.keys("!");
        assert!(!console.frame().contains("line 3"), "and is good again: {}", console.frame());
    }
}

#[test]
fn unwritten_mapping_says_why_and_can_be_retried() {
    let mut console = Console::loaded((80, 24));
    console.keys("2Gmapa\n");
    let Some(&Effect::Map(id, ..)) = console.effects.last() else { panic!("nothing to save") };
    let why = "the file was changed meanwhile";
    console.handle_msg(Msg::Regions(Event::NotSaved(id, why.into(), Some(Box::new(files())))));
    let frame = console.frame();
    assert!(frame.contains("Not saved: the file was changed meanwhile."), "{frame}");
    assert!(frame.contains("(unmapped) → APAC"), "what moves is worked out anew: {frame}");
    console.keys("\n");
    assert!(writes(&console));
}

#[test]
fn mapping_is_allowed_in_read_only_mode() {
    let mut console = Console::loaded((80, 24));
    console.keys(":ro\n2Gmapa\n");
    assert!(writes(&console), "it changes nothing at Megaport: {}", console.frame());
}
