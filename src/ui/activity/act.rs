//! Carries out commands on the activity view.

use tui_input::Input;

use crate::{
    api::{RequestId, audit::Page},
    ui::{
        dialog::{
            Dialog,
            entry::{self, Shown},
        },
        issue,
        keymap::{Command, Step},
        model::{Access, Model, Purpose},
        msg::Effect,
        place::Place,
    },
};

use super::{
    Of,
    lines::{self, Line},
    view,
};

/// Carries out a command of the view, or of an entry shown whole; `None` where
/// it is not one of theirs.
pub(in crate::ui) fn act(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    if let (Command::Move(Step::Lines(by)), Some(Dialog::Entry(shown))) =
        (command, model.dialogs.last())
    {
        let scroll = shown.scroll.saturating_add_signed(by).min(entry::furthest(model, shown));
        if let Some(Dialog::Entry(shown)) = model.dialogs.last_mut() {
            shown.scroll = scroll;
        }
        return Some(vec![]);
    }
    if command == Command::Go(Place::Activity) {
        model.place = Place::Activity;
        return Some(read(model));
    }
    if model.place != Place::Activity || !model.dialogs.is_empty() {
        return None;
    }
    let mut effects = vec![];
    match command {
        Command::Move(step) => go(model, step),
        Command::Filter => model.activity.typing = true,
        Command::KeepFilter => model.activity.typing = false,
        Command::DropFilter => drop_filter(model),
        Command::Back if !model.activity.filter.value().is_empty() => drop_filter(model),
        Command::Back => model.place = Place::Browse,
        Command::Open => effects = open(model),
        Command::Refresh => {
            effects = model.refresh();
            effects.extend(read(model));
        }
        _ => return None,
    }
    scroll(model);
    Some(effects)
}

fn drop_filter(model: &mut Model) {
    (model.activity.filter, model.activity.typing) = (Input::default(), false);
}

/// Reads the audit back, unless that is under way.
pub(in crate::ui) fn read(model: &mut Model) -> Vec<Effect> {
    if model.access != Access::Open {
        return vec![];
    }
    if model.activity.asked.is_some() {
        model.activity.again = true;
        return vec![];
    }
    let id = model.new_request_id(Purpose::Audit);
    model.activity.asked = Some(id);
    vec![Effect::ReadAudit(id)]
}

/// Something was written: reads it back where that shows.
pub(in crate::ui) fn read_if_shown(model: &mut Model) -> Vec<Effect> {
    let timeline = |open: &Dialog| matches!(open, Dialog::Timeline(_) | Dialog::Troubles);
    let shown = model.place == Place::Activity || model.dialogs.iter().any(timeline);
    if shown { read(model) } else { vec![] }
}

/// Takes in what was read back.
pub(in crate::ui) fn take(model: &mut Model, id: RequestId, page: Page) -> Vec<Effect> {
    if model.waiting.remove(&id).is_none() {
        return vec![];
    }
    let now = model.server_now();
    model.activity.asked = None;
    model.activity.take(page, now);
    scroll(model);
    if std::mem::take(&mut model.activity.again) { read_if_shown(model) } else { vec![] }
}

fn go(model: &mut Model, step: Step) {
    let lines = lines::all(model);
    let rows: Vec<_> = lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| matches!(line, Line::Row(_)).then_some(at))
        .collect();
    let by = step.lines(view::page(model));
    let Some(now) = lines::cursor(model, &lines) else { return };
    let now = rows.iter().position(|at| *at == now).unwrap_or(0);
    let next = now.saturating_add_signed(by).min(rows.len().saturating_sub(1));
    if let Some(Line::Row(of)) = rows.get(next).and_then(|at| lines.get(*at)) {
        model.activity.selected = Some(of.clone());
    }
}

/// Scrolls so that the cursor is on the page, and what stands above the first
/// line too.
pub(in crate::ui) fn scroll(model: &mut Model) {
    let lines = lines::all(model);
    let page = view::page(model).max(1);
    let at = lines::cursor(model, &lines).unwrap_or(0);
    let first = lines.iter().position(|line| matches!(line, Line::Row(_)));
    let top = if Some(at) == first { 0 } else { at };
    let offset = &mut model.activity.offset;
    *offset =
        (*offset).clamp((at + 1).saturating_sub(page), top.max((at + 1).saturating_sub(page)));
}

fn open(model: &mut Model) -> Vec<Effect> {
    let lines = lines::all(model);
    let at = lines::cursor(model, &lines).and_then(|at| lines.get(at));
    let Some(Line::Row(of)) = at else { return vec![] };
    match *of {
        Of::Unfinished(id) => issue::open_one(model, id),
        Of::Key(number) | Of::Act(number) => {
            if let Some(entry) = model.activity.entry(number) {
                let shown = Shown { entry: entry.clone(), scroll: 0 };
                model.dialogs.push(Dialog::Entry(Box::new(shown)));
            }
            vec![]
        }
    }
}
