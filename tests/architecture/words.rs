//! Plain English: banned phrases in strings and documents, and sentences whose subject
//! is a clause or nobody in particular.

use std::{fs, path::Path};

use toml_edit::DocumentMut;

use super::strings::strings;

/// The documents that people read.
const DOCUMENTS: [&str; 4] = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

/// How many phrases the list has at least.
const PHRASES: usize = 60;

/// The longest document, in lines.
const LINES_MAX: usize = 250;

/// `tests/words.toml`, read.
struct Words {
    /// What is not written, and what is written instead.
    phrases: Vec<(String, String)>,
    subjects: Vec<String>,
    /// A phrase and a place where it is right.
    allowed: Vec<(String, String)>,
}

fn words() -> Words {
    let text = fs::read_to_string(root().join("tests/words.toml")).expect("words.toml is there");
    let file: DocumentMut = text.parse().expect("words.toml is TOML");
    let text = |value: &toml_edit::Value| value.as_str().expect("a text").to_owned();
    let list = |name: &str| file[name].as_array().expect("a list").iter().cloned();
    let pair = |pair: toml_edit::Value| {
        let pair = pair.as_array().expect("a pair").clone();
        (text(pair.get(0).expect("a phrase")), text(pair.get(1).expect("another")))
    };
    let allowed = file["allow"].as_array_of_tables().expect("exceptions");
    let allowed = allowed.iter().map(|one| {
        let field = |name: &str| one[name].as_str().expect("a text").to_owned();
        assert!(!field("reason").is_empty(), "an exception has a reason");
        (field("phrase"), field("place"))
    });
    Words {
        phrases: list("phrases").map(pair).collect(),
        subjects: list("subjects").map(|one| text(&one)).collect(),
        allowed: allowed.collect(),
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text with its place: strings of the program and paragraphs of the documents.
fn texts() -> Vec<(String, String)> {
    let mut all: Vec<_> = strings().into_iter().map(|one| (one.place, one.text)).collect();
    let mut documents: Vec<_> = DOCUMENTS.iter().map(|name| root().join(name)).collect();
    let docs = fs::read_dir(root().join("docs")).expect("docs can be listed");
    documents.extend(docs.map(|entry| entry.expect("an entry").path()));
    for path in documents {
        let name = path.strip_prefix(root()).expect("below the root").display().to_string();
        let text = fs::read_to_string(&path).expect("a document can be read");
        let mut line = 1;
        for paragraph in text.split("\n\n") {
            all.push((format!("{name}:{line}"), paragraph.replace('\n', " ")));
            line += paragraph.matches('\n').count() + 2;
        }
    }
    all
}

/// Whether `text` has `phrase` as whole words, in capitals or not.
fn has(text: &str, phrase: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let (text, phrase) = (text.to_lowercase(), phrase.to_lowercase());
    text.match_indices(&phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// The subject that a sentence of `text` begins with, where it is one of these. A
/// question may begin with one.
fn subject<'s>(text: &str, subjects: &'s [String]) -> Option<&'s str> {
    let sentences = text.split_inclusive(['.', '?', '!']);
    sentences.filter(|one| !one.ends_with('?') && !one.trim_start().starts_with("## ")).find_map(
        |sentence| {
            let sentence = sentence.trim_start_matches([' ', '-', '*', '#', '|', '>']);
            let first = sentence.split(' ').next().unwrap_or_default();
            let is_sentence = sentence.split(' ').count() > 2;
            subjects.iter().find(|one| is_sentence && *one == first).map(String::as_str)
        },
    )
}

#[test]
fn phrases_that_were_replaced_do_not_come_back() {
    let words = words();
    assert!(words.phrases.len() >= PHRASES, "{} phrases", words.phrases.len());
    let is_allowed = |phrase: &str, place: &str| {
        words.allowed.iter().any(|(of, at)| of == phrase && place.starts_with(at.as_str()))
    };
    let mut wrong = vec![];
    for (place, text) in texts() {
        for (phrase, better) in &words.phrases {
            if has(&text, phrase) && !is_allowed(phrase, &place) {
                wrong.push(format!("{place}: {phrase:?}, better {better:?}: {text:?}"));
            }
        }
        if let Some(subject) = subject(&text, &words.subjects)
            && !is_allowed(subject, &place)
        {
            wrong.push(format!("{place}: a sentence begins with {subject}: {text:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn documents_are_short_enough_to_be_read() {
    let documents = fs::read_dir(root().join("docs")).expect("docs can be listed");
    for document in documents {
        let path = document.expect("an entry").path();
        let is_document = path.extension().is_some_and(|end| end == "md");
        let text = if is_document { fs::read_to_string(&path).expect("text") } else { continue };
        assert!(text.lines().count() <= LINES_MAX, "{} is too long", path.display());
    }
}

#[test]
fn every_exception_is_needed() {
    let words = words();
    for (phrase, place) in &words.allowed {
        let is_there = texts().iter().any(|(at, text)| {
            at.starts_with(place.as_str())
                && (has(text, phrase) || subject(text, &words.subjects) == Some(phrase))
        });
        assert!(is_there, "{place} does not say {phrase:?} any more");
    }
}

#[test]
fn a_phrase_is_found_as_words_and_a_subject_at_the_start() {
    assert!(has("It can not be", "can not") && !has("a scan nothing", "can not"));
    assert!(!has("inactive_keys", "inactive"), "a name is no phrase");
    let subjects = ["What".to_owned()];
    assert_eq!(subject("Done. What is left is kept.", &subjects), Some("What"));
    assert_eq!(subject("What is left?", &subjects), None);
    assert_eq!(subject("See what is left.", &subjects), None);
}
