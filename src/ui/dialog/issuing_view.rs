//! Draws the key being made, or the search for it.

use ratatui::{buffer::Buffer, text::Line};

use crate::{
    api::Failure,
    domain::{service_key::ServiceKey, text::SafeText, time::Timestamp},
    ui::{
        model::Model,
        text::{capital, clock, count, date_time, span},
        theme::{Role, Theme},
    },
};

use super::{
    frame,
    issuing::{Issuing, LOOKS, Stage},
    review_view,
};

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) {
    let Some(issuing) = &model.issuing else { return };
    let theme = model.theme;
    let (title, role) = match &issuing.stage {
        Stage::Sending => ("Making the key", Role::Accent),
        Stage::Looking { .. } => ("The key may exist", Role::Warn),
        Stage::Maybe(_) => ("Is one of these yours?", Role::Warn),
        Stage::Several(_) => ("Two keys for one request", Role::Bad),
        Stage::NotMade(_) => ("No key was made", Role::Bad),
    };
    let area = frame::open(model, title, frame::SIZE, role, buffer);
    let mut lines = match &issuing.stage {
        Stage::Sending => sending(model, issuing, area.width),
        Stage::Looking { failure, since } => {
            let mut lines = failed(theme, failure, None, area.width);
            lines.extend(looking(model, issuing, *since, area.width));
            lines
        }
        Stage::Maybe(keys) => {
            let says = "New on this on-ramp, like what was sent but not with all of it:";
            candidates(theme, says, keys, area.width)
        }
        Stage::Several(keys) => {
            let says =
                "Each of these has all that was sent. One is too many: it should be switched off.";
            candidates(theme, says, keys, area.width)
        }
        Stage::NotMade(failure) => {
            let mut lines = failed(theme, failure, Some(&failure.advice), area.width);
            let says = "Nothing was made. Esc or Enter: back to the form.";
            lines.extend(frame::sentence(theme, Role::Strong, says, area.width));
            lines
        }
    };
    lines.push(Line::default());
    lines.extend(review_view::order(model, &issuing.order, area.width).into_iter().take(5));
    frame::lines(&lines, area, buffer);
}

fn sending(model: &Model, issuing: &Issuing, room: u16) -> Vec<Line<'static>> {
    let spent = span(model.now.since(issuing.sent_at));
    let says =
        format!("The request has left and can not be recalled. Waiting for the answer: {spent}.");
    frame::sentence(model.theme, Role::Plain, &says, room)
}

/// What happened. What to do is advice only where nothing is in doubt: nobody
/// shall be told to try again what may have been carried out.
fn failed(
    theme: Theme,
    failure: &Failure,
    advice: Option<&SafeText>,
    room: u16,
) -> Vec<Line<'static>> {
    let happened = format!("{}.", capital(failure.happened.as_str()));
    let mut lines = frame::sentence(theme, Role::Warn, &happened, room);
    if let Some(advice) = advice {
        lines.extend(frame::sentence(theme, Role::Plain, advice.as_str(), room));
    }
    if let Some(trace) = &failure.trace {
        let says = format!("Trace id {trace}, for the vendor's support.");
        lines.extend(frame::sentence(theme, Role::Quiet, &says, room));
    }
    lines.push(Line::default());
    lines
}

fn looking(model: &Model, issuing: &Issuing, since: Timestamp, room: u16) -> Vec<Line<'static>> {
    let (theme, search) = (model.theme, &issuing.search);
    let found = match search.answered {
        0 if search.asking => "Looking in this on-ramp's keys".to_owned(),
        0 => "This on-ramp's keys could not be read whole yet".to_owned(),
        n => format!("Not in the list after {}", count(n, "look")),
    };
    let next = if search.asking {
        "…".to_owned()
    } else if search.planned < LOOKS.len() {
        format!(". Looking again in {}.", span(issuing.acts_in(model.now).unwrap_or_default()))
    } else {
        format!(", since {}. It can still appear. l looks again.", clock(since))
    };
    let mut lines = frame::sentence(theme, Role::Strong, &format!("{found}{next}"), room);
    if let Some(trouble) = &search.trouble {
        let says = format!("The last look failed: {trouble}.");
        lines.extend(frame::sentence(theme, Role::Warn, &says, room));
    }
    if search.unread > 0 {
        let unread = count(search.unread, "entry");
        let says = format!("{unread} of the list could not be read: the key may be among them.");
        lines.extend(frame::sentence(theme, Role::Warn, &says, room));
    }
    let never = "It is not sent again by itself. Do not make another before this one is settled.";
    lines.extend(frame::sentence(theme, Role::Plain, never, room));
    lines
}

fn candidates(theme: Theme, says: &str, keys: &[ServiceKey], room: u16) -> Vec<Line<'static>> {
    let mut lines = frame::sentence(theme, Role::Plain, says, room);
    for (n, key) in (1..=4).zip(keys) {
        let label = if key.label.is_empty() { "no label" } else { key.label.as_str() };
        let made = key.created.map_or_else(|| "at an unknown time".to_owned(), date_time);
        let rate = key.rate.map_or_else(|| "?".to_owned(), |r| r.to_string());
        let says = format!("{n}  {}  {label}  {rate}  made {made}", key.id.masked());
        lines.extend(frame::sentence(theme, Role::Strong, &says, room));
    }
    if keys.len() > 4 {
        let says = format!("and {} more, in the on-ramp's list", keys.len() - 4);
        lines.extend(frame::sentence(theme, Role::Strong, &says, room));
    }
    let says = "A digit says which one is yours. x: none of them, stop looking.";
    lines.extend(frame::sentence(theme, Role::Plain, says, room));
    lines
}
