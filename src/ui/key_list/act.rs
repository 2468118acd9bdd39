//! Carries out commands on the keys view.

use tui_input::Input;

use crate::{
    domain::service_key::ServiceKey,
    ui::{
        activity, attempts,
        dialog::{
            Dialog,
            timeline::{self, Timeline},
        },
        keymap::{Command, Step},
        model::Model,
        msg::Effect,
        place::Place,
        watch,
    },
};

use super::{Of, rows, view};

/// Works the rows out anew: the lists have changed, or time has.
pub(in crate::ui) fn take(model: &mut Model) {
    let rows = rows::all(model);
    model.key_list.take(rows);
    let page = view::page(model);
    model.key_list.scroll(page);
}

/// Carries out a command of the view; `None` where it is not one of its.
pub(in crate::ui) fn act(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    if let Command::Go(place) = command {
        go(model, place);
        return Some(vec![]);
    }
    if let (Command::Move(Step::Lines(by)), Some(Dialog::Timeline(open))) =
        (command, model.dialogs.last())
    {
        let scroll = open.scroll.saturating_add_signed(by).min(timeline::furthest(model, open));
        if let Some(Dialog::Timeline(open)) = model.dialogs.last_mut() {
            open.scroll = scroll;
        }
        return Some(vec![]);
    }
    if model.place != Place::Keys || !model.dialogs.is_empty() {
        return None;
    }
    if command == Command::Timeline {
        let Some(of) = model.key_list.selected.clone() else { return Some(vec![]) };
        model.dialogs.push(Dialog::Timeline(Box::new(Timeline { of, scroll: 0 })));
        return Some(activity::act::read(model));
    }
    let page = view::page(model);
    let list = &mut model.key_list;
    match command {
        Command::Move(step) => list.go(step.lines(page), page),
        Command::Mark => {
            list.mark();
            list.go(1, page);
        }
        Command::MarkAll => {
            let all: Vec<_> = list.rows().filter_map(super::Row::id).cloned().collect();
            if all.iter().all(|id| list.marks.contains(id)) {
                list.marks.retain(|id| !all.contains(id));
            } else {
                list.marks.extend(all);
            }
        }
        Command::Sort => {
            list.sort = list.sort.next_column();
            list.arrange();
        }
        Command::Reverse => {
            list.sort = list.sort.turned();
            list.arrange();
        }
        Command::Wide => list.wide = !list.wide,
        Command::Filter => list.typing = true,
        Command::KeepFilter => list.typing = false,
        Command::DropFilter => {
            (list.filter, list.typing) = (Input::default(), false);
            list.arrange();
        }
        Command::Back => back(model),
        Command::Open => open(model),
        Command::Watch => return Some(watch::toggle(model)),
        _ => return None,
    }
    let page = view::page(model);
    model.key_list.scroll(page);
    Some(vec![])
}

/// Goes to another view.
fn go(model: &mut Model, place: Place) {
    model.place = place;
    model.browse.flat = false;
    if place == Place::Keys {
        watch::read(model);
        take(model);
    }
}

/// One step back: the filter, the marks, then the view before.
fn back(model: &mut Model) {
    let list = &mut model.key_list;
    if !list.filter.value().is_empty() {
        list.filter = Input::default();
        list.arrange();
    } else if !list.marks.is_empty() {
        list.marks.clear();
    } else {
        model.place = Place::Browse;
    }
}

/// Shows the card of the key under the cursor.
fn open(model: &mut Model) {
    let Some(row) = model.key_list.current() else { return };
    match &row.of {
        Of::Listed(id) => {
            let Some(key) = model.engine.inventory().key(id).cloned() else { return };
            attempts::show_earlier_card(model, key);
        }
        Of::Remembered(_) => {
            let says = "The list does not have it any more, and no key is kept here in clear.";
            model.notice = Some(says.to_owned());
        }
    }
}

/// The keys that a change would be of: the marked ones, else the one under the
/// cursor.
pub(in crate::ui) fn selected_keys(model: &Model) -> Vec<ServiceKey> {
    let list = &model.key_list;
    let of = |id| model.engine.inventory().key(id).cloned();
    if list.marks.is_empty() {
        let current = list.current().and_then(super::Row::id);
        return current.and_then(of).into_iter().collect();
    }
    list.marks.iter().filter_map(of).collect()
}
