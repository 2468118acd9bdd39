//! The state of the server: documents, orders in progress, permissions.

use std::{collections::VecDeque, time::Duration};

use fastrand::Rng;

use crate::simulator::{
    answer::Refusal, call::Call, clock::Clock, events::EventTimes, faults::Faults,
    rate_limit::RateLimit, request_log::LoggedRequest, schedule::Schedule, store::Store,
    switches::Switches, tokens::Tokens,
};

/// The state of the server.
#[derive(Debug)]
pub(super) struct State {
    pub(super) clock: Clock,
    pub(super) switches: Switches,
    pub(super) store: Store,
    pub(super) events: Vec<EventTimes>,
    pub(super) tokens: Tokens,
    pub(super) limit: RateLimit,
    pub(super) schedule: Schedule,
    pub(super) faults: Faults,
    pub(super) request_log: VecDeque<LoggedRequest>,
    pub(super) rng: Rng,
    pub(super) token_lifetime: Duration,
    pub(super) customer_after: Option<Duration>,
    pub(super) provisioning: Duration,
}

impl State {
    /// Returns the server's time.
    pub(super) fn now(&self) -> i64 {
        self.clock.now(self.switches.clock_offset_ms)
    }

    /// Returns the company that calls.
    pub(super) fn calling_company(&self, call: &Call, now: i64) -> Result<usize, Refusal> {
        let token = call.credentials("Bearer").unwrap_or_default();
        let company = self.tokens.company_of(token, now).ok_or_else(|| Refusal {
            status: 401,
            text: "The access token is missing, wrong or expired".to_owned(),
        })?;
        match call.acting_for() {
            Some(uid) if uid != self.store.accounts[company].company.uid => {
                Err(Refusal::forbidden("The company is not managed by this account"))
            }
            _ => Ok(company),
        }
    }
}
