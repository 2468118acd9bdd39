//! The log on the screen: its last lines, the newest at the bottom.

use ratatui::buffer::Buffer;

use crate::{
    api::log::Tail,
    ui::{
        input::motion::{DOWN, FIRST, LAST, PAGE_DOWN, PAGE_UP, UP},
        model::{
            Model,
            command::{Call, Command, Scope, command},
            context::Context,
            modal::{CLOSE, CursorCell, Modal},
            msg::Effect,
        },
        state::{
            key::{
                Code::{Down, End, Enter, Esc, F, Home, PageDown, PageUp, Up},
                char, ctrl, plain,
            },
            position::Position,
        },
    },
};

use super::log_view;

/// The dialog.
#[derive(Debug, Clone, Default)]
pub struct Log {
    /// The lines read; `None` while they are being read.
    pub tail: Option<Tail>,
    /// The number of rows between the view and the newest row.
    pub above: usize,
}

impl Modal for Log {
    fn scope(&self) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        log_view::draw(model, self, buffer);
        None
    }

    fn position(&self, model: &Model) -> Option<Position> {
        let (page, last) = (log_view::page(model, self), log_view::furthest(model, self));
        Some(Position { at: Some(self.above), last, page, from_end: true })
    }

    fn move_to(&mut self, at: usize) {
        self.above = at;
    }
}

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("log", "Log", &[&[
    UP.doc("Up, to older lines.").hint("up").bind(&[char('k'), plain(Up)]),
    DOWN.doc("Down, to newer lines.").hint("down").bind(&[char('j'), plain(Down)]),
    PAGE_UP.bind(&[plain(PageUp), ctrl('b')]),
    PAGE_DOWN.bind(&[plain(PageDown), ctrl('f'), char(' ')]),
    FIRST.doc("Go to the oldest line read.").hint("oldest").bind(&[char('g'), plain(Home)]),
    LAST.doc("Go to the newest line.").hint("newest").bind(&[char('G'), plain(End)]),
    command("log.refresh", "Read the log again.", |_, _| vec![Effect::ReadLog]).hint("refresh").bind(&[char('r'), plain(F(5))]),
    CLOSE.doc("Close the log.").hint("close").bind(&[plain(Esc), plain(Enter), char('q')]),
]]);

/// The log, on the `:` line.
pub(in crate::ui) const OPEN: Command =
    command("log.open", "Show the log.", open).typed(&["log"], "show the log");

fn open(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.modals_mut().push(Log::default());
    vec![Effect::ReadLog]
}
