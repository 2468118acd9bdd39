//! The dry run: the exact body of the request, and a curl command line.

use ratatui::{
    buffer::Buffer,
    text::{Line, Span},
};

use crate::{
    api::DryRunRequest,
    ui::{
        input::motion::SCROLL,
        model::{
            Model,
            command::{Scope, command},
            modal::{CLOSE, CursorCell, Modal},
        },
        screen::frame,
        state::{
            key::{
                Code::{Enter, Esc},
                char, plain,
            },
            position::Position,
        },
        widget::{text::width, theme::Role},
    },
};

use super::dry_run_commands;

/// Its size on a large terminal.
const SIZE: (u16, u16) = (104, 32);

/// The requests that would be sent.
#[derive(Debug, Clone, Default)]
pub struct DryRun {
    /// Each of them; nothing until the client has answered.
    pub requests: Vec<DryRunRequest>,
    /// The first line shown.
    pub scroll: usize,
    /// Whether the label will end with a tag that is not drawn yet.
    pub untagged: bool,
}

fn lines(model: &Model, dry: &DryRun, room: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let says = "Nothing is sent. The access token is omitted: it is never shown.";
    let mut lines = frame::sentence(theme, Role::Quiet, says, room);
    if dry.untagged {
        let says = "A short tag is added to the label at the review.";
        lines.extend(frame::sentence(theme, Role::Quiet, says, room));
    }
    for request in &dry.requests {
        lines.push(Line::default());
        let head = format!("{} {}", request.method, request.url);
        lines.push(Line::from(Span::styled(head, theme.style(Role::Strong))));
        lines.extend(request.body.lines().map(|line| Line::from(line.to_owned())));
        lines.push(Line::default());
        let curl = request.curl.lines().flat_map(|line| broken(line, usize::from(room)));
        lines.extend(curl.map(|line| Line::from(Span::styled(line, theme.style(Role::Quiet)))));
    }
    lines
}

/// Breaks a line that is too wide, without losing a character.
fn broken(line: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for c in line.chars() {
        if lines.last().is_some_and(|line| width(line) + 1 > room) {
            lines.push(String::new());
        }
        if let Some(last) = lines.last_mut() {
            last.push(c);
        }
    }
    lines
}

pub(in crate::ui) fn draw(model: &Model, dry: &DryRun, buffer: &mut Buffer) {
    let area = frame::open(model, "Dry run", SIZE, Role::Accent, buffer);
    let all = lines(model, dry, area.width);
    let shown: Vec<_> = all.into_iter().skip(dry.scroll).collect();
    frame::lines(&shown, area, buffer);
}

impl Modal for DryRun {
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
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("dry-run", "Dry run", &[
    &[command("dry-run.copy", "Copy the shell command (without the access token).", dry_run_commands::copy).hint("copy").bind(&[char('y'), char('c')])],
    SCROLL,
    &[CLOSE.doc("Back; nothing was sent.").hint("back").bind(&[plain(Esc), plain(Enter), char('q')])],
]);
