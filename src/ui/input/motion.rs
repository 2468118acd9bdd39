//! Moving and scrolling, written once: for views and for dialogs, which say only
//! where they are and how far they go.

use crate::ui::{
    model::{
        command::{Binding, Command, command},
        context::Context,
        msg::Effect,
    },
    state::{
        key::{
            Code::{Down, End, Home, PageDown, PageUp, Up},
            char, ctrl, plain,
        },
        position::Motion,
    },
};

pub(in crate::ui) const DOWN: Command =
    command("move.down", "Go down.", |context, _| context.move_line(Motion::Lines(1)));
pub(in crate::ui) const UP: Command =
    command("move.up", "Go up.", |context, _| context.move_line(Motion::Lines(-1)));
pub(in crate::ui) const FIRST: Command =
    command("move.first", "Go to the top.", |context, _| context.move_line(Motion::First));
pub(in crate::ui) const LAST: Command =
    command("move.last", "Go to the bottom.", |context, _| context.move_line(Motion::Last));
pub(in crate::ui) const PAGE_DOWN: Command =
    command("move.page-down", "Go down a page.", |context, _| {
        context.move_line(Motion::HalfPages(2))
    });
pub(in crate::ui) const PAGE_UP: Command =
    command("move.page-up", "Go up a page.", |context, _| context.move_line(Motion::HalfPages(-2)));
const HALF_DOWN: Command = command("move.half-page-down", "Go down half a page.", |context, _| {
    context.move_line(Motion::HalfPages(1))
});
const HALF_UP: Command = command("move.half-page-up", "Go up half a page.", |context, _| {
    context.move_line(Motion::HalfPages(-1))
});

/// Bindings for a list without text input.
pub(in crate::ui) const LINES: &[Binding] =
    &[DOWN.bind(&[char('j'), plain(Down)]), UP.bind(&[char('k'), plain(Up)])];

/// Along a list below a text field.
pub(in crate::ui) const ARROWS: &[Binding] = &[DOWN.bind(&[plain(Down)]), UP.bind(&[plain(Up)])];

/// To the ends of a list.
pub(in crate::ui) const ENDS: &[Binding] =
    &[FIRST.bind(&[char('g'), plain(Home)]), LAST.bind(&[char('G'), plain(End)])];

/// By pages.
pub(in crate::ui) const PAGES: &[Binding] = &[
    PAGE_DOWN.bind(&[plain(PageDown), ctrl('f')]),
    PAGE_UP.bind(&[plain(PageUp), ctrl('b')]),
    HALF_DOWN.bind(&[ctrl('d')]),
    HALF_UP.bind(&[ctrl('u')]),
];

/// Through a text that may be longer than its dialog.
pub(in crate::ui) const SCROLL: &[Binding] = &[
    DOWN.doc("Scroll down.").hint("scroll").bind(&[char('j'), plain(Down)]),
    UP.doc("Scroll up.").bind(&[char('k'), plain(Up)]),
];

impl Context<'_> {
    /// Moves the line of the dialog on top, or that of the view where none is open.
    pub(in crate::ui) fn move_line(&mut self, motion: Motion) -> Vec<Effect> {
        if let Some(top) = self.modals.top() {
            let at = top.position(self).map(|position| position.after(motion));
            if let (Some(at), Some(top)) = (at, self.modals_mut().top_mut()) {
                top.move_to(at);
            }
        } else {
            let view = self.view();
            let at = view.position(self).after(motion);
            view.move_to(self, at);
        }
        vec![]
    }
}
