//! Draws an opened on-ramp: its facts, its circuits, its keys.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::domain::{
    on_ramp::OnRamp,
    service_key::{KeyState, KeyUse, ServiceKey},
    vlan::VlanTag,
    vxc::Vxc,
};

use super::{
    detail, layout,
    model::Model,
    text::{clip, date, relative, width},
    theme::Role,
    view,
    visit::{Entry, List, Visit},
};

/// One line of a list: its cells, and the role of each.
type Cells = Vec<(String, Role)>;

pub(super) fn draw(model: &Model, visit: &Visit, body: Rect, buffer: &mut Buffer) {
    let Some(on_ramp) = model.inventory.on_ramp(&visit.on_ramp) else { return };
    let [facts, circuits, keys] = layout::visit(body, visit.list);
    let title = view::title(model.theme, on_ramp.name.as_str(), &on_ramp.kind.to_string(), false);
    let inner = view::pane(model.theme, title, false, facts, buffer);
    detail::draw_facts(model, on_ramp, true, inner, buffer);
    let rows = circuit_rows(on_ramp);
    draw_list(model, visit, List::Circuits, ("Circuits", &CIRCUITS, rows), circuits, buffer);
    let rows = key_rows(model, on_ramp);
    draw_list(model, visit, List::Keys, ("Service keys", &KEYS, rows), keys, buffer);
}

