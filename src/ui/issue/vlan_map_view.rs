//! Draws the VLAN map: every block in sum, one block in full.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Modifier,
    text::{Line, Span},
};

use crate::{
    api::VlanAnswer,
    domain::{
        time::ReadAt,
        vlan::VlanId,
        vlan_map::{Holder, VlanMap},
    },
    ui::{
        model::Model,
        screen::frame,
        widget::{
            text::{clip, relative},
            theme::Role,
        },
    },
};

use super::{
    vlan_commands,
    vlan_map::{BLOCK, LINE, VlanPicker},
};

/// The blocks of one line of the overview.
const ACROSS: u16 = 16;

pub(in crate::ui) fn draw(model: &Model, picker: &VlanPicker, buffer: &mut Buffer) {
    let area = frame::open(model, "VLAN map", frame::SIZE, Role::Accent, buffer);
    let Some(map) = model.engine.vlans(&picker.on_ramp) else { return };
    let partner = picker.partner.as_ref().filter(|_| picker.overlaid);
    let partner = partner.and_then(|id| Some((id, model.engine.vlans(id)?)));
    let over = partner.as_ref().map(|(_, map)| map);
    let roomy = area.height >= 16;
    let mut at = Rect { height: 1, ..area };
    let mut next = |gap: u16| {
        let now = at;
        at.y += 1 + gap;
        now
    };
    frame::lines(&[heading(model, picker, &map)], next(u16::from(roomy)), buffer);
    for line in overview(model, picker, &map, over, area.width) {
        frame::lines(&[line], next(0), buffer);
    }
    if roomy {
        next(0);
    }
    let cursor = under_cursor(model, picker, &map, partner.as_ref().map(|(_, map)| map));
    frame::lines(&[cursor], next(0), buffer);
    let zoom = Rect { height: 4, ..next(3) };
    draw_block(model, picker, &map, over, zoom, buffer);
    if roomy {
        next(0);
    }
    let foot = next(0);
    let foot = Rect { height: area.bottom().saturating_sub(foot.y), ..foot };
    frame::lines(&notes(model, picker, &map), foot, buffer);
}

fn heading(model: &Model, picker: &VlanPicker, map: &VlanMap) -> Line<'static> {
    let theme = model.theme;
    let Some(on_ramp) = model.engine.inventory().on_ramp(&picker.on_ramp) else {
        return Line::default();
    };
    let sum =
        format!("  {} used, {} reserved by keys, {} free", map.used(), map.held(), map.free());
    Line::from(vec![
        Span::styled(on_ramp.name.to_string(), theme.style(Role::Strong)),
        Span::raw(format!("  {}  ", on_ramp.site.name)),
        Span::styled(on_ramp.zone.word().to_owned(), theme.zone(&on_ramp.zone)),
        Span::styled(sum, theme.style(Role::Quiet)),
    ])
}

/// Draws the number of taken VLANs in each block, on either on-ramp if two are laid
/// over each other.
fn overview(
    model: &Model,
    picker: &VlanPicker,
    map: &VlanMap,
    over: Option<&VlanMap>,
    width: u16,
) -> Vec<Line<'static>> {
    let theme = model.theme;
    let wide = if width >= 6 + 4 * ACROSS { 4 } else { 3 };
    // Narrow columns have space for every second number.
    let step = if wide == 4 { 1 } else { 2 };
    let label = |column: usize| format!("{:>1$} ", column * usize::from(BLOCK), wide * step - 1);
    let labels = (0..usize::from(ACROSS)).step_by(step).map(label);
    let head = format!("{:>5} {}", "+", labels.collect::<String>());
    let mut lines = vec![Line::from(Span::styled(head, theme.style(Role::Quiet)))];
    for row in 0..4 {
        let start = row * ACROSS * BLOCK;
        let mut spans = vec![Span::styled(format!("{start:>5} "), theme.style(Role::Quiet))];
        for column in 0..ACROSS {
            let block = start + column * BLOCK;
            let ids = (block..block + BLOCK).filter_map(|n| VlanId::new(n).ok());
            let is_taken = |id: &VlanId| {
                map.taken().holds(*id) || over.is_some_and(|over| over.taken().holds(*id))
            };
            let taken = ids.filter(is_taken).count();
            let text = if taken == 0 { "·".to_owned() } else { taken.to_string() };
            let zoomed = block == picker.block();
            let text = if zoomed { format!("[{text}]") } else { format!("{text} ") };
            let role = match (zoomed, taken) {
                (true, _) => Role::Accent,
                (false, 0) => Role::Quiet,
                (false, _) => Role::Plain,
            };
            spans.push(Span::styled(format!("{text:>wide$}"), theme.style(role)));
        }
        lines.push(Line::from(spans));
    }
    lines
}

