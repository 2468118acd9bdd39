//! The review: the one question about what is about to be sent. What that is, and
//! how it was checked, is the engine's plan.

use std::time::Duration;

use ratatui::buffer::Buffer;

use crate::{
    domain::time::Timestamp,
    engine::{
        plan::Plan,
        question::{Asked, Question},
    },
    ui::model::{
        Model,
        command::Scope,
        modal::{CursorCell, Modal},
    },
};

use super::{commands, review_view};

/// The review's state.
#[derive(Debug, Clone)]
pub struct Review {
    /// Whether `y` counts.
    pub question: Question,
}

impl Review {
    /// Returns a review that opens at `now`.
    pub const fn opened(now: Timestamp) -> Self {
        Self { question: Question::opened(now) }
    }

    /// Returns whether the screen may report that `y` counts: every check is clear, all
    /// of it is on the screen, and the keyboard was quiet.
    pub(in crate::ui) fn is_ready(&self, model: &Model) -> bool {
        let Some(plan) = model.engine.plan() else { return false };
        plan.is_clear()
            && self.takes_answer_in(model).is_none()
            && review_view::is_all_shown(model, plan)
    }
}

impl Modal for Review {
    fn scope(&self) -> &'static Scope {
        &commands::REVIEW
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        review_view::draw(model, self, buffer);
        None
    }

    fn question(&self) -> Option<&Question> {
        Some(&self.question)
    }

    fn question_mut(&mut self) -> Option<&mut Question> {
        Some(&mut self.question)
    }

    fn asked(&self, model: &Model) -> Option<Asked> {
        model.engine.plan().filter(|_| self.is_ready(model)).map(Plan::asked)
    }

    fn takes_answer_in(&self, model: &Model) -> Option<Duration> {
        model.arms_in(self.question.arms_in(model.now()))
    }
}
