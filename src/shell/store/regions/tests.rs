use std::{collections::BTreeSet, fs, path::Path};

use proptest::prelude::*;

use crate::{
    api::{RequestId, regions::Event},
    domain::{place::LocationId, region::Selector},
};

use super::{watcher::RegionsWorker, *};

fn parsed(text: &str) -> Result<Layer, String> {
    parse(text, &"regions.toml".into())
}

fn complaint(text: &str) -> String {
    parsed(text).expect_err("not a legal file")
}

#[test]
fn examples_of_the_document_are_legal() {
    let document = include_str!("../../../../docs/regions.md");
    for text in crate::shell::examples_for_test::blocks(document, "toml") {
        assert!(check::check_text(text).is_ok(), "{text}");
    }
}

#[test]
fn the_files_we_ship_are_legal() {
    assert_eq!(parsed(DEMO).expect("legal").regions.len(), 4);
    let example = include_str!("../../../../assets/regions.example.toml");
    assert_eq!(parsed(example).expect("legal").regions.len(), 3);
    for text in [DEMO, example] {
        assert!(check::check_text(text).is_ok(), "and nothing is found in them");
    }
}

#[test]
fn corrupt_file_is_reported_with_line_column_and_expectation() {
    let region = "[[region]]\nname = \"A\"\n";
    let report = [
        (
            format!("{region}metros = \"LA\"\n"),
            "line 3, column 10: invalid type: string \"LA\", expected a sequence",
        ),
        (
            format!("{region}metro = [\"LA\"]\n"),
            "line 3, column 1: unknown field `metro`, expected one of `name`, `note`, \
             `locations`, `metros`, `countries`, `area`",
        ),
        ("[[region]\n".to_owned(), "line 1, column 10: unclosed array table, expected `]`"),
        (
            format!("{region}metros = [\"LA\", \" \"]\n"),
            "line 3, column 17: expected a metro's name, found an empty text",
        ),
        (
            format!("{region}metros = [\"LA\"]\n{region}"),
            "line 5, column 8: expected another name: A appears twice",
        ),
        (
            "[[region]]\nname = \"(unmapped)\"\n".to_owned(),
            "line 2, column 8: expected another name: (unmapped) is reserved",
        ),
    ];
    for (text, expected) in report {
        assert_eq!(complaint(&text), format!("regions.toml, {expected}"));
    }
}

