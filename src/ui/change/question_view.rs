//! Draws a change of keys: the question, and the outcome of each.

use ratatui::{
    buffer::Buffer,
    text::{Line, Span},
};

use crate::{
    engine::{
        change_run::ChangeRun,
        key_change::{KeyChangeStage, KeyChangeStatus},
    },
    ui::{model::Model, screen::frame, widget::theme::Role},
};

use super::question::Change;

pub(in crate::ui) fn draw(model: &Model, change: &Change, buffer: &mut Buffer) {
    let theme = model.theme;
    let area = frame::open(model, change.title, frame::SIZE, Role::Warn, buffer);
    let Some(run) = change.run(model) else { return };
    let mut lines = steps(model, change, run, area.width);
    lines.push(Line::default());
    let (role, ask) = question(model, change, run);
    lines.extend(frame::sentence(theme, role, ask, area.width));
    frame::lines(&lines, area, buffer);
}

/// The lines reserved for the question.
const QUESTION: usize = 2;

/// Returns whether every key of the change is on the screen: what is not shown cannot
/// be confirmed.
pub(in crate::ui) fn is_all_shown(model: &Model, change: &Change) -> bool {
    let area = frame::inside(model, frame::SIZE);
    let Some(run) = change.run(model) else { return false };
    steps(model, change, run, area.width).len() + QUESTION <= usize::from(area.height)
}

/// Returns the effect and each key; of many keys only a line each.
fn steps(model: &Model, change: &Change, run: &ChangeRun, room: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = frame::sentence(theme, Role::Plain, change.means, room);
    let many = run.steps().len() > 3;
    for (at, step) in run.steps().iter().enumerate() {
        if !many || at == 0 {
            lines.push(Line::default());
        }
        let mut head = head(model, at, step, run.steps().len() > 1);
        let (role, says) = state(step);
        if many {
            head.spans.push(Span::styled(format!("  {says}"), theme.style(role)));
            lines.push(head);
            continue;
        }
        lines.push(head);
        let below = |role, says: &str| {
            let lines = frame::sentence(theme, role, says, room.saturating_sub(3));
            lines.into_iter().map(|mut line| {
                line.spans.insert(0, Span::raw("   "));
                line
            })
        };
        lines.extend(below(role, &says));
        for difference in step.differences() {
            let done = matches!(step.stage, KeyChangeStage::Done(_));
            lines.extend(below(Role::Plain, &difference.as_change(done)));
        }
    }
    lines
}

fn head(model: &Model, at: usize, step: &KeyChangeStatus, several: bool) -> Line<'static> {
    let theme = model.theme;
    let key = &step.before;
    let on_ramp = model.engine.inventory().on_ramp(&key.on_ramp);
    let zone = on_ramp.map_or(String::new(), |on_ramp| format!("{}  ", on_ramp.zone.word()));
    let name = on_ramp.map_or(&key.on_ramp_name, |on_ramp| &on_ramp.name);
    let tick = match (several, step.wanted) {
        (false, _) => String::new(),
        (true, true) => format!("[x] {}  ", at + 1),
        (true, false) => format!("[ ] {}  ", at + 1),
    };
    let style = theme.style(if step.wanted { Role::Strong } else { Role::Quiet });
    Line::from(vec![
        Span::styled(format!("{tick}{zone}{name}"), style),
        Span::styled(format!("  {}  {}", key.id.masked(), key.label), theme.style(Role::Quiet)),
    ])
}

/// Describes the progress of one key.
fn state(step: &KeyChangeStatus) -> (Role, String) {
    match &step.stage {
        KeyChangeStage::Waiting if step.wanted => (Role::Quiet, "pending".to_owned()),
        KeyChangeStage::Waiting => (Role::Quiet, "unchanged".to_owned()),
        KeyChangeStage::Writing => (Role::Quiet, "recording; nothing has been sent…".to_owned()),
        KeyChangeStage::Sending => (Role::Warn, "sent; waiting for the reply…".to_owned()),
        KeyChangeStage::Reading(None) => {
            (Role::Warn, "Megaport replied; reading the key again…".to_owned())
        }
        KeyChangeStage::Reading(Some(failure)) => {
            (Role::Warn, format!("{failure}: the key may have been changed; reading it again…"))
        }
        KeyChangeStage::Searching(None) => (
            Role::Warn,
            "Megaport replied, but the list does not show the change yet; reading the key again…"
                .to_owned(),
        ),
        KeyChangeStage::Searching(Some(failure)) => (
            Role::Warn,
            format!("{failure}: not known yet whether the key was changed; reading it again…"),
        ),
        KeyChangeStage::Done(after) if step.is_met_by(after) => (Role::Good, "done".to_owned()),
        KeyChangeStage::Done(_) => {
            (Role::Bad, "not as requested: this is the present state of the key".to_owned())
        }
        KeyChangeStage::Failed(failure) => (Role::Bad, failure.in_full()),
    }
}

fn question(model: &Model, change: &Change, run: &ChangeRun) -> (Role, &'static str) {
    if run.is_under_way() {
        (Role::Quiet, "Please wait…")
    } else if !run.may_go() {
        (Role::Plain, "Enter or Esc: back.")
    } else if model.arms_in(change.arms_in(model)).is_some() {
        (Role::Quiet, "Pause briefly, then press y.")
    } else if run.is_confirmed() {
        (Role::Accent, "y tries again. Enter or Esc: back.")
    } else if run.steps().len() > 1 {
        (Role::Accent, "y = confirm for the marked keys. 1 and 2 = mark. Enter, Esc or n = back.")
    } else {
        (Role::Accent, "y = confirm. Enter, Esc or n = back.")
    }
}
