//! Dialogs: their interface, and the stack of open ones.
//!
//! A dialog is a value that implements [`Modal`]: its state, its keys, its text field,
//! its question and its drawing are in its own file. The stack knows the trait alone. A
//! part that a dialog does not implement is absent: without a text field it takes no
//! letters, and without a question nothing that needs confirmation is carried out over
//! it.

use std::{any::Any, fmt::Debug, time::Duration};

use ratatui::buffer::Buffer;
use tui_input::InputRequest;

use crate::{
    domain::{geography, intent::IntentId, service_key::ServiceKey, time::Timestamp},
    engine::question::{Asked, Question},
    ui::state::position::Position,
};

use super::{
    Model,
    command::{Call, Command, Scope, command},
    context::Context,
    msg::Effect,
};

/// The position of the text cursor: column and row.
pub type CursorCell = (u16, u16);

/// A dialog. The one on top of the stack takes every key.
pub trait Modal: Any + Debug {
    /// Returns the scope of its commands.
    fn scope(&self) -> &'static Scope;

    /// Draws it; where the text cursor is, if text is typed into it.
    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell>;

    /// Draws the part that lies over the message line, after it.
    fn draw_over_message(&self, _model: &Model, _buffer: &mut Buffer) -> Option<CursorCell> {
        None
    }

    /// Returns the request to create a key whose progress it shows.
    fn about(&self) -> Option<IntentId> {
        None
    }

    /// Returns whether the request, or the key that it created, is on the screen with
    /// it.
    fn shows(&self, intent: IntentId) -> bool {
        self.about() == Some(intent)
    }

    /// Returns the keys that it shows, for commands on keys.
    fn keys(&self) -> Vec<ServiceKey> {
        vec![]
    }

    /// Returns whether letters go into a text field of it now.
    fn is_typing(&self) -> bool {
        false
    }

    /// Changes the text field with the focus. Called only while [`Self::is_typing`].
    fn type_in(&mut self, _request: InputRequest) {}

    /// Returns the line that motions move, where it has one.
    fn position(&self, _model: &Model) -> Option<Position> {
        None
    }

    /// Goes to a line of it.
    fn move_to(&mut self, _at: usize) {}

    /// Returns the question that an irreversible command answers.
    fn question(&self) -> Option<&Question> {
        None
    }

    /// Returns the question for arming by a frame and disarming by a key.
    fn question_mut(&mut self) -> Option<&mut Question> {
        None
    }

    /// Returns its present question, if all of it fits on the screen and an answer may
    /// count: a drawn frame arms it.
    fn asked(&self, _model: &Model) -> Option<Asked> {
        None
    }

    /// Returns whether an answer would do something, apart from the time it has to
    /// wait. A change of this disarms the question.
    fn may_be_answered(&self, _model: &Model) -> bool {
        false
    }

    /// Returns the time until it takes an answer; `None` when it does, or has no
    /// question.
    fn takes_answer_in(&self, _model: &Model) -> Option<Duration> {
        None
    }

    /// Returns whether it asks a second time: then every key but the answer goes back
    /// to the first question.
    fn asks_again(&self, _model: &Model) -> bool {
        false
    }

    /// Goes back from the second question to the first.
    fn take_back(&mut self) {}

    /// Returns how long keys stay readable on it; `None` if no end is set.
    fn hides_in(&self, _now: Timestamp) -> Option<Duration> {
        None
    }

    /// Returns whether lists may be read in the background while it is open.
    fn allows_reads(&self, _model: &Model) -> bool {
        false
    }

    /// Returns whether it shows the audit, which is then read back as it grows.
    fn shows_audit(&self) -> bool {
        false
    }

    /// Returns whether it shows what is wrong with the region map.
    fn shows_region_problems(&self) -> bool {
        false
    }

    /// Returns the place whose on-ramps it compares: their load is read.
    fn compares(&self) -> Option<&geography::Scope> {
        None
    }
}

impl dyn Modal {
    /// Returns whether it is a dialog of this kind.
    pub fn is<T: Modal>(&self) -> bool {
        (self as &dyn Any).is::<T>()
    }

    /// Returns it, if it is a dialog of this kind.
    pub fn as_kind<T: Modal>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
    }

    /// Returns it mutably.
    pub fn as_kind_mut<T: Modal>(&mut self) -> Option<&mut T> {
        (self as &mut dyn Any).downcast_mut()
    }
}

