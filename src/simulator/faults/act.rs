//! Acts: the effects on a struck call.

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, Unexpected};

/// The effect on a call.
///
/// In JSON an act without settings is a word (`"reset"`), one with settings an
/// object of one member (`{"cut_short": {"after_bytes": 40}}`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// An error status with a body of a given shape (reference 10.1).
    Status {
        /// HTTP status.
        #[serde(deserialize_with = "status")]
        code: u16,
        /// The form of the body.
        #[serde(default)]
        shape: Shape,
        /// The text in it.
        text: Option<String>,
        /// `Retry-After` headers, none, one or several.
        #[serde(default)]
        retry_after: Vec<RetryAfter>,
    },
    /// 429 with `Retry-After` headers, none, one or several (reference 10.2).
    TooMany {
        /// The headers.
        #[serde(default)]
        retry_after: Vec<RetryAfter>,
    },
    /// 401, and the token it came with is revoked.
    Unauthorized,
    /// A page of HTML: a login page with 200, a gateway's with 502.
    Html {
        /// HTTP status.
        #[serde(deserialize_with = "status")]
        code: u16,
    },
    /// A redirect that must not be followed.
    Redirect {
        /// HTTP status, such as 307.
        #[serde(deserialize_with = "status")]
        code: u16,
        /// The `Location` header.
        to: String,
    },
    /// Any reply at all.
    Raw {
        /// HTTP status.
        #[serde(deserialize_with = "status")]
        code: u16,
        /// Whole body.
        body: String,
        /// `Content-Type` is `application/json` unless this overrides it.
        content_type: Option<String>,
    },
    /// The true reply with one piece of its text replaced, the first that fits.
    Rewrite {
        /// The text to find.
        find: String,
        /// Text to put there.
        replace: String,
    },
    /// No answer, ever; the connection stays open.
    Hang,
    /// The head and this many bytes of the true body, then silence.
    HangAfter {
        /// Bytes sent before the silence.
        bytes: usize,
    },
    /// The true reply, a few bytes at a time.
    SlowDrip {
        /// Bytes in one piece.
        bytes: usize,
        /// Milliseconds between pieces.
        every_ms: u64,
    },
    /// The connection is reset (RST) without a reply.
    Reset,
    /// The connection is closed (FIN) without a reply.
    Close,
    /// The true head with the true length, then too few bytes and the end.
    CutShort {
        /// Bytes sent before the end.
        after_bytes: usize,
    },
    /// A body without end, in chunks.
    Flood,
    /// The call takes effect, and the connection is closed without a reply.
    LostAfterCommit,
}

/// The shape of an error's body (reference 10.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// `data` is a string.
    #[default]
    String,
    /// `data` is an array of strings.
    Strings,
    /// `data` is an array of objects.
    Objects,
    /// `data` is an object.
    Object,
    /// `data` is `true`.
    True,
    /// `data` is `null`.
    Null,
    /// `data` is `""`.
    Empty,
    /// No `data`.
    Absent,
    /// The body is plain text.
    Plain,
    /// The body is HTML.
    Html,
    /// There is no body.
    Nothing,
}

/// A `Retry-After` header.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// Seconds.
    Seconds(u64),
    /// A date, this many seconds from now on the server's clock.
    DateInS(i64),
    /// Any text.
    Text(String),
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let code = u16::deserialize(deserializer)?;
    if (200..=599).contains(&code) {
        return Ok(code);
    }
    let wrong = Unexpected::Unsigned(code.into());
    Err(D::Error::invalid_value(wrong, &"an HTTP status from 200 to 599"))
}