/// Returns the mark of one VLAN, its role, and whether its reason is worth a line.
fn mark(map: &VlanMap, over: Option<&VlanMap>, id: VlanId) -> (&'static str, Role) {
    match map.holder(id) {
        Some(Holder::Vxc(_)) => ("V", Role::Strong),
        Some(Holder::Ix(_)) => ("I", Role::Strong),
        Some(Holder::Key(_) | Holder::Changed(_)) => ("k", Role::Warn),
        Some(Holder::Doubt(_)) => ("d", Role::Bad),
        Some(Holder::Elsewhere(_)) => ("o", Role::Bad),
        Some(Holder::Said) => ("m", Role::Warn),
        None if over.is_some_and(|over| over.taken().holds(id)) => ("p", Role::Warn),
        None if map.is_certain() => ("·", Role::Quiet),
        None => ("?", Role::Quiet),
    }
}

/// Draws the block with the cursor, and beside it why its VLANs are taken.
fn draw_block(
    model: &Model,
    picker: &VlanPicker,
    map: &VlanMap,
    over: Option<&VlanMap>,
    area: Rect,
    buffer: &mut Buffer,
) {
    let theme = model.theme;
    for row in 0..BLOCK / LINE {
        let y = area.y + row;
        let start = picker.block() + row * LINE;
        buffer.set_stringn(area.x, y, format!("{start:>5}"), 5, theme.style(Role::Quiet));
        for column in 0..LINE {
            let gap = u16::from(column >= LINE / 2);
            let x = area.x + 7 + column * 2 + gap;
            let Ok(id) = VlanId::new(start + column) else {
                buffer.set_stringn(x, y, "-", 1, theme.style(Role::Quiet));
                continue;
            };
            let (mark, role) = mark(map, over, id);
            let mut style = theme.style(role);
            if id == picker.cursor {
                // The brackets show it where nothing is reversed.
                style = theme.style(Role::Cursor).add_modifier(Modifier::BOLD);
                buffer.set_stringn(x - 1, y, "[", 1, theme.style(Role::Accent));
                buffer.set_stringn(x + 1, y, "]", 1, theme.style(Role::Accent));
            }
            buffer.set_stringn(x, y, mark, 1, style);
        }
    }
    let x = area.x + 43;
    let room = usize::from(area.right().saturating_sub(x));
    for (y, line) in (area.y..area.y + 4).zip(reasons(picker, map)) {
        buffer.set_stringn(x, y, clip(&line, room), room, theme.style(Role::Plain));
    }
}

/// Explains why VLANs of the block are taken: those at the cursor and after it first.
fn reasons(picker: &VlanPicker, map: &VlanMap) -> Vec<String> {
    let ids = (picker.block()..picker.block() + BLOCK).filter_map(|n| VlanId::new(n).ok());
    let taken: Vec<_> = ids.filter_map(|id| Some((id, map.holder(id)?))).collect();
    let from = taken.iter().position(|(id, _)| *id >= picker.cursor);
    let from = from.unwrap_or(taken.len()).min(taken.len().saturating_sub(4));
    let mut lines: Vec<_> =
        taken.iter().skip(from).map(|(id, why)| format!("{id} {}", why.reason())).collect();
    if lines.len() > 4 {
        let more = lines.len() - 3;
        lines.truncate(3);
        lines.push(format!("and {more} more"));
    }
    lines
}

