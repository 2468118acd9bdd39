//! Is the building in order? Who uses whom, how large the rooms are, and what
//! each floor must not touch. Read from the source text.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Every floor, and which other floors it may use. Complete.
const ALLOWED: [(&str, &[&str]); 9] = [
    ("domain", &[]),
    ("api", &["domain"]),
    ("wire", &["domain"]),
    ("client", &["api", "wire", "domain"]),
    ("ui", &["api", "domain"]),
    ("simulator", &[]),
    ("shell", &["ui", "client", "simulator", "api", "domain"]),
    ("cli", &["shell", "client", "ui"]),
    ("main", &["cli", "shell"]),
];

/// What a floor must not name at all.
const BANNED: [(&str, &[&str]); 4] = [
    ("domain", &["tokio", "reqwest", "serde", "ratatui", "crossterm", "async fn", "std::fs"]),
    ("api", &["tokio", "reqwest", "serde", "ratatui", "crossterm", "async fn", "std::fs"]),
    ("ui", &["tokio", "reqwest", "crossterm", "async fn", "std::fs", "Instant", "SystemTime"]),
    ("wire", &["tokio", "reqwest", "ratatui", "async fn", "std::fs"]),
];

const LONGEST: usize = 600;
const MEDIAN: usize = 150;

/// Every room of the source with its text, by its path below `src`.
fn rooms() -> BTreeMap<String, String> {
    fn walk(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).expect("src can be listed") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = vec![];
    walk(&source, &mut found);
    let room = |path: PathBuf| {
        let name = path.strip_prefix(&source).expect("below src").display().to_string();
        (name, fs::read_to_string(path).expect("a room can be read"))
    };
    found.into_iter().map(room).collect()
}

/// The floor a room is on: its first path segment.
fn floor(room: &str) -> &str {
    let first = room.split('/').next().unwrap_or(room);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// The source without comments and documentation.
fn code(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or(""));
    lines.collect::<Vec<_>>().join("\n")
}

/// The floors that `text` uses, by `crate::` and `onramp::` paths, grouped
/// imports included.
fn uses(text: &str) -> Vec<String> {
    let code = code(text);
    let mut used = vec![];
    for marker in ["crate::", "onramp::"] {
        for (at, _) in code.match_indices(marker) {
            let rest = &code[at + marker.len()..];
            match rest.strip_prefix('{') {
                Some(group) => used.extend(heads(group)),
                None => used.push(head(rest)),
            }
        }
    }
    used
}

fn head(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first segments of a grouped import, nested groups skipped.
fn heads(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut found) = (1, true, vec![]);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => start = true,
            c if c.is_whitespace() => {}
            _ if start && depth == 1 => {
                found.push(head(&group[at..]));
                start = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

#[test]
fn each_floor_uses_only_the_floors_it_may() {
    let rooms = rooms();
    let mut wrong = vec![];
    for (room, text) in &rooms {
        let here = floor(room);
        if here == "lib" {
            continue;
        }
        let allowed = ALLOWED.iter().find(|(name, _)| *name == here).map(|(_, allowed)| *allowed);
        let allowed = allowed.unwrap_or_else(|| panic!("{room} is on no known floor"));
        for used in uses(text) {
            let is_floor = ALLOWED.iter().any(|(name, _)| *name == used);
            if is_floor && used != here && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{room} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_floor_names_what_it_must_not_touch() {
    let mut wrong = vec![];
    for (room, text) in &rooms() {
        let banned = BANNED.iter().find(|(name, _)| *name == floor(room));
        for word in banned.into_iter().flat_map(|(_, words)| *words) {
            if code(text).contains(word) && !(floor(room) == "wire" && *word == "serde") {
                wrong.push(format!("{room} names {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether `code` fills text with blanks in a format string: that counts
/// characters, and a wide one takes two cells.
fn pads_by_characters(code: &str) -> bool {
    code.match_indices(":<").any(|(at, _)| {
        let before = code[..at].trim_end_matches(|c: char| c.is_alphanumeric() || "_.".contains(c));
        let after = code[at + 2..].chars().next();
        before.ends_with('{') && after.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[test]
fn text_is_measured_and_filled_in_cells_and_in_one_place() {
    let mut wrong = vec![];
    for (room, text) in &rooms() {
        let code = code(text);
        if room == "domain/cells.rs" {
            continue;
        }
        if code.contains("unicode_width") || code.contains("visual_scroll") {
            wrong.push(format!("{room} measures text itself; domain/cells.rs does"));
        }
        if floor(room) != "simulator" && pads_by_characters(&code) {
            wrong.push(format!("{room} fills text in a format string; cells::pad counts cells"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for padded in ["{name:<20}", "{:<room$}", "{:<4}"] {
        assert!(pads_by_characters(padded), "{padded}");
    }
    for other in ["{number:>3}", "{:blanks$}", "size_of::<u8>()", "{ let x: Vec<u8> }"] {
        assert!(!pads_by_characters(other), "{other}");
    }
}

#[test]
fn rooms_are_small() {
    let mut sizes: Vec<_> =
        rooms().into_iter().map(|(room, text)| (text.lines().count(), room)).collect();
    sizes.sort();
    let (longest, room) = sizes.last().expect("there are rooms");
    assert!(*longest <= LONGEST, "{room} has {longest} lines");
    let median = sizes[sizes.len() / 2].0;
    assert!(median < MEDIAN, "the median room has {median} lines");
}

#[test]
fn the_readme_tells_the_keys_that_the_program_has() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    let readme = readme.expect("README.md can be read");
    let table = onramp::ui::keymap::markdown();
    assert!(readme.contains(&table), "the key table lags; `onramp keymap` prints it:\n{table}");
}

#[test]
fn the_reader_of_imports_sees_through_groups() {
    let text =
        "use crate::{\n    api::{Event, Reply},\n    domain::id::KeyId,\n};\nuse onramp::ui::key;";
    assert_eq!(uses(text), ["api", "domain", "ui"]);
}
