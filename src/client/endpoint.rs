//! The hosts that calls go to, and the connections, budget and secrets that go with them.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc;

use crate::api::{Event, Failure};

use super::{
    blocking::join_blocking, budget::RetryBudget, config::Config, connection_pool::ConnectionPool,
    mask::Mask,
};

/// The destination of calls, and the means to make them.
pub(super) struct Endpoint {
    /// The addresses and credentials.
    pub(super) config: Config,
    /// The connections, or why there are none.
    pub(super) pool: Result<ConnectionPool, Failure>,
    /// The budget for retries.
    pub(super) budget: RetryBudget,
    /// The receiver of events.
    pub(super) tell: mpsc::Sender<Event>,
    /// The secrets sent so far.
    mask: Mutex<Mask>,
}

impl Endpoint {
    /// Opens the connections, on a thread where that may take its time.
    pub(super) async fn open(config: Config, tell: mpsc::Sender<Event>) -> Self {
        let settings = config.clone();
        let open = move || ConnectionPool::open(&settings);
        Self {
            pool: join_blocking(tokio::task::spawn_blocking(open)).await,
            budget: RetryBudget::new(config.timeouts.pace.burst),
            tell,
            mask: Mutex::new(config.mask()),
            config,
        }
    }

    /// Returns the mask that hides the secrets sent so far.
    pub(super) fn mask(&self) -> Mask {
        self.mask.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Hides `token`, too, from now on.
    pub(super) fn hide_token(&self, token: &str) {
        self.mask.lock().unwrap_or_else(PoisonError::into_inner).hide_token(token);
    }
}
