//! One network call, as reported to the log.

use std::time::Duration;

use crate::domain::text::SafeText;

use super::{Cause, RequestId};

/// The outcome of one call.
///
/// A log may hold all of it: there is no place in it for a header, a body or a secret.
/// The path is a fixed template, so that no key is in it either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// The request that caused it; a token serves them all.
    pub request: Option<RequestId>,
    /// The verb: `GET`, `POST`, `PUT`.
    pub verb: &'static str,
    /// The path below the API's base, with names for what varies.
    pub path: &'static str,
    /// Its end.
    pub end: CallEnd,
    /// Its duration.
    pub took: Duration,
    /// The bytes of the answer that were read, after decompression.
    pub bytes: u64,
    /// The vendor's trace id.
    pub trace: Option<SafeText>,
}

/// The end of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallEnd {
    /// With a whole answer of this status.
    Whole(u16),
    /// With this status, and an answer that did not arrive whole.
    Cut(u16),
    /// Without an answer.
    Unanswered(Cause),
}
