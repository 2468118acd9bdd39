//! The failure of a request: what happened, what to do, what it may have done.

use thiserror::Error;

use crate::domain::{issuance::Doubt, text::SafeText};

/// The kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The host cannot be found or reached.
    Unreachable,
    /// No trusted, encrypted connection.
    Tls,
    /// No answer in time, or the connection broke.
    ConnectionLost,
    /// The credentials or the token were refused.
    Credentials,
    /// Not allowed for this account.
    Forbidden,
    /// No such on-ramp or key.
    NotFound,
    /// Too many requests.
    RateLimited,
    /// The API refused the request itself.
    Refused,
    /// The API had an error of its own.
    Server,
    /// Something between us and the API answered.
    Intermediary,
    /// The answer could not be read, or was over its cap.
    Unreadable,
    /// This host could not journal the request.
    NotJournaled,
}

/// A request that failed: what happened, what to do, and the trace id that
/// the vendor's support asks for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{happened}")]
pub struct Failure {
    /// The kind.
    pub cause: Cause,
    /// The fact, in one sentence without a full stop.
    pub happened: SafeText,
    /// The advice, in one sentence.
    pub advice: SafeText,
    /// The vendor's trace id.
    pub trace: Option<SafeText>,
    /// The possible effect at the server.
    pub doubt: Doubt,
}

impl Failure {
    /// Builds the failure of a request that could not be journaled, or was cancelled
    /// meanwhile: nothing was sent.
    pub fn unrecorded(happened: &str, advice: &str) -> Self {
        Self {
            cause: Cause::NotJournaled,
            happened: happened.into(),
            advice: advice.into(),
            trace: None,
            doubt: Doubt::NotSent,
        }
    }

    /// Joins fact, advice and the ids for support, for places without separate lines.
    pub fn in_full(&self) -> String {
        let trace = self.trace.as_ref();
        let trace = trace.map_or_else(String::new, |trace| format!(" Trace id {trace}."));
        format!("{}. {}{trace}", self.happened, self.advice)
    }

    /// Builds the failure of a reply that names a key which cannot be the ordered one,
    /// with the reason: ours may exist all the same.
    pub fn of_another_key(why: &str) -> Self {
        Self {
            cause: Cause::Unreadable,
            happened: SafeText::clean(&format!("The reply names another key: {why}")),
            advice: "The console searches the list for our key.".into(),
            trace: None,
            doubt: Doubt::Unknown,
        }
    }
}
