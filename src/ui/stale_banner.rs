//! The banner over on-ramps that may not be as the screen shows them.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    api::Failure,
    domain::{freshness::Staleness, refresh_policy::UserActivity},
    ui::{
        issue::review::Review,
        model::Model,
        screen::stale_text::{age, as_of, missing, next_read},
        widget::{
            text::{capital, clip},
            theme::Role,
        },
    },
};

/// States what may be created while the on-ramps may have changed: a review reads its
/// data again, and continues.
fn new_keys(model: &Model) -> &'static str {
    match model.modals.on_top::<Review>() {
        _ if model.engine.is_creating() => "a key is being created; no others now",
        Some(_) => "only this key can be created",
        _ => "new keys are disabled",
    }
}

/// Draws the banner.
pub(in crate::ui) fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let (Some(doubt), Some(age)) = (model.doubt(), age(model)) else { return };
    if area.height == 0 {
        return;
    }
    let what = match doubt {
        Staleness::Saved => "Saved data".to_owned(),
        Staleness::Failing | Staleness::Old => "Data".to_owned(),
        Staleness::Lacking => format!("The list lacks {} and", missing(model)),
    };
    let why =
        model.engine.products().failure.as_ref().map(|failure: &Failure| format!(" {failure}"));
    let why = why.unwrap_or_default();
    let away = model.engine.background().presence(model.now()) == UserActivity::Away;
    let age = match as_of(model) {
        // Without an expected refresh the age would not change.
        Some(as_of) if away => as_of,
        _ => format!("is {age} old"),
    };
    let (keys, next) = (new_keys(model), capital(&next_read(model)));
    let says = format!("! {what} {age}: {keys}. {next}.{why}");
    let room = usize::from(area.width).saturating_sub(2);
    let style = model.theme.style(Role::Bad);
    buffer.set_stringn(area.x + 1, area.y, clip(&says, room), room, style);
}
