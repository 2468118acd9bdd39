//! The server: state and request handling, one call at a time, without sockets.
//!
//! It first runs what has fallen due, then leads the call past the faults, the rate limit
//! and the token check to its route.

use crate::simulator::{
    answer::{Answer, Refusal},
    call::Call,
    clock::{http_date, millis},
    customer,
    fault_plan::{Delivery, FaultPlan, Run},
    order,
    request_log::LoggedRequest,
    routes,
    schedule::DueEvent,
    state::State,
    tokens::new_uuid,
};

const REQUEST_LOG_MAX: usize = 20_000;

/// Does what has fallen due, in order, and answers the time.
pub(super) fn run_due_events(state: &mut State) -> i64 {
    let now = state.now();
    while let Some((due, event)) = state.schedule.pop_due(now) {
        match event {
            DueEvent::Provision { circuit } => {
                if order::advance_provisioning(state, circuit, due) {
                    let next = due + millis(state.provisioning);
                    state.schedule.add(next, DueEvent::Provision { circuit });
                }
            }
            DueEvent::Redeem { key } => {
                if customer::redeem_key(state, 1, &key, due).is_err()
                    && let Some(next) = customer::next_attempt(&state.store, &key, due)
                {
                    state.schedule.add(next, DueEvent::Redeem { key });
                }
            }
            DueEvent::Commit { call } => _ = answer_call(state, &call, due),
        }
    }
    now
}

/// Handles a call; returns the answer, and how it is sent.
pub(super) fn handle_call(state: &mut State, call: &Call) -> (Answer, Delivery) {
    let now = run_due_events(state);
    let (answer, delivery) = match state.faults.next_fault_for(call) {
        None => (answer_call(state, call, now), Delivery::Whole),
        Some(fault) => apply_fault(state, FaultPlan::new(fault, now), call, now),
    };
    if state.request_log.len() >= REQUEST_LOG_MAX {
        state.request_log.pop_front();
    }
    state.request_log.push_back(LoggedRequest::new(
        call,
        delivery.sends_reply().then_some(answer.status),
        now,
    ));
    let trace = new_uuid(&mut state.rng);
    let answer = answer
        .with_header("trace-id", trace.clone())
        .with_header("x-correlation-id", trace)
        .with_header("date", http_date(now));
    (answer, delivery)
}

/// Carries out what a fault does to a call.
fn apply_fault(state: &mut State, plan: FaultPlan, call: &Call, now: i64) -> (Answer, Delivery) {
    let FaultPlan { run, revokes_token, rewrite, delivery } = plan;
    let truth = match run {
        Run::Now => answer_call(state, call, now),
        Run::LaterMs(ms) => {
            let call = Box::new(call.clone());
            state.schedule.add(now.saturating_add_unsigned(ms), DueEvent::Commit { call });
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
fn answer_call(state: &mut State, call: &Call, now: i64) -> Answer {
    if call.path == "/oauth2/token" {
        return routes::token::answer_token_request(state, call, now);
    }
    if state.switches.rate_limit
        && let Err(wait) = state.limit.admit(call.client, now)
    {
        let refusal = Refusal { status: 429, text: "Too many requests".to_owned() };
        return Answer::from(refusal).with_header("retry-after", wait.to_string());
    }
    if let Some(answer) = routes::answer_public(state, call, now) {
        return answer.unwrap_or_else(Into::into);
    }
    let company = match state.calling_company(call, now) {
        Ok(company) => company,
        Err(refusal) => return refusal.into(),
    };
    if state.switches.read_only && call.method != "GET" {
        return Refusal::forbidden("The API key is read only").into();
    }
    routes::answer_call(state, call, company, now).unwrap_or_else(|refusal| {
        let old_form = state.switches.not_found_as_400 && refusal.status == 404;
        let status = if old_form { 400 } else { refusal.status };
        Refusal { status, ..refusal }.into()
    })
}
