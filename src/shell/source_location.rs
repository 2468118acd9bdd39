//! Where in a file something is wrong.

use crate::{domain::text::SafeText, shell::exit::Ending};

/// Says file, line, column and what was expected; `at` is a place in `text`.
pub(in crate::shell) fn wrong(text: &str, file: &str, at: usize, what: &str) -> Ending {
    let (line, column) = place(text, at);
    Ending::Usage(format!("{file}, line {line}, column {column}: {}", SafeText::clean(what)))
}

/// Line and column of the byte `at`, both from 1; columns count characters.
pub(in crate::shell) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}
