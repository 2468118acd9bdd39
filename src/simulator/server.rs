//! The office: the whole server behind its door, one call at a time.
//!
//! It holds the state, does what has fallen due, and leads each call past the
//! faults, the limit and the token check to its route. It knows no sockets.

use std::collections::VecDeque;
use std::time::Duration;

use fastrand::Rng;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::clock::millis;
use super::clock::{Clock, http_date};
use super::customer;
use super::events::Planned;
use super::fault_plan::{self, Manner};
use super::faults::Faults;
use super::order;
use super::rate_limit::Limit;
use super::request_log::Seen;
use super::routes;
use super::schedule::{Agenda, Event};
use super::store::Store;
use super::switches::Switches;
use super::tokens::{Tokens, uuid};

const MOST_SEEN: usize = 20_000;

/// The state of the server.
#[derive(Debug)]
pub(super) struct Office {
    pub(super) clock: Clock,
    pub(super) switches: Switches,
    pub(super) store: Store,
    pub(super) events: Vec<Planned>,
    pub(super) tokens: Tokens,
    pub(super) limit: Limit,
    pub(super) agenda: Agenda,
    pub(super) faults: Faults,
    pub(super) seen: VecDeque<Seen>,
    pub(super) rng: Rng,
    pub(super) token_lifetime: Duration,
    pub(super) customer_after: Option<Duration>,
    pub(super) provisioning: Duration,
}

impl Office {
    /// The server's time.
    pub(super) fn now(&self) -> i64 {
        self.clock.now(self.switches.clock_offset_ms)
    }

    /// Does what has fallen due, in order, and answers the time.
    pub(super) fn settle(&mut self) -> i64 {
        let now = self.now();
        while let Some((due, event)) = self.agenda.next_due(now) {
            match event {
                Event::Provision { circuit } => {
                    if order::provision(self, circuit, due) {
                        let next = due + millis(self.provisioning);
                        self.agenda.enter(next, Event::Provision { circuit });
                    }
                }
                Event::Redeem { key } => {
                    if customer::redeem(self, 1, &key, due).is_err()
                        && let Some(next) = customer::next_attempt(&self.store, &key, due)
                    {
                        self.agenda.enter(next, Event::Redeem { key });
                    }
                }
                Event::Commit { call } => _ = self.answer(&call, due),
            }
        }
        now
    }

    /// Hears a call and says what goes back, and how.
    pub(super) fn hear(&mut self, call: &Call) -> (Answer, Manner) {
        let now = self.settle();
        let (answer, manner) = match self.faults.strike(call) {
            None => (self.answer(call, now), Manner::Whole),
            Some(fault) => fault_plan::suffer(self, fault, call, now),
        };
        if self.seen.len() >= MOST_SEEN {
            self.seen.pop_front();
        }
        self.seen.push_back(Seen::of(call, manner.replies().then_some(answer.status), now));
        let trace = uuid(&mut self.rng);
        let answer = answer
            .with("trace-id", trace.clone())
            .with("x-correlation-id", trace)
            .with("date", http_date(now));
        (answer, manner)
    }

    /// Answers a call by the rules.
    pub(super) fn answer(&mut self, call: &Call, now: i64) -> Answer {
        if call.path == "/oauth2/token" {
            return routes::token::answer(self, call, now);
        }
        if self.switches.rate_limit
            && let Err(wait) = self.limit.admit(call.client, now)
        {
            let refusal = Refusal { status: 429, text: "Too many requests".to_owned() };
            return Answer::from(refusal).with("retry-after", wait.to_string());
        }
        if let Some(answer) = routes::public(self, call, now) {
            return answer.unwrap_or_else(Into::into);
        }
        let company = match self.caller(call, now) {
            Ok(company) => company,
            Err(refusal) => return refusal.into(),
        };
        if self.switches.read_only && call.method != "GET" {
            return Refusal::forbidden("The API key is read only").into();
        }
        routes::answer(self, call, company, now).unwrap_or_else(|refusal| {
            let old_form = self.switches.not_found_as_400 && refusal.status == 404;
            let status = if old_form { 400 } else { refusal.status };
            Refusal { status, ..refusal }.into()
        })
    }

    /// The company that calls.
    fn caller(&self, call: &Call, now: i64) -> Result<usize, Refusal> {
        let token = call.credentials("Bearer").unwrap_or_default();
        let company = self.tokens.company(token, now).ok_or_else(|| Refusal {
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
