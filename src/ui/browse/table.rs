//! Draws the on-ramp table. Only the rows that are seen are formatted.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::{
    domain::{
        column::{Align, ColumnVisibility, Grow},
        id::OnRampId,
        on_ramp::OnRamp,
        on_ramp_columns::{OnRampCell, OnRampColumn, OnRampRow, Tone, is_set_off},
    },
    ui::{
        model::Model,
        screen::{feed_text, pane, stale_text},
        state::{browse::Pane, filter_query},
        widget::{
            text::{capital, clip, span, wrap},
            theme::{Role, Theme},
        },
    },
};

/// A column with its place: left edge within the row, and width in cells.
#[derive(Clone, Copy)]
struct Slot<'a> {
    column: &'a OnRampColumn<'a>,
    x: u16,
    width: u16,
}

/// The cells of the last day in the table, four hours each.
const SPARK: usize = 6;
/// The width up to which the allocation bar grows before name and site do.
const BAR: u16 = 8;

/// Returns the columns with their positions.
fn slots<'a>(model: &Model, width: u16) -> Vec<Slot<'a>> {
    let measured = model.engine.background().is_measured();
    let far = model.browse.trips_from.is_some();
    let mut shown: Vec<&'a OnRampColumn<'a>> = OnRampRow::COLUMNS
        .iter()
        .filter(|column| match column.id {
            "load" => measured,
            "round-trip" => far,
            _ => column.shown != ColumnVisibility::Never,
        })
        .collect();
    let mut dropped: Vec<_> = OnRampRow::COLUMNS.iter().filter(|column| column.drop > 0).collect();
    dropped.sort_by_key(|column| column.drop);
    let mut dropped = dropped.into_iter();
    let total = |shown: &[&OnRampColumn<'_>]| 2 + shown.iter().map(|one| one.width).sum::<u16>();
    // A bar of several cells is worth more than the column that is dropped first.
    let wanted = |shown: &[&OnRampColumn<'_>]| {
        let first = shown.iter().any(|column| column.drop == 1);
        total(shown) + if first { 4 } else { 0 }
    };
    while wanted(&shown) > width {
        let Some(least) = dropped.next() else { break };
        shown.retain(|column| column.id != least.id);
    }
    let mut spare = width.saturating_sub(total(&shown));
    let bar = spare.div_ceil(2).min(BAR - 1);
    spare -= bar;
    // The remaining width goes to the texts, and the first of them gets the odd cell.
    let texts = shown.iter().filter(|column| column.grow == Grow::Text).count().max(1);
    let mut each = spare.div_ceil(u16::try_from(texts).unwrap_or(1));
    let mut x = 2;
    let place = |column: &'a OnRampColumn<'a>| {
        let more = match column.grow {
            Grow::Bar => bar,
            Grow::Text => {
                let more = each.min(spare);
                spare -= more;
                each = spare;
                more
            }
            Grow::No => 0,
        };
        let slot = Slot { column, x, width: column.width + more };
        x += slot.width;
        slot
    };
    shown.into_iter().map(place).collect()
}

/// Returns the columns to sort by of a table so many cells wide, frame included.
pub(in crate::ui) fn columns(model: &Model, width: u16) -> Vec<&'static str> {
    let columns = slots(model, width.saturating_sub(2)).into_iter().map(|slot| slot.column);
    columns.filter(|one| one.sort.is_some()).map(|one| one.id).collect()
}

pub(in crate::ui) fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let (theme, browse) = (model.theme, &model.browse);
    let focused = browse.focus == Pane::OnRamps && model.modals.is_empty();
    let inner = pane::pane(model, heading(model, focused), focused, area, buffer);
    filter_line(model, area, buffer);
    if !model.engine.has_inventory() {
        return waiting(model, inner, buffer);
    }
    if browse.rows().is_empty() {
        return empty(model, inner, buffer);
    }
    let slots = slots(model, inner.width);
    titles(model, &slots, inner, buffer);
    let on_ramps = model.engine.inventory().on_ramps();
    let visible = browse.rows().iter().enumerate().skip(browse.offset);
    for (y, (index, &row)) in (inner.y + 1..inner.bottom()).zip(visible) {
        let here = index == browse.pane_cursor(Pane::OnRamps);
        let line = Rect { y, height: 1, ..inner };
        if let Some((mark, role)) = feed_text::mark(model, &on_ramps[row].id) {
            buffer.set_stringn(inner.x + 1, y, mark, 1, theme.style(role));
        }
        let facts = OnRampRow {
            on_ramp: &on_ramps[row],
            summary: model.engine.inventory().summary(row),
            region: (None, None),
            doubt: stale_text::mark(model),
        };
        draw_row(model, &slots, &facts, (here, focused), line, buffer);
    }
}

