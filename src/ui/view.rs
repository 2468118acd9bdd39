//! Draws the model. Decides nothing and changes nothing.

use std::time::Duration;

use ratatui::{
    Frame,
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::{
    api::Mode,
    domain::time::ReadAt,
    engine::{attempt::Stage, journal::Readiness},
    ui::{
        attempt::unfinished::Unfinished,
        keys::watch,
        model::{Access, Model, command::Command},
        screen::{account_label, feed_text, layout, region_text, stale_text},
        stale_banner,
        state::browse::Pane,
        system::{self, second_keys},
        widget::{
            text::{self, clip, count, width},
            theme::Role,
        },
    },
};

/// Draws one frame.
pub fn draw(model: &Model, frame: &mut Frame) {
    let screen = frame.area();
    let buffer = frame.buffer_mut();
    if (screen.width, screen.height) != model.size {
        return; // the message that says so is on its way, and a frame with it
    }
    if !layout::fits(model) {
        too_small(screen, buffer);
        return;
    }
    let areas = layout::areas(model);
    header(model, areas.header, buffer);
    if model.has_banner() {
        stale_banner::draw(model, areas.banner, buffer);
    }
    let typing = model.view().draw(model, buffer);
    // Only the dialog on top has the keys, so only its cursor is shown.
    let cursor = model.modals.iter().map(|open| open.draw(model, buffer)).last();
    let cursor = cursor.unwrap_or(typing);
    message(model, areas.message, buffer);
    let over = model.modals.top().and_then(|top| top.draw_over_message(model, buffer));
    footer(model, areas.footer, buffer);
    model.theme.finish(buffer);
    if let Some(at) = over.or(cursor) {
        frame.set_cursor_position(at);
    }
}

/// What the dialog on top shows, if it asks before something is sent.
pub(in crate::ui) fn asked_before_sending(model: &Model) -> Option<Buffer> {
    let open =
        model.modals.top().filter(|open| layout::fits(model) && open.question().is_some())?;
    let (width, height) = model.size;
    let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width, height });
    open.draw(model, &mut buffer);
    Some(buffer)
}

/// When what is shown was read; both times where on-ramps and keys differ.
fn read_at(model: &Model) -> String {
    let at = |read: ReadAt| stale_text::moment(read.shown, model.server_now());
    match (model.engine.products().read_at, model.engine.keys().read_at) {
        (None, _) => String::new(),
        (Some(on_ramps), keys) if model.doubt().is_some() => {
            let what = if model.engine.products().saved { "saved" } else { "data" };
            let keys = keys.map_or_else(String::new, |keys| format!("  keys {}", at(keys)));
            format!("{what} {}{keys}", text::relative(on_ramps.here, model.now()))
        }
        (Some(on_ramps), Some(keys))
            if text::date_time(on_ramps.shown) != text::date_time(keys.shown) =>
        {
            format!("on-ramps {}  keys {}", at(on_ramps), at(keys))
        }
        (Some(on_ramps), _) => format!("data {}", at(on_ramps)),
    }
}

fn too_small(screen: Rect, buffer: &mut Buffer) {
    let (columns, rows) = layout::SMALLEST;
    let says = [
        format!("onramp needs {columns} columns by {rows} rows."),
        format!("This terminal has {} by {}.", screen.width, screen.height),
    ];
    for (y, line) in (screen.y..screen.bottom()).zip(&says) {
        buffer.set_stringn(0, y, line, usize::from(screen.width), Style::new());
    }
}

fn header(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme;
    let place = model.view().name(model);
    let read = format!("{} ", read_at(model));
    // The account takes a third of the line, so that the place and the age stay.
    let fence = format!("[{}]", account_label::label(model, usize::from(area.width) / 3));
    let (mode, role) = match model.engine.mode() {
        Mode::ReadOnly => ("RO", Role::Quiet),
        Mode::ReadWrite => ("RW", Role::Strong),
    };
    let way = &model.session.way;
    let proxy = if way.proxy.is_some() { " proxy" } else { "" };
    let authority = if way.authority.is_some() { " +CA" } else { "" };
    let audit = if model.engine.audit().is_unwell() { " !audit" } else { "" };
    let way = width(proxy) + width(authority) + width(audit);
    let fixed = width(" ONRAMP  ") + width(&fence) + 5 + way + width(&read) + 1;
    let room = usize::from(area.width).saturating_sub(fixed);
    let line = Line::from(vec![
        Span::styled(" ONRAMP  ", theme.style(Role::Strong)),
        Span::styled(fence, theme.fence(model.session.fence)),
        Span::raw(" "),
        Span::styled(mode, theme.style(role)),
        Span::styled(proxy, theme.style(Role::Quiet)),
        Span::styled(authority, theme.style(Role::Warn)),
        Span::styled(audit, theme.style(Role::Bad)),
        Span::raw("  "),
        Span::styled(clip(&place, room).into_owned(), theme.style(Role::Strong)),
    ]);
    buffer.set_line(area.x, area.y, &line, area.width);
    let wide = u16::try_from(width(&read)).unwrap_or(0).min(area.width);
    buffer.set_stringn(
        area.right() - wide,
        area.y,
        &read,
        usize::from(wide),
        theme.style(Role::Quiet),
    );
}

