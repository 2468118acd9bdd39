//! The customer's time zone, found by typing a part of its name.

use jiff::tz;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};
use tui_input::{Input, InputRequest};

use crate::ui::{
    input::motion::ARROWS,
    model::{
        Model,
        command::{Call, Scope, command},
        context::Context,
        modal::{CLOSE, CursorCell, Modal},
        msg::Effect,
    },
    screen::{frame, zone_text},
    state::{
        key::{
            Code::{Enter, Esc},
            plain,
        },
        position::Position,
    },
    widget::{fuzzy, text::pad, text_box, theme::Role},
};

use super::key_card::Card;

/// The number of visible names.
const SHOWN: usize = 8;

/// The typed text, and the name under the cursor.
#[derive(Debug, Clone, Default)]
pub struct CustomerZone {
    /// The typed text.
    pub input: Input,
    /// The index of the found name, from 0.
    pub cursor: usize,
}

/// Finds the zones whose names have the typed letters in their order, the best first.
/// None while nothing is typed.
pub(in crate::ui) fn find(typed: &str) -> Vec<&'static str> {
    if typed.trim().is_empty() {
        return vec![];
    }
    let names: Vec<_> = names().collect();
    fuzzy::find(&names, |name| name, typed).into_iter().map(|at| names[at]).collect()
}

/// Returns the zones of places: not the many other names for them.
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
    let area = frame::open(model, "Customer time zone", (60, 15), Role::Accent, buffer);
    let says = "Type a city (syd, los, fra). Leave empty for UTC only.";
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
            let clock = zone_text::local_clock(now, name).unwrap_or_default();
            Line::from(vec![
                Span::styled(format!("{mark}{}", pad(name, 32)), theme.style(role)),
                Span::styled(clock, theme.style(Role::Quiet)),
            ])
        })
        .collect();
    if found.is_empty() && !open.input.value().trim().is_empty() {
        lines.push(Line::from(Span::styled("no such city", theme.style(Role::Warn))));
    }
    let below = Rect { y: area.y + 3, height: area.height.saturating_sub(3), ..area };
    frame::lines(&lines, below, buffer);
    cursor
}

impl Modal for CustomerZone {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        Some(draw(model, self, buffer))
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_in(&mut self, request: InputRequest) {
        self.input.handle(request);
        self.cursor = 0;
    }

    fn position(&self, _: &Model) -> Option<Position> {
        let found = find(self.input.value()).len().min(SHOWN);
        Some(Position::of_list(self.cursor, found, SHOWN))
    }

    fn move_to(&mut self, at: usize) {
        self.cursor = at;
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("customer-zone", "Customer time zone", &[
    &[command("customer-zone.choose", "Use the selected time zone.", choose).hint("use").bind(&[plain(Enter)])],
    ARROWS,
    &[CLOSE.doc("Leave it unchanged.").hint("back").bind(&[plain(Esc)])],
]);

/// Takes the time zone under the cursor for the card below.
fn choose(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(open) = context.modals.on_top::<CustomerZone>() else { return vec![] };
    let typed = open.input.value().trim().to_owned();
    let found = find(&typed).into_iter().nth(open.cursor);
    if found.is_none() && !typed.is_empty() {
        context.say("No time zone matches.");
        return vec![];
    }
    context.modals_mut().pop();
    if let Some(card) = context.modals_mut().on_top_mut::<Card>() {
        card.zone = found.filter(|_| !typed.is_empty()).map(str::to_owned);
    }
    vec![]
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