fn heading(model: &Model, focused: bool) -> ratatui::text::Line<'static> {
    let browse = &model.browse;
    let (shown, of) = (browse.rows().len(), browse.in_scope());
    let figure = if !model.engine.has_inventory() {
        String::new()
    } else if shown == of {
        shown.to_string()
    } else {
        format!("{shown} of {of}")
    };
    let figure = match &browse.trips_from {
        Some((_, name)) => format!("{figure}, round trips from {name}"),
        None => figure,
    };
    let marks = browse.marks.len();
    let marked = if marks == 0 { String::new() } else { format!(", {marks} marked") };
    pane::title(model.theme, "On-ramps", &format!("{figure}{marked}"), focused)
}

/// Draws the filter, typed into the table's upper frame.
fn filter_line(model: &Model, area: Rect, buffer: &mut Buffer) {
    let filter = &model.browse.filter;
    if filter.typing || !filter.input.value().is_empty() {
        let cursor = if filter.typing { "_" } else { "" };
        let says = format!(" / {}{cursor} ", filter.input.value());
        let says = clip(&says, usize::from(area.width).saturating_sub(24)).into_owned();
        let wide = u16::try_from(crate::ui::widget::text::width(&says)).unwrap_or(0);
        let x = area.right().saturating_sub(wide + 2);
        buffer.set_stringn(x, area.y, &says, usize::from(wide), model.theme.style(Role::Warn));
    }
}

