//! The help overlay: the key table, as far as it is live under the overlay.

use ratatui::{
    buffer::Buffer,
    text::{Line, Span},
};

use crate::ui::{
    input::motion::{DOWN, UP},
    model::{
        Model,
        command::{Available, Binding, Scope},
        keymap::Keymap,
        modal::{CLOSE, CursorCell, Modal},
    },
    screen::frame,
    state::{
        key::{
            Code::{Down, Enter, Esc, F, PageDown, PageUp, Up},
            char, plain,
        },
        position::Position,
    },
    widget::theme::Role,
};

/// Its size on a large terminal.
const SIZE: (u16, u16) = (78, 34);

/// The keys that work here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Help {
    /// The first line shown.
    pub offset: usize,
}

impl Modal for Help {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        let area = frame::open(model, "Key bindings here", SIZE, Role::Accent, buffer);
        let lines = lines(model, area.width);
        frame::lines(&lines[self.offset.min(lines.len())..], area, buffer);
        None
    }

    fn position(&self, model: &Model) -> Option<Position> {
        let area = frame::inside(model, SIZE);
        Some(Position::scrolled(self.offset, lines(model, area.width).len(), area.height))
    }

    fn move_to(&mut self, at: usize) {
        self.offset = at;
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("help", "Help", &[&[
    DOWN.doc("Scroll down.").hint("scroll").bind(&[char('j'), plain(Down), plain(PageDown)]),
    UP.doc("Scroll up.").bind(&[char('k'), plain(Up), plain(PageUp)]),
    CLOSE.doc("Close the help.").hint("close").bind(&[plain(Esc), char('q'), char('?'), plain(F(1)), plain(Enter)]),
]]);

/// Returns the scopes that will be live once the help is closed.
fn scopes_below(model: &Model) -> Vec<&'static Scope> {
    let below = model.modals.iter().rev().find(|modal| !modal.is::<Help>());
    model.scopes_of(below.map(Modal::scope))
}

/// Returns every binding that will be live, with those that do nothing now quiet.
fn lines(model: &Model, width: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = vec![];
    for scope in scopes_below(model) {
        lines.push(Line::from(Span::styled(scope.title, theme.style(Role::Accent))));
        for Binding { command, keys } in Keymap::bindings(scope) {
            let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
            let keys = format!("  {} ", crate::ui::widget::text::pad(&keys.join(" "), 20));
            let help =
                theme.style(if command.available(model) == Available::Yes || scope.by_field {
                    Role::Plain
                } else {
                    Role::Quiet
                });
            let room = usize::from(width).saturating_sub(23);
            let mut wrapped = crate::ui::widget::text::wrap(command.doc, room).into_iter();
            let first = wrapped.next().unwrap_or_default();
            lines.push(Line::from(vec![
                Span::styled(keys, theme.style(Role::Strong)),
                Span::styled(first, help),
            ]));
            lines.extend(wrapped.map(|l| Line::from(Span::styled(format!("{:23}{l}", ""), help))));
        }
        lines.push(Line::default());
    }
    lines.pop();
    lines
}
