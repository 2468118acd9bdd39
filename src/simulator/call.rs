//! A call: one request as the server reads it, away from HTTP machinery.

use std::net::{IpAddr, SocketAddr};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Request, header},
};
use serde_json::Value;
use url::form_urlencoded;

use crate::simulator::answer::Refusal;

const BODY_MAX_BYTES: usize = 4 << 20;

/// A request that was read to its end.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) body: Bytes,
    pub(super) client: IpAddr,
    pub(super) connection: u64,
    authorization: Option<String>,
    content_type: String,
    acting_for: Option<String>,
    /// Whether the answer may be packed with gzip.
    pub(super) takes_gzip: bool,
}

impl Call {
    /// Reads `request` whole; a body that breaks off is `None`.
    pub(super) async fn read(
        request: Request<Body>,
        client: SocketAddr,
        connection: u64,
    ) -> Option<Self> {
        let (head, body) = request.into_parts();
        let body = to_bytes(body, BODY_MAX_BYTES).await.ok()?;
        let (path, query) = split_prefix(head.uri.path(), head.uri.query());
        Some(Self {
            method: head.method.to_string(),
            path,
            query,
            body,
            client: client.ip(),
            connection,
            authorization: header_text(&head.headers, header::AUTHORIZATION.as_str()),
            content_type: header_text(&head.headers, header::CONTENT_TYPE.as_str())
                .unwrap_or_default(),
            acting_for: header_text(&head.headers, "x-call-context"),
            takes_gzip: header_text(&head.headers, header::ACCEPT_ENCODING.as_str()).is_some_and(
                |list| list.split(',').any(|coding| coding.trim().starts_with("gzip")),
            ),
        })
    }

    /// Returns the `Authorization` header after `scheme` and a space.
    pub(super) fn credentials(&self, scheme: &str) -> Option<&str> {
        let (given, rest) = self.authorization.as_deref()?.split_once(' ')?;
        given.eq_ignore_ascii_case(scheme).then(|| rest.trim())
    }

    /// Returns the `X-Call-Context` header: the company acted for (reference 1).
    pub(super) fn acting_for(&self) -> Option<&str> {
        self.acting_for.as_deref()
    }

    /// Returns the first query parameter called `name`.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        form_value(self.query.as_bytes(), name)
    }

    /// Returns every query parameter called `name`.
    pub(super) fn parameters(&self, name: &str) -> Vec<String> {
        let all = form_urlencoded::parse(self.query.as_bytes());
        all.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
    }

    /// Returns a field of a form body.
    pub(super) fn form_field(&self, name: &str) -> Option<String> {
        form_value(&self.body, name)
    }

    /// Returns the path in segments.
    pub(super) fn segments(&self) -> Vec<&str> {
        self.path.split('/').filter(|segment| !segment.is_empty()).collect()
    }

    /// Returns the body as JSON, which must be declared as such.
    pub(super) fn json(&self) -> Result<Value, Refusal> {
        let kind = self.content_type.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Refusal::invalid("Content-Type application/json is required"));
        }
        serde_json::from_slice(&self.body)
            .map_err(|error| Refusal::invalid(format!("The body is not JSON: {error}")))
    }
}

/// Path and query, also where the query was joined into the path: the official
/// SDK's lookup reads `/v2/service/key%3Fkey=…` (reference 4.2).
fn split_prefix(path: &str, query: Option<&str>) -> (String, String) {
    if query.is_none()
        && let Some(at) = path.to_ascii_lowercase().find("%3f")
    {
        return (path[..at].to_owned(), path[at + 3..].to_owned());
    }
    (path.to_owned(), query.unwrap_or_default().to_owned())
}

fn form_value(form: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(form).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