fn titles(model: &Model, slots: &[Slot<'_>], inner: Rect, buffer: &mut Buffer) {
    let (theme, sort) = (model.theme, model.browse.sort);
    for slot in slots {
        let sorted = slot.column.id == sort.column;
        let mark = if !sorted {
            ""
        } else if sort.descending {
            "▼"
        } else {
            "▲"
        };
        let title = format!("{}{mark}", slot.column.title);
        let style = theme.style(if sorted { Role::Strong } else { Role::Quiet });
        if slot.column.align == Align::Right || is_set_off(slot.column) {
            put_text(*slot, &title, style, inner, buffer);
        } else {
            // The mark may use the gap: a truncated arrow would mean nothing.
            let room = usize::from(slot.width);
            buffer.set_stringn(inner.x + slot.x, inner.y, &title, room, style);
        }
    }
}

/// Puts `text` into a slot: figures to the right, words to the left.
fn put_text(slot: Slot<'_>, text: &str, style: Style, row: Rect, buffer: &mut Buffer) {
    let (figures, set_off) = (slot.column.align == Align::Right, is_set_off(slot.column));
    let room = usize::from(slot.width.saturating_sub(u16::from(!figures || set_off)));
    let text = clip(text, room);
    let wide = u16::try_from(crate::ui::widget::text::width(&text)).unwrap_or(0);
    let x = if figures { slot.x + slot.width - wide } else { slot.x + u16::from(set_off) };
    buffer.set_stringn(row.x + x, row.y, &text, room, style);
}

fn draw_row<'a>(
    model: &Model,
    slots: &[Slot<'a>],
    facts: &OnRampRow<'a>,
    (here, focused): (bool, bool),
    row: Rect,
    buffer: &mut Buffer,
) {
    let (theme, on_ramp) = (model.theme, facts.on_ramp);
    if here {
        buffer.set_stringn(row.x, row.y, "▸", 1, theme.style(Role::Accent));
    }
    for &slot in slots {
        let Some(cell) = slot.column.cell else { continue };
        match cell(facts) {
            OnRampCell::Name(name) => {
                let role = if here && focused {
                    Role::Cursor
                } else if here {
                    Role::Strong
                } else {
                    Role::Plain
                };
                let marked = model.browse.marks.contains(&on_ramp.id);
                let name = if marked { format!("✓ {name}") } else { name };
                put_text(slot, &name, theme.style(role), row, buffer);
            }
            OnRampCell::Text(text, tone) => {
                let style = match tone {
                    Tone::Plain => theme.style(Role::Plain),
                    Tone::Good => theme.style(Role::Good),
                    Tone::Warn => theme.style(Role::Warn),
                    Tone::Zone => theme.zone(&on_ramp.zone),
                };
                put_text(slot, &text, style, row, buffer);
            }
            OnRampCell::Share(percent, doubt) => {
                allocation(theme, slot, (percent, doubt), row, buffer);
            }
            OnRampCell::Load => load(model, slot, &on_ramp.id, row, buffer),
            OnRampCell::RoundTrip => {
                let (says, role) = trip(model, on_ramp);
                put_text(slot, &says, theme.style(role), row, buffer);
            }
        }
    }
}

fn allocation(
    theme: Theme,
    slot: Slot<'_>,
    (percent, doubt): (Option<u32>, &str),
    row: Rect,
    buffer: &mut Buffer,
) {
    let Some(percent) = percent else {
        return put_text(slot, "?", theme.style(Role::Quiet), row, buffer);
    };
    let cells = usize::from(slot.width.saturating_sub(6));
    let style = theme.style(Theme::load(percent));
    buffer.set_stringn(row.x + slot.x + 1, row.y, bar(percent, cells), cells, style);
    put_text(slot, &format!("{percent}%{doubt}"), theme.style(Role::Plain), row, buffer);
}

/// Returns the round trip to an on-ramp from the chosen data centre.
fn trip(model: &Model, on_ramp: &OnRamp) -> (String, Role) {
    let quiet = |says: &str| (says.to_owned(), Role::Quiet);
    let Some((from, _)) = &model.browse.trips_from else { return quiet("") };
    let Some((trips, _)) = model.engine.background().trips.get(from) else { return quiet("…") };
    match on_ramp.site.id {
        Some(to) if to == *from => quiet("here"),
        Some(to) => trips
            .round_trip_to(to)
            .map_or_else(|| quiet("–"), |trip| (trip.to_string(), Role::Plain)),
        None => quiet("–"),
    }
}

/// Draws the load of the last day, in six spans, and the present one in percent; blank
/// before the first measurement.
fn load(model: &Model, slot: Slot<'_>, id: &OnRampId, row: Rect, buffer: &mut Buffer) {
    let theme = model.theme;
    let x = row.x + slot.x + 1;
    if model.engine.has_no_load(id) {
        buffer.set_stringn(x, row.y, "none", 4, theme.style(Role::Quiet));
    } else if let Some((spark, percent)) = feed_text::day(model, id, SPARK) {
        buffer.set_stringn(x, row.y, spark, SPARK, theme.style(Theme::load(percent)));
        // Of a LAG one member may be all that is measured.
        let about = if feed_text::is_of_one_member(model, id) { "~" } else { "" };
        put_text(slot, &format!("{about}{percent}%"), theme.style(Role::Plain), row, buffer);
    }
}

/// Draws a bar of `cells` cells; a single cell fills from the bottom.
pub(in crate::ui) fn bar(percent: u32, cells: usize) -> String {
    let percent = percent.min(100) as usize;
    if cells == 1 {
        return ["░", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"][(percent * 8).div_ceil(100)]
            .to_owned();
    }
    // A small share never looks empty, and only a full one looks full.
    let full = (percent * cells / 100).max(usize::from(percent > 0));
    format!("{}{}", "█".repeat(full), "░".repeat(cells - full))
}

/// Draws progress, or the failure, before the first list is here.
fn waiting(model: &Model, inner: Rect, buffer: &mut Buffer) {
    let theme = model.theme;
    let mut lines = vec![];
    if let Some((_, since, _)) = model.engine.products().asked {
        lines.push((Role::Plain, "Reading your on-ramps…".to_owned()));
        if model.now().since(since).as_secs() >= 5 {
            let spent = span(model.now().since(since));
            lines
                .push((Role::Quiet, format!("{spent} so far. A large account can take a minute.")));
        }
    } else if let Some(failure) = &model.engine.products().failure {
        lines.push((Role::Bad, format!("{}.", capital(failure.happened.as_str()))));
        lines.push((Role::Plain, failure.advice.to_string()));
        if let Some(trace) = &failure.trace {
            lines.push((Role::Quiet, format!("Trace id {trace}, for Megaport support.")));
        }
        lines.push((Role::Accent, model.keyed("{key:refresh} tries again.")));
    }
    paragraphs(theme, &lines, inner, buffer);
}

fn empty(model: &Model, inner: Rect, buffer: &mut Buffer) {
    let filter = model.browse.filter.input.value();
    let says = if model.engine.inventory().on_ramps().is_empty() {
        "This account has no on-ramps.".to_owned()
    } else if filter.is_empty() {
        "No on-ramps here.".to_owned()
    } else if let Some(fault) = filter_query::fault(filter) {
        format!("{fault}. Esc clears the filter.")
    } else {
        format!("Nothing matches “{filter}” here. Esc clears the filter.")
    };
    paragraphs(model.theme, &[(Role::Quiet, says)], inner, buffer);
}

/// Wraps text, one item a paragraph.
pub(in crate::ui) fn paragraphs(
    theme: Theme,
    lines: &[(Role, String)],
    area: Rect,
    buffer: &mut Buffer,
) {
    let room = usize::from(area.width.saturating_sub(2));
    let wrapped =
        lines.iter().flat_map(|(role, text)| wrap(text, room).into_iter().map(|l| (*role, l)));
    for (y, (role, line)) in (area.y + 1..area.bottom()).zip(wrapped) {
        buffer.set_stringn(area.x + 1, y, &line, room, theme.style(role));
    }
}
