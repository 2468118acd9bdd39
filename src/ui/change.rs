//! Changing keys: what to change, and the question about it. What becomes of a
//! change is decided in the engine.

use crate::{api::KeyChange, domain::service_key::ServiceKey};

use super::{
    dialog::{
        Dialog,
        change::{Change, Kind},
        change_view,
    },
    edit_key, engine_step,
    key::{Code, Key},
    key_list,
    keymap::Command,
    model::Model,
    msg::Effect,
    place::Place,
    visit_view,
};

/// Carries out a command of this dialog, or the one that opens it; `None`
/// where it is not one of them.
pub(super) fn act(model: &mut Model, command: Command, key: Key) -> Option<Vec<Effect>> {
    match command {
        Command::SwitchOff => {
            switch(model, false);
            return Some(vec![]);
        }
        Command::SwitchOn => {
            switch(model, true);
            return Some(vec![]);
        }
        Command::PutBack => {
            let changes = changes_back(model).collect();
            open(model, Kind::PutBack, changes);
            return Some(vec![]);
        }
        Command::TakeListed => return Some(take_listed(model)),
        Command::EditKey => {
            if let Some(key) = selected_keys(model).into_iter().next() {
                edit_key::open(model, key);
            }
            return Some(vec![]);
        }
        _ => {}
    }
    let now = model.now();
    match (command, model.dialogs.last_mut()?) {
        (Command::Candidate, Dialog::Change(change)) => {
            let Code::Char(digit) = key.code else { return Some(vec![]) };
            let at = digit.to_digit(10).and_then(|n| (n as usize).checked_sub(1));
            if let Some(at) = at {
                model.engine.toggle_change(change.id, at);
            }
            change.question.disturb(now);
        }
        (Command::Yes, Dialog::Change(change)) => {
            let id = change.id;
            let Some(yes) = model.confirmed.take() else { return Some(vec![]) };
            return Some(engine_step::try_run(
                model,
                |engine| engine.confirm_changes(id, &yes),
                |why| Some(engine_step::no_change(&why)),
            ));
        }
        (Command::No, Dialog::Change(change)) => {
            model.engine.drop_changes(change.id);
            model.dialogs.pop();
        }
        _ => return None,
    }
    Some(vec![])
}

/// The keys that a change would be of: those of the card on top, else the one
/// under the cursor.
pub(super) fn selected_keys(model: &Model) -> Vec<ServiceKey> {
    match model.dialogs.last() {
        Some(Dialog::Card(card)) => card.faces.iter().map(|face| face.key.clone()).collect(),
        Some(_) => vec![],
        None if model.place == Place::Keys => key_list::act::selected_keys(model),
        None => visit_view::selected_key(model).into_iter().cloned().collect(),
    }
}

/// The keys at hand that were changed outside this host's record, as they are
/// listed.
pub(super) fn drifted_keys(model: &Model) -> impl Iterator<Item = ServiceKey> {
    let keys = selected_keys(model).into_iter();
    let drifted = keys.filter(|key| !model.engine.drift_of(&key.id).is_empty());
    drifted.map(|key| model.engine.inventory().key(&key.id).cloned().unwrap_or(key))
}

/// The same, with the changes that put them back.
pub(super) fn changes_back(model: &Model) -> impl Iterator<Item = (ServiceKey, KeyChange)> {
    drifted_keys(model).filter_map(|key| Some((key.clone(), model.engine.change_back(&key)?)))
}

/// Takes the keys at hand as they are listed: nothing is sent.
fn take_listed(model: &mut Model) -> Vec<Effect> {
    let keys: Vec<_> = drifted_keys(model).collect();
    let mut effects = vec![];
    for key in &keys {
        effects.extend(engine_step::try_run(
            model,
            |engine| engine.take_as_listed(key),
            |why| Some(engine_step::no_change(&why)),
        ));
    }
    if keys.iter().all(|key| model.engine.drift_of(&key.id).is_empty()) {
        model.notice = Some("Taken as it is. Nothing was sent.".to_owned());
    }
    effects
}

/// Asks whether the keys at hand shall be switched on, or off.
fn switch(model: &mut Model, on: bool) {
    let keys = selected_keys(model).into_iter().filter(|key| key.active != on);
    let change = |key: &ServiceKey| KeyChange { active: Some(on), ..KeyChange::of(key.id.clone()) };
    let changes = keys.map(|key| (change(&key), key)).map(|(change, key)| (key, change)).collect();
    open(model, if on { Kind::SwitchOn } else { Kind::SwitchOff }, changes);
}

/// Asks about a change of keys, if all of it fits on the screen.
pub(super) fn open(model: &mut Model, kind: Kind, changes: Vec<(ServiceKey, KeyChange)>) {
    let id = model.engine.plan_changes(changes);
    let open = Change::of(kind, id, model.now());
    if kind != Kind::Edit && !change_view::is_all_shown(model, &open) {
        model.engine.drop_changes(id);
        model.notice = Some("Not all of them fit on this terminal: mark fewer.".to_owned());
        return;
    }
    model.dialogs.push(Dialog::Change(Box::new(open)));
}
