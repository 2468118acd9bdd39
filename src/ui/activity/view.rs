//! Draws the activity view.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    domain::{audit::Entry, intent::Intent, key_order::OrderUse, place::Zone, time::Timestamp},
    ui::{
        model::{Access, Model},
        screen::{frame, layout, pane},
        state::activity::{Activity, Of, words},
        widget::{
            table_rows::{self, Cells, Head},
            text::{clip, clock, count, date, date_time},
            theme::Role,
        },
    },
};

use super::lines::{self, Line};

const NARROW: [Head; 6] = [
    ("WHEN", 11, false),
    ("WHAT", 14, false),
    ("LABEL", 0, false),
    ("ON-RAMP", 14, false),
    ("VLAN", 5, true),
    ("WHO", 8, false),
];
const BROAD: [Head; 8] = [
    ("WHEN", 11, false),
    ("WHAT", 14, false),
    ("LABEL", 0, false),
    ("ON-RAMP", 16, false),
    ("ZONE", 5, false),
    ("VLAN", 5, true),
    ("CUSTOMER", 14, false),
    ("WHO", 20, false),
];

/// How many lines are shown at once.
pub(in crate::ui) fn page(model: &Model) -> usize {
    let body = layout::areas(model).body;
    let above = remarks(model, body.width.saturating_sub(4)).len();
    usize::from(body.height.saturating_sub(4)).saturating_sub(above)
}

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let (theme, activity) = (model.theme, &model.activity);
    let area = layout::areas(model).body;
    let figure = match activity.page {
        Some(_) => count(activity.len(), "act"),
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
    let heads: &[Head] = if broad { &BROAD } else { &NARROW };
    let seen = || all.iter().enumerate().skip(activity.offset).take(page(model));
    let cells = |line: &Line| match line {
        Line::Heading(..) => vec![],
        Line::Row(of) => of_row(model, of, broad),
    };
    let shown: Vec<_> = seen().map(|(at, line)| (at, cells(line))).collect();
    let cursor = lines::cursor(model, &all).unwrap_or(usize::MAX);
    table_rows::draw(theme, heads, &shown, (cursor, Role::Cursor), area, buffer);
    for (y, (_, line)) in (area.y + 1..area.bottom()).zip(seen()) {
        if let Line::Heading(text, role) = line {
            let room = usize::from(area.width.saturating_sub(1));
            buffer.set_stringn(area.x + 1, y, clip(text, room), room, theme.style(*role));
        }
    }
}

/// What has to be said above the lines.
fn remarks(model: &Model, room: u16) -> Vec<ratatui::text::Line<'static>> {
    let mut says = vec![];
    if let Some(page) = &model.activity.page {
        if let Some(why) = &page.trouble {
            says.push(format!("! The audit could not be read: {why}."));
        }
        if let Some(why) = &page.broken {
            let what = "! The audit's chain is broken: somebody or something has changed it";
            says.push(format!(
                "{what}. {why}. onramp audit verify checks all of it.",
                why = crate::ui::widget::text::capital(why.as_str())
            ));
        }
    }
    if let Some(why) = &model.engine.audit().trouble {
        let acts = count(model.engine.audit().unwritten, "act");
        says.push(format!("! {acts} of this console could not be written: {why}."));
    }
    let lines = says.iter().flat_map(|says| frame::sentence(model.theme, Role::Bad, says, room));
    lines.collect()
}

fn empty(model: &Model, activity: &Activity) -> &'static str {
    match &activity.page {
        _ if model.access != Access::Open => "Nobody is signed in.",
        None => "Reading the audit.",
        Some(page) if page.trouble.is_some() => "Nothing can be shown of it.",
        Some(_) if !activity.filter.value().is_empty() => {
            "No act has these words. Esc drops the filter."
        }
        Some(page) if page.broken.is_some() => "No act of this account could be read.",
        Some(_) => "Nothing was written yet for this account.",
    }
}

/// The last line: the filter while there is one, else where all of it is.
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
        None => "The demo keeps this in memory".to_owned(),
    };
    let more = if page.more { "; older acts are only there" } else { "" };
    let others = match page.others {
        0 => String::new(),
        n => format!("; {} of other accounts not shown", count(n, "act")),
    };
    let line = format!("{place}{more}{others}. Times are UTC, by Megaport's clock.");
    buffer.set_stringn(area.x + 2, area.y, clip(&line, room), room, theme.style(Role::Quiet));
    None
}

fn of_row(model: &Model, of: &Of, broad: bool) -> Cells {
    let now = model.server_now();
    match of {
        Of::Unfinished(id) => model.engine.attempt(*id).map_or_else(Vec::new, |one| {
            let intent = &one.standing.intent;
            let at = one.standing.sent_at.unwrap_or(intent.prepared_at);
            of_intent(when(at, now), lines::state(one), intent, broad)
        }),
        Of::Key(last) => {
            let entry = model.activity.entry(*last).zip(lines::group(model, *last));
            entry.map_or_else(Vec::new, |(entry, group)| {
                let half = lines::is_half(model, group);
                let (word, role) = group.state.in_words();
                let what = if half { ("half a pair", Role::Bad) } else { (word, role) };
                of_entry(when(group.at, now), (what.0.to_owned(), what.1), entry, broad)
            })
        }
        Of::Act(number) => model.activity.entry(*number).map_or_else(Vec::new, |entry| {
            of_entry(when(entry.at, now), words::of_act(entry), entry, broad)
        }),
    }
}

/// `14:02:31` today, else `11-22 14:02`.
fn when(at: Timestamp, now: Timestamp) -> String {
    if date(at) == date(now) {
        clock(at).trim_end_matches('Z').to_owned()
    } else {
        date_time(at).get(5..16).unwrap_or_default().to_owned()
    }
}

fn of_intent(when: String, (what, role): (&str, Role), intent: &Intent, broad: bool) -> Cells {
    let cell = |text: String| (text, Role::Plain);
    let vlan = match intent.order.usage() {
        OrderUse::Single(vlan) => vlan.to_string(),
        OrderUse::Untagged => "untag".to_owned(),
        OrderUse::Multi => "multi".to_owned(),
    };
    let mut cells = vec![
        (when, Role::Quiet),
        (what.to_owned(), role),
        cell(intent.order.label().to_string()),
        cell(intent.on_ramp_name.to_string()),
    ];
    if broad {
        let zone = if intent.zone == Zone::Unstated { "–" } else { intent.zone.word() };
        cells.push(cell(zone.to_owned()));
    }
    cells.push(cell(vlan));
    if broad {
        cells.push(cell(intent.for_whom.customer.clone()));
    }
    cells
}

fn of_entry(when: String, what: (String, Role), entry: &Entry, broad: bool) -> Cells {
    let fact = |name: &str| (entry.fact(name).unwrap_or_default().to_owned(), Role::Plain);
    let (vlan, role) = fact("vlan");
    let vlan = match vlan.as_str() {
        "untagged" => "untag".to_owned(),
        "multi-use" => "multi".to_owned(),
        _ => vlan,
    };
    let mut cells = vec![(when, Role::Quiet), what];
    cells.push((words::about(entry), Role::Plain));
    cells.push(fact("on_ramp_name"));
    if broad {
        cells.push(fact("zone"));
    }
    cells.push((vlan, role));
    if broad {
        cells.push(fact("customer"));
    }
    let who = if broad { entry.who() } else { entry.person().to_owned() };
    cells.push((who, Role::Quiet));
    cells
}
