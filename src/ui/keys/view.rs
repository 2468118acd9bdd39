//! Draws the keys view: a row a key, and below what its word rests on.

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use crate::ui::{
    model::Model,
    screen::{frame, key_text, layout, pane},
    state::keys::{KeyList, RowKey},
    widget::{
        table_rows::{self, ShownColumn},
        text::{clip, count},
        theme::Role,
    },
};

use super::{columns::KeyRow, watch};

/// The lines of the pane below: on a tall screen, and on others.
const BELOW: [u16; 2] = [9, 7];

/// Splits the body into the list and, if it fits, the pane below it.
fn areas(model: &Model) -> [Rect; 2] {
    let body = layout::areas(model).body;
    let below = match body.height {
        _ if model.key_list.wide => 0,
        ..18 => 0,
        18..28 => BELOW[1],
        28.. => BELOW[0],
    };
    Layout::vertical([Constraint::Min(0), Constraint::Length(below)]).areas(body)
}

/// Returns the number of visible rows.
pub(in crate::ui) fn page(model: &Model) -> usize {
    usize::from(areas(model)[0].height.saturating_sub(4))
}

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let (list, theme) = (&model.key_list, model.theme);
    let [area, below] = areas(model);
    let figure = title(model, list);
    let name = pane::title(theme, "Keys", &figure, model.modals.is_empty());
    let inner = pane::pane(model, name, model.modals.is_empty(), area, buffer);
    let columns = ShownColumn::select(KeyRow::COLUMNS, inner.width >= 108);
    let table = Rect { height: inner.height.saturating_sub(1), ..inner };
    let page = page(model);
    let seen = list.rows().enumerate().skip(list.offset).take(page);
    let mut judge = model.engine.survey().judge();
    let cells = |(at, row)| {
        let row = KeyRow::new(model, &mut judge, row);
        (at, row.map_or_else(Vec::new, |row| columns.cells(&row)))
    };
    let seen: Vec<_> = seen.map(cells).collect();
    table_rows::draw(theme, &columns.heads(), &seen, (list.cursor(), Role::Cursor), table, buffer);
    if seen.is_empty() {
        let says = empty(model, list);
        let room = usize::from(inner.width.saturating_sub(2));
        buffer.set_stringn(inner.x + 2, inner.y + 1, says, room, theme.style(Role::Quiet));
    }
    let bottom = Rect { y: inner.bottom().saturating_sub(1), height: 1, ..inner };
    let cursor = foot(model, list, bottom, buffer);
    if below.height > 0 {
        detail(model, below, buffer);
    }
    cursor
}

/// Returns the title: `12 of 40, watching 2, next check 22:57, by state`.
fn title(model: &Model, list: &KeyList) -> String {
    let (shown, all) = (list.rows().len(), list.len());
    let figure = if shown == all { all.to_string() } else { format!("{shown} of {all}") };
    let marks = if list.marks.is_empty() {
        String::new()
    } else {
        format!(", {} marked", list.marks.len())
    };
    let turned = if list.sort.reversed { ", reversed" } else { "" };
    let watch = watch::describe(model);
    format!("{figure}{marks}, by {}{turned}  {watch}", list.sort.by.0)
}

fn empty(model: &Model, list: &KeyList) -> &'static str {
    if !model.engine.inventory().keys_known() {
        "The keys have not been read yet."
    } else if list.is_empty() {
        "This account has no service key."
    } else {
        "No key matches. Esc clears the filter."
    }
}

/// Returns the last line: the filter while there is one, else how many there are of
/// each word.
fn foot(model: &Model, list: &KeyList, area: Rect, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let theme = model.theme;
    let typed = list.filter.value();
    if list.typing || !typed.is_empty() {
        let line = format!("/{typed}");
        let role = if list.typing { Role::Accent } else { Role::Plain };
        buffer.set_stringn(area.x + 2, area.y, &line, usize::from(area.width), theme.style(role));
        let along = u16::try_from(list.filter.visual_cursor()).unwrap_or(0);
        return list.typing.then_some((area.x + 3 + along, area.y));
    }
    let counts: Vec<_> =
        list.counts().iter().map(|(word, count)| format!("{} {count}", word.text())).collect();
    let unread = match model.engine.keys().unread.len() {
        0 => String::new(),
        n => format!("   {} could not be read", count(n, "entry")),
    };
    let line = format!("{}{unread}", counts.join("   "));
    let line = clip(&line, usize::from(area.width.saturating_sub(3))).into_owned();
    buffer.set_stringn(area.x + 2, area.y, line, usize::from(area.width), theme.style(Role::Quiet));
    None
}

/// Draws the key under the cursor: its evidence, and the state of its partner.
fn detail(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme;
    let Some(row) = model.key_list.current() else {
        let none = pane::title(theme, "Status detail", "", false);
        pane::pane(model, none, false, area, buffer);
        return;
    };
    let (reading, partner, facts) = match &row.of {
        RowKey::Listed(id) => {
            let Some(key) = model.engine.inventory().key(id) else { return };
            let reading = model.engine.survey().listed(key);
            let whom = model.engine.memory_of(key).map(|memory| memory.for_whom.clone());
            (reading, watch::partner_in_words(model, key), whom.unwrap_or_default())
        }
        RowKey::Remembered(print) => {
            let Some(memory) = model.engine.remembered().get(print) else { return };
            (model.engine.survey().gone(memory), None, memory.for_whom.clone())
        }
    };
    let title = pane::title(theme, &clip(&row.label, 50), "", false);
    let inner = pane::pane(model, title, false, area, buffer);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let mut lines =
        vec![Line::from(Span::styled(reading.text(), theme.style(key_text::role(&reading))))];
    for evidence in &reading.evidence {
        let says = format!(
            "{}.",
            crate::ui::widget::text::capital(&evidence.describe(model.server_now()))
        );
        lines.extend(frame::sentence(theme, Role::Plain, &says, inner.width));
    }
    if row.label.starts_with('~') {
        let says = "Megaport no longer has its label: this one is from our record.";
        lines.extend(frame::sentence(theme, Role::Quiet, says, inner.width));
    }
    if !reading.drift().is_empty() && row.id().is_some() {
        let says = "Its card (Enter) restores it as ordered, or accepts it as it is.";
        lines.extend(frame::sentence(theme, Role::Quiet, says, inner.width));
    }
    if let Some(partner) = partner {
        lines.extend(frame::sentence(theme, Role::Warn, &format!("Pair: {partner}."), inner.width));
    }
    let whom = format!("{} {}", facts.customer, facts.reference);
    if !whom.trim().is_empty() {
        let says = format!("For {}.", whom.trim());
        lines.extend(frame::sentence(theme, Role::Quiet, &says, inner.width));
    }
    if matches!(row.of, RowKey::Remembered(_)) {
        let says = "Megaport may drop a used key from its list; this console keeps a record.";
        lines.extend(frame::sentence(theme, Role::Quiet, says, inner.width));
    }
    frame::lines(&lines, inner, buffer);
}