#[test]
fn a_check_finds_ties_repetitions_and_what_claims_nothing() {
    let text = "\
[[region]]
name = \"A\"
locations = [59, 59]
countries = [\"UK\"]
[[region]]
name = \"B\"
countries = [\"France\", \"United Kingdom\"]
[[region.area]]
name = \"Nowhere\"
[[region.area]]
name = \"Paris\"
countries = [\"France\"]
[[region]]
name = \"C\"
[unmapped]
locations = [59]
";
    let found = check::check_text(text).expect_err("mistakes");
    let lines: Vec<_> = found
        .iter()
        .map(|(at, what)| format!("{}: {what}", source_location::line_and_column(text, *at).0))
        .collect();
    assert_eq!(
        lines,
        [
            "3: location 59 appears twice: see line 3",
            "7: country UK is also claimed by A on line 4: neither gets it",
            "9: expected locations, metros or countries: the area Nowhere claims no place",
            "14: expected locations, metros, countries or areas: this region claims no place",
            "16: location 59 is also claimed by A on line 3: neither gets it",
        ]
    );
}

/// A file as a user may have written it.
const FILE: &str = "\
# Regions of QuantumGPU. Ask sales before you change them.

# The west.
[[region]]
name = \"US-West\"   # as sold
note = \"Offer LA1 first\"
locations = [
    59,  # LA1
    60,  # LA2
]
metros = [\"San Jose\"] # the bay
  [[region.area]]
  name = \"Desert\"
  metros = [\"Phoenix\",\"Las Vegas\"]

[[region]] # sold since May
metros = [\"London\", 'Slough']
name = \"Europe\"

[unmapped]
locations = [7]
# the end
";

fn location(id: i64) -> Selector {
    Selector::Location(LocationId(id))
}

fn assign(places: &[Selector], region: &str) -> Edit {
    Edit::Assign { places: places.to_vec(), region: region.into() }
}

fn edited(text: &str, edit: &Edit) -> String {
    let mut file = RegionFile::memory("").expect("legal");
    file.set_text(Some(text.to_owned())).expect("legal");
    file.apply_edit(edit).expect("it can be edited")
}

#[test]
fn an_edit_touches_its_line_and_leaves_the_rest_as_it_was() {
    let moved = edited(FILE, &assign(&[location(61)], "US-West"));
    assert_eq!(moved, FILE.replace("60,  # LA2\n", "60,  # LA2\n    61,\n"));
    let out = edited(FILE, &Edit::Drop { places: vec![location(60)] });
    assert_eq!(out, FILE.replace("60,  # LA2\n", "# LA2\n"));
    let metro = |name: &str| Selector::Metro(name.into());
    let moved = edited(FILE, &assign(&[metro("las vegas")], "Europe"));
    let expected = FILE.replace("\"Phoenix\",\"Las Vegas\"", "\"Phoenix\"");
    assert_eq!(moved, expected.replace("'Slough'", "'Slough', \"las vegas\""));
    let named = edited(FILE, &Edit::Rename { from: "US-West".into(), to: "West".into() });
    assert_eq!(named, FILE.replace("\"US-West\"", "\"West\""));
    let made = edited(FILE, &assign(&[location(7)], "New"));
    let expected = FILE.replace("locations = [7]", "locations = []");
    assert!(made.starts_with(expected.split("\n[unmapped]").next().expect("a start")), "{made}");
    assert!(made.contains("[[region]]\nname = \"New\"\nlocations = [7]\n"), "{made}");
}

#[test]
fn removed_region_keeps_the_comments_of_the_file_above_it() {
    let gone = edited(FILE, &Edit::Remove { region: "US-West".into() });
    assert!(gone.starts_with("# Regions of QuantumGPU. Ask sales before you change them.\n"));
    assert!(!gone.contains("The west") && !gone.contains("Desert"), "{gone}");
    assert!(gone.contains("[[region]] # sold since May"), "{gone}");
}

#[test]
fn lines_that_end_the_other_way_keep_their_ends() {
    let other = FILE.replace('\n', "\r\n");
    let moved = edited(&other, &assign(&[location(61)], "US-West"));
    assert_eq!(moved.matches('\n').count(), moved.matches("\r\n").count());
}

/// Returns a list of places with comments here and there.
fn list(entries: Vec<(String, bool)>, lines: bool, key: &str, n: usize) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let entries = entries.into_iter().enumerate().map(|(at, (entry, comment))| {
        let comment = if comment && lines { format!(" # {key} {n} {at}") } else { String::new() };
        if lines { format!("\n    {entry},{comment}") } else { format!("{entry}, ") }
    });
    let all: String = entries.collect();
    let end = if lines { "\n" } else { "" };
    format!("{key} = [{}{end}] # of {n}\n", all.trim_end_matches(", "))
}

prop_compose! {
    fn region_text(n: usize)(
        ids in prop::collection::vec((0i64..12, any::<bool>()), 0..4),
        metros in prop::collection::vec((0usize..5, any::<bool>()), 0..3),
        lines in any::<bool>(),
        above in any::<bool>(),
        area in prop::option::of(0i64..12),
    ) -> String {
        let above = if above { format!("# above {n}\n") } else { String::new() };
        let ids = ids.into_iter().map(|(id, c)| (id.to_string(), c)).collect();
        let metros = metros.into_iter().map(|(m, c)| (format!("\"Metro {m}\""), c)).collect();
        let area = area.map(|id| format!("[[region.area]] # part {n}\nname = \"P\"\nlocations = [{id}]\n"));
        format!(
            "\n{above}[[region]]\nname = \"R{n}\" # name {n}\nnote = \"note {n}\"\n{}{}{}",
            list(ids, lines, "locations", n),
            list(metros, lines, "metros", n),
            area.unwrap_or_default(),
        )
    }
}

fn file_text() -> impl Strategy<Value = String> {
    let barred = prop::option::of(0i64..12);
    (region_text(0), region_text(1), region_text(2), barred).prop_map(|(a, b, c, barred)| {
        let barred = barred.map(|id| format!("\n[unmapped] # nobody's\nlocations = [{id}]\n"));
        format!("# the file\n{a}{b}{c}{}# the end\n", barred.unwrap_or_default())
    })
}

fn an_edit() -> impl Strategy<Value = Edit> {
    let place = prop_oneof![
        (0i64..14).prop_map(location),
        (0usize..6).prop_map(|m| Selector::Metro(format!("METRO {m}").as_str().into())),
        Just(Selector::Country(crate::domain::country::Country::parse("Japan").expect("a name"))),
    ];
    let places = prop::collection::vec(place, 1..4);
    let name = (0usize..5).prop_map(|n| SafeText::from(format!("R{n}").as_str()));
    prop_oneof![
        4 => (places.clone(), name.clone()).prop_map(|(places, region)| Edit::Assign { places, region }),
        1 => places.clone().prop_map(|places| Edit::Bar { places }),
        1 => places.prop_map(|places| Edit::Drop { places }),
        1 => (name.clone(), name).prop_map(|(from, to)| Edit::Rename { from, to }),
    ]
}

fn comments(text: &str) -> Vec<String> {
    let after = |line: &str| line.split_once('#').map(|(_, words)| words.trim().to_owned());
    text.lines().filter_map(after).collect()
}

proptest! {
    /// Random edits in a row: the file equals the map on the screen, every comment is
    /// still there, in its order, and untouched parts are unchanged.
    #[test]
    fn the_map_goes_to_its_file_and_back_with_all_comments(
        text in file_text(),
        edits in prop::collection::vec(an_edit(), 1..5),
    ) {
        let mut file = RegionFile::memory("").expect("legal");
        file.set_text(Some(text.clone())).expect("legal");
        for edit in edits {
            let Ok(expected) = file.layer.edited(&edit) else { continue };
            let after = file.apply_edit(&edit).map_err(TestCaseError::fail)?;
            file.set_text(Some(after)).map_err(TestCaseError::fail)?;
            prop_assert_eq!(&file.layer, &expected);
        }
        let after = file.text.expect("a text");
        prop_assert_eq!(comments(&text), comments(&after), "{}", after);
        let lists = ["locations", "metros", "countries", "name", "    ", "]"];
        let kept = |text: &str| -> Vec<String> {
            let fixed = |line: &&str| !lists.iter().any(|key| line.starts_with(key));
            text.lines().filter(fixed).map(str::to_owned).collect()
        };
        let after: BTreeSet<_> = kept(&after).into_iter().collect();
        for line in kept(&text) {
            prop_assert!(after.contains(&line), "{line}");
        }
    }
}

const ID: RequestId = RequestId(1);

fn work(path: &Path) -> RegionsWorker {
    RegionsWorker::new(RegionFiles(vec![
        RegionFile::at_path(path.to_owned(), false, LayerOwner::Own).expect("legal"),
    ]))
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("read")
}

/// Checks until the change is stable.
fn look(work: &mut RegionsWorker) -> Option<Event> {
    drop(work.check_files());
    work.check_files()
}

#[test]
fn an_edit_keeps_the_last_version_and_can_be_taken_back() {
    let top = tempfile::tempdir().expect("a directory");
    let path = top.path().join("regions.toml");
    fs::write(&path, FILE).expect("written");
    let mut work = work(&path);
    let Event::Saved(ID, map, 1) = work.edit(ID, 0, &assign(&[location(61)], "New")) else {
        panic!("not saved")
    };
    assert_eq!(map.regions().len(), 3);
    assert_eq!(text(&top.path().join("regions.toml.bak")), FILE);
    assert_ne!(text(&path), FILE);
    assert!(matches!(work.undo(ID), Event::Undone(ID, map, 0) if map.regions().len() == 2));
    assert_eq!(text(&path), FILE);
    assert!(matches!(work.undo(ID), Event::NotSaved(..)), "there is no more");
    assert_eq!(look(&mut work), None, "our own writing is no news");
}

#[test]
fn a_file_that_is_not_there_yet_is_made_and_taken_away_again() {
    let top = tempfile::tempdir().expect("a directory");
    let path = top.path().join("onramp/regions.toml");
    let mut work = work(&path);
    assert!(matches!(work.edit(ID, 0, &assign(&[location(61)], "New")), Event::Saved(..)));
    assert_eq!(text(&path), "[[region]]\nname = \"New\"\nlocations = [61]\n");
    assert!(matches!(work.undo(ID), Event::Undone(..)));
    assert!(!path.exists());
}

#[test]
fn a_file_that_was_changed_meanwhile_is_read_and_not_written() {
    let top = tempfile::tempdir().expect("a directory");
    let path = top.path().join("regions.toml");
    fs::write(&path, FILE).expect("written");
    let mut work = work(&path);
    let theirs = format!("{FILE}\n[[region]]\nname = \"Theirs\"\n");
    fs::write(&path, &theirs).expect("written");
    let edit = assign(&[location(61)], "New");
    let Event::NotSaved(ID, why, Some(map)) = work.edit(ID, 0, &edit) else { panic!("saved") };
    assert!(why.as_str().contains("changed meanwhile") && map.regions().len() == 3, "{why}");
    assert_eq!(text(&path), theirs);
    assert!(matches!(work.edit(ID, 0, &edit), Event::Saved(..)), "and now it is known");
    // Nor is an edit undone that another user has built upon.
    fs::write(&path, FILE).expect("written");
    assert!(matches!(work.undo(ID), Event::NotSaved(_, _, Some(_))));
    assert_eq!(text(&path), FILE);
    fs::write(&path, "[[region]\n").expect("written");
    let Event::NotSaved(_, why, None) = work.edit(ID, 0, &edit) else { panic!("saved") };
    assert!(why.as_str().contains("line 1, column 10"), "{why}");
}

#[test]
fn file_change_is_read_once_stable_and_a_bad_one_keeps_the_map() {
    let top = tempfile::tempdir().expect("a directory");
    let path = top.path().join("regions.toml");
    fs::write(&path, FILE).expect("written");
    let mut work = work(&path);
    assert_eq!(look(&mut work), None);
    fs::write(&path, "[[region]\n").expect("written");
    assert_eq!(work.check_files(), None, "it may be half written");
    let Some(Event::Read { map, bad: Some(why), .. }) = work.check_files() else {
        panic!("not report")
    };
    assert_eq!(map.regions().len(), 2, "the map before is kept");
    assert!(why.as_str().ends_with("line 1, column 10: unclosed array table, expected `]`"));
    assert_eq!(look(&mut work), None, "it is report once");
    // Another file takes its place, as editors and git do it.
    let beside = top.path().join("new");
    fs::write(&beside, format!("{FILE}\n[[region]]\nname = \"C\"\n")).expect("written");
    fs::rename(&beside, &path).expect("renamed");
    let Some(Event::Read { map, bad: None, .. }) = look(&mut work) else { panic!("not report") };
    assert_eq!(map.regions().len(), 3);
    fs::remove_file(&path).expect("removed");
    let Some(Event::Read { map, bad: None, .. }) = look(&mut work) else { panic!("not report") };
    assert!(map.regions().is_empty(), "one's own file need not be there");
}

#[test]
fn what_a_team_may_read_it_may_read_still() {
    use std::os::unix::fs::PermissionsExt as _;
    let top = tempfile::tempdir().expect("a directory");
    let path = top.path().join("regions.toml");
    fs::write(&path, FILE).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).expect("ours");
    assert!(matches!(work(&path).edit(ID, 0, &assign(&[location(61)], "New")), Event::Saved(..)));
    assert_eq!(path.metadata().expect("there").permissions().mode() & 0o777, 0o664);
}

#[test]
fn the_demo_writes_no_file_not_even_the_one_it_was_given() {
    let top = tempfile::tempdir().expect("a directory");
    let path = top.path().join("team.toml");
    fs::write(&path, FILE).expect("written");
    let mut work = RegionsWorker::new(RegionFiles::demo(Some(&path)).expect("legal"));
    let edit = assign(&[location(61)], "New");
    assert!(matches!(work.edit(ID, 0, &edit), Event::NotSaved(..)), "it is only read");
    let Event::Saved(_, map, 1) = work.edit(ID, 1, &edit) else { panic!("not saved") };
    assert_eq!(map.regions().len(), 3);
    assert_eq!(text(&path), FILE);
    assert_eq!(fs::read_dir(top.path()).expect("listed").count(), 1);
}
