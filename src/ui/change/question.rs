//! A change of keys: the question. What is asked for, and how far it has got, is
//! the engine's.

use std::time::Duration;

use ratatui::buffer::Buffer;

use crate::{
    domain::time::Timestamp,
    engine::{
        change_run::{ChangeId, ChangeRun},
        question::{Asked, Question},
    },
    ui::model::{
        Model,
        command::Scope,
        interface::ChangeKind,
        modal::{CursorCell, Modal},
    },
};

use super::{commands, question_view};

/// A change of one key or several, confirmed by one `y` and sent one after
/// the other.
#[derive(Debug, Clone)]
pub struct Change {
    /// The question: `Switch off?`.
    pub title: &'static str,
    /// Its effect, in a sentence.
    pub means: &'static str,
    /// The run of changes.
    pub id: ChangeId,
    /// Whether `y` counts.
    pub question: Question,
}

impl Change {
    /// Returns the question about a change of this kind.
    pub const fn new(kind: ChangeKind, id: ChangeId, now: Timestamp) -> Self {
        let (title, means) = match kind {
            ChangeKind::Disable => (
                "Disable?",
                "The customer can no longer use the key. It stays listed, keeps its VLAN and can \
                 be enabled again. An existing circuit is not affected.",
            ),
            ChangeKind::Enable => {
                ("Enable?", "The customer can use the key again while it is valid.")
            }
            ChangeKind::PutBack => (
                "Restore as ordered?",
                "A colleague may have meant this change: ask first. The whole key is re-sent \
                 with the values of this host's record, then read back.",
            ),
            ChangeKind::Edit => (
                "Change this key?",
                "The whole key is re-sent (the API resets omitted fields), then read back and \
                 compared.",
            ),
        };
        Self { title, means, id, question: Question::opened(now) }
    }

    /// Returns the run of changes, with its progress.
    pub fn run<'a>(&self, model: &'a Model) -> Option<&'a ChangeRun> {
        model.engine.changes(self.id)
    }

    /// Returns the time until `y` counts; `None` when it does.
    pub fn arms_in(&self, model: &Model) -> Option<Duration> {
        self.question.arms_in(model.now()).filter(|_| self.may_go(model))
    }

    /// Returns whether a `y` would do something.
    pub fn may_go(&self, model: &Model) -> bool {
        self.run(model).is_some_and(ChangeRun::may_go)
    }

    /// Returns whether any of it is in progress.
    pub fn is_under_way(&self, model: &Model) -> bool {
        self.run(model).is_some_and(ChangeRun::is_under_way)
    }
}

impl Modal for Change {
    fn scope(&self) -> &'static Scope {
        &commands::SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        question_view::draw(model, self, buffer);
        None
    }

    fn question(&self) -> Option<&Question> {
        Some(&self.question)
    }

    fn question_mut(&mut self) -> Option<&mut Question> {
        Some(&mut self.question)
    }

    fn asked(&self, model: &Model) -> Option<Asked> {
        let run = self.run(model).filter(|_| model.arms_in(None).is_none());
        run.map(ChangeRun::asked)
    }

    fn may_be_answered(&self, model: &Model) -> bool {
        self.may_go(model)
    }

    fn takes_answer_in(&self, model: &Model) -> Option<Duration> {
        model.arms_in(self.arms_in(model))
    }
}
