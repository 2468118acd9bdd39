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
            context::Context,
            interface::Open,
            modal::{CursorCell, Modal},
            msg::Effect,
            view::View,
        },
        state::{
            activity::RowId,
            key::{
                Code::{Enter, Esc, F, Left, Right},
                char, ctrl, plain,
            },
            position::Position,
            view_id::ViewId,
        },
    },
};

use super::{
    entry::OpenEntry,
    lines::{self, Line},
    view,
};

/// Goes to the view.
#[rustfmt::skip]
pub(in crate::ui) const GO: Binding =
    command("go.activity", "Activity: unfinished requests, keys created today, every entry.", go_to_activity).hint("activity").when(is_elsewhere).bind(&[char('4')]);

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("activity", "Activity view", &[&[
    command("activity.open", "Show the log entry; for an unfinished key: the key, or the progress of its search.", open).hint("open").bind(&[plain(Enter), char('l'), plain(Right), char('d')]),
    command("activity.filter", "Filter the entries: words of the label, on-ramp, customer, user, trace id or any other field.", type_filter).hint("filter").bind(&[char('/')]),
    REFRESH.doc("Read the audit log, on-ramps and keys again.").bind(&[char('r'), plain(F(5)), ctrl('r')]),
    command("activity.back", "Clear the filter, then go back to the on-ramps.", back).hint("back").bind(&[plain(Esc), char('h'), plain(Left)]),
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

    fn move_to(&self, context: &mut Context<'_>, at: usize) {
        let lines = lines::all(context);
        let line = rows(&lines).get(at).and_then(|at| lines.get(*at));
        if let Some(Line::Row(of)) = line {
            context.activity_mut().selected = Some(of.clone());
        }
        scroll(context);
    }

    fn is_typing(&self, model: &Model) -> bool {
        model.activity.typing
    }

    fn type_in(&self, context: &mut Context<'_>, requests: &[InputRequest]) {
        for &request in requests {
            context.activity_mut().filter.handle(request);
        }
        scroll(context);
    }

    fn refresh(&self, context: &mut Context<'_>) -> Vec<Effect> {
        let effects = read(context);
        scroll(context);
        effects
    }

    fn end_filter(&self, context: &mut Context<'_>, keep: bool) {
        if keep {
            context.activity_mut().typing = false;
        } else {
            drop_filter(context);
        }
        scroll(context);
    }
}

/// Returns the lines that the cursor can be on.
fn rows(lines: &[Line]) -> Vec<usize> {
    let is_row = |(at, line): (usize, &Line)| matches!(line, Line::Row(_)).then_some(at);
    lines.iter().enumerate().filter_map(is_row).collect()
}

fn is_elsewhere(model: &Model) -> bool {
    model.place != ViewId::Activity
}

fn go_to_activity(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.go_to_view(ViewId::Activity);
    read(context)
}

fn type_filter(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.activity_mut().typing = true;
    scroll(context);
    vec![]
}

fn back(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if context.activity.filter.value().is_empty() {
        context.go_to_view(ViewId::Browse);
    } else {
        drop_filter(context);
    }
    scroll(context);
    vec![]
}

fn drop_filter(context: &mut Context<'_>) {
    let activity = context.activity_mut();
    (activity.filter, activity.typing) = (Input::default(), false);
}

/// Reads the audit back, unless that is in progress.
pub(in crate::ui) fn read(context: &mut Context<'_>) -> Vec<Effect> {
    if context.access != Access::Open {
        return vec![];
    }
    if context.activity.asked.is_some() {
        context.activity_mut().again = true;
        return vec![];
    }
    let id = context.new_request_id(Purpose::Audit);
    context.activity_mut().asked = Some(id);
    vec![Effect::ReadAudit(id)]
}

/// Reads the audit back after a new line, if the view is visible.
pub(in crate::ui) fn read_if_shown(context: &mut Context<'_>) -> Vec<Effect> {
    let shown = context.place == ViewId::Activity || context.modals.iter().any(Modal::shows_audit);
    if shown { read(context) } else { vec![] }
}

/// Applies the entries that were read back.
pub(in crate::ui) fn apply_page(
    context: &mut Context<'_>,
    id: RequestId,
    page: Page,
) -> Vec<Effect> {
    if context.end_request(id).is_none() {
        return vec![];
    }
    let now = context.server_now();
    context.activity_mut().asked = None;
    context.activity_mut().apply_page(page, now);
    scroll(context);
    if std::mem::take(&mut context.activity_mut().again) { read_if_shown(context) } else { vec![] }
}

/// Scrolls so that the cursor is on the page, with the heading above the first line.
pub(in crate::ui) fn scroll(context: &mut Context<'_>) {
    let lines = lines::all(context);
    let page = view::page(context).max(1);
    let at = lines::cursor(context, &lines).unwrap_or(0);
    let first = lines.iter().position(|line| matches!(line, Line::Row(_)));
    let top = if Some(at) == first { 0 } else { at };
    let offset = &mut context.activity_mut().offset;
    *offset =
        (*offset).clamp((at + 1).saturating_sub(page), top.max((at + 1).saturating_sub(page)));
}

fn open(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let lines = lines::all(context);
    let at = lines::cursor(context, &lines).and_then(|at| lines.get(at));
    let Some(Line::Row(of)) = at else { return vec![] };
    let effects = match *of {
        RowId::Unfinished(id) => context.open(Open::Attempt(id)),
        RowId::Key(number) | RowId::Act(number) => {
            if let Some(entry) = context.activity.entry(number).cloned() {
                context.modals_mut().push(OpenEntry { entry, scroll: 0 });
            }
            vec![]
        }
    };
    scroll(context);
    effects
}
