//! Draws the keys view: a row a key, and below what its word rests on.

use ratatui::{
    buffer::Buffer,
    layout::{Constraint, Layout, Rect},
    text::{Line, Span},
};

use crate::{
    domain::{
        key_difference,
        key_usage::{Evidence, Judge, Reading, Remembered},
        service_key::{KeyUse, ServiceKey},
        vlan::VlanTag,
    },
    ui::{
        model::Model,
        screen::{frame, key_text, layout, pane},
        state::keys::{KeyList, Of, Row},
        widget::{
            table_rows::{self, Cells, Head},
            text::{clip, count, relative, span},
            theme::Role,
        },
    },
};

use super::watch;

const NARROW: [Head; 7] = [
    ("  STATE", 10, false),
    ("KEY", 9, false),
    ("LABEL", 0, false),
    ("ON-RAMP", 13, false),
    ("ZONE", 5, false),
    ("VLAN", 6, true),
    ("ENDS", 9, false),
];
const BROAD: [Head; 10] = [
    ("  STATE", 10, false),
    ("KEY", 9, false),
    ("LABEL", 0, false),
    ("ON-RAMP", 14, false),
    ("ZONE", 5, false),
    ("VLAN", 6, true),
    ("RATE", 5, true),
    ("AGE", 6, true),
    ("ENDS", 10, false),
    ("EVIDENCE", 25, false),
];

/// How many lines the pane below takes: on a tall screen, and on others.
const BELOW: [u16; 2] = [9, 7];

/// The list, and the pane below it where there is room.
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

/// How many rows the list shows.
pub(in crate::ui) fn page(model: &Model) -> usize {
    usize::from(areas(model)[0].height.saturating_sub(4))
}

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let (list, theme) = (&model.key_list, model.theme);
    let [area, below] = areas(model);
    let figure = title(model, list);
    let name = pane::title(theme, "Keys", &figure, model.modals.is_empty());
    let inner = pane::pane(model, name, model.modals.is_empty(), area, buffer);
    let heads: &[Head] = if inner.width >= 108 { &BROAD } else { &NARROW };
    let table = Rect { height: inner.height.saturating_sub(1), ..inner };
    let page = page(model);
    let seen = list.rows().enumerate().skip(list.offset).take(page);
    let mut judge = model.engine.survey().judge();
    let cells = |(at, row)| (at, cells(model, &mut judge, row, heads.len()));
    let seen: Vec<_> = seen.map(cells).collect();
    table_rows::draw(theme, heads, &seen, (list.cursor(), Role::Cursor), table, buffer);
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

/// `12 of 40, watching 2, next look in 11 s, by state`.
fn title(model: &Model, list: &KeyList) -> String {
    let (shown, all) = (list.rows().len(), list.len());
    let figure = if shown == all { all.to_string() } else { format!("{shown} of {all}") };
    let marks = if list.marks.is_empty() {
        String::new()
    } else {
        format!(", {} marked", list.marks.len())
    };
    let turned = if list.sort.reversed { ", turned" } else { "" };
    let watch = watch::in_words(model);
    format!("{figure}{marks}, by {}{turned}  {watch}", list.sort.column.name())
}

fn empty(model: &Model, list: &KeyList) -> &'static str {
    if !model.engine.inventory().keys_known() {
        "The keys have not been read yet."
    } else if list.is_empty() {
        "This account has no service key."
    } else {
        "No key has these words. Esc drops the filter."
    }
}

/// The last line: the filter while there is one, else how many there are of
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

fn cells(model: &Model, judge: &mut Judge<'_>, row: &Row, columns: usize) -> Cells {
    match &row.of {
        Of::Listed(id) => model.engine.inventory().key(id).map_or_else(Vec::new, |key| {
            let reading = judge.listed(key);
            let marked = model.key_list.marks.contains(id);
            let watched = model.engine.is_watched(id);
            key_cells(model, key, &reading, (marked, watched), columns)
        }),
        Of::Remembered(print) => {
            model.engine.remembered().get(print).map_or_else(Vec::new, |memory| {
                let reading = judge.gone(memory);
                memory_cells(model, memory, &reading, columns)
            })
        }
    }
}

/// A VLAN in six cells; a multi-use key takes any.
fn vlan(usage: KeyUse) -> String {
    match usage {
        KeyUse::Single(VlanTag::Untagged) => "untag".to_owned(),
        KeyUse::Single(tag) => tag.to_string(),
        KeyUse::Multi => "multi".to_owned(),
    }
}

fn key_cells(
    model: &Model,
    key: &ServiceKey,
    reading: &Reading,
    (marked, watched): (bool, bool),
    columns: usize,
) -> Cells {
    let now = model.server_now();
    let on_ramp = model.engine.inventory().on_ramp(&key.on_ramp);
    let mark = match (marked, watched) {
        (true, _) => '✓',
        (false, true) => '·',
        (false, false) => ' ',
    };
    let warns = if reading.warns() { '!' } else { ' ' };
    let vlan = vlan(key.usage);
    let end = key.validity.and_then(|window| window.end);
    let ends = end.map_or_else(|| "open".to_owned(), |end| relative(end, now));
    let name = on_ramp.map_or(&key.on_ramp_name, |on_ramp| &on_ramp.name);
    let zone = on_ramp.map_or("–", |on_ramp| on_ramp.zone.word());
    let cell = |text: String| (text, Role::Plain);
    let mut cells = vec![
        (format!("{mark}{warns}{}", reading.word.text()), key_text::role(reading)),
        cell(key.id.masked()),
        key_text::label(model, key),
        cell(name.to_string()),
        cell(zone.to_owned()),
        cell(vlan),
    ];
    if columns > NARROW.len() {
        let age = key.created.map_or_else(|| "?".to_owned(), |made| span(now.since(made)));
        cells
            .push(cell(key.rate.map_or_else(|| "?".to_owned(), crate::domain::units::Mbps::short)));
        cells.push(cell(age));
    }
    cells.push(cell(ends));
    if columns > NARROW.len() {
        let chased = watch::partner_in_words(model, key);
        let first = reading.evidence.first().map(|one| short(model, one));
        cells.push((chased.or(first).unwrap_or_default(), Role::Quiet));
    }
    cells
}

