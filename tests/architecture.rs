//! Architecture test: allowed dependencies between layers, no circles between
//! files, file sizes, and forbidden names per layer. Read from the source text.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

#[path = "architecture/imports.rs"]
mod imports;
#[path = "architecture/source.rs"]
mod source;
#[path = "architecture/strings.rs"]
mod strings;
#[path = "architecture/words.rs"]
mod words;

use imports::{Crate, circles};
use source::{Strings, code, files, functions, literal_key, literals};

/// Every layer, and which other layers it may use. Complete.
const ALLOWED: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("api", &["domain"]),
    ("wire", &["domain"]),
    ("client", &["api", "wire", "domain"]),
    ("engine", &["api", "domain"]),
    ("ui", &["engine", "api", "domain"]),
    ("simulator", &[]),
    ("shell", &["ui", "engine", "client", "simulator", "api", "domain"]),
    ("cli", &["shell", "client", "ui", "api", "domain"]),
    ("main", &["cli", "shell"]),
];

/// The names a layer must not use.
const BANNED: [(&str, &[&str]); 5] = [
    ("domain", &["tokio", "reqwest", "serde", "ratatui", "crossterm", "async fn", "std::fs"]),
    ("api", &["tokio", "reqwest", "serde", "ratatui", "crossterm", "async fn", "std::fs"]),
    (
        "engine",
        &[
            "tokio",
            "reqwest",
            "serde",
            "ratatui",
            "crossterm",
            "async fn",
            "std::fs",
            "Instant",
            "SystemTime",
        ],
    ),
    ("ui", &["tokio", "reqwest", "crossterm", "async fn", "std::fs", "Instant", "SystemTime"]),
    ("wire", &["tokio", "reqwest", "ratatui", "async fn", "std::fs"]),
];

/// The folders of a layer, from the lowest up: a folder may use the ones above it in
/// this list, and none beside it. A file outside of any folder may be named as one;
/// `""` are all the others. The commands of the shell use the console's prompt and its
/// signals, and the console no command.
const FOLDERS: &[(&str, &[&[&str]])] = &[
    (
        "shell",
        &[
            &[""],
            &["store"],
            &["clipboard"],
            &["terminal"],
            &["account"],
            &["ports", "panics"],
            &["console"],
            &["commands"],
        ],
    ),
    (
        "simulator",
        &[&["world"], &[""], &["routes"], &["fault_plan"], &["server"], &["http"], &["start"]],
    ),
    (
        "ui",
        &[
            &["widget"],
            &["state"],
            &["model"],
            &["screen"],
            &["input"],
            &[
                "account", "activity", "attempt", "browse", "card", "change", "events", "issue",
                "keys", "regions", "system",
            ],
            &[""],
        ],
    ),
];

