//! Carries out commands on the views: moving, opening, sorting, leaving.

use tui_input::Input;

use crate::domain::geography::Scope;

use super::{
    account, activity, approve, attempts,
    browse::Pane,
    change,
    dialog::{Dialog, help, log_view, region_map, unfinished},
    event_list, hand_off, issue,
    key::Key,
    key_list,
    keymap::{Command, Step},
    layout, mapping, mode,
    model::Model,
    msg::Effect,
    offers, pair,
    place::Place,
    rehearse, table, trips,
    visit::Visit,
    visit_view, vlans,
};

/// Carries out `command`, asked for by `key`.
pub(super) fn act(model: &mut Model, command: Command, key: Key) -> Vec<Effect> {
    if let Some(effects) = account::act(model, command) {
        return effects;
    }
    if let Some(effects) = hand_off::act(model, command, key) {
        return effects;
    }
    if let Some(effects) = offers::act(model, command) {
        return effects;
    }
    if let Some(effects) = approve::act(model, command) {
        return effects;
    }
    if let Some(effects) = change::act(model, command, key) {
        return effects;
    }
    if let Some(effects) = mapping::act::act(model, command) {
        return effects;
    }
    if let Some(effects) = rehearse::act(model, command) {
        return effects;
    }
    if let Some(effects) = pair::act(model, command) {
        return effects;
    }
    if let Some(effects) = activity::act::act(model, command) {
        return effects;
    }
    if let Some(effects) = event_list::act(model, command) {
        return effects;
    }
    if let Some(effects) = key_list::act::act(model, command) {
        return effects;
    }
    if let Some(effects) = vlans::act(model, command, key) {
        return effects;
    }
    match command {
        Command::Move(step) => move_by(model, step),
        Command::Open if model.dialogs.is_empty() => open(model),
        Command::Back => back(model),
        Command::NextPane => next_pane(model),
        Command::PreviousPane => {
            model.browse.flat = false;
            model.browse.focus = previous(model.browse.focus);
        }
        Command::Sort => {
            let shown = table::columns(model, layout::areas(model).table.width);
            model.browse.sort = model.browse.sort.next_column(&shown);
            arrange(model);
        }
        Command::Reverse => {
            model.browse.sort = model.browse.sort.reversed();
            arrange(model);
        }
        Command::Flat => {
            (model.place, model.visit, model.browse.flat) = (Place::Browse, None, true);
            let all = Scope::default();
            model.browse.go_to(all, model.engine.inventory(), &model.geography);
        }
        Command::RoundTrips => return trips::toggle(model),
        Command::Filter => {
            model.browse.filter.typing = true;
            model.browse.focus = Pane::OnRamps;
        }
        Command::KeepFilter => model.browse.filter.typing = false,
        Command::DropFilter => drop_filter(model),
        Command::Refresh => return model.refresh(),
        Command::Prompt => model.dialogs.push(Dialog::Prompt(Input::default())),
        Command::Run => {
            if let Some(Dialog::Prompt(typed)) = model.dialogs.pop() {
                return mode::run(model, typed.value());
            }
        }
        Command::Help => model.dialogs.push(Dialog::Help { offset: 0 }),
        Command::Interrupt if matches!(model.dialogs.last(), Some(Dialog::Leave)) => {
            return vec![Effect::Quit];
        }
        Command::Quit | Command::Interrupt => return quit(model),
        Command::Suspend if model.engine.is_writing() => {
            let says = "A request is on its way: suspending has to wait for its reply.";
            model.notice = Some(says.to_owned());
        }
        Command::Suspend => return vec![Effect::Suspend],
        Command::Redraw => return vec![Effect::Redraw],
        Command::Again if matches!(model.dialogs.last(), Some(Dialog::Log(_))) => {
            return vec![Effect::ReadLog];
        }
        _ => return issue::act(model, command, key),
    }
    keep_cursor_in_view(model);
    vec![]
}

fn quit(model: &mut Model) -> Vec<Effect> {
    let doubt =
        model.engine.active_attempt().is_some_and(crate::engine::attempt::Attempt::is_in_doubt);
    if doubt || !model.never_copied.is_empty() {
        model.dialogs.push(Dialog::Leave);
        return vec![];
    }
    vec![Effect::Quit]
}

