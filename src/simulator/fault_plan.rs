//! The effect of a fault on a call: whether it runs, what is answered, and how.
//!
//! Decides only; the server and the HTTP side carry it out.

use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{Answer, DATA_TERMS, envelope};
use super::clock::http_date;
use super::faults::{Act, Commit, Fault, RetryAfter, Shape};

/// The way an answer is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivery {
    /// As it is.
    Whole,
    /// Not at all; the connection stays open.
    Hang,
    /// The head and some bytes, then silence.
    HangAfter { bytes: usize },
    /// In small pieces.
    Drip { bytes: usize, every: Duration },
    /// Not at all; the connection is reset.
    Reset,
    /// Not at all; the connection is closed.
    Close,
    /// The head with the full length, some bytes, then the end.
    CutShort { bytes: usize },
    /// The head, then bytes without end.
    Flood,
}

impl Delivery {
    /// Returns whether a status line reaches the caller.
    pub(super) const fn sends_reply(self) -> bool {
        !matches!(self, Self::Hang | Self::Reset | Self::Close)
    }
}

/// The effect of a fault on a call.
#[derive(Debug)]
pub(super) struct FaultPlan {
    pub(super) run: Run,
    /// Whether the token that the call came with ends.
    pub(super) revokes_token: bool,
    pub(super) rewrite: Rewrite,
    pub(super) delivery: Delivery,
}

/// Whether a call takes effect by the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// At once.
    Now,
    /// It runs this many milliseconds later; its outcome is not reported.
    LaterMs(u64),
    /// It does not.
    Never,
}

/// The change made to the true reply.
#[derive(Debug)]
pub(super) enum Rewrite {
    /// It stays as it is.
    Keep,
    /// The first piece of its body that fits is replaced.
    Piece {
        /// The text to find.
        find: String,
        /// Text to put there.
        replace: String,
    },
    /// Another reply takes its place.
    Whole(Answer),
}

impl Rewrite {
    /// Returns the reply that goes back where `truth` is the true one.
    pub(super) fn apply(self, truth: Answer) -> Answer {
        match self {
            Self::Keep => truth,
            Self::Piece { find, replace } => {
                let body = String::from_utf8_lossy(&truth.body).replacen(&find, &replace, 1);
                Answer { body: body.into(), ..truth }
            }
            Self::Whole(answer) => answer,
        }
    }
}

impl FaultPlan {
    /// Returns the effect of `fault` on a call at `now`.
    pub(super) fn new(fault: Fault, now: i64) -> Self {
        let Fault { act, commit, .. } = fault;
        let needs_reply = matches!(
            act,
            Act::HangAfter { .. }
                | Act::SlowDrip { .. }
                | Act::CutShort { .. }
                | Act::Rewrite { .. }
                | Act::LostAfterCommit
        );
        let run = match commit {
            _ if needs_reply => Run::Now,
            Commit::Never => Run::Never,
            Commit::Before => Run::Now,
            Commit::AfterMs(ms) => Run::LaterMs(ms),
        };
        let revokes_token = matches!(act, Act::Unauthorized);
        let (rewrite, delivery) = rewrite_and_delivery(act, now);
        Self { run, revokes_token, rewrite, delivery }
    }
}

/// Returns what an act leaves of the reply, and how it is sent.
fn rewrite_and_delivery(act: Act, now: i64) -> (Rewrite, Delivery) {
    let whole = |answer| (Rewrite::Whole(answer), Delivery::Whole);
    let keep = |delivery| (Rewrite::Keep, delivery);
    match act {
        Act::Status { code, shape, text, retry_after } => {
            let text = text.unwrap_or_else(|| "The simulator was told to fail".to_owned());
            whole(with_retry_after(error_answer(code, shape, &text), &retry_after, now))
        }
        Act::TooMany { retry_after } => {
            let answer = error_answer(429, Shape::String, "Too many requests");
            whole(with_retry_after(answer, &retry_after, now))
        }
        Act::Unauthorized => whole(error_answer(401, Shape::Null, "")),
        Act::Html { code } => whole(html_page(code)),
        Act::Redirect { code, to } => whole(
            Answer::text(code, "text/html", "<html><body>Moved</body></html>")
                .with_header("location", to),
        ),
        Act::Raw { code, body, content_type } => {
            let answer = Answer::text(code, "application/json", body);
            whole(match content_type {
                None => answer,
                Some(kind) => answer.with_header("content-type", kind),
            })
        }
        Act::Rewrite { find, replace } => (Rewrite::Piece { find, replace }, Delivery::Whole),
        Act::Hang => keep(Delivery::Hang),
        Act::HangAfter { bytes } => keep(Delivery::HangAfter { bytes }),
        Act::SlowDrip { bytes, every_ms } => {
            let every = Duration::from_millis(every_ms);
            keep(Delivery::Drip { bytes: bytes.max(1), every })
        }
        Act::Reset => keep(Delivery::Reset),
        Act::Close | Act::LostAfterCommit => keep(Delivery::Close),
        Act::CutShort { after_bytes } => keep(Delivery::CutShort { bytes: after_bytes }),
        Act::Flood => keep(Delivery::Flood),
    }
}

fn with_retry_after(answer: Answer, retry_after: &[RetryAfter], now: i64) -> Answer {
    retry_after.iter().fold(answer, |answer, header| {
        let value = match header {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::DateInS(seconds) => http_date(now.saturating_add(seconds * 1000)),
            RetryAfter::Text(text) => text.clone(),
        };
        answer.with_header("retry-after", value)
    })
}

/// Returns an error body of every shape the reference has seen (10.1).
fn error_answer(code: u16, shape: Shape, text: &str) -> Answer {
    let data = match shape {
        Shape::String => Value::from(text),
        Shape::Strings => json!([text, "A second complaint"]),
        Shape::Objects => json!([{"message": text, "field": "vlan"}]),
        Shape::Object => json!({"message": text}),
        Shape::True => true.into(),
        Shape::Null => Value::Null,
        Shape::Empty => "".into(),
        Shape::Absent => return Answer::bare(code, &json!({"message": text, "terms": DATA_TERMS})),
        Shape::Plain => return Answer::text(code, "text/plain", text.to_owned()),
        Shape::Html => return html_page(code),
        Shape::Nothing => return Answer::text(code, "application/json", ""),
    };
    Answer::bare(code, &envelope("Request failed", &data))
}

/// Returns the page of a captive portal or gateway in place of the API.
fn html_page(code: u16) -> Answer {
    let (title, text) = match code {
        200 => ("Sign in", "Please sign in to use this network."),
        502 => ("502 Bad Gateway", "The server returned an invalid response."),
        _ => ("Error", "The request could not be completed."),
    };
    let html = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head>\
         <body><h1>{title}</h1><p>{text}</p></body></html>\n"
    );
    Answer::text(code, "text/html", html)
}
