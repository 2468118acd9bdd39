//! Draws the new-key form.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    domain::{
        key_order::{Choice, Fault, Lifetime},
        on_ramp::OnRamp,
        units::Mbps,
    },
    ui::{
        model::Model,
        screen::frame,
        widget::{
            text::{clip, date_time},
            text_box,
            theme::Role,
        },
    },
};

use super::{
    commands,
    form::{Field, NewKey, field_of},
    lifetime,
};

/// The column where the values start, and the cells of a text value.
const VALUE: u16 = 14;
const BOX: u16 = 28;

/// Draws the form; where the text cursor is.
pub(in crate::ui) fn draw(model: &Model, form: &NewKey, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let theme = model.theme;
    let title = if form.editing.is_some() { "Change this key" } else { "New service key" };
    let area = frame::open(model, title, frame::SIZE, Role::Accent, buffer);
    let on_ramp = model.engine.inventory().on_ramp(&form.on_ramp)?;
    let faults = commands::form_faults(model, form);
    frame::lines(&[heading(model, form, on_ramp)], area, buffer);
    let mut cursor = None;
    let first = area.y + if area.height > 14 { 2 } else { 1 };
    // Where not all of them fit, the one with the focus does.
    let rows = usize::from(area.bottom().saturating_sub(first)).max(1);
    let focus = form.fields().position(|field| field == form.focus).unwrap_or(0);
    let fields = form.fields().skip((focus + 1).saturating_sub(rows));
    for (y, field) in (first..area.bottom()).zip(fields) {
        let row = Rect { y, height: 1, ..area };
        let focused = form.focus == field;
        let role = if focused { Role::Accent } else { Role::Quiet };
        let mark = if focused { "▸ " } else { "  " };
        buffer.set_stringn(
            row.x,
            y,
            format!("{mark}{}", name(field)),
            usize::from(VALUE),
            theme.style(role),
        );
        let at = draw_value(model, form, field, row, buffer);
        if focused {
            cursor = at;
        }
        draw_remark(model, form, (field, on_ramp), &faults, row, buffer);
    }
    let below = first + u16::try_from(form.fields().count()).unwrap_or(0);
    let y = area.bottom().saturating_sub(4).max(below).min(area.bottom());
    let foot = Rect { y, height: area.bottom() - y, ..area };
    let closed: Vec<_> =
        faults.iter().filter(|f| field_of(f).is_none()).map(ToString::to_string).collect();
    let mut says = frame::sentence(theme, Role::Bad, &closed.join("; "), area.width);
    says.extend(frame::sentence(
        theme,
        Role::Quiet,
        if form.editing.is_some() {
            "Enter = review. Nothing is sent yet."
        } else {
            "Enter = review. Nothing is sent yet. A key cannot be deleted later, only disabled."
        },
        area.width,
    ));
    frame::lines(&says, foot, buffer);
    cursor
}

/// Returns the allocation of an on-ramp in percent, now and with one more key of the
/// rate on `form`: unknown while that is no rate.
pub(in crate::ui) fn allocation(
    model: &Model,
    on_ramp: &OnRamp,
    form: &NewKey,
) -> Option<(u32, Option<u32>)> {
    let sold = model.engine.inventory().summary(model.engine.inventory().place(&on_ramp.id)?);
    let capacity = on_ramp.capacity()?;
    let then = form.rate().ok().and_then(|rate| (sold.allocated + rate).percent_of(capacity));
    Some((sold.percent?, then))
}

fn heading(model: &Model, form: &NewKey, on_ramp: &OnRamp) -> Line<'static> {
    let theme = model.theme;
    let then = allocation(model, on_ramp, form);
    let then = then.filter(|_| form.editing.is_none());
    let then = match then {
        Some((now, Some(then))) => format!(", {now}% allocated, {then}% after this key"),
        Some((now, None)) => format!(", {now}% allocated"),
        None => String::new(),
    };
    Line::from(vec![
        Span::styled(on_ramp.name.to_string(), theme.style(Role::Strong)),
        Span::raw(format!("  {}  ", on_ramp.site.name)),
        Span::styled(on_ramp.zone_word(), theme.zone(&on_ramp.zone)),
        Span::raw(format!("  {}", on_ramp.capacity().map_or_else(String::new, |c| c.to_string()))),
        Span::styled(then, theme.style(Role::Quiet)),
    ])
}

pub(in crate::ui) const fn name(field: Field) -> &'static str {
    match field {
        Field::Label => "Label      *",
        Field::Customer => "Customer",
        Field::Reference => "Reference",
        Field::Usage => "Type",
        Field::Rate => "Rate       *",
        Field::Vlan => "VLAN       *",
        Field::Preset => "Preset",
        Field::Validity => "Valid",
        Field::Until => "until or for",
        Field::Active => "Active",
        Field::PreApproved => "Approval",
    }
}

