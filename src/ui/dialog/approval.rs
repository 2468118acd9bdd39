//! A circuit that waits for our approval: the question, and what became of it.

use std::time::Duration;

use ratatui::{buffer::Buffer, text::Line};

use crate::{
    api::Failure,
    domain::{
        id::{ConnectionId, OnRampId},
        on_ramp::OnRamp,
        text::SafeText,
        time::Timestamp,
        vxc::Vxc,
    },
    engine::question::Question,
    ui::{model::Model, text::relative, theme::Role},
};

use super::frame::{self, fact};

/// How far it has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has answered.
    Asking,
    /// The answer is written down before it leaves: yes or no.
    Writing(bool),
    /// The answer has left: yes or no.
    Sending(bool),
    /// The on-ramp is read again, with how the request failed, if it did.
    Reading(bool, Option<Failure>),
    /// It is not known yet whether the answer arrived: the on-ramp is read
    /// again as planned. With how the request failed, if it did.
    Searching(bool, Option<Failure>),
    /// The circuit does not wait any more.
    Done(bool),
    /// It still waits, and why.
    Failed(Option<Failure>),
}

/// The dialog.
#[derive(Debug, Clone)]
pub struct Approval {
    /// The circuit.
    pub circuit: ConnectionId,
    /// The on-ramp it wants to come to.
    pub on_ramp: OnRampId,
    /// The label of the key it came of, where that is known.
    pub label: Option<SafeText>,
    /// How far it has got.
    pub stage: Stage,
    /// Whether `R` was pressed: the rejection is asked about once more.
    pub rejecting: bool,
    /// Whether an answer counts.
    pub question: Question,
}

impl Approval {
    /// How long until an answer counts; `None` when it does.
    pub fn arms_in(&self, now: Timestamp) -> Option<Duration> {
        self.question.arms_in(now).filter(|_| self.may_answer())
    }

    /// Whether it may be answered: for the first time, or once more.
    pub const fn may_answer(&self) -> bool {
        matches!(self.stage, Stage::Asking | Stage::Failed(_))
    }

    /// Whether it asks about the rejection: `y` rejects the circuit.
    pub const fn is_asked_again(&self) -> bool {
        self.rejecting && self.may_answer()
    }

    /// Whether a request is under way.
    pub const fn is_under_way(&self) -> bool {
        matches!(self.stage, Stage::Writing(_) | Stage::Sending(_) | Stage::Reading(..))
    }
}

/// The circuit of an approval as it is listed now.
pub(in crate::ui) fn circuit<'a>(
    model: &'a Model,
    id: &ConnectionId,
    at: &OnRampId,
) -> Option<&'a Vxc> {
    let on_ramp: &OnRamp = model.inventory.on_ramp(at)?;
    on_ramp.vxcs.iter().find(|vxc| vxc.id == *id)
}

pub(in crate::ui) fn draw(model: &Model, open: &Approval, buffer: &mut Buffer) {
    let theme = model.theme;
    let (title, role) = if open.is_asked_again() {
        ("Reject this circuit?", Role::Bad)
    } else {
        ("Approve this circuit?", Role::Warn)
    };
    let area = frame::open(model, title, frame::SIZE, role, buffer);
    let now = model.server_now();
    let mut lines = vec![];
    let on_ramp = model.inventory.on_ramp(&open.on_ramp);
    if let Some(vxc) = circuit(model, &open.circuit, &open.on_ramp) {
        let at = on_ramp.map_or_else(String::new, |on_ramp| {
            format!("{}, {}, zone {}", on_ramp.name, on_ramp.site.name, on_ramp.zone.word())
        });
        let ordered = vxc.created.map_or_else(|| "not said".to_owned(), |at| relative(at, now));
        let (vlan, rate) = (vxc.vlan.to_string(), vxc.rate.to_string());
        let facts = [
            ("circuit", vxc.name.as_str()),
            ("from", vxc.far_end.as_str()),
            ("on-ramp", at.as_str()),
            ("VLAN", vlan.as_str()),
            ("rate", rate.as_str()),
            ("ordered", ordered.as_str()),
            ("key", open.label.as_ref().map_or("none of ours on this VLAN", SafeText::as_str)),
        ];
        let given = facts.iter().filter(|(_, value)| !value.is_empty());
        lines.extend(given.flat_map(|(name, value)| fact(theme, name, value, area.width)));
    } else {
        let says = "The circuit is not listed any more.";
        lines.extend(frame::sentence(theme, Role::Warn, says, area.width));
    }
    lines.push(Line::default());
    let (role, says) = state(model, open);
    lines.extend(frame::sentence(theme, role, &says, area.width));
    frame::lines(&lines, area, buffer);
}

fn state(model: &Model, open: &Approval) -> (Role, String) {
    let word = |yes: &bool| if *yes { "approved" } else { "rejected" };
    match &open.stage {
        Stage::Asking | Stage::Failed(_) if open.rejecting => {
            let says = "Reject it? The circuit is deleted, and the customer must order again.";
            if model.arms_in(open.arms_in(model.now)).is_some() {
                (Role::Bad, format!("{says} Pause briefly, then press y."))
            } else {
                (Role::Bad, format!("{says} y: reject. Any other key: back to the question."))
            }
        }
        Stage::Asking if model.arms_in(open.arms_in(model.now)).is_some() => {
            (Role::Quiet, "One moment: an answer counts after 0.4 s.".to_owned())
        }
        Stage::Asking => (
            Role::Accent,
            "y: approve, it carries traffic 1 to 2 minutes later. R: reject, asks once more. \
             Enter, Esc or n: leave it waiting."
                .to_owned(),
        ),
        Stage::Writing(_) => (Role::Quiet, "Being written down; nothing has left…".to_owned()),
        Stage::Sending(_) => (Role::Warn, "Sent; waiting for the answer…".to_owned()),
        Stage::Reading(_, None) => (Role::Warn, "Answered; its on-ramp is read again…".to_owned()),
        Stage::Reading(_, Some(failure)) => {
            (Role::Warn, format!("{failure}: its on-ramp is read again to see…"))
        }
        Stage::Searching(_, failure) => {
            let why = failure.as_ref().map_or_else(
                || "Megaport took the answer, and the circuit still waits".to_owned(),
                ToString::to_string,
            );
            let says =
                format!("{why}: not known yet, its on-ramp is read again… Enter, Esc: back.");
            (Role::Warn, says)
        }
        Stage::Done(yes) => (Role::Good, format!("It is {}. Enter or Esc: back.", word(yes))),
        Stage::Failed(Some(failure)) => {
            (Role::Bad, format!("It still waits. {failure}. {} y, R: again.", failure.advice))
        }
        Stage::Failed(None) => {
            (Role::Warn, "It still waits, though Megaport took the answer. y, R: again.".to_owned())
        }
    }
}
