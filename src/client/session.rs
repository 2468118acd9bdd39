//! What all requests of a session share.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use tokio::sync::mpsc;

use crate::{
    api::{Event, Failure},
    domain::{id::OnRampId, on_ramp::OnRamp},
};

use super::{
    ask::Asks, budget::Budget, config::Config, connection_pool::Line, mask::Mask, serve::worked,
    tokens::Tokens,
};

/// What all requests of a session share.
pub(super) struct Session {
    /// Where and as whom.
    pub(super) config: Config,
    /// The connections, or why there are none.
    pub(super) line: Result<Line, Failure>,
    /// The access token.
    pub(super) tokens: Tokens,
    /// What may be repeated.
    pub(super) budget: Budget,
    /// Where events go.
    pub(super) tell: mpsc::Sender<Event>,
    /// The LAG that each member belongs to, as the last list had it.
    lags: Mutex<BTreeMap<OnRampId, i64>>,
    /// What was sent as a secret so far.
    mask: Mutex<Mask>,
}

impl Session {
    /// Opens the connections, on a thread where that may take its time.
    pub(super) async fn open(config: Config, tell: mpsc::Sender<Event>) -> Self {
        let settings = config.clone();
        let line = worked(tokio::task::spawn_blocking(move || Line::open(&settings))).await;
        Self {
            line,
            tokens: Tokens::default(),
            budget: Budget::new(config.timeouts.pace.burst),
            tell,
            lags: Mutex::default(),
            mask: Mutex::new(config.mask()),
            config,
        }
    }

    /// The reads of this session's API.
    pub(super) fn asks(&self) -> Asks<'_> {
        Asks { base: &self.config.api_url, timeouts: &self.config.timeouts }
    }

    /// What hides the secrets that were sent so far.
    pub(super) fn mask(&self) -> Mask {
        self.mask.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Hides `token`, too, from now on.
    pub(super) fn hide_token(&self, token: &str) {
        self.mask.lock().unwrap_or_else(PoisonError::into_inner).hide_token(token);
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
