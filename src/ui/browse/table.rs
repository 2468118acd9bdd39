//! Draws the on-ramp table. Only the rows that are seen are formatted.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::{
    domain::{id::OnRampId, inventory::Summary, on_ramp::OnRamp, readiness::Closed},
    ui::{
        model::Model,
        screen::{feed_text, pane, stale_text},
        state::{browse::Pane, filter_query, sort::Column},
        widget::{
            text::{capital, clip, span, wrap},
            theme::{Role, Theme},
        },
    },
};

/// A column with its place: left edge within the row, and width in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    column: Column,
    x: u16,
    width: u16,
}

/// The cells a column needs with the gap around it, and which go first where
/// there are too few.
const NEEDS: [(Column, u16); 11] = [
    (Column::Name, 14),
    (Column::Kind, 5),
    (Column::Site, 13),
    (Column::Speed, 5),
    (Column::Zone, 5),
    (Column::Vxcs, 4),
    (Column::Keys, 4),
    (Column::Allocation, 7),
    (Column::Load, 12),
    (Column::Trip, 9),
    (Column::Open, 8),
];
const DROPPED_FIRST: [Column; 6] =
    [Column::Kind, Column::Load, Column::Site, Column::Speed, Column::Keys, Column::Zone];
/// How many cells the last day has in the table, four hours each.
const SPARK: usize = 6;
/// How wide the allocation bar grows before name and site do.
const BAR: u16 = 8;

/// Where the columns are.
fn slots(model: &Model, width: u16) -> Vec<Slot> {
    let measured = model.engine.background().is_measured();
    let far = model.browse.trips_from.is_some();
    let mut shown = NEEDS.to_vec();
    shown.retain(|(column, _)| match column {
        Column::Load => measured,
        Column::Trip => far,
        _ => true,
    });
    let mut dropped = DROPPED_FIRST.iter();
    let total = |shown: &[(Column, u16)]| 2 + shown.iter().map(|(_, w)| w).sum::<u16>();
    // A bar of several cells tells more than the kind does.
    let wanted = |shown: &[(Column, u16)]| {
        let kind = shown.iter().any(|(column, _)| *column == Column::Kind);
        total(shown) + if kind { 4 } else { 0 }
    };
    while wanted(&shown) > width {
        let Some(least) = dropped.next() else { break };
        shown.retain(|(column, _)| column != least);
    }
    let mut spare = width.saturating_sub(total(&shown));
    let bar = spare.div_ceil(2).min(BAR - 1);
    spare -= bar;
    let has_site = shown.iter().any(|(c, _)| *c == Column::Site);
    let mut x = 2;
    let place = |(column, needs): (Column, u16)| {
        let more = match column {
            Column::Allocation => bar,
            Column::Name if has_site => spare.div_ceil(2),
            Column::Name => spare,
            Column::Site => spare / 2,
            _ => 0,
        };
        let slot = Slot { column, x, width: needs + more };
        x += slot.width;
        slot
    };
    shown.into_iter().map(place).collect()
}