/// Draws a field's value; the cursor's place in a text field.
pub(in crate::ui) fn draw_value(
    model: &Model,
    form: &NewKey,
    field: Field,
    row: Rect,
    buffer: &mut Buffer,
) -> Option<(u16, u16)> {
    let theme = model.theme;
    let x = row.x + VALUE;
    let Some(input) = form.input(field) else {
        let pick = |yes| frame::pick(theme, yes);
        let tick = |yes: bool| if yes { "[x]" } else { "[ ]" };
        let says = match field {
            Field::Usage => {
                let pick = |choice| pick(form.usage == choice);
                let [single, multi, untagged] =
                    [Choice::Tagged, Choice::Multi, Choice::Untagged].map(pick);
                format!("{single} single {multi} multi {untagged} untagged")
            }
            Field::Preset => {
                let name = form.presets.get(form.preset).map_or("", |preset| &preset.name);
                format!("‹ {name} ›")
            }
            Field::Validity => {
                let usual = lifetime::USUAL.get(form.lifetime);
                format!("‹ {} ›", usual.map_or("custom", |(name, _)| *name))
            }
            Field::Active => format!("{} usable immediately", tick(form.active)),
            _ => format!("{} automatic", tick(form.pre_approved)),
        };
        let role = if form.focus == field { Role::Strong } else { Role::Plain };
        buffer.set_stringn(x, row.y, says, usize::from(BOX), theme.style(role));
        return None;
    };
    Some(text_box::draw(theme, input, (x, row.y), BOX, buffer))
}

/// Draws the error beside its field, else a hint.
fn draw_remark(
    model: &Model,
    form: &NewKey,
    (field, on_ramp): (Field, &OnRamp),
    faults: &[Fault],
    row: Rect,
    buffer: &mut Buffer,
) {
    let fault = faults.iter().find(|fault| field_of(fault) == Some(field));
    let early = !form.tried && field == Field::Label && form.label().is_empty();
    let (role, says) = match fault {
        Some(fault) if !early => (Role::Bad, fault.to_string()),
        _ => (Role::Quiet, help(model, form, field, on_ramp)),
    };
    let x = row.x + VALUE + BOX + 1;
    let room = usize::from(row.right().saturating_sub(x));
    buffer.set_stringn(x, row.y, clip(&says, room), room, model.theme.style(role));
}

/// Shows how a rate was understood, and the largest one. A small number without a unit
/// gets a question: it may have been meant in Gbps.
fn echo(rate: Mbps, typed: &str, most: Option<Mbps>) -> String {
    let small = rate < Mbps::new(10) && typed.trim().bytes().all(|b| b.is_ascii_digit());
    if small {
        let n = rate.get();
        return format!("= {rate}? {n}g is {n} Gbps");
    }
    let most = most.map_or_else(String::new, |most| format!(", up to {most}"));
    format!("= {rate}{most}")
}

/// Explains why the typed VLAN is reserved from the customer on the form.
fn kept(model: &Model, form: &NewKey) -> Option<String> {
    model.settings.vlans.why_kept(form.vlan()?, form.text(Field::Customer))
}

pub(in crate::ui) fn help(model: &Model, form: &NewKey, field: Field, on_ramp: &OnRamp) -> String {
    match field {
        Field::Label if form.text(Field::Label).trim().is_empty() && !form.label().is_empty() => {
            format!("= {}", form.label())
        }
        Field::Label => "visible to the customer".to_owned(),
        Field::Customer | Field::Reference => "internal, not sent".to_owned(),
        Field::Usage if form.usage == Choice::Untagged => "takes the whole on-ramp".to_owned(),
        Field::Usage if form.usage == Choice::Tagged => "one circuit, on one VLAN".to_owned(),
        Field::Usage => "several circuits; Megaport picks VLANs".to_owned(),
        Field::Rate => match form.rate() {
            Ok(rate) => echo(rate, form.text(Field::Rate), on_ramp.max_vxc()),
            Err(fault) => fault.to_string(),
        },
        Field::Vlan if kept(model, form).is_some() => {
            kept(model, form).map_or_else(String::new, |why| format!("! {why}"))
        }
        Field::Vlan => {
            let place = model.engine.inventory().place(&on_ramp.id);
            let certain = place.is_some_and(|p| model.engine.inventory().summary(p).vlans.certain);
            if certain { "free (+/- next free, F2 map)" } else { "free, but some data is missing" }
                .to_owned()
        }
        Field::Preset => "use, rate, validity, approval".to_owned(),
        Field::Validity if form.lifetime == lifetime::TYPED => String::new(),
        Field::Validity | Field::Until => match form.lifetime(model.server_now()) {
            Lifetime::For(life) => format!("until {}", date_time(model.server_now() + life)),
            Lifetime::OpenEnded => "no expiry".to_owned(),
            Lifetime::Unreadable => "36h, 30d, 6w, 2026-12-24".to_owned(),
        },
        Field::Active if form.active => String::new(),
        Field::Active => "cannot be used until enabled".to_owned(),
        Field::PreApproved if form.pre_approved => "circuits start without us".to_owned(),
        Field::PreApproved => "we approve each circuit".to_owned(),
    }
}
