//! Tries a key pair or a host before anything relies on it.

use tokio::sync::mpsc;

use crate::api::Failure;

use super::{answer::UnmaskedAnswer, config::Config, errors, session::Session, tokens::Need};

/// A host that answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiAnswered {
    /// The status of the reply.
    pub status: u16,
    /// The server's clock minus ours, in milliseconds.
    pub clock_offset: Option<i64>,
}

/// Returns whether these credentials get a token. Requests one and drops it.
pub async fn verify_credentials(config: Config) -> Result<(), Failure> {
    let session = open(config).await;
    session.tokens.get_token(&session.endpoint, Need::Read).await.map(drop)
}

/// Returns whether the API answers at all. Sends no credentials.
pub async fn probe_api(config: Config) -> Result<ApiAnswered, Failure> {
    let session = open(config).await;
    let pool = session.endpoint.pool.as_ref().map_err(Clone::clone)?;
    let config = &session.endpoint.config;
    let asked = pool.reads.get(config.api_url.clone()).timeout(config.timeouts.token);
    let lost =
        |error| errors::failure_of_error(&error, &config.api_route(), &session.endpoint.mask());
    let response = asked.send().await.map_err(lost)?;
    let answer =
        UnmaskedAnswer::read(response, 0, |_| {}).await.mask(session.endpoint.mask()).await;
    Ok(ApiAnswered { status: answer.status.as_u16(), clock_offset: answer.clock_offset })
}

async fn open(config: Config) -> Session {
    // The progress of one small request has no receiver.
    let (tell, _) = mpsc::channel(1);
    Session::open(config, tell).await
}
