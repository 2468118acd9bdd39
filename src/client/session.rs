//! State shared by all requests of a session.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use tokio::sync::mpsc;

use crate::{
    api::Event,
    domain::{id::OnRampId, lag, on_ramp::OnRamp},
};

use super::{config::Config, endpoint::Endpoint, read_requests::ReadRequests, tokens::Tokens};

/// State shared by all requests of a session.
pub(super) struct Session {
    /// The destination of calls, and the means to make them.
    pub(super) endpoint: Endpoint,
    /// The access token.
    pub(super) tokens: Tokens,
    /// The on-ramp that each member of a LAG is, as the last list had it.
    lags: Mutex<BTreeMap<OnRampId, OnRampId>>,
}

impl Session {
    /// Opens the connections, on a thread where that may take its time.
    pub(super) async fn open(config: Config, tell: mpsc::Sender<Event>) -> Self {
        let endpoint = Endpoint::open(config, tell).await;
        Self { endpoint, tokens: Tokens::default(), lags: Mutex::default() }
    }

    /// Returns the reads of this session's API.
    pub(super) fn asks(&self) -> ReadRequests<'_> {
        let config = &self.endpoint.config;
        ReadRequests { base: &config.api_url, timeouts: &config.timeouts }
    }

    /// Remembers which on-ramps are members of which LAG.
    pub(super) fn learn_lags(&self, on_ramps: &[OnRamp]) {
        let lags = lag::wholes(on_ramps);
        *self.lags.lock().unwrap_or_else(PoisonError::into_inner) = lags;
    }

    /// Returns whether both are one on-ramp: the same, or members of one LAG.
    pub(super) fn is_one_on_ramp(&self, one: &OnRampId, other: &OnRampId) -> bool {
        if one == other {
            return true;
        }
        let lags = self.lags.lock().unwrap_or_else(PoisonError::into_inner);
        lags.get(one).is_some_and(|whole| lags.get(other) == Some(whole))
    }
}
