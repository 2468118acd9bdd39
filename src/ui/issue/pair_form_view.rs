//! Draws the form for a diverse pair.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    domain::diversity::Verdict,
    ui::{
        model::Model,
        screen::frame,
        widget::{
            text::{clip, pad, width},
            text_box,
            theme::Role,
        },
    },
};

use super::{
    form::Field as KeyField,
    form_view, pair_commands,
    pair_form::{Field, PairForm, Wrong},
};

/// The column where the values start, and the cells of a text value.
const VALUE: u16 = 14;
const BOX: u16 = 28;

/// Draws the form; where the text cursor is.
pub(in crate::ui) fn draw(
    model: &Model,
    form: &PairForm,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let theme = model.theme;
    let area = frame::open(model, "New diverse pair", (78, 21), Role::Accent, buffer);
    let wrong = pair_commands::faults(model, form);
    let foot = foot(model, form, area.width);
    let tall = u16::try_from(foot.len()).unwrap_or(0).min(area.height / 2);
    let rows = usize::from(area.height - tall).max(1);
    let fields = form.fields();
    let focus = fields.iter().position(|field| *field == form.focus).unwrap_or(0);
    let shown = fields.into_iter().skip((focus + 1).saturating_sub(rows)).take(rows);
    let mut cursor = None;
    for (y, field) in (area.y..).zip(shown) {
        let row = Rect { y, height: 1, ..area };
        let focused = form.focus == field;
        let mark = if focused { "▸ " } else { "  " };
        let role = if focused { Role::Accent } else { Role::Quiet };
        let name = format!("{mark}{}", name(field));
        buffer.set_stringn(row.x, y, name, usize::from(VALUE), theme.style(role));
        let at = draw_value(model, form, field, row, buffer);
        if focused {
            cursor = at;
        }
        draw_remark(model, form, field, &wrong, row, buffer);
    }
    frame::lines(&foot, Rect { y: area.bottom() - tall, height: tall, ..area }, buffer);
    cursor
}

const fn name(field: Field) -> &'static str {
    match field {
        Field::Place => "Where",
        Field::Half(0) => "On-ramp 1",
        Field::Half(_) => "On-ramp 2",
        Field::SecondVlan => "VLAN 2     *",
        Field::Key(KeyField::Vlan) => "VLAN 1     *",
        Field::Key(KeyField::Rate) => "Rate each  *",
        Field::Key(field) => form_view::name(field),
    }
}

fn draw_value(
    model: &Model,
    form: &PairForm,
    field: Field,
    row: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let at = (row.x + VALUE, row.y);
    match field {
        Field::Place => Some(text_box::draw(model.theme, &form.typed, at, BOX, buffer)),
        Field::SecondVlan => Some(text_box::draw(model.theme, &form.second_vlan, at, BOX, buffer)),
        Field::Key(field) => form_view::draw_value(model, &form.key, field, row, buffer),
        Field::Half(side) => {
            draw_half(model, form, side, row, buffer);
            None
        }
    }
}

/// Draws one side: its on-ramp, zone, site, and its allocation with this key.
fn draw_half(model: &Model, form: &PairForm, side: usize, row: Rect, buffer: &mut Buffer) {
    let theme = model.theme;
    let Some(id) = form.halves.get(side) else { return };
    let Some(on_ramp) = model.engine.inventory().on_ramp(id) else { return };
    let focused = form.focus == Field::Half(side);
    let strong = theme.style(if focused { Role::Accent } else { Role::Strong });
    let name = clip(on_ramp.name.as_str(), 20).into_owned();
    let gap = pad("", 21 - width(&name));
    let sold = form_view::allocation(model, on_ramp, &form.key);
    let sold = match sold {
        Some((now, Some(then))) => format!("{now}% -> {then}%"),
        Some((now, None)) => format!("{now}%"),
        None => String::new(),
    };
    let line = Line::from(vec![
        Span::styled(format!("‹ {name} ›"), strong),
        Span::raw(gap),
        Span::styled(pad(on_ramp.zone.word(), 5), theme.zone(&on_ramp.zone)),
        Span::raw(format!("{}  ", on_ramp.site.name)),
        Span::styled(sold, theme.style(Role::Quiet)),
    ]);
    buffer.set_line(row.x + VALUE, row.y, &line, row.width - VALUE);
}