fn move_by(model: &mut Model, step: Step) {
    let last = unfinished::entries(model).len().saturating_sub(1);
    if let Some(Dialog::Unfinished { cursor }) = model.dialogs.last_mut() {
        let by = if let Step::Lines(by) = step { by } else { 0 };
        *cursor = cursor.saturating_add_signed(by).min(last);
        return;
    }
    if let Some(Dialog::Help { offset }) = model.dialogs.last() {
        let by = if let Step::Lines(by) = step { by } else { 0 };
        let offset = offset.saturating_add_signed(by).min(help::furthest(model));
        model.dialogs.pop();
        model.dialogs.push(Dialog::Help { offset });
        return;
    }
    if let Some(Dialog::RegionMap { offset }) = model.dialogs.last() {
        let by = step.lines(region_map::page(model));
        let offset = offset.saturating_add_signed(by).min(region_map::furthest(model));
        model.dialogs.pop();
        model.dialogs.push(Dialog::RegionMap { offset });
        return;
    }
    if let Some(Dialog::Log(log)) = model.dialogs.last() {
        let up = step.lines(log_view::page(model, log)).saturating_neg();
        let above = log.above.saturating_add_signed(up).min(log_view::furthest(model, log));
        if let Some(Dialog::Log(log)) = model.dialogs.last_mut() {
            log.above = above;
        }
        return;
    }
    let page = layout::page(model);
    let by = step.lines(page);
    if let Some(open) = &model.visit {
        let entries = visit_view::entries(model, open, open.list);
        let last = entries.len().saturating_sub(1);
        let cursor = visit_view::cursor(model, open, open.list).saturating_add_signed(by).min(last);
        if let Some(open) = &mut model.visit {
            open.select(entries.get(cursor).cloned(), cursor, page);
        }
    } else if model.browse.focus == Pane::OnRamps {
        model.browse.move_row(by, model.engine.inventory());
    } else {
        model.browse.move_pane(by, model.engine.inventory(), &model.geography);
    }
}

fn open(model: &mut Model) {
    if let Some(key) = visit_view::selected_key(model) {
        let key = key.clone();
        attempts::show_earlier_card(model, key);
    } else if model.browse.focus != Pane::OnRamps {
        model.browse.focus = model.browse.focus.inner();
    } else if let Some(id) = &model.browse.on_ramp {
        model.visit = Some(Visit::of(id.clone()));
    }
}

fn back(model: &mut Model) {
    if model.visit.take().is_some() {
        return;
    }
    if !model.browse.filter.input.value().is_empty() {
        return drop_filter(model);
    }
    if !model.browse.marks.is_empty() && model.browse.focus == Pane::OnRamps {
        return model.browse.marks.clear();
    }
    if model.browse.flat {
        model.browse.flat = false;
        return;
    }
    model.browse.focus = model.browse.focus.outer();
}

fn drop_filter(model: &mut Model) {
    model.browse.filter = super::browse::Filter::default();
    model.browse.narrow(model.engine.inventory(), &model.geography);
}

fn next_pane(model: &mut Model) {
    model.browse.flat = false;
    match &mut model.visit {
        Some(visit) => visit.switch(),
        None if model.browse.focus == Pane::OnRamps => model.browse.focus = Pane::Country,
        None => model.browse.focus = model.browse.focus.inner(),
    }
}

const fn previous(pane: Pane) -> Pane {
    match pane {
        Pane::Country => Pane::OnRamps,
        other => other.outer(),
    }
}

fn arrange(model: &mut Model) {
    model.browse.arrange(model.engine.inventory(), &model.geography);
}

/// Scrolls the table so that its cursor is on the screen.
pub(super) fn keep_cursor_in_view(model: &mut Model) {
    let (page, cursor) = (layout::table_rows(model), model.browse.pane_cursor(Pane::OnRamps));
    let offset = &mut model.browse.offset;
    *offset = (*offset).clamp((cursor + 1).saturating_sub(page.max(1)), cursor);
}
