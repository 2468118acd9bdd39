//! Draws the details of the on-ramp under the cursor, below the table.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    domain::{
        country::Country,
        id::OnRampId,
        inventory::Summary,
        on_ramp::{AsOf, Lag, Link, OnRamp},
        place::{PlaceFrom, Site},
        units::Mbps,
        vlan_map::Vlans,
        vxc::Vxc,
    },
    ui::{
        model::Model,
        screen::{feed_text, pane, region_text, stale_text},
        widget::{
            text::{clip, count, date, pad, wrap},
            theme::{Role, Theme},
        },
    },
};

use super::table::bar;

pub(in crate::ui) fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    if area.height == 0 {
        return;
    }
    let theme = model.theme;
    let Some(on_ramp) = model.current() else {
        pane::pane(model, pane::title(theme, "Details", "", false), false, area, buffer);
        return;
    };
    let kind = match stale_text::as_of(model) {
        Some(as_of) => format!("{}, {as_of}", on_ramp.kind),
        None => on_ramp.kind.to_string(),
    };
    let title = pane::title(theme, on_ramp.name.as_str(), &kind, false);
    let inner = pane::pane(model, title, false, area, buffer);
    draw_note(model, on_ramp, area, buffer);
    let two = inner.width >= 100;
    let left = if two { inner.width * 3 / 5 } else { inner.width };
    // A cell stays free between the two columns.
    let facts = left - u16::from(two);
    draw_facts(model, on_ramp, !two, Rect { width: facts, ..inner }, buffer);
    if two {
        largest(
            theme,
            on_ramp,
            Rect { x: inner.x + left, width: inner.width - left, ..inner },
            buffer,
        );
    }
}

/// Draws the region note of an on-ramp, as far as it fits, into the frame below it.
pub(in crate::ui) fn draw_note(model: &Model, on_ramp: &OnRamp, area: Rect, buffer: &mut Buffer) {
    let Some((role, says)) = region_text::region_note(model, on_ramp) else { return };
    let room = usize::from(area.width.saturating_sub(4));
    let says = clip(&format!(" {says}"), room.saturating_sub(1)).into_owned() + " ";
    let style = model.theme.style(role);
    buffer.set_stringn(area.x + 2, area.bottom() - 1, &says, room, style);
}

/// The width from which the load is shown beside the allocation.
const WITH_LOAD: usize = 46;

/// The width of a fact's name in cells.
pub(in crate::ui) const NAME: usize = 10;

/// Draws the facts; a value that is too wide goes on under itself. The line
/// below them.
pub(in crate::ui) fn draw_facts(
    model: &Model,
    on_ramp: &OnRamp,
    tight: bool,
    area: Rect,
    buffer: &mut Buffer,
) -> u16 {
    let room = usize::from(area.width.saturating_sub(1)).saturating_sub(NAME);
    let short = (area.height <= 8).then_some(room);
    let lines = facts(model, on_ramp, tight, room, short);
    let wrapped = lines.into_iter().flat_map(|line| {
        let [name, value] = &line.spans[..] else { return vec![line] };
        let style = value.style;
        let mut parts = wrap(&value.content, room).into_iter();
        let first =
            Line::from(vec![name.clone(), Span::styled(parts.next().unwrap_or_default(), style)]);
        let more = parts.map(|part| Line::from(Span::styled(format!("{:NAME$}{part}", ""), style)));
        [first].into_iter().chain(more).collect()
    });
    let mut below = area.y;
    for (y, line) in (area.y..area.bottom()).zip(wrapped) {
        buffer.set_line(area.x + 1, y, &line, area.width - 1);
        below = y + 1;
    }
    below
}