fn under_cursor(
    model: &Model,
    picker: &VlanPicker,
    map: &VlanMap,
    over: Option<&VlanMap>,
) -> Line<'static> {
    let theme = model.theme;
    let id = picker.cursor;
    let kept = model.settings.vlans.why_kept(id, vlan_commands::customer_of_form(model));
    let (role, says) = match map.holder(id) {
        Some(holder) => (Role::Bad, format!("TAKEN: {}", holder.reason())),
        None if kept.is_some() => {
            (Role::Warn, kept.map_or_else(String::new, |why| format!("free, but {why}")))
        }
        None if map.is_certain() && over.is_some() => (Role::Good, "FREE here".to_owned()),
        None if map.is_certain() => {
            (Role::Good, "FREE: not taken by a circuit or an unused key".to_owned())
        }
        None => (Role::Warn, "free in the data we have; some could not be read".to_owned()),
    };
    let mut spans = vec![
        Span::styled(format!("{id:>5}  "), theme.style(Role::Strong)),
        Span::styled(says, theme.style(role)),
    ];
    if let Some(over) = over {
        let name = picker.partner.as_ref().and_then(|id| model.engine.inventory().on_ramp(id));
        let name = name.map_or_else(String::new, |on_ramp| on_ramp.name.to_string());
        let (role, says) = match over.holder(id) {
            Some(holder) => (Role::Bad, format!("; on {name} taken: {}", holder.reason())),
            None => (Role::Good, format!("; free on {name} too")),
        };
        spans.push(Span::styled(says, theme.style(role)));
    }
    Line::from(spans)
}

/// Returns Megaport's answer about the VLAN, the age of the lists, and the legend.
fn notes(model: &Model, picker: &VlanPicker, map: &VlanMap) -> Vec<Line<'static>> {
    let theme = model.theme;
    let now = model.now();
    let kind = model.engine.inventory().on_ramp(&picker.on_ramp).map(|on_ramp| on_ramp.kind);
    let (role, said) = match picker.answers.get(&picker.cursor) {
        _ if picker.asking.is_some() => (Role::Warn, "Checking with Megaport...".to_owned()),
        Some((at, Ok(VlanAnswer::Free))) => {
            (Role::Good, format!("Megaport: {} is free ({}).", picker.cursor, relative(*at, now)))
        }
        Some((at, Ok(VlanAnswer::Taken(_)))) => {
            (Role::Bad, format!("Megaport: {} is taken ({}).", picker.cursor, relative(*at, now)))
        }
        Some((at, Err(failure))) => {
            (Role::Warn, format!("Megaport gave no answer ({}): {failure}.", relative(*at, now)))
        }
        None if kind.is_some_and(|kind| !kind.answers_vlans()) => (
            Role::Quiet,
            "Megaport checks VLANs of Ports only: this map is built from lists.".to_owned(),
        ),
        None => {
            (Role::Quiet, model.keyed("{key:vlan.check} = check the selected VLAN with Megaport"))
        }
    };
    let age = |name: &str, at: Option<ReadAt>| match at {
        Some(at) => format!("{name} {}", relative(at.here, model.now())),
        None => format!("{name} not read"),
    };
    let read = format!(
        "Read: {}, {}. Auto takes {}.",
        age("circuits", model.engine.products().read_at),
        age("keys", model.engine.keys().read_at),
        model.settings.vlans.says()
    );
    let mut legend = "· free  V circuit  I IX  k unused key".to_owned();
    if map.has(|holder| matches!(holder, Holder::Doubt(_))) {
        legend.push_str("  d key in doubt");
    }
    if map.has(|holder| matches!(holder, Holder::Elsewhere(_))) {
        legend.push_str("  o another console's");
    }
    if map.has(|holder| matches!(holder, Holder::Said)) {
        legend.push_str("  m taken at Megaport");
    }
    if picker.overlaid {
        legend.push_str("  p taken on the partner");
    }
    if !map.is_certain() {
        legend.push_str("  ? free or not read");
    }
    [(role, said), (Role::Quiet, read), (Role::Quiet, legend)]
        .into_iter()
        .map(|(role, text)| Line::from(Span::styled(text, theme.style(role))))
        .collect()
}
