//! Draws the activity view.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::ui::{
    model::{Access, Model},
    screen::{frame, layout, pane},
    state::activity::Activity,
    widget::{
        table_rows::{self, ShownColumn},
        text::{clip, count},
        theme::Role,
    },
};

use super::{
    columns::ActivityRow,
    lines::{self, Line},
};

/// Returns the number of visible lines.
pub(in crate::ui) fn page(model: &Model) -> usize {
    let body = layout::areas(model).body;
    let above = remarks(model, body.width.saturating_sub(4)).len();
    usize::from(body.height.saturating_sub(4)).saturating_sub(above)
}

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let (theme, activity) = (model.theme, &model.activity);
    let area = layout::areas(model).body;
    let figure = match activity.page {
        Some(_) => count(activity.len(), "entry"),
        None => String::new(),
    };
    let focused = model.modals.is_empty();
    let name = pane::title(theme, "Activity", &figure, focused);
    let inner = pane::pane(model, name, focused, area, buffer);
    let above = remarks(model, inner.width.saturating_sub(2));
    let tall = u16::try_from(above.len()).unwrap_or(0).min(inner.height);
    let top = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), height: tall, ..inner };
    frame::lines(&above, top, buffer);
    let height = inner.height.saturating_sub(1 + tall);
    let below = Rect { y: inner.y + tall, height, ..inner };
    rows(model, below, buffer);
    let bottom = Rect { y: inner.bottom().saturating_sub(1), height: 1, ..inner };
    foot(model, bottom, buffer)
}

fn rows(model: &Model, area: Rect, buffer: &mut Buffer) {
    let (theme, activity) = (model.theme, &model.activity);
    let all = lines::all(model);
    if all.is_empty() {
        let room = usize::from(area.width.saturating_sub(2));
        let says = empty(model, activity);
        buffer.set_stringn(area.x + 2, area.y, says, room, theme.style(Role::Quiet));
        return;
    }
    let broad = area.width >= 108;
    let columns = ShownColumn::select(ActivityRow::COLUMNS, broad);
    let seen = || all.iter().enumerate().skip(activity.offset).take(page(model));
    let cells = |line: &Line| match line {
        Line::Heading(..) => vec![],
        Line::Row(of) => {
            let row = ActivityRow::new(model, of, broad);
            row.map_or_else(Vec::new, |row| columns.cells(&row))
        }
    };
    let shown: Vec<_> = seen().map(|(at, line)| (at, cells(line))).collect();
    let cursor = lines::cursor(model, &all).unwrap_or(usize::MAX);
    table_rows::draw(theme, &columns.heads(), &shown, (cursor, Role::Cursor), area, buffer);
    for (y, (_, line)) in (area.y + 1..area.bottom()).zip(seen()) {
        if let Line::Heading(text, role) = line {
            let room = usize::from(area.width.saturating_sub(1));
            buffer.set_stringn(area.x + 1, y, clip(text, room), room, theme.style(*role));
        }
    }
}

/// Returns the remarks above the lines.
fn remarks(model: &Model, room: u16) -> Vec<ratatui::text::Line<'static>> {
    let mut says = vec![];
    if let Some(page) = &model.activity.page {
        if let Some(why) = &page.trouble {
            says.push(format!("! The audit log could not be read: {why}."));
        }
        if let Some(why) = &page.broken {
            let what = "! The audit log was changed: its chain of hashes is broken";
            says.push(format!(
                "{what}. {why}. onramp audit verify checks the whole log.",
                why = crate::ui::widget::text::capital(why.as_str())
            ));
        }
    }
    if let Some(why) = &model.engine.audit().trouble {
        let acts = count(model.engine.audit().unwritten, "entry");
        says.push(format!("! {acts} of this console could not be written: {why}."));
    }
    let lines = says.iter().flat_map(|says| frame::sentence(model.theme, Role::Bad, says, room));
    lines.collect()
}

fn empty(model: &Model, activity: &Activity) -> &'static str {
    match &activity.page {
        _ if model.access != Access::Open => "Not signed in.",
        None => "Reading the audit log.",
        Some(page) if page.trouble.is_some() => "The activity cannot be shown.",
        Some(_) if !activity.filter.value().is_empty() => {
            "No entry matches. Esc clears the filter."
        }
        Some(page) if page.broken.is_some() => "No entry of this account could be read.",
        Some(_) => "No entry for this account yet.",
    }
}

/// Returns the last line: the filter while there is one, else the path of the audit.
fn foot(model: &Model, area: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let (theme, activity) = (model.theme, &model.activity);
    let typed = activity.filter.value();
    let room = usize::from(area.width.saturating_sub(3));
    if activity.typing || !typed.is_empty() {
        let line = format!("/{typed}");
        let role = if activity.typing { Role::Accent } else { Role::Plain };
        buffer.set_stringn(area.x + 2, area.y, clip(&line, room), room, theme.style(role));
        let along = u16::try_from(activity.filter.visual_cursor()).unwrap_or(0);
        return activity.typing.then_some((area.x + 3 + along, area.y));
    }
    let page = activity.page.as_ref()?;
    let place = match &page.path {
        Some(path) => format!("From {path}"),
        None => "The demo's audit log is in memory only".to_owned(),
    };
    let more = if page.more { "; older entries are only in the file" } else { "" };
    let others = match page.others {
        0 => String::new(),
        n => format!("; {} of other accounts not shown", count(n, "entry")),
    };
    let line = format!("{place}{more}{others}. Times are UTC, by Megaport's clock.");
    buffer.set_stringn(area.x + 2, area.y, clip(&line, room), room, theme.style(Role::Quiet));
    None
}