fn memory_cells(model: &Model, memory: &Remembered, reading: &Reading, columns: usize) -> Cells {
    let on_ramp = model.engine.inventory().on_ramp(&memory.on_ramp);
    let name = on_ramp.map_or(&memory.on_ramp_name, |on_ramp| &on_ramp.name);
    let zone = on_ramp.map_or("–", |on_ramp| on_ramp.zone.word());
    let vlan = vlan(memory.usage);
    let cell = |text: String| (text, Role::Plain);
    let mut cells = vec![
        (format!("  {}", reading.text()), key_text::role(reading)),
        (memory.print.to_string(), Role::Quiet),
        cell(memory.label.to_string()),
        cell(name.to_string()),
        cell(zone.to_owned()),
        cell(vlan),
    ];
    if columns > NARROW.len() {
        let now = model.server_now();
        let age = memory.created.map_or_else(|| "?".to_owned(), |made| span(now.since(made)));
        let rate = memory.rate.map_or_else(|| "?".to_owned(), crate::domain::units::Mbps::short);
        cells.extend([cell(rate), cell(age)]);
    }
    cells.push(cell("–".to_owned()));
    if columns > NARROW.len() {
        let first = reading.evidence.first().map(|one| short(model, one));
        cells.push((first.unwrap_or_default(), Role::Quiet));
    }
    cells
}

/// Evidence in a few words, for a column.
fn short(model: &Model, evidence: &Evidence) -> String {
    let now = model.server_now();
    match evidence {
        Evidence::LastUsed(at) => format!("used {}", relative(*at, now)),
        Evidence::UsedSomeTime => "used, when is unread".to_owned(),
        Evidence::OnItsVlan(circuit) if circuit.awaits_approval => {
            format!("waits for us: {}", circuit.name)
        }
        Evidence::OnItsVlan(circuit) if !circuit.carries_traffic => {
            format!("VXC {}: {}", circuit.name, circuit.state)
        }
        Evidence::OnItsVlan(circuit) => format!("VXC {}", circuit.name),
        Evidence::Drifted(differences) => key_difference::in_words(differences),
        Evidence::VlanTaken(circuit) => format!("VLAN taken: {}", circuit.name),
        Evidence::Since { count: n, .. } => format!("{} since", count(*n, "circuit")),
        Evidence::Listed => "redeemable".to_owned(),
        Evidence::NoCircuit { .. } => "no circuit".to_owned(),
        Evidence::NotValid => "not valid".to_owned(),
        Evidence::SwitchedOff => "customer cannot use it".to_owned(),
        Evidence::Ends(at) if *at > now => "not used".to_owned(),
        Evidence::Ends(_) => "past its end".to_owned(),
        Evidence::Ended(_) | Evidence::SaidExpired => "no use seen".to_owned(),
        Evidence::Opens(at) => format!("opens {}", relative(*at, now)),
        Evidence::LeftTheList => "left the list".to_owned(),
        Evidence::NotAmongTheRead(_) => "not among those read".to_owned(),
        Evidence::NoOnRamp => "on-ramp not listed".to_owned(),
        Evidence::OnRampEnded => "on-ramp has ended".to_owned(),
        Evidence::OnRampNotAmongTheRead(_) => "on-ramp not read".to_owned(),
        Evidence::OnRampsUnread => "on-ramps not read yet".to_owned(),
        Evidence::CircuitsUnread => "circuits not all read".to_owned(),
    }
}

/// The key under the cursor: what its word rests on, and how its partner is.
fn detail(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme;
    let Some(row) = model.key_list.current() else {
        let none = pane::title(theme, "Evidence", "", false);
        pane::pane(model, none, false, area, buffer);
        return;
    };
    let (reading, partner, facts) = match &row.of {
        Of::Listed(id) => {
            let Some(key) = model.engine.inventory().key(id) else { return };
            let reading = model.engine.survey().listed(key);
            let whom = model.engine.memory_of(key).map(|memory| memory.for_whom.clone());
            (reading, watch::partner_in_words(model, key), whom.unwrap_or_default())
        }
        Of::Remembered(print) => {
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
            crate::ui::widget::text::capital(&evidence.in_words(model.server_now()))
        );
        lines.extend(frame::sentence(theme, Role::Plain, &says, inner.width));
    }
    if row.label.starts_with('~') {
        let says = "Megaport has no label of it any more: this one is from our record.";
        lines.extend(frame::sentence(theme, Role::Quiet, says, inner.width));
    }
    if !reading.drift().is_empty() && row.id().is_some() {
        let says = "Its card (Enter) puts it back as ordered, or takes it as it is.";
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
    if matches!(row.of, Of::Remembered(_)) {
        let says = "Megaport may forget a used key; this console remembers it.";
        lines.extend(frame::sentence(theme, Role::Quiet, says, inner.width));
    }
    frame::lines(&lines, inner, buffer);
}