/// Returns the facts, name and value; `tight` puts the most telling first. The load is
/// shown if its text fits, and an event is shortened if there are few lines.
fn facts(
    model: &Model,
    on_ramp: &OnRamp,
    tight: bool,
    room: usize,
    short: Option<usize>,
) -> Vec<Line<'static>> {
    let theme = model.theme;
    let fact = |name: &str, value: String| {
        Line::from(vec![Span::styled(pad(name, NAME), theme.style(Role::Quiet)), Span::raw(value)])
    };
    let mut lines = vec![fact("uid", on_ramp.id.to_string())];
    lines.push(fact("site", place(&on_ramp.site)));
    lines.push(fact("status", status(on_ramp)));
    lines.push(fact("speed", speed(on_ramp)));
    if let Some(summary) =
        model.engine.inventory().place(&on_ramp.id).map(|p| model.engine.inventory().summary(p))
    {
        // A bar may be short, but the text of the load is never cut.
        let load = feed_text::load(model, &on_ramp.id).filter(|_| room >= WITH_LOAD);
        let with_load = load.and_then(|load| {
            let wide = |cells| {
                let mut line = allocated(theme, on_ramp, summary, cells);
                line.spans.push(Span::raw(format!(", {load}")));
                line
            };
            [8, 4, 2].map(wide).into_iter().find(|line| line.width() <= NAME + room)
        });
        let cells = if tight { 8 } else { 16 };
        lines.push(with_load.unwrap_or_else(|| allocated(theme, on_ramp, summary, cells)));
        lines.push(fact("VLANs", vlans(model, &on_ramp.id, summary)));
        lines.push(fact("keys", keys(summary)));
    }
    if let Some(says) = feed_text::site(model, &on_ramp.id).filter(|_| model.visit.is_some()) {
        lines.push(fact("address", says));
    }
    if let Some(says) = feed_text::on_sale(model, &on_ramp.id).filter(|_| model.visit.is_some()) {
        lines.push(fact("sold here", says));
    }
    if let Some((_, says)) =
        region_text::region_note(model, on_ramp).filter(|_| model.visit.is_some())
    {
        lines.push(fact("region", says));
    }
    let ready = readiness(theme, on_ramp);
    if tight {
        lines.insert(0, ready);
    } else {
        lines.push(ready);
    }
    if let Some((role, says)) = feed_text::event_of(model, &on_ramp.id) {
        let says = short.map_or_else(|| says.clone(), |room| clip(&says, room).into_owned());
        let name = Span::styled(pad("event", NAME), theme.style(Role::Quiet));
        let event = Line::from(vec![name, Span::styled(says, theme.style(role))]);
        // Beside the table the keys have a column; here nothing else moves.
        match lines.len().checked_sub(2).filter(|_| !tight) {
            Some(place) => lines[place] = event,
            None => lines.insert(0, event),
        }
    } else if model.visit.is_some() && model.engine.background().events.known.is_none() {
        lines.push(fact("event", "not read yet".to_owned()));
    }
    lines
}

/// Describes the place of an on-ramp, as far as known.
fn place(site: &Site) -> String {
    let number = site.id.map_or_else(String::new, |id| format!("(location {id})"));
    let name = format!("{} {number}", site.name);
    let country = site.country.as_ref().map_or("", Country::name);
    let from = match site.from {
        PlaceFrom::Record => "",
        PlaceFrom::Locations => "from the location list",
    };
    let parts = [name.trim(), site.metro.as_str(), country, from];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "not reported".to_owned() } else { parts.join(", ") }
}

fn status(on_ramp: &OnRamp) -> String {
    let link = match on_ramp.link {
        Link::Up => "up",
        Link::Down => "DOWN",
        Link::Unknown => "link not reported",
    };
    let zone = match on_ramp.zone_as_of {
        AsOf::Now => on_ramp.zone.word().to_owned(),
        AsOf::Before => format!("{} when last read", on_ramp.zone.word()),
    };
    let ends = on_ramp.terminates.map_or_else(String::new, |at| format!("; ends {}", date(at)));
    format!("{}, {link}; zone {zone}{ends}", on_ramp.status.word())
}

fn speed(on_ramp: &OnRamp) -> String {
    let speed = on_ramp.speed.map_or_else(|| "not reported".to_owned(), |s| s.to_string());
    let most = match (on_ramp.stated_max_vxc, on_ramp.max_vxc()) {
        (Some(most), _) => format!("max circuit {most}"),
        (None, Some(most)) => format!("max circuit {most} (assumed)"),
        (None, None) => "max circuit not reported".to_owned(),
    };
    let lag = on_ramp.lag.as_ref().map_or_else(String::new, |lag| in_lag(lag, on_ramp.speed));
    format!("{speed}{lag}; {most}")
}

/// Describes the speed of a LAG's members, now and once they are built.
fn in_lag(lag: &Lag, in_service: Option<Mbps>) -> String {
    let later = lag.when_built().filter(|all| Some(*all) > in_service);
    let later = later.map_or_else(String::new, |all| format!(", {all} once deployed"));
    match (lag.apart, lag.members.len()) {
        (Some(why), _) => {
            format!(" (not grouped with other Ports of the same LAG id: different {})", why.word())
        }
        (None, ..2) => String::new(),
        (None, n) => format!(" (LAG of {n}{later})"),
    }
}