/// The message line: the worst news first.
fn message(model: &Model, area: Rect, buffer: &mut Buffer) {
    let (role, says) = news(model);
    let says = clip(&says, usize::from(area.width).saturating_sub(2)).into_owned();
    buffer.set_stringn(
        area.x + 1,
        area.y,
        &says,
        usize::from(area.width - 1),
        model.theme.style(role),
    );
}

fn news(model: &Model) -> (Role, String) {
    if let Some(notice) = &model.notice {
        return (Role::Strong, notice.clone());
    }
    match &model.access {
        Access::Open => {}
        Access::Opening { name, since, program, .. } => {
            let spent = text::span(model.now().since(*since));
            let waits = program.map_or_else(String::new, |most| {
                format!("; waiting for its program, {} at most", text::span(most))
            });
            return (Role::Warn, format!("Opening {name}: {spent}{waits}"));
        }
        Access::Closed(Some(why)) => {
            return (Role::Bad, format!("! Not signed in: {why}. p: accounts"));
        }
        Access::Closed(None) => return (Role::Quiet, "Not signed in. p: accounts".to_owned()),
    }
    if let Some(issuing) = model.engine.active_attempt()
        && !model.modals.iter().any(|open| open.shows(issuing.standing.intent.id))
    {
        let label = issuing.standing.intent.order.label();
        let what = match issuing.stage {
            Stage::NotMade(_) if issuing.is_refused() => "was refused",
            Stage::NotMade(_) | Stage::Waiting => "is not created",
            Stage::Made(_) => "is made",
            _ => "may exist",
        };
        return (Role::Bad, format!("! The key {label} {what}. Press ! to see it."));
    }
    if let Some(alarm) = second_keys::banner(model) {
        return (Role::Bad, alarm);
    }
    if let Some((seen, more)) = watch::unread(model) {
        let more = if more > 1 { format!(" ({} more)", more - 1) } else { String::new() };
        let says = format!("{}: {}{more}. 3: keys", seen.label, seen.news.in_words());
        return (Role::Accent, says);
    }
    if let Some(loading) = loading(model) {
        return (Role::Warn, loading);
    }
    if model.engine.mode() == Mode::ReadWrite
        && model.engine.journal().readiness == Readiness::Opening
    {
        return (Role::Warn, "Opening the journal. Keys can be made when it is open.".to_owned());
    }
    let troubles = [("On-ramps", model.engine.products()), ("Keys", model.engine.keys())];
    let failed: Vec<_> =
        troubles.iter().filter_map(|(what, load)| Some((what, load.failure.as_ref()?))).collect();
    match failed[..] {
        [] => {}
        [(what, failure)] => {
            return (Role::Bad, format!("! r: try again, !: more. {what}: {failure}"));
        }
        [(_, failure), ..] => {
            return (Role::Bad, format!("! r: try again, !: more. On-ramps and keys: {failure}"));
        }
    }
    // What a dialog shows needs no other word.
    let shown = |id| model.modals.iter().any(|open| open.shows(id));
    let hidden =
        model.engine.attempts().iter().filter(|one| !shown(one.standing.intent.id)).count();
    let listed = model.modals.has::<Unfinished>();
    let changes = if listed { 0 } else { model.engine.journal().changes.len() };
    match model.engine.unread() {
        0 if hidden == 0 && changes > 0 => {
            (Role::Bad, format!("! {} unfinished. !: more", count(changes, "change")))
        }
        0 if hidden > 0 => (Role::Bad, format!("! {} unfinished. !: more", count(hidden, "key"))),
        0 if model.engine.journal().is_unwell() => (Role::Bad, journal_trouble(model)),
        0 if model.engine.audit().is_unwell() => {
            (Role::Bad, "! Something is wrong with the audit. !: more".to_owned())
        }
        0 if model.engine.inventory().missing_keys() > 0 => {
            let missing = count(model.engine.inventory().missing_keys(), "key");
            let says = format!("! Megaport's list lacks {missing} that were there; reading again.");
            (Role::Warn, format!("{says} !: more"))
        }
        0 if !model.engine.drifted().is_empty() => {
            let keys = count(model.engine.drifted().len(), "key");
            let says = format!("! {keys} changed outside this host's record. 3: keys");
            (Role::Warn, says)
        }
        0 => {
            let outage = feed_text::banner(model).map(|says| (Role::Bad, says));
            let waits = || Some((Role::Warn, feed_text::waiting(model)?));
            let found = outage.or_else(|| clash(model)).or_else(|| region_text::banner(model));
            let found = found.or_else(waits);
            found.unwrap_or_else(|| (Role::Quiet, summary(model)))
        }
        n => {
            let (entries, contradict) =
                (count(n, "entry"), if n == 1 { "contradicts" } else { "contradict" });
            let says = format!(
                "! {entries} of Megaport's lists could not be read, or {contradict} others."
            );
            (Role::Warn, format!("{says} !: more"))
        }
    }
}

