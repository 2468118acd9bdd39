//! What all requests of a session share.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use tokio::sync::mpsc;

use crate::{
    api::Event,
    domain::{id::OnRampId, on_ramp::OnRamp},
};

use super::{ask::Asks, config::Config, endpoint::Endpoint, tokens::Tokens};

/// What all requests of a session share.
pub(super) struct Session {
    /// Where calls go, and by what.
    pub(super) endpoint: Endpoint,
    /// The access token.
    pub(super) tokens: Tokens,
    /// The LAG that each member belongs to, as the last list had it.
    lags: Mutex<BTreeMap<OnRampId, i64>>,
}

impl Session {
    /// Opens the connections, on a thread where that may take its time.
    pub(super) async fn open(config: Config, tell: mpsc::Sender<Event>) -> Self {
        let endpoint = Endpoint::open(config, tell).await;
        Self { endpoint, tokens: Tokens::default(), lags: Mutex::default() }
    }

    /// The reads of this session's API.
    pub(super) fn asks(&self) -> Asks<'_> {
        let config = &self.endpoint.config;
        Asks { base: &config.api_url, timeouts: &config.timeouts }
    }

    /// Remembers which on-ramps are members of which LAG.
    pub(super) fn learn_lags(&self, on_ramps: &[OnRamp]) {
        let member = |o: &OnRamp| Some((o.id.clone(), o.lag.as_ref()?.group));
        let lags = on_ramps.iter().filter_map(member).collect();
        *self.lags.lock().unwrap_or_else(PoisonError::into_inner) = lags;
    }

    /// Whether both are one on-ramp: the same, or members of one LAG.
    pub(super) fn is_one_on_ramp(&self, one: &OnRampId, other: &OnRampId) -> bool {
        if one == other {
            return true;
        }
        let lags = self.lags.lock().unwrap_or_else(PoisonError::into_inner);
        lags.get(one).is_some_and(|group| lags.get(other) == Some(group))
    }
}
