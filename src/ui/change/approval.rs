//! A circuit that awaits our approval: the question, and its outcome.

use std::time::Duration;

use ratatui::{buffer::Buffer, text::Line};

use crate::{
    domain::text::SafeText,
    engine::{
        answer::{Answer, AnswerStage},
        question::{Asked, Question},
    },
    ui::{
        model::{
            Model,
            command::Scope,
            modal::{CursorCell, Modal},
        },
        screen::frame::{self, fact},
        widget::{text::relative, theme::Role},
    },
};

use super::approval_commands;

/// The dialog. The circuit, and how far the answer has got, is the engine's.
#[derive(Debug, Clone)]
pub struct Approval {
    /// The label of the key it was created from, if known.
    pub label: Option<SafeText>,
    /// Whether `R` was pressed: the rejection is asked about once more.
    pub rejecting: bool,
    /// Whether an answer counts.
    pub question: Question,
}

impl Approval {
    /// Returns the time until an answer counts; `None` when it does.
    pub fn arms_in(&self, model: &Model) -> Option<Duration> {
        self.question.arms_in(model.now()).filter(|_| may_answer(model))
    }

    /// Returns whether it asks about the rejection: `y` rejects the circuit.
    pub fn is_asked_again(&self, model: &Model) -> bool {
        self.rejecting && may_answer(model)
    }
}

/// Returns whether the circuit may be answered: for the first time, or once more.
pub(in crate::ui) fn may_answer(model: &Model) -> bool {
    model.engine.answer().is_some_and(Answer::may_answer)
}

pub(in crate::ui) fn draw(model: &Model, open: &Approval, buffer: &mut Buffer) {
    let theme = model.theme;
    let Some(answer) = model.engine.answer() else { return };
    let (title, role) = if open.is_asked_again(model) {
        ("Reject this circuit?", Role::Bad)
    } else {
        ("Approve this circuit?", Role::Warn)
    };
    let area = frame::open(model, title, frame::SIZE, role, buffer);
    let now = model.server_now();
    let mut lines = vec![];
    let on_ramp = model.engine.inventory().on_ramp(answer.on_ramp());
    if let Some(vxc) = model.engine.answered_circuit() {
        let at = on_ramp.map_or_else(String::new, |on_ramp| {
            format!("{}, {}, zone {}", on_ramp.name, on_ramp.site.name, on_ramp.zone.word())
        });
        let ordered = vxc.created.map_or_else(|| "not reported".to_owned(), |at| relative(at, now));
        let (vlan, rate) = (
            vxc.vlan.to_string(),
            vxc.rate.map_or_else(|| "rate not reported".to_owned(), |rate| rate.to_string()),
        );
        let facts = [
            ("circuit", vxc.name.as_str()),
            ("from", vxc.far_end.as_str()),
            ("on-ramp", at.as_str()),
            ("VLAN", vlan.as_str()),
            ("rate", rate.as_str()),
            ("ordered", ordered.as_str()),
            (
                "key",
                open.label
                    .as_ref()
                    .map_or("none (ordered without one of our keys)", SafeText::as_str),
            ),
        ];
        let given = facts.iter().filter(|(_, value)| !value.is_empty());
        lines.extend(given.flat_map(|(name, value)| fact(theme, name, value, area.width)));
    } else {
        let says = "The circuit is no longer listed.";
        lines.extend(frame::sentence(theme, Role::Warn, says, area.width));
    }
    lines.push(Line::default());
    let (role, says) = state(model, answer.stage(), open);
    lines.extend(frame::sentence(theme, role, &says, area.width));
    frame::lines(&lines, area, buffer);
}

fn state(model: &Model, stage: &AnswerStage, open: &Approval) -> (Role, String) {
    let word = |yes: &bool| if *yes { "approved" } else { "rejected" };
    match stage {
        AnswerStage::Asking | AnswerStage::Failed(_) if open.rejecting => {
            let says = "Reject? The circuit is deleted and the customer must order again.";
            if model.arms_in(open.arms_in(model)).is_some() {
                (Role::Bad, format!("{says} Pause briefly, then press y."))
            } else {
                (Role::Bad, format!("{says} y = reject. Any other key = back."))
            }
        }
        AnswerStage::Asking if model.arms_in(open.arms_in(model)).is_some() => {
            (Role::Quiet, "Pause briefly, then answer.".to_owned())
        }
        AnswerStage::Asking => (
            Role::Accent,
            model.keyed(
                "y = approve (live in 1 to 2 minutes). {key:circuit.ask-rejection} = reject \
                 (asks once more). Enter, Esc or n = decide later.",
            ),
        ),
        AnswerStage::Writing(_) => (Role::Quiet, "Recording; nothing has been sent…".to_owned()),
        AnswerStage::Sending(_) => (Role::Warn, "Sent; waiting for the reply…".to_owned()),
        AnswerStage::Reading(_, None) => {
            (Role::Warn, "Megaport replied; reading the circuit's on-ramp again…".to_owned())
        }
        AnswerStage::Reading(_, Some(failure)) => {
            (Role::Warn, format!("{failure}: reading the circuit's on-ramp again…"))
        }
        AnswerStage::Searching(_, failure) => {
            let why = failure.as_ref().map_or_else(
                || {
                    "Megaport accepted our decision; the circuit still awaits our approval"
                        .to_owned()
                },
                ToString::to_string,
            );
            let says =
                format!("{why}. Not confirmed yet; reading its on-ramp again… Enter, Esc: back.");
            (Role::Warn, says)
        }
        AnswerStage::Done(yes) => {
            (Role::Good, format!("The circuit is {}. Enter or Esc: back.", word(yes)))
        }
        AnswerStage::Failed(Some(failure)) => {
            let again = model.keyed("y, {key:circuit.ask-rejection}: try again.");
            (
                Role::Bad,
                format!("The circuit still awaits our approval. {} {again}", failure.in_full()),
            )
        }
        AnswerStage::Failed(None) => {
            let says = "The circuit still awaits our approval, although Megaport accepted our \
                decision. y or {key:circuit.ask-rejection} = try again.";
            (Role::Warn, model.keyed(says))
        }
    }
}

impl Modal for Approval {
    fn scope(&self) -> &'static Scope {
        &approval_commands::SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        draw(model, self, buffer);
        None
    }

    fn question(&self) -> Option<&Question> {
        Some(&self.question)
    }

    fn question_mut(&mut self) -> Option<&mut Question> {
        Some(&mut self.question)
    }

    fn asked(&self, model: &Model) -> Option<Asked> {
        let answer = model.engine.answer().filter(|_| model.arms_in(None).is_none())?;
        Some(answer.asked(!(self.rejecting && answer.may_answer())))
    }

    fn may_be_answered(&self, model: &Model) -> bool {
        may_answer(model)
    }

    fn takes_answer_in(&self, model: &Model) -> Option<Duration> {
        model.arms_in(self.arms_in(model))
    }

    fn asks_again(&self, model: &Model) -> bool {
        self.is_asked_again(model)
    }

    fn take_back(&mut self) {
        self.rejecting = false;
    }
}
