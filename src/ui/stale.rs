//! What the screen says while its on-ramps may not be as it shows them.
//!
//! The banner and the gate turn on one thing, the model's doubt: while there is
//! one, no new key is begun, whatever else is in order.

use std::time::Duration;

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    api::Failure,
    domain::{
        freshness::{self, Doubt},
        politeness::Presence,
        time::Timestamp,
    },
    engine::background::WaitingFor,
};

use super::{
    attention::attention,
    dialog::review::Review,
    model::{Access, Model},
    text::{capital, clip, clock, count, date, date_time, span},
    theme::Role,
};

/// How long a start may take before a banner says that its lists are saved
/// ones: header and marks say so from the first frame on.
const QUIETLY: Duration = Duration::from_secs(3);

impl Model {
    /// Why the on-ramps may not be as the screen shows them.
    pub fn doubt(&self) -> Option<Doubt> {
        let products = self.engine.products();
        // One attempt that failed makes nothing older than it is.
        let failing = products.failure.is_some() && products.failures > 1;
        let lacking = self.engine.inventory().missing_on_ramps() > 0;
        freshness::doubt(products.read_at?.here, products.saved, failing, lacking, self.now())
    }

    /// Whether the banner is up.
    pub fn has_banner(&self) -> bool {
        let Some(doubt) = self.doubt().filter(|_| self.access == Access::Open) else {
            return false;
        };
        let since = self.engine.products().asked.as_ref().map(|(_, since, _)| *since);
        let is_new = since.is_some_and(|since| self.now().since(since) < QUIETLY);
        let starts = doubt == Doubt::Saved && self.engine.products().failure.is_none() && is_new;
        !starts
    }
}

/// `?` behind a figure that may have changed.
pub(super) fn mark(model: &Model) -> &'static str {
    if model.doubt().is_some() { "?" } else { "" }
}

/// When the on-ramps on the screen were read, where they may have changed:
/// `as of 13:48:25Z`.
pub(super) fn as_of(model: &Model) -> Option<String> {
    model.doubt()?;
    let read = model.engine.products().read_at?;
    Some(format!("as of {}", moment(read.shown, model.server_now())))
}

/// A time, with its day where that is not today.
pub(super) fn moment(at: Timestamp, now: Timestamp) -> String {
    if date(at) == date(now) { clock(at) } else { date_time(at) }
}

/// Why no key is begun now; `None` where that is no reason.
pub(super) fn why_not(model: &Model) -> Option<String> {
    let doubt = model.doubt()?;
    let age = age(model)?;
    let what = match doubt {
        Doubt::Saved => format!("the on-ramps are saved ones, read {age} ago"),
        Doubt::Failing => format!("the on-ramps could not be read again and are {age} old"),
        Doubt::Lacking => format!("the list lacks {}", missing(model)),
        Doubt::Old => format!("the on-ramps were read {age} ago"),
    };
    Some(format!("{what}; {}", next(model)))
}

/// When the age on the screen, or whether there is any doubt, changes with
/// nothing but time.
pub(super) fn changes_in(model: &Model) -> Option<Duration> {
    let (read_at, now) = (model.engine.products().read_at?.here, model.now());
    // Where nothing is read by itself, or nobody looks, nobody waits for it.
    let away = model.engine.background().presence(model.now()) == Presence::Away;
    (model.engine.background().is_lively() && !away).then(|| match model.doubt() {
        Some(_) => freshness::ages_in(read_at, now),
        None => freshness::good_for(read_at, now),
    })
}

/// How old the on-ramps are.
fn age(model: &Model) -> Option<String> {
    Some(span(model.now().since(model.engine.products().read_at?.here)))
}

/// How many on-ramps the last list lacks.
fn missing(model: &Model) -> String {
    format!("{} that were there", count(model.engine.inventory().missing_on_ramps(), "on-ramp"))
}

/// When they will be read.
fn next(model: &Model) -> String {
    match model.engine.waiting_for(&attention(model)) {
        WaitingFor::Reply => "refreshing now".to_owned(),
        WaitingFor::Creation => "refresh follows this key".to_owned(),
        WaitingFor::Dialog => "refresh waits until this is closed".to_owned(),
        WaitingFor::Person => "any key refreshes".to_owned(),
        WaitingFor::Time(left) => {
            format!("next refresh {} (r = now)", clock(model.server_now() + left))
        }
        WaitingFor::Order => "r refreshes".to_owned(),
    }
}

/// What may be created while the on-ramps may have changed: what is reviewed is
/// read anew there, and goes on.
fn new_keys(model: &Model) -> &'static str {
    match model.modals.on_top::<Review>() {
        _ if model.engine.is_creating() => "A key is being created; others are disabled",
        Some(_) => "This key is checked afresh; others are disabled",
        _ => "New keys are disabled",
    }
}

/// Draws the banner.
pub(super) fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let (Some(doubt), Some(age)) = (model.doubt(), age(model)) else { return };
    if area.height == 0 {
        return;
    }
    let what = match doubt {
        Doubt::Saved => "SAVED DATA".to_owned(),
        Doubt::Failing | Doubt::Old => "STALE DATA".to_owned(),
        Doubt::Lacking => format!("The list lacks {}", missing(model)),
    };
    let why =
        model.engine.products().failure.as_ref().map(|failure: &Failure| format!(" {failure}"));
    let why = why.unwrap_or_default();
    let away = model.engine.background().presence(model.now()) == Presence::Away;
    let age = match as_of(model) {
        // An age that nobody counts on would stand still.
        Some(as_of) if away => as_of,
        _ => format!("{age} old"),
    };
    let (keys, next) = (new_keys(model), capital(&next(model)));
    let says = format!("!! {what}, {age}. {keys}. {next}.{why}");
    let room = usize::from(area.width).saturating_sub(2);
    let style = model.theme.style(Role::Bad);
    buffer.set_stringn(area.x + 1, area.y, clip(&says, room), room, style);
}
