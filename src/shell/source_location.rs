//! The position of an error in a file, as line and column.

use crate::{domain::text::SafeText, shell::exit::ExitError};

/// Formats file, line, column and the expectation; `at` is an offset in `text`.
pub(in crate::shell) fn error_at(text: &str, file: &str, at: usize, what: &str) -> ExitError {
    let (line, column) = line_and_column(text, at);
    ExitError::Usage(format!("{file}, line {line}, column {column}: {}", SafeText::clean(what)))
}

/// Returns line and column of the byte `at`, both from 1; columns count characters.
pub(in crate::shell) fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}
