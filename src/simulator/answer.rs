//! Answers: the vendor's envelope, and refusals as it words them.
//!
//! Reference 0.2 (envelope) and 10.1 (errors). Knows no rules.

use axum::body::Bytes;
use serde_json::{Value, json};

/// The sentence that goes with every enveloped answer.
pub(super) const DATA_TERMS: &str = "This data is subject to the Acceptable Use Policy https://www.megaport.com/legal/acceptable-use-policy";

/// The answer to a caller, before it is sent.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Bytes,
}

impl Answer {
    /// Returns a bare JSON document without the envelope.
    pub(super) fn bare(status: u16, document: &Value) -> Self {
        Self::text(status, "application/json", document.to_string())
    }

    /// Builds an answer of any text.
    pub(super) fn text(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self { status, content_type, headers: Vec::new(), body: body.into() }
    }

    /// Returns an empty answer, in place of one that is never sent.
    pub(super) fn silence() -> Self {
        Self::text(200, "application/json", "")
    }

    /// Builds a 200 with the envelope around `data`.
    pub(super) fn ok(message: &str, data: &Value) -> Self {
        Self::bare(200, &envelope(message, data))
    }

    /// Builds a 200 with the envelope around `data`, which is JSON text already.
    pub(super) fn ok_text(message: &str, data: &str) -> Self {
        Self::text(200, "application/json", list_envelope(message, [data]))
    }

    /// Builds a 405 without the envelope (reference 3).
    pub(super) fn method_not_allowed(allowed: &[&str]) -> Self {
        Self::bare(
            405,
            &json!({"message": "Method Not Allowed", "http_error_code": 405,
                    "allowed_methods": allowed}),
        )
    }

    /// Adds a header.
    pub(super) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Builds `{message, terms, data}`.
pub(super) fn envelope(message: &str, data: &Value) -> Value {
    json!({"message": message, "terms": DATA_TERMS, "data": data})
}

/// Returns the envelope as text, up to where `data` begins.
pub(super) fn envelope_start(message: &str) -> String {
    format!(r#"{{"message":{},"terms":{},"data":"#, Value::from(message), Value::from(DATA_TERMS))
}

/// Returns the envelope as text around `data`, given in pieces of JSON text.
pub(super) fn list_envelope<'a>(message: &str, data: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = envelope_start(message);
    text.extend(data);
    text.push('}');
    text
}

/// `object`, the text of a JSON object with members, with one member more.
pub(super) fn with_member(object: &str, name: &str, value: &str) -> String {
    let open = object.strip_suffix('}').unwrap_or(object);
    format!(r#"{open},"{name}":{value}}}"#)
}

/// The reason for a refusal: the status and the text in `data`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) text: String,
}

impl Refusal {
    /// Builds a 400: the request breaks a rule (reference 4.7).
    pub(super) fn invalid(text: impl Into<String>) -> Self {
        Self { status: 400, text: text.into() }
    }

    /// Builds a 403: not the owner, or a read-only API key.
    pub(super) fn forbidden(text: impl Into<String>) -> Self {
        Self { status: 403, text: text.into() }
    }

    /// Builds a 404: not found.
    pub(super) fn not_found(text: impl Into<String>) -> Self {
        Self { status: 404, text: text.into() }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let message = match refusal.status {
            400 => "Validation failed",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            429 => "Too Many Requests",
            _ => "Request failed",
        };
        Self::bare(refusal.status, &envelope(message, &Value::from(refusal.text)))
    }
}