/// A column of a list: heading, width in cells (0 takes what is left), and
/// whether it holds figures.
type Head = (&'static str, usize, bool);

const CIRCUITS: [Head; 6] = [
    ("VLAN", 5, true),
    ("NAME", 0, false),
    ("RATE", 5, true),
    ("FAR END", 15, false),
    ("STATE", 10, false),
    ("SINCE", 10, false),
];
const KEYS: [Head; 7] = [
    ("VLAN", 5, true),
    ("KEY", 9, false),
    ("USE", 6, false),
    ("RATE", 5, true),
    ("LABEL", 0, false),
    ("STATE", 8, false),
    ("ENDS", 10, false),
];

/// The VXCs of an on-ramp in the order they are listed.
fn listed_vxcs(on_ramp: &OnRamp) -> Vec<&Vxc> {
    let mut vxcs: Vec<_> = on_ramp.standing_vxcs().collect();
    vxcs.sort_by(|a, b| (a.vlan, &a.name, &a.id).cmp(&(b.vlan, &b.name, &b.id)));
    vxcs
}

/// What the lines of a list stand for, in their order.
pub(super) fn entries(model: &Model, visit: &Visit, list: List) -> Vec<Entry> {
    let Some(on_ramp) = model.inventory.on_ramp(&visit.on_ramp) else { return vec![] };
    match list {
        List::Circuits => {
            let vxcs = listed_vxcs(on_ramp).into_iter().map(|vxc| Entry::Circuit(vxc.id.clone()));
            vxcs.chain(on_ramp.standing_ixs().map(|ix| Entry::Circuit(ix.id.clone()))).collect()
        }
        List::Keys => {
            let keys = model.inventory.keys_of(&visit.on_ramp).into_iter();
            keys.map(|key| Entry::Key(key.id.clone())).collect()
        }
    }
}

/// The key under the cursor, where the keys of an on-ramp have the focus.
pub(super) fn selected_key(model: &Model) -> Option<&ServiceKey> {
    let visit = model.visit.as_ref().filter(|visit| visit.list == List::Keys)?;
    let cursor = visit.cursor(List::Keys, &entries(model, visit, List::Keys));
    model.inventory.keys_of(&visit.on_ramp).get(cursor).copied()
}

/// A VLAN in five cells.
fn vlan(tag: VlanTag) -> String {
    if tag == VlanTag::Untagged { "untag".to_owned() } else { tag.to_string() }
}

fn circuit_rows(on_ramp: &OnRamp) -> Vec<Cells> {
    let vxcs = listed_vxcs(on_ramp);
    let cell = |text: String| (text, Role::Plain);
    let mut rows: Vec<Cells> = vxcs
        .iter()
        .map(|vxc| {
            let state = if vxc.awaits_approval { "APPROVAL?" } else { vxc.status.word() };
            vec![
                cell(vlan(vxc.vlan)),
                cell(vxc.name.to_string()),
                cell(vxc.rate.short()),
                cell(vxc.far_end.to_string()),
                (state.to_owned(), if vxc.status.is_usable() { Role::Good } else { Role::Warn }),
                cell(vxc.created.map_or_else(|| "–".to_owned(), date)),
            ]
        })
        .collect();
    rows.extend(on_ramp.standing_ixs().map(|ix| {
        vec![
            cell(vlan(ix.vlan)),
            cell(ix.name.to_string()),
            cell(ix.rate.short()),
            ("IX".to_owned(), Role::Quiet),
            cell(ix.status.word().to_owned()),
            cell(String::new()),
        ]
    }));
    rows
}

fn key_rows(model: &Model, on_ramp: &OnRamp) -> Vec<Cells> {
    let keys = model.inventory.keys_of(&on_ramp.id);
    keys.into_iter().map(|key| key_row(model, key)).collect()
}

fn key_row(model: &Model, key: &ServiceKey) -> Cells {
    let now = model.server_now();
    let state = model.inventory.key_state(key, now);
    let role = match state {
        KeyState::Unused => Role::Good,
        KeyState::Used | KeyState::Early => Role::Plain,
        KeyState::Expired | KeyState::Inactive => Role::Quiet,
        KeyState::Invalid => Role::Warn,
    };
    let (vlan, usage) = match key.usage {
        KeyUse::Single(tag) => (vlan(tag), "single"),
        KeyUse::Multi => ("any".to_owned(), "multi"),
    };
    let end = key.validity.and_then(|v| v.end);
    let cell = |text: String| (text, Role::Plain);
    vec![
        cell(vlan),
        cell(key.id.masked()),
        cell(usage.to_owned()),
        cell(key.rate.map_or_else(|| "?".to_owned(), super::super::domain::units::Mbps::short)),
        cell(key.label.to_string()),
        (state.word().to_owned(), role),
        cell(end.map_or_else(|| "open".to_owned(), |end| relative(end, now))),
    ]
}

fn draw_list(
    model: &Model,
    visit: &Visit,
    list: List,
    (name, heads, rows): (&str, &[Head], Vec<Cells>),
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = model.theme;
    let focused = visit.list == list && model.dialogs.is_empty();
    let page = usize::from(area.height.saturating_sub(3));
    let offset = visit.place(list).offset.min(rows.len().saturating_sub(page.max(1)));
    let cursor = visit.cursor(list, &entries(model, visit, list));
    let figure = if rows.len() > page {
        let end = (offset + page).min(rows.len());
        format!("{} ({}–{end})", rows.len(), offset + 1)
    } else {
        rows.len().to_string()
    };
    let title = view::title(theme, name, &figure, focused);
    let inner = view::pane(theme, title, focused, area, buffer);
    let line = |y: u16, cells: &[(String, Role)], buffer: &mut Buffer| {
        let mut x = inner.x + 2;
        for (&(_, wide, right), (text, role)) in heads.iter().zip(cells) {
            let wide = if wide == 0 { flexible(heads, inner.width) } else { wide };
            let text = clip(text, wide);
            let pad = if right { wide - width(&text) } else { 0 };
            let at = x + u16::try_from(pad).unwrap_or(0);
            let room = usize::from(inner.right().saturating_sub(at));
            buffer.set_stringn(at, y, &text, room, theme.style(*role));
            x += u16::try_from(wide + 1).unwrap_or(0);
        }
    };
    if inner.height == 0 {
        return;
    }
    let titles: Cells = heads.iter().map(|head| (head.0.to_owned(), Role::Quiet)).collect();
    line(inner.y, &titles, buffer);
    let visible = rows.iter().enumerate().skip(offset);
    for (y, (index, cells)) in (inner.y + 1..inner.bottom()).zip(visible) {
        line(y, cells, buffer);
        if index == cursor {
            let role = if focused { Role::Cursor } else { Role::Accent };
            buffer.set_stringn(inner.x, y, "▸", 1, theme.style(Role::Accent));
            let here = Rect { x: inner.x + 2, y, width: 5, height: 1 };
            buffer.set_style(here, theme.style(role));
        }
    }
    if rows.is_empty() {
        let says = match list {
            List::Circuits => "Nothing is connected here.",
            List::Keys if model.inventory.keys_known() => "No service key was made here.",
            List::Keys => "The keys have not been read yet.",
        };
        let room = usize::from(inner.width.saturating_sub(2));
        buffer.set_stringn(inner.x + 2, inner.y + 1, says, room, theme.style(Role::Quiet));
    }
}

/// What is left for the column without a width of its own.
fn flexible(heads: &[Head], width: u16) -> usize {
    let fixed: usize = heads.iter().map(|(_, wide, _)| wide + 1).sum();
    usize::from(width).saturating_sub(fixed + 2).max(8)
}
