//! Reads a world file, and reports its errors with their places.

use super::{World, check};

/// The reason why a world cannot be used, with the place in its file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {expected}")]
pub struct WorldError {
    /// The file's name as given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// The error there and what was expected.
    pub expected: String,
}

impl World {
    /// Reads a world from `text`; `name` is what errors call the file.
    pub fn from_json(text: &str, name: &str) -> Result<Self, WorldError> {
        let world: Self = serde_json::from_str(text).map_err(|error| WorldError {
            file: name.to_owned(),
            line: error.line(),
            column: error.column(),
            expected: describe_error(&error),
        })?;
        match check::find_complaint(&world) {
            None => Ok(world),
            Some(complaint) => {
                let (line, column, expected) = complaint.located(text);
                Err(WorldError { file: name.to_owned(), line, column, expected })
            }
        }
    }
}

/// Describes the error, without its own "at line … column …", in the terms of a user
/// who writes such a file.
pub(in crate::simulator) fn describe_error(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rfind(" at line ").map_or(text.as_str(), |at| &text[..at]);
    if text.starts_with("EOF while parsing") {
        return "the file ends before its JSON does".to_owned();
    }
    if let Some((found, expected)) =
        text.strip_prefix("invalid type: ").and_then(|text| text.split_once(", expected "))
    {
        return format!("expected {}, found {}", named(expected), named(found));
    }
    text.strip_prefix("unknown variant ").map_or_else(|| text.to_owned(), unknown)
}

/// Returns JSON's own names in place of the reader's.
fn named(kind: &str) -> String {
    match kind.split_once("struct variant ") {
        Some((_, variant)) => {
            let name = variant.rsplit("::").next().unwrap_or(variant);
            let mut snake = String::new();
            for letter in name.chars() {
                if letter.is_uppercase() && !snake.is_empty() {
                    snake.push('_');
                }
                snake.extend(letter.to_lowercase());
            }
            format!("an object with the members of `{snake}`")
        }
        None if kind == "a sequence" || kind == "sequence" => "an array".to_owned(),
        None if matches!(kind, "u64" | "u32" | "u16" | "i64") => "a whole number".to_owned(),
        None if kind == "a map" || kind == "map" => "an object".to_owned(),
        None => kind.to_owned(),
    }
}

/// Reports an unknown word, with the most similar known one.
fn unknown(text: &str) -> String {
    let mut words = text.split('`').skip(1).step_by(2);
    let word = words.next().unwrap_or_default();
    let like = words
        .map(|known| (strsim::jaro_winkler(word, known), known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0));
    let meant = like.map_or_else(String::new, |(_, known)| format!("; did you mean `{known}`?"));
    format!("unknown word {text}{meant}")
}
