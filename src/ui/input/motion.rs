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

/// Along a list that takes no letters.
pub(in crate::ui) const LINES: &[Binding] =
    &[DOWN.on(&[char('j'), plain(Down)]), UP.on(&[char('k'), plain(Up)])];

/// Along a list below a text field.
pub(in crate::ui) const ARROWS: &[Binding] = &[DOWN.on(&[plain(Down)]), UP.on(&[plain(Up)])];

/// To the ends of a list.
pub(in crate::ui) const ENDS: &[Binding] =
    &[FIRST.on(&[char('g'), plain(Home)]), LAST.on(&[char('G'), plain(End)])];

/// By pages.
pub(in crate::ui) const PAGES: &[Binding] = &[
    PAGE_DOWN.on(&[plain(PageDown), ctrl('f')]),
    PAGE_UP.on(&[plain(PageUp), ctrl('b')]),
    HALF_DOWN.on(&[ctrl('d')]),
    HALF_UP.on(&[ctrl('u')]),
];

/// Through a text that may be longer than its dialog.
pub(in crate::ui) const SCROLL: &[Binding] = &[
    DOWN.doc("Scroll down.").hint("scroll").on(&[char('j'), plain(Down)]),
    UP.doc("Scroll up.").on(&[char('k'), plain(Up)]),
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
