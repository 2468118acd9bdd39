//! One act of the audit, with everything that was written of it.

use ratatui::{
    buffer::Buffer,
    text::{Line, Span},
};

use crate::{
    domain::audit::Entry,
    ui::{
        activity::words,
        model::Model,
        text::{clock, date},
        theme::Role,
    },
};

use super::frame;

/// The size it takes where there is room.
const SIZE: (u16, u16) = (96, 32);

/// An entry, and which line of it is the first one shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
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

/// The furthest line that may be the first one shown.
pub(in crate::ui) fn furthest(model: &Model, shown: &Shown) -> usize {
    let area = frame::inside(model, SIZE);
    lines(model, &shown.entry, area.width).len().saturating_sub(usize::from(area.height))
}

pub(in crate::ui) fn draw(model: &Model, shown: &Shown, buffer: &mut Buffer) {
    let area = frame::open(model, "What was written", SIZE, Role::Accent, buffer);
    let all = lines(model, &shown.entry, area.width);
    let seen: Vec<_> = all.into_iter().skip(shown.scroll).collect();
    frame::lines(&seen, area, buffer);
}
