//! What is said of on-ramps that may not be as the screen shows them.

use std::time::Duration;

use crate::{
    domain::{
        freshness::{self, Staleness},
        refresh_policy::UserActivity,
        time::Timestamp,
    },
    engine::background::WaitingFor,
    ui::{
        model::Model,
        widget::text::{clock, count, date, date_time, minute, span},
    },
};

use super::attention::attention;

/// Why no new key can be begun now: what the engine says, or that the on-ramps on
/// the screen may not be so. What is reviewed is read anew there, and goes on.
pub(in crate::ui) fn why_no_new_key(model: &Model) -> Option<String> {
    model.engine.unready().or_else(|| why_not(model))
}

/// `?` behind a figure that may have changed.
pub(in crate::ui) fn mark(model: &Model) -> &'static str {
    if model.doubt().is_some() { "?" } else { "" }
}

/// When the on-ramps on the screen were read, where they may have changed:
/// `as of 13:48:25Z`.
pub(in crate::ui) fn as_of(model: &Model) -> Option<String> {
    model.doubt()?;
    let read = model.engine.products().read_at?;
    Some(format!("as of {}", moment(read.shown, model.server_now())))
}

/// A time, with its day where that is not today.
pub(in crate::ui) fn moment(at: Timestamp, now: Timestamp) -> String {
    if date(at) == date(now) { clock(at) } else { date_time(at) }
}

/// Why no key is begun now; `None` where that is no reason.
fn why_not(model: &Model) -> Option<String> {
    let doubt = model.doubt()?;
    let age = age(model)?;
    let what = match doubt {
        Staleness::Saved => format!("the on-ramps are from the last session, read {age} ago"),
        Staleness::Failing => format!("the on-ramps could not be refreshed and are {age} old"),
        Staleness::Lacking => format!("the list lacks {}", missing(model)),
        Staleness::Old => format!("the on-ramps were read {age} ago"),
    };
    Some(format!("{what}; {}", next_read(model)))
}

/// When the age on the screen, or whether there is any doubt, changes with
/// nothing but time.
pub(in crate::ui) fn changes_in(model: &Model) -> Option<Duration> {
    let (read_at, now) = (model.engine.products().read_at?.here, model.now());
    // Where nothing is read by itself, or nobody looks, nobody waits for it.
    let away = model.engine.background().presence(model.now()) == UserActivity::Away;
    (model.engine.background().is_lively() && !away).then(|| match model.doubt() {
        Some(_) => freshness::ages_in(read_at, now),
        None => freshness::good_for(read_at, now),
    })
}

/// How old the on-ramps are.
pub(in crate::ui) fn age(model: &Model) -> Option<String> {
    Some(span(model.now().since(model.engine.products().read_at?.here)))
}

/// How many on-ramps the last list lacks.
pub(in crate::ui) fn missing(model: &Model) -> String {
    format!("{} that were there", count(model.engine.inventory().missing_on_ramps(), "on-ramp"))
}

/// When they will be read.
pub(in crate::ui) fn next_read(model: &Model) -> String {
    match model.engine.waiting_for(&attention(model)) {
        WaitingFor::Reply => "refreshing now".to_owned(),
        WaitingFor::Creation => "refresh follows this key".to_owned(),
        WaitingFor::Dialog => "refresh waits until this is closed".to_owned(),
        WaitingFor::Person => "any key refreshes".to_owned(),
        WaitingFor::Time(left) => {
            format!("next refresh {} (r = now)", minute(model.server_now() + left))
        }
        WaitingFor::Order => "r refreshes".to_owned(),
    }
}