fn allocated(theme: Theme, on_ramp: &OnRamp, summary: &Summary, cells: usize) -> Line<'static> {
    let name = Span::styled(pad("allocated", NAME), theme.style(Role::Quiet));
    let sold = summary.allocated;
    let doubt = match (summary.unread, summary.rates_unsaid) {
        (0, 0) => String::new(),
        (0, n) => format!(" or more (circuits without a rate: {n})"),
        (n, _) => format!(" or more ({} could not be read)", count(n as usize, "entry")),
    };
    let Some((capacity, percent)) = on_ramp.capacity().zip(summary.percent) else {
        return Line::from(vec![name, Span::raw(format!("{sold}, capacity not reported{doubt}"))]);
    };
    let bar = Span::styled(bar(percent, cells), theme.style(Theme::load(percent)));
    let share = Span::raw(format!(" {percent}%{doubt}"));
    Line::from(vec![name, Span::raw(format!("{sold} of {capacity} ")), bar, share])
}

fn keys(summary: &Summary) -> String {
    let Some(keys) = summary.keys else { return "not read yet".to_owned() };
    format!("{} unused, {} multi-use, {} in total", keys.unused, keys.multi, keys.all)
}

fn vlans(model: &Model, id: &OnRampId, summary: &Summary) -> String {
    let Vlans { used, held, mut free, mut next, certain } = summary.vlans;
    // A VLAN reserved by a request, of this console or another one, is not free.
    let reserved = model.engine.reserves_vlans(id).then(|| model.engine.vlans(id)).flatten();
    let kept = reserved.map_or(0, |map| {
        next = map.suggest(Vlans::BASE);
        let kept = map.taken().len().saturating_sub(used + held);
        free = free.saturating_sub(kept);
        kept
    });
    if summary.keys.is_none() {
        return format!("{used} used; VLANs reserved by keys are not known yet");
    }
    let next = next.map_or_else(|| "none free".to_owned(), |v| format!("next free {v}"));
    let doubt = if certain { "" } else { " at most; not all could be read" };
    let kept = match kept {
        0 => String::new(),
        n => format!("{n} reserved by requests, "),
    };
    format!("{used} used, {held} reserved by keys, {kept}{free} free{doubt}; {next}")
}

/// Describes whether a key can be created here, with every reason against it.
fn readiness(theme: Theme, on_ramp: &OnRamp) -> Line<'static> {
    let name = Span::styled(pad("new keys", NAME), theme.style(Role::Quiet));
    let closed = on_ramp.closed();
    if closed.is_empty() {
        let (role, says) = match on_ramp.warning() {
            Some(warning) => (Role::Warn, format!("yes, but {warning}")),
            None => (Role::Good, "yes".to_owned()),
        };
        return Line::from(vec![name, Span::styled(says, theme.style(role))]);
    }
    let why: Vec<_> = closed.iter().map(ToString::to_string).collect();
    Line::from(vec![name, Span::styled(format!("no: {}", why.join(", ")), theme.style(Role::Warn))])
}

/// Returns the circuits with the highest rates.
fn largest(theme: Theme, on_ramp: &OnRamp, area: Rect, buffer: &mut Buffer) {
    let page = usize::from(area.height.saturating_sub(1));
    let rank = |vxc: &Vxc| (std::cmp::Reverse(vxc.rate), vxc.name.clone());
    let mut top: Vec<&Vxc> = Vec::with_capacity(page + 1);
    let mut total = 0;
    for vxc in on_ramp.standing_vxcs() {
        total += 1;
        if top.len() < page || top.last().is_some_and(|least| vxc.rate > least.rate) {
            top.insert(top.partition_point(|one| rank(one) <= rank(vxc)), vxc);
            top.truncate(page);
        }
    }
    let title = format!("{}, largest first", count(total, "circuit"));
    let width = usize::from(area.width);
    buffer.set_stringn(area.x, area.y, &title, width, theme.style(Role::Quiet));
    let room = width.saturating_sub(17);
    for (y, vxc) in (area.y + 1..area.bottom()).zip(top) {
        let name = pad(&clip(vxc.name.as_str(), room.saturating_sub(1)), room);
        let line = format!(
            "{name}{:>6} {:>9}",
            vxc.rate.map_or_else(|| "?".to_owned(), Mbps::short),
            vxc.vlan
        );
        buffer.set_stringn(area.x, y, &line, width, theme.style(Role::Plain));
    }
}
