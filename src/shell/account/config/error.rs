//! An error in `config.toml`: its position and what was expected there.

use serde_spanned::Spanned;

/// A fault in the file: the byte at which it starts, and what was expected.
pub(super) type LocatedError = (usize, String);

/// Builds the error of the text at `spanned`.
pub(super) fn error_here<T>(spanned: &Spanned<T>, what: &str) -> LocatedError {
    (spanned.span().start, what.to_owned())
}
