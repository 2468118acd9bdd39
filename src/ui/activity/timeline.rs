//! The timeline of a key, oldest first: this host's audit, the key's record, the
//! readings of its circuit, and other work for the same customer's reference.

use ratatui::{
    buffer::Buffer,
    text::{Line, Span},
};

use crate::{
    domain::{
        audit::Entry,
        fingerprint::Fingerprint,
        key_usage::{Evidence, Reading},
        text::SafeText,
        time::Timestamp,
    },
    ui::{
        input::motion::SCROLL,
        model::{
            Model,
            command::Scope,
            modal::{CLOSE, CursorCell, Modal},
        },
        screen::frame,
        state::{
            activity::words,
            key::{
                Code::{Enter, Esc},
                char, plain,
            },
            keys::RowKey,
            position::Position,
        },
        widget::{
            text::{clock, date, width},
            theme::Role,
        },
    },
};

/// It takes what the screen has, up to this.
const SIZE: (u16, u16) = (104, 32);

/// The rightmost column of the authors.
const WIDEST: usize = 60;

/// The dialog.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// Of which key.
    pub of: RowKey,
    /// The first line shown.
    pub scroll: usize,
}

/// Something that happened.
struct Moment {
    at: Timestamp,
    what: String,
    role: Role,
    who: String,
}

/// The key that the timeline is of.
struct Subject {
    print: Fingerprint,
    label: SafeText,
    reference: String,
    created: Option<Timestamp>,
    reading: Reading,
}

fn subject(model: &Model, of: &RowKey) -> Option<Subject> {
    Some(match of {
        RowKey::Listed(id) => {
            let key = model.engine.inventory().key(id)?;
            let reference =
                model.engine.memory_of(key).map(|memory| memory.for_whom.reference.clone());
            Subject {
                print: Fingerprint::of_key(id),
                label: model.engine.label_on_record(key).unwrap_or(&key.label).clone(),
                reference: reference.unwrap_or_default(),
                created: key.created,
                reading: model.engine.survey().listed(key),
            }
        }
        RowKey::Remembered(print) => {
            let memory = model.engine.remembered().get(print)?;
            Subject {
                print: *print,
                label: memory.label.clone(),
                reference: memory.for_whom.reference.clone(),
                created: memory.created,
                reading: model.engine.survey().gone(memory),
            }
        }
    })
}

/// Returns every known event, the oldest first.
fn moments(model: &Model, subject: &Subject) -> Vec<Moment> {
    let mut moments: Vec<_> =
        model.activity.entries().filter_map(|entry| moment(entry, subject)).collect();
    // They come the newest first, and much happens within one second.
    moments.reverse();
    let mut say = |at: Option<Timestamp>, what: String, role| {
        moments.extend(at.map(|at| Moment { at, what, role, who: "Megaport".to_owned() }));
    };
    say(subject.created, "created, according to Megaport".to_owned(), Role::Plain);
    for evidence in &subject.reading.evidence {
        match evidence {
            Evidence::LastUsed(at) => {
                say(Some(*at), "used, according to Megaport".to_owned(), Role::Good);
            }
            Evidence::OnItsVlan(circuit) => {
                let what = format!("circuit {} ordered", circuit.name);
                say(circuit.created, what, Role::Good);
            }
            _ => {}
        }
    }
    moments.sort_by_key(|moment| moment.at);
    moments
}

/// Returns an entry of the audit, if it is of this key, or of the same reference.
fn moment(entry: &Entry, subject: &Subject) -> Option<Moment> {
    let print = subject.print.to_string();
    let mut prints = entry.fact("key_print").unwrap_or_default().split(", ");
    let ours = prints.any(|one| one == print);
    let labelled = entry.fact("label") == Some(subject.label.as_str());
    let reference = &subject.reference;
    let same = !reference.is_empty() && entry.fact("reference") == Some(reference.as_str());
    if !(ours || labelled || same) {
        return None;
    }
    let (word, role) = words::of_act(entry);
    let more = ["says", "change", "reason"].iter().find_map(|name| entry.fact(name));
    let more = more.map_or_else(String::new, |more| format!(": {more}"));
    let other = match entry.fact("label") {
        Some(label) if !ours && !labelled => format!(" ({label})"),
        _ => String::new(),
    };
    Some(Moment { at: entry.at, what: format!("{word}{more}{other}"), role, who: entry.who() })
}

fn lines(model: &Model, open: &Timeline, room: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let Some(subject) = subject(model, &open.of) else {
        return frame::sentence(theme, Role::Warn, "This key is no longer known.", room);
    };
    let mut lines = vec![Line::from(vec![
        Span::styled(subject.label.to_string(), theme.style(Role::Strong)),
        Span::raw("  "),
        Span::styled(subject.reading.text(), theme.style(Role::Accent)),
    ])];
    let mut day = String::new();
    let moments = moments(model, &subject);
    let wide = moments.iter().map(|one| width(&one.what)).max().unwrap_or_default();
    for Moment { at, what, role, who } in moments {
        if date(at) != day {
            day = date(at);
            lines.push(Line::from(Span::styled(day.clone(), theme.style(Role::Quiet))));
        }
        let gap = " ".repeat(wide.min(WIDEST).saturating_sub(width(&what)) + 2);
        lines.push(Line::from(vec![
            Span::styled(format!("  {}  ", clock(at)), theme.style(Role::Quiet)),
            Span::styled(what, theme.style(role)),
            Span::raw(gap),
            Span::styled(who, theme.style(Role::Quiet)),
        ]));
    }
    lines.push(Line::default());
    for evidence in &subject.reading.evidence {
        let says = format!("Now: {}.", evidence.describe(model.server_now()));
        lines.extend(frame::sentence(theme, Role::Plain, &says, room));
    }
    let page = model.activity.page.as_ref();
    if page.is_none_or(|page| page.more || page.trouble.is_some()) {
        let says = match page {
            None => "Reading the audit log…".to_owned(),
            Some(page) => page.trouble.as_ref().map_or_else(
                || "Older lines of the audit log were not read.".to_owned(),
                |why| format!("The audit log could not be read: {why}."),
            ),
        };
        lines.extend(frame::sentence(theme, Role::Warn, &says, room));
    }
    lines
}

pub(in crate::ui) fn draw(model: &Model, open: &Timeline, buffer: &mut Buffer) {
    let area = frame::open(model, "Timeline", SIZE, Role::Accent, buffer);
    let all = lines(model, open, area.width);
    let seen: Vec<_> = all.into_iter().skip(open.scroll).collect();
    frame::lines(&seen, area, buffer);
}

impl Modal for Timeline {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, self, buffer);
        None
    }

    fn position(&self, model: &Model) -> Option<Position> {
        let area = frame::inside(model, SIZE);
        let lines = lines(model, self, area.width).len();
        Some(Position::scrolled(self.scroll, lines, area.height))
    }

    fn move_to(&mut self, at: usize) {
        self.scroll = at;
    }

    fn shows_audit(&self) -> bool {
        true
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("timeline", "Timeline of a key", &[
    SCROLL,
    &[CLOSE.hint("close").bind(&[plain(Esc), plain(Enter), char('q'), char('d')])],
]);
