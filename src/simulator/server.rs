//! The server: one call at a time, without sockets.
//!
//! It does what has fallen due, and leads each call past the faults, the limit
//! and the token check to its route.

use crate::simulator::{
    answer::{Answer, Refusal},
    call::Call,
    clock::{http_date, millis},
    customer,
    fault_plan::{Delivery, FaultPlan, Run},
    order,
    request_log::Seen,
    routes,
    schedule::Event,
    state::State,
    tokens::uuid,
};

const MOST_SEEN: usize = 20_000;

/// Does what has fallen due, in order, and answers the time.
pub(super) fn settle(state: &mut State) -> i64 {
    let now = state.now();
    while let Some((due, event)) = state.schedule.next_due(now) {
        match event {
            Event::Provision { circuit } => {
                if order::provision(state, circuit, due) {
                    let next = due + millis(state.provisioning);
                    state.schedule.enter(next, Event::Provision { circuit });
                }
            }
            Event::Redeem { key } => {
                if customer::redeem(state, 1, &key, due).is_err()
                    && let Some(next) = customer::next_attempt(&state.store, &key, due)
                {
                    state.schedule.enter(next, Event::Redeem { key });
                }
            }
            Event::Commit { call } => _ = answer(state, &call, due),
        }
    }
    now
}

/// Handles a call and says what goes back, and how.
pub(super) fn handle(state: &mut State, call: &Call) -> (Answer, Delivery) {
    let now = settle(state);
    let (answer, delivery) = match state.faults.next_fault_for(call) {
        None => (answer(state, call, now), Delivery::Whole),
        Some(fault) => carry_out(state, FaultPlan::of(fault, now), call, now),
    };
    if state.seen.len() >= MOST_SEEN {
        state.seen.pop_front();
    }
    state.seen.push_back(Seen::of(call, delivery.replies().then_some(answer.status), now));
    let trace = uuid(&mut state.rng);
    let answer = answer
        .with("trace-id", trace.clone())
        .with("x-correlation-id", trace)
        .with("date", http_date(now));
    (answer, delivery)
}

/// Carries out what a fault does to a call.
fn carry_out(state: &mut State, plan: FaultPlan, call: &Call, now: i64) -> (Answer, Delivery) {
    let FaultPlan { run, revokes_token, rewrite, delivery } = plan;
    let truth = match run {
        Run::Now => answer(state, call, now),
        Run::LaterMs(ms) => {
            let call = Box::new(call.clone());
            state.schedule.enter(now.saturating_add_unsigned(ms), Event::Commit { call });
            Answer::silence()
        }
        Run::Never => Answer::silence(),
    };
    if revokes_token && let Some(token) = call.credentials("Bearer") {
        state.tokens.revoke(token);
    }
    (rewrite.apply(truth), delivery)
}

/// Answers a call by the rules.
fn answer(state: &mut State, call: &Call, now: i64) -> Answer {
    if call.path == "/oauth2/token" {
        return routes::token::answer(state, call, now);
    }
    if state.switches.rate_limit
        && let Err(wait) = state.limit.admit(call.client, now)
    {
        let refusal = Refusal { status: 429, text: "Too many requests".to_owned() };
        return Answer::from(refusal).with("retry-after", wait.to_string());
    }
    if let Some(answer) = routes::public(state, call, now) {
        return answer.unwrap_or_else(Into::into);
    }
    let company = match state.caller(call, now) {
        Ok(company) => company,
        Err(refusal) => return refusal.into(),
    };
    if state.switches.read_only && call.method != "GET" {
        return Refusal::forbidden("The API key is read only").into();
    }
    routes::answer(state, call, company, now).unwrap_or_else(|refusal| {
        let old_form = state.switches.not_found_as_400 && refusal.status == 404;
        let status = if old_form { 400 } else { refusal.status };
        Refusal { status, ..refusal }.into()
    })
}
