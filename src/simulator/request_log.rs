//! The requests that the simulator has received, without credentials.

use super::call::Call;

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedRequest {
    /// `GET`, `POST`, `PUT`.
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// Query as sent, without `?`.
    pub query: String,
    /// The status of the reply; `None` without one.
    pub status: Option<u16>,
    /// The body, empty for token requests.
    pub body: String,
    /// Number of the connection it came on, from 1.
    pub connection: u64,
    /// Its arrival time, in milliseconds since 1970 on the server's clock.
    pub at: i64,
}

impl LoggedRequest {
    pub(super) fn new(call: &Call, status: Option<u16>, at: i64) -> Self {
        let secret = call.path == "/oauth2/token";
        let body = if secret { "".into() } else { String::from_utf8_lossy(&call.body) };
        Self {
            method: call.method.clone(),
            path: call.path.clone(),
            query: call.query.clone(),
            status,
            body: body.into_owned(),
            connection: call.connection,
            at,
        }
    }
}
