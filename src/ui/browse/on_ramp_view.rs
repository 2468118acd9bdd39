//! Draws an opened on-ramp: its facts, its circuits, its keys.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    domain::{id::ConnectionId, on_ramp::OnRamp, service_key::ServiceKey},
    ui::{
        model::Model,
        screen::{layout, pane},
        state::on_ramp::{Entry, List, OnRampPage},
        widget::{
            table_rows::{self, Cells, Head},
            theme::Role,
        },
    },
};

use super::{
    chart, detail,
    on_ramp_columns::{CircuitRow, KeyRow},
};

pub(in crate::ui) fn draw(model: &Model, visit: &OnRampPage, body: Rect, buffer: &mut Buffer) {
    let Some(on_ramp) = model.engine.inventory().on_ramp(&visit.on_ramp) else { return };
    let [facts, circuits, keys] = layout::visit(body, visit.list);
    let title = pane::title(model.theme, on_ramp.name.as_str(), &on_ramp.kind.to_string(), false);
    let inner = pane::pane(model, title, false, facts, buffer);
    // If the facts have few lines, the region is shown in their frame.
    if inner.height <= 8 {
        detail::draw_note(model, on_ramp, facts, buffer);
    }
    let below = detail::draw_facts(model, on_ramp, true, inner, buffer);
    let rest = Rect { y: below, height: inner.bottom().saturating_sub(below), ..inner };
    chart::draw(model, on_ramp, rest, buffer);
    let total = on_ramp.standing_vxcs().count() + on_ramp.standing_ixs().count();
    let shown = VisibleLines::new(model, visit, List::Circuits, total, circuits);
    let columns = table_rows::ShownColumn::select(CircuitRow::COLUMNS, false);
    let rows = CircuitRow::all(on_ramp).skip(shown.offset).take(shown.page);
    let rows = rows.map(|circuit| columns.cells(&circuit)).collect();
    draw_list(model, &shown, ("Circuits", &columns.heads(), rows), circuits, buffer);
    let total = model.engine.inventory().key_count_of(&on_ramp.id);
    let shown = VisibleLines::new(model, visit, List::Keys, total, keys);
    let rows = model.engine.inventory().keys_of(&on_ramp.id).skip(shown.offset).take(shown.page);
    let mut judge = model.engine.survey().judge();
    let columns = table_rows::ShownColumn::select(KeyRow::COLUMNS, false);
    let row = |key| KeyRow { model, key, reading: judge.listed(key) };
    let rows = rows.map(row).map(|row| columns.cells(&row)).collect();
    draw_list(model, &shown, ("Service keys", &columns.heads(), rows), keys, buffer);
}

/// Returns the number of lines of a list.
pub(in crate::ui) fn entry_count(model: &Model, visit: &OnRampPage, list: List) -> usize {
    let Some(on_ramp) = model.engine.inventory().on_ramp(&visit.on_ramp) else { return 0 };
    match list {
        List::Circuits => circuit_ids(on_ramp).count(),
        List::Keys => model.engine.inventory().key_count_of(&visit.on_ramp),
    }
}

/// Returns the entry of one line. It is called several times for each frame, on lists
/// of thousands of circuits: only this line is copied.
pub(in crate::ui) fn entry_at(
    model: &Model,
    visit: &OnRampPage,
    list: List,
    at: usize,
) -> Option<Entry> {
    let inventory = model.engine.inventory();
    let on_ramp = inventory.on_ramp(&visit.on_ramp)?;
    match list {
        List::Circuits => circuit_ids(on_ramp).nth(at).cloned().map(Entry::Circuit),
        List::Keys => {
            inventory.keys_of(&visit.on_ramp).nth(at).map(|key| Entry::Key(key.id.clone()))
        }
    }
}

/// Returns the key under the cursor, where the keys of an on-ramp have the focus.
pub(in crate::ui) fn selected_key(model: &Model) -> Option<&ServiceKey> {
    let visit = model.visit.as_ref().filter(|visit| visit.list == List::Keys)?;
    model.engine.inventory().keys_of(&visit.on_ramp).nth(cursor(model, visit, List::Keys))
}

/// Returns the entry under the cursor of the focused list.
pub(in crate::ui) fn selected(model: &Model) -> Option<Entry> {
    let visit = model.visit.as_ref()?;
    entry_at(model, visit, visit.list, cursor(model, visit, visit.list))
}

/// The visible lines of a list.
struct VisibleLines {
    list: List,
    total: usize,
    offset: usize,
    page: usize,
    /// The line under the cursor.
    cursor: usize,
    focused: bool,
}

impl VisibleLines {
    fn new(model: &Model, visit: &OnRampPage, list: List, total: usize, area: Rect) -> Self {
        let page = usize::from(area.height.saturating_sub(3));
        let offset = visit.place(list).offset.min(total.saturating_sub(page.max(1)));
        let cursor = cursor(model, visit, list);
        let focused = visit.list == list && model.modals.is_empty();
        Self { list, total, offset, page, cursor, focused }
    }
}

/// Returns the line the cursor of a list is on; the first where its entry is gone.
pub(in crate::ui) fn cursor(model: &Model, visit: &OnRampPage, list: List) -> usize {
    let found = match &visit.place(list).selected {
        Some(Entry::Circuit(id)) => {
            let on_ramp = model.engine.inventory().on_ramp(&visit.on_ramp);
            on_ramp.and_then(|on_ramp| circuit_ids(on_ramp).position(|one| one == id))
        }
        Some(Entry::Key(id)) => {
            model.engine.inventory().keys_of(&visit.on_ramp).position(|key| key.id == *id)
        }
        None => None,
    };
    found.unwrap_or(0)
}

fn circuit_ids(on_ramp: &OnRamp) -> impl Iterator<Item = &ConnectionId> {
    let vxcs = on_ramp.standing_vxcs().map(|vxc| &vxc.id);
    vxcs.chain(on_ramp.standing_ixs().map(|ix| &ix.id))
}

fn draw_list(
    model: &Model,
    shown: &VisibleLines,
    (name, heads, rows): (&str, &[Head], Vec<Cells>),
    area: Rect,
    buffer: &mut Buffer,
) {
    let (theme, focused, total) = (model.theme, shown.focused, shown.total);
    let figure = if total > shown.page {
        let end = (shown.offset + shown.page).min(total);
        format!("{total} ({}–{end})", shown.offset + 1)
    } else {
        total.to_string()
    };
    let title = pane::title(theme, name, &figure, focused);
    let inner = pane::pane(model, title, focused, area, buffer);
    let role = if focused { Role::Cursor } else { Role::Accent };
    let rows: Vec<_> = (shown.offset..).zip(rows).collect();
    table_rows::draw(theme, heads, &rows, (shown.cursor, role), inner, buffer);
    if inner.height == 0 {
        return;
    }
    if rows.is_empty() {
        let says = match shown.list {
            List::Circuits => "No circuits here.",
            List::Keys if model.engine.inventory().keys_known() => "No service keys here.",
            List::Keys => "The keys have not been read yet.",
        };
        let room = usize::from(inner.width.saturating_sub(2));
        buffer.set_stringn(inner.x + 2, inner.y + 1, says, room, theme.style(Role::Quiet));
    }
}
