//! Mishaps: what a fault does to the reply, and how it goes onto the line.
//!
//! Decides only; the door carries it out.

use std::time::Duration;

use serde_json::{Value, json};

use super::answer::{Answer, TERMS, envelope};
use super::call::Call;
use super::clock::http_date;
use super::faults::{Act, Commit, Fault, RetryAfter, Shape};
use super::schedule::Event;
use super::server::Office;

/// How an answer goes onto the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
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

impl Manner {
    /// Whether a status line reaches the caller.
    pub(super) const fn replies(self) -> bool {
        !matches!(self, Self::Hang | Self::Reset | Self::Close)
    }
}

/// Lets `call` suffer `fault`.
pub(super) fn suffer(office: &mut Office, fault: Fault, call: &Call, now: i64) -> (Answer, Manner) {
    let needs_reply = matches!(
        fault.act,
        Act::HangAfter { .. }
            | Act::SlowDrip { .. }
            | Act::CutShort { .. }
            | Act::Rewrite { .. }
            | Act::LostAfterCommit
    );
    let truth = match fault.commit {
        _ if needs_reply => office.answer(call, now),
        Commit::Never => silence(),
        Commit::Before => office.answer(call, now),
        Commit::AfterMs(ms) => {
            let call = Box::new(call.clone());
            office.agenda.enter(now.saturating_add_unsigned(ms), Event::Commit { call });
            silence()
        }
    };
    match fault.act {
        Act::Status { code, shape, text, retry_after } => {
            let text = text.unwrap_or_else(|| "The simulator was told to fail".to_owned());
            (waiting(shaped(code, shape, &text), &retry_after, now), Manner::Whole)
        }
        Act::TooMany { retry_after } => {
            let answer = shaped(429, Shape::String, "Too many requests");
            (waiting(answer, &retry_after, now), Manner::Whole)
        }
        Act::Unauthorized => {
            if let Some(token) = call.credentials("Bearer") {
                office.tokens.revoke(token);
            }
            (shaped(401, Shape::Null, ""), Manner::Whole)
        }
        Act::Html { code } => (page(code), Manner::Whole),
        Act::Redirect { code, to } => (
            Answer::text(code, "text/html", "<html><body>Moved</body></html>").with("location", to),
            Manner::Whole,
        ),
        Act::Raw { code, body, content_type } => {
            let answer = Answer::text(code, "application/json", body);
            match content_type {
                None => (answer, Manner::Whole),
                Some(kind) => (answer.with("content-type", kind), Manner::Whole),
            }
        }
        Act::Rewrite { find, replace } => {
            let body = String::from_utf8_lossy(&truth.body).replacen(&find, &replace, 1);
            (Answer { body: body.into(), ..truth }, Manner::Whole)
        }
        Act::Hang => (truth, Manner::Hang),
        Act::HangAfter { bytes } => (truth, Manner::HangAfter { bytes }),
        Act::SlowDrip { bytes, every_ms } => {
            (truth, Manner::Drip { bytes: bytes.max(1), every: Duration::from_millis(every_ms) })
        }
        Act::Reset => (truth, Manner::Reset),
        Act::Close | Act::LostAfterCommit => (truth, Manner::Close),
        Act::CutShort { after_bytes } => (truth, Manner::CutShort { bytes: after_bytes }),
        Act::Flood => (truth, Manner::Flood),
    }
}

fn silence() -> Answer {
    Answer::text(200, "application/json", "")
}

fn waiting(answer: Answer, retry_after: &[RetryAfter], now: i64) -> Answer {
    retry_after.iter().fold(answer, |answer, header| {
        let value = match header {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::DateInS(seconds) => http_date(now.saturating_add(seconds * 1000)),
            RetryAfter::Text(text) => text.clone(),
        };
        answer.with("retry-after", value)
    })
}

/// An error body of every shape the reference has seen (10.1).
fn shaped(code: u16, shape: Shape, text: &str) -> Answer {
    let data = match shape {
        Shape::String => Value::from(text),
        Shape::Strings => json!([text, "A second complaint"]),
        Shape::Objects => json!([{"message": text, "field": "vlan"}]),
        Shape::Object => json!({"message": text}),
        Shape::True => true.into(),
        Shape::Null => Value::Null,
        Shape::Empty => "".into(),
        Shape::Absent => return Answer::bare(code, &json!({"message": text, "terms": TERMS})),
        Shape::Plain => return Answer::text(code, "text/plain", text.to_owned()),
        Shape::Html => return page(code),
        Shape::Nothing => return Answer::text(code, "application/json", ""),
    };
    Answer::bare(code, &envelope("Request failed", &data))
}

/// What a captive portal or a gateway says in place of the API.
fn page(code: u16) -> Answer {
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