/// Two agents, one VLAN: it is said, and nobody acts on it by himself.
fn clash(model: &Model) -> Option<(Role, String)> {
    let (on_ramp, vlan) = model.engine.inventory().clashes().next()?;
    let says = format!("! More than one unused key has VLAN {vlan} of {}.", on_ramp.name);
    Some((Role::Bad, format!("{says} !: more")))
}

/// What is the matter with the journal, in a line.
fn journal_trouble(model: &Model) -> String {
    let journal = model.engine.journal();
    let is_unusable = matches!(journal.readiness, Readiness::Unusable(_));
    let says = match (is_unusable, journal.is_read) {
        (true, false) => "The journal cannot be read: requests may be unfinished.",
        (true, true) => "Nothing can be written to the journal: no key can be made.",
        (false, _) => "Something is wrong with the journal.",
    };
    format!("! {says} !: more")
}

/// How long a list that is on the screen already may be read without a word.
const QUIETLY: Duration = Duration::from_secs(3);

/// What is being read, where somebody waits for it: what the console reads by
/// itself covers no other word, unless it takes long.
fn loading(model: &Model) -> Option<String> {
    let (what, &(_, since, bytes)) =
        [("on-ramps", model.engine.products()), ("keys", model.engine.keys())]
            .into_iter()
            .find_map(|(what, load)| {
                let asked = load.asked.as_ref()?;
                let waits = load.by_hand || load.read_at.is_none() || load.failure.is_some();
                (waits || model.now().since(asked.1) >= QUIETLY).then_some((what, asked))
            })?;
    let spent = text::span(model.now().since(since));
    let read = if bytes > 0 { format!(", {}", text::bytes(bytes)) } else { String::new() };
    Some(format!("Reading {what} from {}: {spent}{read}", model.session.reached()))
}

fn summary(model: &Model) -> String {
    if !model.engine.has_inventory() {
        return String::new();
    }
    let on_ramps = count(model.engine.inventory().on_ramps().len(), "on-ramp");
    let places = model.browse.entries(Pane::Country);
    let places = count(places, "country");
    let keys = if model.engine.inventory().keys_known() {
        count(model.engine.inventory().key_count(), "service key")
    } else {
        "keys not read yet".to_owned()
    };
    format!("{on_ramps} in {places}, {keys}. {}", model.session.reached())
}

/// The hints that have room; that for help always has.
fn footer(model: &Model, area: Rect, buffer: &mut Buffer) {
    let theme = model.theme;
    let mut hints: Vec<(Command, String)> = vec![];
    for binding in model.working_bindings().filter(|binding| !binding.command.hint.is_empty()) {
        let Some(key) = model.shown_key(binding) else { continue };
        if !hints.iter().any(|(command, _)| command.is(&binding.command)) {
            hints.push((binding.command, key.to_string()));
        }
    }
    let wide = |(one, key): &(Command, String)| text::width(key) + text::width(one.hint) + 3;
    let is_help = |(one, _): &(Command, String)| one.is(&system::commands::HELP);
    // The last hint has no gap after it, and the first one a margin before it.
    let room = usize::from(area.width) + 1;
    while hints.iter().map(wide).sum::<usize>() > room {
        let Some(last) = hints.iter().rposition(|hint| !is_help(hint)) else { break };
        hints.remove(last);
    }
    let mut x = area.x + 1;
    for (Command { hint, .. }, key) in &hints {
        x = buffer.set_stringn(x, area.y, key, 20, theme.style(Role::Accent)).0 + 1;
        x = buffer.set_stringn(x, area.y, hint, 40, theme.style(Role::Plain)).0 + 2;
    }
}