/// The columns to sort by of a table so many cells wide, frame included.
pub(in crate::ui) fn columns(model: &Model, width: u16) -> Vec<Column> {
    let columns = slots(model, width.saturating_sub(2)).into_iter().map(|slot| slot.column);
    columns.filter(|one| Column::ALL.contains(one)).collect()
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
        if let Some(slot) = slots.iter().find(|slot| slot.column == Column::Load) {
            load(model, *slot, &on_ramps[row].id, line, buffer);
        }
        if let Some(slot) = slots.iter().find(|slot| slot.column == Column::Trip) {
            let (says, role) = trip(model, &on_ramps[row]);
            put(*slot, &says, theme.style(role), line, buffer);
        }
        let marked = browse.marks.contains(&on_ramps[row].id);
        draw_row(
            theme,
            &slots,
            (&on_ramps[row], model.engine.inventory().summary(row)),
            (here, focused, marked),
            stale_text::mark(model),
            line,
            buffer,
        );
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

/// The filter, typed into the table's upper frame.
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

fn titles(model: &Model, slots: &[Slot], inner: Rect, buffer: &mut Buffer) {
    let (theme, sort) = (model.theme, model.browse.sort);
    for slot in slots {
        let sorted = slot.column == sort.column;
        let mark = if !sorted {
            ""
        } else if sort.descending {
            "▼"
        } else {
            "▲"
        };
        let title = format!("{}{mark}", slot.column.title());
        let style = theme.style(if sorted { Role::Strong } else { Role::Quiet });
        if is_figure(slot.column) || slot.column == Column::Open {
            put(*slot, &title, style, inner, buffer);
        } else {
            // The mark may stand in the gap: an arrow that is cut off says nothing.
            let room = usize::from(slot.width);
            buffer.set_stringn(inner.x + slot.x, inner.y, &title, room, style);
        }
    }
}

const fn is_figure(column: Column) -> bool {
    matches!(column, Column::Vxcs | Column::Keys | Column::Allocation | Column::Load | Column::Trip)
}

/// Puts `text` into a slot: figures to the right, words to the left.
fn put(slot: Slot, text: &str, style: Style, row: Rect, buffer: &mut Buffer) {
    let gap = u16::from(!is_figure(slot.column) && slot.column != Column::Open);
    let room =
        usize::from(slot.width.saturating_sub(gap.max(u16::from(slot.column == Column::Open))));
    let text = clip(text, room);
    let wide = u16::try_from(crate::ui::widget::text::width(&text)).unwrap_or(0);
    let x = if is_figure(slot.column) { slot.x + slot.width - wide } else { slot.x };
    let x = if slot.column == Column::Open { slot.x + 1 } else { x };
    buffer.set_stringn(row.x + x, row.y, &text, room, style);
}

fn draw_row(
    theme: Theme,
    slots: &[Slot],
    (on_ramp, summary): (&OnRamp, &Summary),
    (here, focused, marked): (bool, bool, bool),
    doubt: &str,
    row: Rect,
    buffer: &mut Buffer,
) {
    if here {
        buffer.set_stringn(row.x, row.y, "▸", 1, theme.style(Role::Accent));
    }
    for &slot in slots {
        let plain = theme.style(Role::Plain);
        match slot.column {
            Column::Name => {
                let role = if here && focused {
                    Role::Cursor
                } else if here {
                    Role::Strong
                } else {
                    Role::Plain
                };
                let name = on_ramp.name.as_str();
                let with_mark = marked.then(|| format!("✓ {name}"));
                let name = with_mark.as_deref().unwrap_or(name);
                put(slot, name, theme.style(role), row, buffer);
            }
            Column::Kind => put(slot, &on_ramp.kind.to_string(), plain, row, buffer),
            Column::Site => put(slot, on_ramp.site.name.as_str(), plain, row, buffer),
            Column::Speed => {
                let speed = on_ramp
                    .capacity()
                    .map_or_else(|| "?".to_owned(), crate::domain::units::Mbps::short);
                put(slot, &speed, plain, row, buffer);
            }
            Column::Zone => {
                put(slot, &on_ramp.zone_word(), theme.zone(&on_ramp.zone), row, buffer);
            }
            Column::Vxcs => {
                // A doubt mark: some of its entries could not be read.
                let unread = if summary.unread > 0 { "?" } else { doubt };
                put(slot, &format!("{}{unread}", figure(summary.vxcs)), plain, row, buffer);
            }
            Column::Keys => {
                let keys = summary.keys.map_or_else(|| "?".to_owned(), |k| figure(k.live()));
                put(slot, &keys, plain, row, buffer);
            }
            Column::Allocation => {
                // Circuits that do not say their rate take more than nothing.
                let doubt = if summary.rates_unsaid > 0 { "+" } else { doubt };
                allocation(theme, slot, (summary.percent, doubt), row, buffer);
            }
            // It is drawn from what was measured, beside this.
            Column::Load | Column::Trip => {}
            Column::Open => {
                let (word, role) = match open(summary) {
                    // It takes keys, and will not for long.
                    (_, Role::Good) if on_ramp.terminates.is_some() => ("ends", Role::Warn),
                    open => open,
                };
                put(slot, &format!("{word}{doubt}"), theme.style(role), row, buffer);
            }
        }
    }
}

/// A count that fits three cells: `1k+` is 1,000 to 1,999.
fn figure(count: usize) -> String {
    if count < 1000 { count.to_string() } else { format!("{}k+", count / 1000) }
}

fn open(summary: &Summary) -> (&'static str, Role) {
    summary
        .closed
        .first()
        .map_or(("yes", Role::Good), |reason: &Closed| (reason.short(), Role::Warn))
}

fn allocation(
    theme: Theme,
    slot: Slot,
    (percent, doubt): (Option<u32>, &str),
    row: Rect,
    buffer: &mut Buffer,
) {
    let Some(percent) = percent else {
        return put(slot, "?", theme.style(Role::Quiet), row, buffer);
    };
    let cells = usize::from(slot.width.saturating_sub(6));
    let style = theme.style(Theme::load(percent));
    buffer.set_stringn(row.x + slot.x + 1, row.y, bar(percent, cells), cells, style);
    put(slot, &format!("{percent}%{doubt}"), theme.style(Role::Plain), row, buffer);
}

/// How far an on-ramp is from where somebody asked.
fn trip(model: &Model, on_ramp: &OnRamp) -> (String, Role) {
    let quiet = |says: &str| (says.to_owned(), Role::Quiet);
    let Some((from, _)) = &model.browse.trips_from else { return quiet("") };
    let Some((trips, _)) = model.engine.background().trips.get(from) else { return quiet("…") };
    match on_ramp.site.id {
        Some(to) if to == *from => quiet("here"),
        Some(to) => trips.to(to).map_or_else(|| quiet("–"), |trip| (trip.to_string(), Role::Plain)),
        None => quiet("–"),
    }
}

/// What an on-ramp carried in the last day, in six spans, and what it carries
/// now in percent; blank where nothing was measured yet.
fn load(model: &Model, slot: Slot, id: &OnRampId, row: Rect, buffer: &mut Buffer) {
    let theme = model.theme;
    let x = row.x + slot.x + 1;
    if model.engine.has_no_load(id) {
        buffer.set_stringn(x, row.y, "none", 4, theme.style(Role::Quiet));
    } else if let Some((spark, percent)) = feed_text::day(model, id, SPARK) {
        buffer.set_stringn(x, row.y, spark, SPARK, theme.style(Theme::load(percent)));
        // Of a LAG one member may be all that is measured.
        let about = if feed_text::is_of_one_member(model, id) { "~" } else { "" };
        put(slot, &format!("{about}{percent}%"), theme.style(Role::Plain), row, buffer);
    }
}

/// A bar of `cells` cells; a single cell fills from the bottom.
pub(in crate::ui) fn bar(percent: u32, cells: usize) -> String {
    let percent = percent.min(100) as usize;
    if cells == 1 {
        return ["░", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"][(percent * 8).div_ceil(100)]
            .to_owned();
    }
    // Something never looks like nothing, and only all looks like all.
    let full = (percent * cells / 100).max(usize::from(percent > 0));
    format!("{}{}", "█".repeat(full), "░".repeat(cells - full))
}

/// Before the first list is here: progress, or what went wrong.
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
            lines.push((Role::Quiet, format!("Trace id {trace}, for the vendor's support.")));
        }
        lines.push((Role::Accent, "r tries again.".to_owned()));
    }
    paragraphs(theme, &lines, inner, buffer);
}

fn empty(model: &Model, inner: Rect, buffer: &mut Buffer) {
    let filter = model.browse.filter.input.value();
    let says = if model.engine.inventory().on_ramps().is_empty() {
        "This account owns no on-ramp.".to_owned()
    } else if filter.is_empty() {
        "No on-ramp here.".to_owned()
    } else if let Some(fault) = filter_query::fault(filter) {
        format!("{fault}. Esc drops the filter.")
    } else {
        format!("Nothing matches “{filter}” here. Esc drops the filter.")
    };
    paragraphs(model.theme, &[(Role::Quiet, says)], inner, buffer);
}

/// Wrapped text, one item a paragraph.
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