/// The dialogs that are open, the one with the focus on top.
#[derive(Debug, Default)]
pub struct Modals(Vec<Box<dyn Modal>>);

impl Modals {
    /// Returns whether none is open.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of open dialogs.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Opens one over the others.
    pub fn push(&mut self, modal: impl Modal) {
        self.0.push(Box::new(modal));
    }

    /// Pushes one that was open before.
    pub fn push_boxed(&mut self, modal: Box<dyn Modal>) {
        self.0.push(modal);
    }

    /// Closes the one on top.
    pub fn pop(&mut self) -> Option<Box<dyn Modal>> {
        self.0.pop()
    }

    /// Closes the one on top, if it is of this kind.
    pub fn pop_kind<T: Modal>(&mut self) -> Option<Box<T>> {
        let top = self.0.pop_if(|top| top.is::<T>())?;
        (top as Box<dyn Any>).downcast().ok()
    }

    /// Returns the one on top.
    pub fn top(&self) -> Option<&dyn Modal> {
        self.0.last().map(AsRef::as_ref)
    }

    /// Returns it mutably.
    pub fn top_mut(&mut self) -> Option<&mut dyn Modal> {
        self.0.last_mut().map(AsMut::as_mut)
    }

    /// Returns the one on top, if it is of this kind.
    pub fn on_top<T: Modal>(&self) -> Option<&T> {
        self.top()?.as_kind()
    }

    /// Returns it mutably.
    pub fn on_top_mut<T: Modal>(&mut self) -> Option<&mut T> {
        self.top_mut()?.as_kind_mut()
    }

    /// Returns the topmost one of this kind.
    pub fn find<T: Modal>(&self) -> Option<&T> {
        self.iter().rev().find_map(<dyn Modal>::as_kind)
    }

    /// Returns it mutably.
    pub fn find_mut<T: Modal>(&mut self) -> Option<&mut T> {
        self.iter_mut().rev().find_map(<dyn Modal>::as_kind_mut)
    }

    /// Returns all of this kind, the lowest first.
    pub fn all_mut<T: Modal>(&mut self) -> impl DoubleEndedIterator<Item = &mut T> {
        self.iter_mut().filter_map(<dyn Modal>::as_kind_mut)
    }

    /// Returns whether one of this kind is open.
    pub fn has<T: Modal>(&self) -> bool {
        self.iter().any(<dyn Modal>::is::<T>)
    }

    /// Closes all of this kind.
    pub fn close<T: Modal>(&mut self) {
        self.retain(|modal| !modal.is::<T>());
    }

    /// Closes those that show the progress of this request.
    pub fn close_about(&mut self, intent: IntentId) {
        self.retain(|modal| modal.about() != Some(intent));
    }

    /// Closes the dialogs for which `keep` is false.
    pub fn retain(&mut self, keep: impl Fn(&dyn Modal) -> bool) {
        self.0.retain(|modal| keep(modal.as_ref()));
    }

    /// Closes all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Returns all, the lowest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &dyn Modal> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// Iterates over them mutably.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut dyn Modal> {
        self.0.iter_mut().map(AsMut::as_mut)
    }

    /// Returns whether the one on top shows the progress of this request.
    pub fn is_top_about(&self, intent: IntentId) -> bool {
        self.top().is_some_and(|top| top.about() == Some(intent))
    }

    /// Disarms its question, which has to be on the screen again before it can be
    /// answered.
    pub fn disarm_top(&mut self, now: Timestamp) {
        if let Some(question) = self.top_mut().and_then(|top| top.question_mut()) {
            question.disturb(now);
        }
    }

    /// Disarms covered dialogs: they are not on the screen, and must be drawn and read
    /// again before an answer counts.
    pub fn disarm_covered(&mut self, now: Timestamp) {
        for modal in self.iter_mut().rev().skip(1) {
            if let Some(question) = modal.question_mut() {
                question.disturb(now);
            }
        }
    }
}

/// Closes the dialog on top.
pub(in crate::ui) const CLOSE: Command = command("dialog.close", "Close.", close);

fn close(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.modals_mut().pop();
    vec![]
}
