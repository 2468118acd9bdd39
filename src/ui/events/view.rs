//! Draws the events view: one row for each event, and below it the details.

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Rect},
    text::Line,
};

use crate::{
    domain::time::Timestamp,
    ui::{
        model::{Access, Model},
        screen::{
            frame::{self, fact},
            layout, pane,
            zone_text::moment,
        },
        widget::{
            table_rows::{self, ShownColumn},
            text::{capital, clip, count},
            theme::Role,
        },
    },
};

use super::{
    columns::{EventRow, when},
    commands::{Row, cursor, rows},
};

/// Returns the list, and the pane below it.
fn areas(model: &Model) -> [Rect; 2] {
    let body = layout::areas(model).body;
    let below = if body.height < 28 { 10 } else { 14 };
    Layout::vertical([Constraint::Min(0), Constraint::Length(below.min(body.height / 2))])
        .areas(body)
}

/// Returns the number of visible rows.
pub(in crate::ui) fn page(model: &Model) -> usize {
    usize::from(areas(model)[0].height.saturating_sub(3)).max(1)
}

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) {
    let theme = model.theme;
    let [area, below] = areas(model);
    let all = rows(model);
    let at = cursor(model, &all);
    let focused = model.modals.is_empty();
    let name = pane::title(theme, "Events", &figure(model, &all), focused);
    let inner = pane::pane(model, name, focused, area, buffer);
    let columns = ShownColumn::select(EventRow::COLUMNS, inner.width >= 108);
    let seen = all.iter().enumerate().skip(model.event_list.offset).take(page(model));
    let cells = |(at, row)| (at, columns.cells(&EventRow { model, row }));
    let seen: Vec<_> = seen.map(cells).collect();
    table_rows::draw(theme, &columns.heads(), &seen, (at, Role::Cursor), inner, buffer);
    let Some(row) = all.get(at) else {
        let room = usize::from(inner.width.saturating_sub(2));
        let (role, says) = empty(model);
        buffer.set_stringn(inner.x + 2, inner.y + 1, clip(&says, room), room, theme.style(role));
        return;
    };
    let title = format!("{} {}", capital(row.event.kind.word()), row.event.number);
    let inner = pane::pane(model, pane::title(theme, &title, "", false), false, below, buffer);
    let room = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    frame::lines(&in_full(model, row, room.width), room, buffer);
}

/// Formats `3, 1 touches ours, read 14:02:31Z`.
fn figure(model: &Model, all: &[Row<'_>]) -> String {
    let Some((_, at)) = &model.engine.background().events.known else { return String::new() };
    let ours = match all.iter().filter(|row| !row.touched.is_empty()).count() {
        _ if !model.engine.has_inventory() => "your on-ramps are not read yet".to_owned(),
        n => format!("{n} may affect us"),
    };
    let failed = if model.engine.background().events.failure.is_some() {
        ", refresh failed since"
    } else {
        ""
    };
    let read = crate::ui::widget::text::clock(at.shown);
    let unread = match model.engine.background().events.unread {
        0 => String::new(),
        n => format!(", {n} not readable"),
    };
    format!("{}, {ours}{unread}, read {read}{failed}", all.len())
}

fn empty(model: &Model) -> (Role, String) {
    let feed = &model.engine.background().events;
    match (&feed.known, &feed.failure) {
        _ if model.access != Access::Open => (Role::Quiet, "Not signed in.".to_owned()),
        (Some(_), _) if feed.unread > 0 => {
            let unread = count(feed.unread, "event");
            (Role::Warn, format!("{unread} could not be read; Megaport reports no others."))
        }
        (Some(_), _) => (Role::Quiet, "Megaport reports no maintenance and no outage.".to_owned()),
        (None, Some(failure)) => (Role::Bad, format!("Events could not be read: {failure}")),
        (None, None) => (Role::Quiet, "Reading the events.".to_owned()),
    }
}

/// Returns all details of an event.
fn in_full(model: &Model, row: &Row<'_>, room: u16) -> Vec<Line<'static>> {
    let (theme, event, now) = (model.theme, row.event, model.server_now());
    let zone = model.local_zone.as_deref();
    let moment = |at: Option<Timestamp>| at.map(|at| moment(at, zone));
    let (stands, _) = when(event, now);
    let ours = if !model.engine.has_inventory() {
        "not known: your on-ramps are not read yet".to_owned()
    } else if row.touched.is_empty() {
        "none of our listed on-ramps".to_owned()
    } else {
        let one = |(id, touch): &(&_, crate::domain::event::Touch)| {
            let name =
                model.engine.inventory().on_ramp(id).map_or("?", |on_ramp| on_ramp.name.as_str());
            match (touch.itself, touch.circuits) {
                (true, 0) => name.to_owned(),
                (true, n) => format!("{name} and {} on it", count(n, "circuit")),
                (false, n) => format!("{} on {name}", count(n, "circuit")),
            }
        };
        row.touched.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let unread = (event.unread > 0).then(|| {
        let entries = count(event.unread as usize, "entry");
        format!("{entries} of its services and times could not be read")
    });
    let facts = [
        ("status", Some(stands)),
        ("from", moment(event.from)),
        ("until", moment(event.until).or_else(|| Some("not reported".to_owned()))),
        ("may affect", Some(ours)),
        ("summary", Some(event.purpose.to_string())),
        ("impact", Some(event.impact.to_string())),
        ("notice", Some(event.notice.to_string())),
        ("unread", unread),
    ];
    let given = facts.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
    let given = given.filter(|(_, value)| !value.is_empty());
    given.flat_map(|(name, value)| fact(theme, name, value, room)).collect()
}
