//! The problems view: failures in full, unreadable entries, and a journal that cannot
//! be written.

use ratatui::{buffer::Buffer, text::Line};

use crate::{
    domain::text::SafeText,
    engine::{
        journal::{Journal, Readiness},
        load::Load,
    },
    ui::{
        model::{
            Model,
            command::Scope,
            modal::{CLOSE, CursorCell, Modal},
        },
        screen::{frame, journal_text::why_unusable, region_text},
        state::key::{
            Code::{Enter, Esc},
            char, plain,
        },
        widget::{
            text::{capital, count},
            theme::Role,
        },
    },
};

use super::second_keys;

pub(in crate::ui) fn draw(model: &Model, buffer: &mut Buffer) {
    let area = frame::open(model, "Problems", frame::SIZE, Role::Warn, buffer);
    let mut lines = vec![];
    for (role, says) in second_keys::sentences(model) {
        lines.extend(frame::sentence(model.theme, role, &says, area.width));
    }
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    for (what, load) in
        [("On-ramps", model.engine.products()), ("Service keys", model.engine.keys())]
    {
        lines.extend(of_load(model, what, load, area.width));
    }
    for says in of_shorter_lists(model) {
        lines.extend(frame::sentence(model.theme, Role::Warn, &says, area.width));
    }
    for on_ramp in model.engine.inventory().on_ramps().iter().filter(|o| o.unread > 0).take(8) {
        let says = format!(
            "{}: {} of its record could not be read.",
            on_ramp.name,
            count(on_ramp.unread as usize, "entry")
        );
        lines.extend(frame::sentence(model.theme, Role::Warn, &says, area.width));
    }
    for (on_ramp, vlan) in model.engine.inventory().clashes().take(4) {
        let says = format!(
            "{}: more than one unused key has VLAN {vlan}. Only the first one used will work: \
             disable the other one, or inform its customer.",
            on_ramp.name
        );
        lines.extend(frame::sentence(model.theme, Role::Bad, &says, area.width));
    }
    for (what, n) in [
        ("event", model.engine.background().events.unread),
        ("data centre", model.engine.background().locations.unread),
    ] {
        if n > 0 {
            let says = format!("{} could not be read.", count(n, what));
            lines.extend(frame::sentence(model.theme, Role::Warn, &says, area.width));
        }
    }
    for (kind, n) in &model.engine.products().other {
        let services = count(*n, "service");
        let says = format!("Not shown: {services} of type {kind} (not an on-ramp type).");
        lines.extend(frame::sentence(model.theme, Role::Quiet, &says, area.width));
    }
    for (role, says) in of_journal(model.engine.journal()) {
        lines.extend(frame::sentence(model.theme, role, &says, area.width));
    }
    for (role, says) in of_audit(model) {
        lines.extend(frame::sentence(model.theme, role, &says, area.width));
    }
    for (role, says) in region_text::troubles(model) {
        lines.extend(frame::sentence(model.theme, role, &says, area.width));
    }
    if lines.is_empty() && model.engine.has_inventory() {
        lines = frame::sentence(model.theme, Role::Good, "Everything was read.", area.width);
    }
    let path = path(model, area.width);
    if !path.is_empty() && lines.last().is_some_and(|line| line.width() > 0) {
        lines.push(Line::default());
    }
    lines.extend(path);
    frame::lines(&lines, area, buffer);
}

