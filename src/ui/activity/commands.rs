//! Carries out commands on the activity view.

use ratatui::buffer::Buffer;
use tui_input::{Input, InputRequest};

use crate::{
    api::{RequestId, audit::Page},
    ui::{
        input::{list_filter::LIST_FILTER, refresh::REFRESH},
        model::{
            Access, Model, Purpose,
            command::{Binding, Call, Scope, command},
            interface::Open,
            modal::{CursorCell, Modal},
            msg::Effect,
            view::View,
        },
        state::{
            activity::Of,
            key::{
                Code::{Enter, Esc, F, Left, Right},
                char, ctrl, plain,
            },
            position::Position,
            view_id::Place,
        },
    },
};

use super::{
    entry::Shown,
    lines::{self, Line},
    view,
};

/// Goes to the view.
#[rustfmt::skip]
pub(in crate::ui) const GO: Binding =
    command("go.activity", "Go to the activity: what is unfinished, the keys of today, every act.", go_to_activity).hint("activity").when(is_elsewhere).on(&[char('4')]);

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("activity", "Activity view", &[&[
    command("activity.open", "Show one act whole; of an unfinished key: the key, or how the search for it goes.", open).hint("open").on(&[plain(Enter), char('l'), plain(Right), char('d')]),
    command("activity.filter", "Narrow the lines: words of anything that was written, label, on-ramp, customer, user, trace id.", type_filter).hint("filter").on(&[char('/')]),
    REFRESH.doc("Read the audit back again, and on-ramps and keys.").on(&[char('r'), plain(F(5)), ctrl('r')]),
    command("activity.back", "Drop the filter, then go back to the on-ramps.", back).hint("back").on(&[plain(Esc), char('h'), plain(Left)]),
]]);

/// The view.
pub(in crate::ui) struct ActivityView;

impl View for ActivityView {
    fn scope(&self, model: &Model) -> &'static Scope {
        if model.activity.typing { &LIST_FILTER } else { &SCOPE }
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        view::draw(model, buffer)
    }

    fn name(&self, _: &Model) -> String {
        "Activity".to_owned()
    }

    fn position(&self, model: &Model) -> Position {
        let lines = lines::all(model);
        let rows = rows(&lines);
        let now = lines::cursor(model, &lines);
        let at = now.and_then(|now| rows.iter().position(|at| *at == now)).unwrap_or(0);
        Position::of_list(at, rows.len(), view::page(model))
    }

    fn move_to(&self, model: &mut Model, at: usize) {
        let lines = lines::all(model);
        let line = rows(&lines).get(at).and_then(|at| lines.get(*at));
        if let Some(Line::Row(of)) = line {
            model.activity.selected = Some(of.clone());
        }
        scroll(model);
    }

    fn is_typing(&self, model: &Model) -> bool {
        model.activity.typing
    }

    fn type_in(&self, model: &mut Model, requests: &[InputRequest]) {
        for &request in requests {
            model.activity.filter.handle(request);
        }
        scroll(model);
    }

    fn refresh(&self, model: &mut Model) -> Vec<Effect> {
        let effects = read(model);
        scroll(model);
        effects
    }

    fn end_filter(&self, model: &mut Model, keep: bool) {
        if keep {
            model.activity.typing = false;
        } else {
            drop_filter(model);
        }
        scroll(model);
    }
}

/// The lines that the cursor can be on.
fn rows(lines: &[Line]) -> Vec<usize> {
    let is_row = |(at, line): (usize, &Line)| matches!(line, Line::Row(_)).then_some(at);
    lines.iter().enumerate().filter_map(is_row).collect()
}

fn is_elsewhere(model: &Model) -> bool {
    model.place != Place::Activity
}

fn go_to_activity(model: &mut Model, _: Call) -> Vec<Effect> {
    model.place = Place::Activity;
    read(model)
}

fn type_filter(model: &mut Model, _: Call) -> Vec<Effect> {
    model.activity.typing = true;
    scroll(model);
    vec![]
}

fn back(model: &mut Model, _: Call) -> Vec<Effect> {
    if model.activity.filter.value().is_empty() {
        model.place = Place::Browse;
    } else {
        drop_filter(model);
    }
    scroll(model);
    vec![]
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
    let shown = model.place == Place::Activity || model.modals.iter().any(Modal::shows_audit);
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

fn open(model: &mut Model, _: Call) -> Vec<Effect> {
    let lines = lines::all(model);
    let at = lines::cursor(model, &lines).and_then(|at| lines.get(at));
    let Some(Line::Row(of)) = at else { return vec![] };
    let effects = match *of {
        Of::Unfinished(id) => model.open(Open::Attempt(id)),
        Of::Key(number) | Of::Act(number) => {
            if let Some(entry) = model.activity.entry(number) {
                model.modals.push(Shown { entry: entry.clone(), scroll: 0 });
            }
            vec![]
        }
    };
    scroll(model);
    effects
}
