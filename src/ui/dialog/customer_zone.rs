//! The customer's time zone, found by a few letters of its name.

use jiff::tz;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};
use tui_input::Input;

use crate::ui::{fuzzy, hand_off::facts, model::Model, text::pad, theme::Role};

use super::{frame, text_box};

/// How many names are shown.
const SHOWN: usize = 8;

/// What was typed, and the name under the cursor.
#[derive(Debug, Clone, Default)]
pub struct CustomerZone {
    /// What was typed.
    pub input: Input,
    /// Which of the names found, from 0.
    pub cursor: usize,
}

impl CustomerZone {
    /// Goes up or down the names.
    pub fn go(&mut self, by: isize) {
        let found = find(self.input.value()).len().min(SHOWN);
        self.cursor = self.cursor.saturating_add_signed(by).min(found.saturating_sub(1));
    }
}

/// The zones whose names have the typed letters in their order, the best
/// first. None while nothing is typed.
pub(in crate::ui) fn find(typed: &str) -> Vec<&'static str> {
    if typed.trim().is_empty() {
        return vec![];
    }
    let names: Vec<_> = names().collect();
    fuzzy::find(&names, |name| name, typed).into_iter().map(|at| names[at]).collect()
}

/// The zones of places: not the many other names for them.
fn names() -> impl Iterator<Item = &'static str> {
    use std::sync::LazyLock;
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let continents = [
            "Africa/",
            "America/",
            "Asia/",
            "Atlantic/",
            "Australia/",
            "Europe/",
            "Indian/",
            "Pacific/",
        ];
        let all = tz::db().available().map(|name| name.to_string());
        all.filter(|name| continents.iter().any(|start| name.starts_with(start))).collect()
    });
    NAMES.iter().map(String::as_str)
}

/// Draws it; where the text cursor is.
pub(in crate::ui) fn draw(model: &Model, open: &CustomerZone, buffer: &mut Buffer) -> (u16, u16) {
    let theme = model.theme;
    let area = frame::open(model, "The customer's time zone", (60, 15), Role::Accent, buffer);
    let says = "A city: syd, los, fra. Empty is UTC alone.";
    frame::lines(&frame::sentence(theme, Role::Quiet, says, area.width), area, buffer);
    let cursor = text_box::draw(theme, &open.input, (area.x, area.y + 1), 36, buffer);
    let now = model.server_now();
    let found = find(open.input.value());
    let mut lines: Vec<_> = found
        .iter()
        .take(SHOWN)
        .enumerate()
        .map(|(at, name)| {
            let (mark, role) =
                if at == open.cursor { ("▸ ", Role::Accent) } else { ("  ", Role::Plain) };
            let clock = facts::local_clock(now, name).unwrap_or_default();
            Line::from(vec![
                Span::styled(format!("{mark}{}", pad(name, 32)), theme.style(role)),
                Span::styled(clock, theme.style(Role::Quiet)),
            ])
        })
        .collect();
    if found.is_empty() && !open.input.value().trim().is_empty() {
        lines.push(Line::from(Span::styled("no such place", theme.style(Role::Warn))));
    }
    let below = Rect { y: area.y + 3, height: area.height.saturating_sub(3), ..area };
    frame::lines(&lines, below, buffer);
    cursor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_letters_find_a_city() {
        assert_eq!(find("syd").first(), Some(&"Australia/Sydney"));
        assert_eq!(find("los ang").first(), Some(&"America/Los_Angeles"));
        assert!(find("").is_empty());
        assert!(find("qqq").is_empty());
    }
}
