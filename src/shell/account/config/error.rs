//! What is wrong in `config.toml`, and where.

use serde_spanned::Spanned;

/// A fault in the file: the byte at which it starts, and what was expected.
pub(super) type Wrong = (usize, String);

/// Makes a fault of what is at `spanned`.
pub(super) fn at<T>(spanned: &Spanned<T>, what: &str) -> Wrong {
    (spanned.span().start, what.to_owned())
}