/// Describes known entries that the lists lack.
fn of_shorter_lists(model: &Model) -> Vec<String> {
    let mut says = vec![];
    let missing = [
        (model.engine.inventory().missing_on_ramps(), "on-ramp"),
        (model.engine.inventory().missing_keys(), "key"),
    ];
    for (missing, what) in missing.into_iter().filter(|(missing, _)| *missing > 0) {
        let missing = count(missing, what);
        says.push(format!(
            "Megaport's list lacks {missing} listed before. They stay on the screen while the \
             list is read again."
        ));
    }
    for (load, what) in [(model.engine.products(), "on-ramp"), (model.engine.keys(), "key")] {
        if load.left.is_empty() {
            continue;
        }
        let names: Vec<_> = load.left.iter().take(6).map(SafeText::as_str).collect();
        let more = load.left.len().saturating_sub(names.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        says.push(format!(
            "{} left Megaport's list without a known reason: {}{more}.",
            count(load.left.len(), what),
            names.join(", ")
        ));
    }
    says
}

/// Describes the problems of the journal, or found through it.
fn of_journal(journal: &Journal) -> Vec<(Role, String)> {
    let mut says = vec![];
    if let Readiness::Damaged(lines) = &journal.readiness {
        let lines = count(*lines, "line");
        says.push((Role::Bad, format!("{lines} of the journal could not be read.")));
    }
    says.extend(why_unusable(journal));
    for why in journal.unwritten.values() {
        says.push((Role::Bad, format!("A key was created, but not recorded on this disk: {why}.")));
    }
    for id in &journal.lost {
        let tag = id.tag();
        let what =
            format!("A damaged line hides a request that may have created a key. Its tag is {tag}");
        says.push((Role::Bad, format!("{what}: search for it in the labels of the keys.")));
    }
    says
}

/// Describes the problems of the audit.
fn of_audit(model: &Model) -> Vec<(Role, String)> {
    let audit = model.engine.audit();
    let mut says = vec![];
    if let Some(why) = &audit.trouble {
        let acts = count(audit.unwritten, "entry");
        says.push((Role::Bad, format!("{acts} could not be written to the audit log: {why}.")));
        let next = if audit.required {
            "No key can be created before they are written: the audit log is required."
        } else if model.engine.journal().trouble().is_some() {
            "They are kept and written with the next entry."
        } else {
            "They are kept and written with the next entry; keys can be created meanwhile."
        };
        says.push((Role::Plain, next.to_owned()));
    } else if audit.unwritten > 0 {
        let acts = count(audit.unwritten, "entry");
        says.push((Role::Bad, format!("{acts} could not be written to the audit log in time.")));
    }
    if let Some(why) = &audit.remark {
        says.push((Role::Warn, format!("The audit log is written, with a problem: {why}.")));
    }
    says
}

/// Describes the proxy and CA between this host and the API.
fn path(model: &Model, room: u16) -> Vec<Line<'static>> {
    let path = &model.session.network_path;
    let mut lines = vec![];
    if path.is_direct() {
        return lines;
    }
    let mut say = |role, text: &str| {
        lines.extend(frame::sentence(model.theme, role, text, room));
    };
    let host = &model.session.host;
    if let Some(proxy) = &path.proxy {
        say(Role::Plain, &format!("{host} is reached through the proxy {proxy}."));
    }
    if let Some(file) = &path.authority {
        say(Role::Warn, &format!("Certificates of {file} are trusted besides the system's."));
        say(Role::Quiet, "The owner of that CA can read all traffic.");
    }
    lines
}

fn of_load(model: &Model, what: &str, load: &Load, room: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = vec![];
    let mut say = |role, text: String| lines.extend(frame::sentence(theme, role, &text, room));
    if let Some(failure) = &load.failure {
        say(Role::Bad, format!("{what}: {}.", capital(failure.happened.as_str())));
        say(Role::Plain, failure.advice.to_string());
        if let Some(trace) = &failure.trace {
            say(Role::Quiet, format!("Trace id {trace}, for Megaport support."));
        }
        let since = if load.read_at.is_some() { "Earlier data stays on the screen. " } else { "" };
        let retry = model.keyed("{key:refresh} in the view retries.");
        say(Role::Accent, format!("{since}{retry}"));
    }
    if !load.unread.is_empty() {
        say(
            Role::Warn,
            format!("{what}: {} unreadable or contradictory:", count(load.unread.len(), "entry")),
        );
    }
    for unread in load.unread.iter().take(4) {
        say(Role::Quiet, format!("  number {}: {}", unread.position + 1, unread.why));
    }
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    lines
}

/// The problems view.
#[derive(Debug, Clone, Copy)]
pub struct Problems;

impl Modal for Problems {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, buffer);
        None
    }

    fn shows_audit(&self) -> bool {
        true
    }

    fn shows_region_problems(&self) -> bool {
        true
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("problems", "Problems and read errors", &[&[
    CLOSE.doc("Close this.").hint("close").bind(&[plain(Esc), plain(Enter), char('q'), char('!')]),
]]);
