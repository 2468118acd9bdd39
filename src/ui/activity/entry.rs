//! One act of the audit, with every recorded fact.

use ratatui::{
    buffer::Buffer,
    text::{Line, Span},
};

use crate::{
    domain::audit::Entry,
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
                Code::{Enter, Esc, Left},
                char, plain,
            },
            position::Position,
        },
        widget::{
            text::{clock, date},
            theme::Role,
        },
    },
};

/// Its size on a large terminal.
const SIZE: (u16, u16) = (96, 32);

/// An entry, and which line of it is the first one shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenEntry {
    /// The entry.
    pub entry: Entry,
    /// The first line shown.
    pub scroll: usize,
}

fn lines(model: &Model, entry: &Entry, room: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let (word, role) = words::of_act(entry);
    let mut lines = vec![Line::from(vec![
        Span::styled(word, theme.style(role)),
        Span::styled(format!("  {}, line {}", entry.act, entry.number), theme.style(Role::Quiet)),
    ])];
    let at = format!("{} {}", date(entry.at), clock(entry.at));
    lines.extend(frame::fact(theme, "When", &at, room));
    let known = words::FACTS;
    let named = known.iter().filter_map(|(name, title)| Some((*title, entry.fact(name)?)));
    for (title, value) in named {
        lines.extend(frame::fact(theme, title, value, room));
    }
    let is_known = |name: &str| known.iter().any(|(its, _)| *its == name);
    for (name, value) in entry.facts.iter().filter(|(name, _)| !is_known(name.as_str())) {
        lines.extend(frame::fact(theme, name.as_str(), value.as_str(), room));
    }
    lines
}

pub(in crate::ui) fn draw(model: &Model, shown: &OpenEntry, buffer: &mut Buffer) {
    let area = frame::open(model, "Log entry", SIZE, Role::Accent, buffer);
    let all = lines(model, &shown.entry, area.width);
    let seen: Vec<_> = all.into_iter().skip(shown.scroll).collect();
    frame::lines(&seen, area, buffer);
}

impl Modal for OpenEntry {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, self, buffer);
        None
    }

    fn position(&self, model: &Model) -> Option<Position> {
        let area = frame::inside(model, SIZE);
        let lines = lines(model, &self.entry, area.width).len();
        Some(Position::scrolled(self.scroll, lines, area.height))
    }

    fn move_to(&mut self, at: usize) {
        self.scroll = at;
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("entry", "Log entry", &[
    SCROLL,
    &[CLOSE.doc("Go back to the list.").hint("back").bind(&[plain(Esc), plain(Enter), char('q'), char('h'), plain(Left)])],
]);