/// Draws the error beside its field, else a hint.
fn draw_remark(
    model: &Model,
    form: &PairForm,
    field: Field,
    wrong: &[Wrong],
    row: Rect,
    buffer: &mut Buffer,
) {
    if matches!(field, Field::Half(_)) {
        return;
    }
    let x = row.x + VALUE + BOX + 1;
    let room = usize::from(row.right().saturating_sub(x));
    let early = !form.key.tried && field == Field::Key(KeyField::Label);
    let fault = wrong.iter().find(|one| one.field == field && !early);
    let (role, says) = match (fault, field) {
        (Some(fault), _) => (Role::Bad, fault.says.clone()),
        (None, Field::Place) => (Role::Quiet, place_help(model, form)),
        (None, Field::SecondVlan) if form.own_vlan => (Role::Quiet, "its own".to_owned()),
        (None, Field::SecondVlan) => (Role::Quiet, "the same".to_owned()),
        (None, Field::Key(KeyField::Label)) => match pair_commands::labels(model, form) {
            Some([first, second]) if !first.is_empty() => {
                (Role::Quiet, format!("= {first}, {second}"))
            }
            _ => (Role::Quiet, "zone and tag are appended".to_owned()),
        },
        (None, Field::Key(KeyField::Vlan)) => {
            (Role::Quiet, model.keyed("free here ({key:pair.propose-vlans} = one for both)"))
        }
        (None, Field::Key(field)) => {
            let on_ramp = form.halves.first().and_then(|id| model.engine.inventory().on_ramp(id));
            let says = on_ramp.map(|on_ramp| form_view::help(model, &form.key, field, on_ramp));
            (Role::Quiet, says.unwrap_or_default())
        }
        (None, Field::Half(_)) => return,
    };
    buffer.set_stringn(x, row.y, clip(&says, room), room, model.theme.style(role));
}

/// Returns the places that fit what is typed, while it is typed.
fn place_help(model: &Model, form: &PairForm) -> String {
    let count = |n: usize| crate::ui::widget::text::count(n, "on-ramp");
    if form.focus != Field::Place {
        return form.place.as_ref().map_or_else(String::new, |place| count(place.count));
    }
    let found = pair_commands::places(model, form.typed.value());
    let names: Vec<_> = found.iter().take(3).map(|one| one.name.as_str()).collect();
    match names.as_slice() {
        [] => "no such region, metro or country".to_owned(),
        names => format!("Enter: {}", names.join(", ")),
    }
}

/// Returns the verdict in words, why these two, and the next best.
fn foot(model: &Model, form: &PairForm, room: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let on_ramps: Vec<_> =
        form.halves.iter().filter_map(|id| model.engine.inventory().on_ramp(id)).collect();
    let mut lines = vec![Line::default()];
    if let [one, other] = on_ramps[..] {
        let verdict = Verdict::judge(one, other);
        let role = if verdict.is_diverse() { Role::Good } else { Role::Bad };
        let says = format!("{}: {}.", verdict.word(), verdict.reason());
        lines.extend(frame::sentence(theme, role, &says, room));
        let next = form.runner_up.as_ref().map_or_else(String::new, |two| {
            format!(
                " Next best: \
            {two}."
            )
        });
        let why =
            if form.swapped { "Chosen by you.".to_owned() } else { format!("{}.{next}", form.why) };
        lines.extend(frame::sentence(
            theme,
            Role::Quiet,
            &crate::ui::widget::text::capital(&why),
            room,
        ));
    } else if form.place.is_some() {
        let says = format!("No pair: {}.", form.why);
        lines.extend(frame::sentence(theme, Role::Bad, &says, room));
    }
    let says = "Two keys, one after the other. Enter = review. Nothing is sent yet.";
    lines.extend(frame::sentence(theme, Role::Quiet, says, room));
    lines
}
