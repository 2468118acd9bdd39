//! Texts about on-ramps that may differ from the screen.

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

/// Explains why no new key can be started now: the engine's reason, or that the
/// on-ramps on the screen may be stale. A review reads its data again, and continues.
pub(in crate::ui) fn why_no_new_key(model: &Model) -> Option<String> {
    model.engine.unready().or_else(|| why_not(model))
}

/// Returns the `?` after a figure that may have changed.
pub(in crate::ui) fn mark(model: &Model) -> &'static str {
    if model.doubt().is_some() { "?" } else { "" }
}

/// Returns when the on-ramps on the screen were read, if they may have changed: `as of
/// 13:48:25Z`.
pub(in crate::ui) fn as_of(model: &Model) -> Option<String> {
    model.doubt()?;
    let read = model.engine.products().read_at?;
    Some(format!("as of {}", moment(read.shown, model.server_now())))
}

/// Returns a time, with its day where that is not today.
pub(in crate::ui) fn moment(at: Timestamp, now: Timestamp) -> String {
    if date(at) == date(now) { clock(at) } else { date_time(at) }
}

/// Explains why no key is started now; `None` if there is no reason.
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

/// Returns when the shown age, or the staleness, changes by time alone.
pub(in crate::ui) fn changes_in(model: &Model) -> Option<Duration> {
    let (read_at, now) = (model.engine.products().read_at?.here, model.now());
    // Without background reads, or without an active user, no refresh is expected.
    let away = model.engine.background().presence(model.now()) == UserActivity::Away;
    (model.engine.background().is_lively() && !away).then(|| match model.doubt() {
        Some(_) => freshness::ages_in(read_at, now),
        None => freshness::good_for(read_at, now),
    })
}

/// Returns the age of the on-ramps.
pub(in crate::ui) fn age(model: &Model) -> Option<String> {
    Some(span(model.now().since(model.engine.products().read_at?.here)))
}

/// Returns the number of on-ramps missing from the last list.
pub(in crate::ui) fn missing(model: &Model) -> String {
    format!("{} listed before", count(model.engine.inventory().missing_on_ramps(), "on-ramp"))
}

/// Returns when they will be read.
pub(in crate::ui) fn next_read(model: &Model) -> String {
    match model.engine.waiting_for(&attention(model)) {
        WaitingFor::Reply => "refreshing now".to_owned(),
        WaitingFor::Creation => "refresh waits until this key is created".to_owned(),
        WaitingFor::Dialog => "refresh waits until this is closed".to_owned(),
        WaitingFor::Person => "press any key to refresh".to_owned(),
        WaitingFor::Time(left) => {
            let now = model.keyed("({key:refresh} = now)");
            format!("next refresh {} {now}", minute(model.server_now() + left))
        }
        WaitingFor::Order => model.keyed("refresh with {key:refresh}"),
    }
}
