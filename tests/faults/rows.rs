//! The rows that are played here, one test each, and the list of all of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    io::Write as _,
    path::Path,
};

use serde::Deserialize;

use super::{console::Console, driver::Driver, play};

/// The place where a row is played: exactly one of the first three.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    #[serde(default)]
    scenario: bool,
    #[serde(default)]
    tests: Vec<String>,
    cannot: Option<String>,
    /// The reason why a scenario is for a console only.
    console_only: Option<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

macro_rules! rows {
    ($($row:ident)*) => {
        $(
            #[tokio::test]
            async fn $row() {
                play::row::<Console>(&stringify!($row).to_uppercase()).await;
            }
        )*

        /// The same rows through the engine alone.
        mod without_a_screen {
            use super::*;

            $(
                #[tokio::test]
                async fn $row() {
                    let id = stringify!($row).to_uppercase();
                    if console_only(&id).is_none() {
                        play::row::<Driver>(&id).await;
                    }
                }
            )*
        }

        /// The rows with a scenario file.
        const PLAYED: &[&str] = &[$(stringify!($row)),*];
    };
}

rows! { f01 f02 f03 f04 f05 f07 f08 f09 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24 f25 f26 f27 f28 f29 f30 f31 f32 f33 f34 f35 f36 f37 f38 f39 f40 f41 f42 f44 f45 f46 f47 f48 f54 f55 f56 f85 f86 f90 f91 f92 f93 f94 f95 f96 f97 f98 f99 f100 f101 f102 f103 f104 }

/// Returns the rows with a scenario file, as texts are ordered.
fn in_order() -> Vec<String> {
    let mut played: Vec<_> = PLAYED.iter().map(|&row| row.to_owned()).collect();
    played.sort();
    played
}

/// Returns where each row is played.
fn places() -> BTreeMap<String, Place> {
    toml_edit::de::from_str(include_str!("rows.toml")).expect("it reads")
}

/// Returns why a row is for a console only.
fn console_only(id: &str) -> Option<String> {
    places().remove(id).and_then(|place| place.console_only)
}

/// Returns the source of all tests.
fn source() -> String {
    fn walk(directory: &Path, text: &mut String) {
        for entry in fs::read_dir(directory).expect("listed") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, text);
            } else if path.extension().is_some_and(|end| end == "rs") {
                text.push_str(&fs::read_to_string(path).expect("read"));
            }
        }
    }
    let (root, mut text) = (Path::new(env!("CARGO_MANIFEST_DIR")), String::new());
    for folder in ["src", "tests"] {
        walk(&root.join(folder), &mut text);
    }
    text
}

#[test]
fn every_row_is_played_somewhere_or_says_why_not() {
    let list = places();
    let wanted = (1..=58)
        .chain([60, 62, 70, 71, 76, 80, 81, 85, 86])
        .chain(90..=104)
        .map(|n| format!("F{n:02}"));
    let wanted: BTreeSet<_> = wanted.collect();
    assert!(wanted.iter().eq(list.keys()), "a row is missing, or not one of ours");
    let (source, mut played) = (source(), vec![]);
    for (row, place) in &list {
        let ways = [place.scenario, !place.tests.is_empty(), place.cannot.is_some()];
        assert_eq!(ways.iter().filter(|way| **way).count(), 1, "{row} is played in one way");
        for test in &place.tests {
            assert!(source.contains(&format!("fn {test}()")), "{row}: there is no test {test}");
        }
        played.extend(place.scenario.then(|| row.to_lowercase()));
    }
    assert_eq!(played, in_order(), "each scenario has a test, and each test a scenario");
}

#[test]
fn every_scenario_file_is_played() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/scenarios");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("listed")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| path.file_stem().expect("a name").to_string_lossy().to_lowercase())
        .collect();
    files.sort();
    assert_eq!(files, in_order());
}

#[test]
fn every_scenario_runs_on_the_engine_alone_or_says_why_not() {
    let list = places();
    let scenarios = list.iter().filter(|(_, place)| place.scenario);
    let (only, both): (Vec<_>, Vec<_>) =
        scenarios.partition(|(_, place)| place.console_only.is_some());
    let (all, engine) = (only.len() + both.len(), both.len());
    let mut says = format!("{all} rows through the console, {engine} through the engine alone\n");
    for (row, place) in only {
        let why = place.console_only.as_deref().unwrap_or_default();
        let _infallible = writeln!(says, "{row}: {why}");
    }
    // Past what a test prints only when it fails.
    std::io::stderr().write_all(says.as_bytes()).expect("written");
    let odd = list.values().any(|place| !place.scenario && place.console_only.is_some());
    assert!(!odd, "only a scenario can be for a console only");
}