/// Returns the folder of a file inside its layer; the file that is named as a folder is
/// in it.
fn folder<'f>(file: &'f str, folders: &[&[&'f str]]) -> &'f str {
    let inside = file.split_once('/').map_or("", |(_, inside)| inside);
    let first = inside.split('/').next().unwrap_or_default();
    let first = first.strip_suffix(".rs").unwrap_or(first);
    if folders.iter().any(|rank| rank.contains(&first)) { first } else { "" }
}

#[test]
fn no_import_runs_up_or_across_between_folders() {
    let files = files();
    let edges = Crate::read(&files).edges();
    let mut wrong = BTreeSet::new();
    for (name, ranks) in FOLDERS {
        let rank = |file: &str| {
            let folder = folder(file, ranks);
            ranks.iter().position(|rank| rank.contains(&folder)).expect("it is in the table")
        };
        let inside = |file: &String| layer(file) == *name && *file != format!("{name}.rs");
        for edge in edges.iter().filter(|edge| !edge.by_test) {
            if inside(&edge.from)
                && inside(&edge.to)
                && folder(&edge.from, ranks) != folder(&edge.to, ranks)
                && rank(&edge.from) <= rank(&edge.to)
            {
                wrong.insert(format!("{} uses {}", edge.from, edge.to));
            }
        }
    }
    assert!(wrong.is_empty(), "{} imports: {wrong:#?}", wrong.len());
}

/// Layers whose files may still use one another in a circle.
const WITH_CIRCLES: &[&str] = &["ui"];

/// The remaining circles, each with its files in alphabetical order. A circle that is
/// broken leaves this list.
const KNOWN_CIRCLES: &[&[&str]] = &[];

/// The most lines of a file, and those of the median file.
const LONGEST: usize = 600;
const MEDIAN: usize = 130;
/// The most lines of a folder of `ui`, and of its model.
const LARGEST_FOLDER: usize = 4_000;
const LARGEST_MODEL: usize = 1_500;
/// The number of functions that may take the whole model to change it.
const WHOLE_MODEL: usize = 100;
/// From how many lines on a function is long; less than one in a hundred may be.
const LONG_FUNCTION: usize = 60;

/// Returns the layer of a file: the first segment of its path.
fn layer(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or(file);
    first.strip_suffix(".rs").unwrap_or(first)
}

#[test]
fn each_layer_uses_only_the_layers_it_may() {
    let files = files();
    for file in files.keys() {
        let known = ALLOWED.iter().any(|(name, _)| *name == layer(file));
        assert!(known || layer(file) == "lib", "{file} is in no known layer");
    }
    let mut wrong = BTreeSet::new();
    for edge in Crate::read(&files).edges() {
        let (from, to) = (layer(&edge.from), layer(&edge.to));
        let allowed = ALLOWED.iter().find(|(name, _)| *name == from);
        if from != to && allowed.is_none_or(|(_, allowed)| !allowed.contains(&to)) {
            wrong.insert(format!("{} uses {}", edge.from, edge.to));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Services and commands report; they do not know the screen.
#[test]
fn in_the_shell_only_the_console_knows_the_screen() {
    let mut wrong = BTreeSet::new();
    for edge in Crate::read(&files()).edges().into_iter().filter(|edge| !edge.by_test) {
        let is_service = layer(&edge.from) == "shell" && !edge.from.starts_with("shell/console");
        if is_service && layer(&edge.to) == "ui" {
            wrong.insert(format!("{} uses {}", edge.from, edge.to));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The engine's driver is the proof that the screen decides nothing, and a confirmation
/// without a question is for tests and commands alone.
#[test]
fn the_engines_driver_does_not_know_the_screen() {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/driver.rs");
    let driver = code(&fs::read_to_string(driver).expect("it can be read"), Strings::Empty);
    assert!(driver.contains("engine::"), "it drives the engine");
    let names = driver.split(|c: char| !c.is_alphanumeric() && c != '_');
    let screen: Vec<_> =
        names.filter(|name| ["ui", "executor", "event_queue"].contains(name)).collect();
    assert!(screen.is_empty(), "it names {screen:?}");
    for (file, text) in &files() {
        let may = layer(file) == "engine" || file.starts_with("shell/commands/");
        let by_flag = code(text, Strings::Empty).contains("by_flag");
        assert!(may || !by_flag, "{file} confirms without a question");
    }
}

#[test]
fn no_layer_is_below_itself() {
    let edges =
        ALLOWED.iter().flat_map(|(from, to)| to.iter().map(|to| ((*from).into(), (*to).into())));
    assert_eq!(circles(&edges.collect()), Vec::<Vec<String>>::new());
}

/// A circle can be neither read nor moved nor tested in parts. Uses by a test module
/// inside a file do not count: nothing can use it in turn. A call of a method whose
/// type comes from elsewhere is not detected.
#[test]
fn no_files_use_one_another_in_a_circle() {
    let edges = Crate::read(&files()).edges();
    for (folder, _) in ALLOWED.iter().filter(|(name, _)| !WITH_CIRCLES.contains(name)) {
        let inside = |file: &str| layer(file) == *folder;
        let edges: BTreeSet<_> = edges
            .iter()
            .filter(|edge| !edge.by_test && inside(&edge.from) && inside(&edge.to))
            .map(|edge| (edge.from.clone(), edge.to.clone()))
            .collect();
        let known: Vec<_> = KNOWN_CIRCLES.iter().filter(|files| inside(files[0])).collect();
        let found = circles(&edges);
        let within = |(from, to): &&(String, String)| {
            found.iter().any(|circle| circle.contains(from) && circle.contains(to))
        };
        let edges: Vec<_> =
            edges.iter().filter(within).map(|(from, to)| format!("{from} -> {to}")).collect();
        assert_eq!(format!("{found:?}"), format!("{known:?}"), "{folder}: {edges:#?}");
    }
}

#[test]
fn no_layer_names_what_it_must_not_touch() {
    let mut wrong = vec![];
    for (file, text) in &files() {
        let banned = BANNED.iter().find(|(name, _)| *name == layer(file));
        for word in banned.into_iter().flat_map(|(_, words)| *words) {
            if code(text, Strings::Empty).contains(word)
                && !(layer(file) == "wire" && *word == "serde")
            {
                wrong.push(format!("{file} names {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Returns whether `code` fills text with blanks in a format string: that counts
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
    for (file, text) in &files() {
        let code = code(text, Strings::Keep);
        if file == "domain/cells.rs" {
            continue;
        }
        if code.contains("unicode_width") || code.contains("visual_scroll") {
            wrong.push(format!("{file} measures text itself; domain/cells.rs does"));
        }
        if layer(file) != "simulator" && pads_by_characters(&code) {
            wrong.push(format!("{file} fills text in a format string; cells::pad counts cells"));
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

/// The figures that the design is held to, printed on request: `cargo test --test
/// architecture figures -- --nocapture`.
#[test]
#[expect(clippy::print_stdout, reason = "the figures are for whoever asks for them")]
fn the_figures_of_the_design_are_kept() {
    let files = files();
    let lines = |file: &str| files[file].lines().count();
    let mut sizes: Vec<_> = files.keys().map(|file| (lines(file), file)).collect();
    sizes.sort();
    let (longest, file) = sizes.last().expect("there are files");
    let median = sizes[sizes.len() / 2].0;
    println!("files: {}, median {median} lines, longest {longest} ({file})", files.len());
    assert!(*longest <= LONGEST, "{file} has {longest} lines");
    assert!(median < MEDIAN, "the median file has {median} lines");

    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files.keys().filter_map(|file| file.strip_prefix("ui/")) {
        let first = file.split('/').next().unwrap_or_default();
        *folders.entry(first.trim_end_matches(".rs")).or_default() += lines(&format!("ui/{file}"));
    }
    println!("lines of the folders of ui: {folders:?}");
    let largest = folders.iter().max_by_key(|(_, lines)| **lines).expect("there are folders");
    assert!(*largest.1 <= LARGEST_FOLDER, "ui/{} has {} lines", largest.0, largest.1);
    assert!(folders["model"] < LARGEST_MODEL, "ui/model has {} lines", folders["model"]);

    let code: Vec<_> =
        files.iter().map(|(file, text)| (file, code(text, Strings::Empty))).collect();
    let functions: Vec<_> = code.iter().flat_map(|(file, code)| functions(file, code)).collect();
    let whole = functions.iter().filter(|one| one.signature.contains("&mut Model")).count();
    println!("functions with the whole &mut Model: {whole}");
    assert!(whole < WHOLE_MODEL, "{whole} functions take the whole model");
    let long: Vec<_> = functions.iter().filter(|one| one.lines > LONG_FUNCTION).collect();
    println!("functions: {}, over {LONG_FUNCTION} lines: {}", functions.len(), long.len());
    assert!(long.len() * 100 < functions.len(), "{long:#?}");
}

/// Parts above the features may take the whole model from a context; features may not.
#[test]
fn features_do_not_take_the_model_whole() {
    let above = ["ui/present.rs", "ui/open.rs", "ui/replies.rs", "ui/model/context.rs"];
    let files = files();
    let wrong: Vec<_> = files
        .iter()
        .filter(|(file, _)| layer(file) == "ui" && !above.contains(&file.as_str()))
        .filter(|(_, text)| code(text, Strings::Empty).contains(".whole()"))
        .map(|(file, _)| file)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Messages name commands, and the keymap supplies the key. Fixed keys are literal: `y`
/// on a question, Esc, Enter, Ctrl-C.
#[test]
fn no_message_names_a_key_by_a_literal() {
    let known = onramp::ui::commands::names();
    let mut wrong = vec![];
    for (file, text) in files().iter().filter(|(file, _)| layer(file) == "ui") {
        let code = code(text, Strings::Keep);
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        for literal in literals(code) {
            if let Some(key) = literal_key(&literal) {
                wrong.push(format!("{file} names {key}: {literal}"));
            }
            for name in literal.split("{key:").chain(literal.split("{typed:")).skip(1) {
                let named = name.split('}').next().unwrap_or_default();
                if literal.contains("{key:") && name.contains('}') && !named.contains(' ') {
                    let exists = known.contains(&named) || named.contains('{');
                    if !exists {
                        wrong.push(format!("{file}: no command is called {named}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_command_has_one_name_and_a_sentence() {
    let mut wrong = vec![];
    for (name, doc) in onramp::ui::commands::documented() {
        if !doc.ends_with('.') {
            wrong.push(format!("{name}: {doc}"));
        }
        let plain = |c: char| c.is_ascii_lowercase() || c == '.' || c == '-';
        if !name.chars().all(plain) {
            wrong.push(format!("{name} is no name"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn keys_document_is_the_keymap() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
    let document = fs::read_to_string(path).expect("docs/keys.md can be read");
    let table = onramp::ui::commands::KEYMAP.markdown();
    assert!(document.ends_with(&table), "the key table lags; `onramp keymap` prints it:\n{table}");
}
