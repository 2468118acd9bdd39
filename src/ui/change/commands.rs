//! Changing keys: what to change, and the question about it. What becomes of a
//! change is decided in the engine.

use crate::{
    api::{KeyChange, Mode},
    domain::service_key::ServiceKey,
    ui::{
        browse::on_ramp_view,
        card::key_card::Card,
        keys,
        model::{
            Model,
            command::{Call, Command, Scope, command},
            interface::{ChangeKind, Open},
            msg::Effect,
        },
        screen::words::no_change,
        state::{
            key::{
                Code::{Enter, Esc},
                char, plain,
            },
            view_id::Place,
        },
    },
};

use super::{question::Change, question_view};

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("change", "Changing a key", &[&[
    command("change.confirm", "Change the marked keys, one after the other. Counts after 0.4 s with nothing pressed.", confirm).hint("do it").when(may_change).confirms().on(&[char('y')]),
    command("change.mark", "Mark a key, or take its mark away.", mark).hint("mark").when(may_mark).on(&[char('1'), char('2'), char('3'), char('4')]),
    command("change.drop", "Change nothing more, and go back.", leave).hint("back").when(nothing_is_changing).on(&[plain(Esc), plain(Enter), char('n'), char('q')]),
]]);

/// Changes the key under the cursor on the form.
pub(in crate::ui) const CHANGE: Command = command(
    "key.change",
    "Change the label, the rate, the VLAN or the end of the key under the cursor.",
    open_form,
)
.hint("change")
.when(may_edit);

/// Disables the keys at hand.
pub(in crate::ui) const DISABLE: Command =
    command("key.disable", "Switch the keys off, after a question.", |model, _| {
        ask_active(model, false)
    })
    .hint("switch off")
    .when(may_disable);

/// Enables the keys at hand again.
pub(in crate::ui) const ENABLE: Command =
    command("key.enable", "Switch the keys on again, after a question.", |model, _| {
        ask_active(model, true)
    })
    .hint("switch on")
    .when(may_enable);

/// Whether keys may be changed now.
fn may_write_to_keys(model: &Model) -> bool {
    let card = model.modals.on_top::<Card>();
    let card = card.is_none_or(|card| card.takes_keys_in(model.now()).is_none());
    model.engine.mode() == Mode::ReadWrite && card
}

/// Whether a key at hand is active, and we may change that.
fn may_disable(model: &Model) -> bool {
    may_write_to_keys(model) && selected_keys(model).iter().any(|key| key.active)
}

fn may_enable(model: &Model) -> bool {
    may_write_to_keys(model) && selected_keys(model).iter().any(|key| !key.active)
}

/// Whether the one key at hand can be changed on the form.
fn may_edit(model: &Model) -> bool {
    may_write_to_keys(model) && selected_keys(model).len() == 1
}

pub(in crate::ui) fn may_put_back(model: &Model) -> bool {
    may_write_to_keys(model) && changes_back(model).next().is_some()
}

pub(in crate::ui) fn may_take_listed(model: &Model) -> bool {
    may_write_to_keys(model) && drifted_keys(model).next().is_some()
}

fn may_change(model: &Model) -> bool {
    let may =
        |change: &Change| change.may_go(model) && model.arms_in(change.arms_in(model)).is_none();
    model.engine.mode() == Mode::ReadWrite && model.modals.on_top().is_some_and(may)
}

fn may_mark(model: &Model) -> bool {
    let run = model.modals.on_top::<Change>().and_then(|change| change.run(model));
    run.is_some_and(|run| !run.is_confirmed() && run.steps().len() > 1)
}

fn nothing_is_changing(model: &Model) -> bool {
    model.modals.on_top::<Change>().is_some_and(|change| !change.is_under_way(model))
}

fn open_form(model: &mut Model, _: Call) -> Vec<Effect> {
    match selected_keys(model).into_iter().next() {
        Some(key) => model.open(Open::EditKey(Box::new(key))),
        None => vec![],
    }
}

pub(in crate::ui) fn put_back(model: &mut Model, _: Call) -> Vec<Effect> {
    let changes = changes_back(model).collect();
    open(model, ChangeKind::PutBack, changes);
    vec![]
}

/// A digit marks a key of the change, or takes its mark away.
fn mark(model: &mut Model, call: Call) -> Vec<Effect> {
    let now = model.now();
    let Model { modals, engine, .. } = model;
    let Some(change) = modals.on_top_mut::<Change>() else { return vec![] };
    let Some(at) = call.digit().and_then(|n| n.checked_sub(1)) else { return vec![] };
    engine.toggle_change(change.id, at);
    change.question.disturb(now);
    vec![]
}

fn confirm(model: &mut Model, _: Call) -> Vec<Effect> {
    let Some(id) = model.modals.on_top::<Change>().map(|change| change.id) else { return vec![] };
    let Some(yes) = model.confirmed.take() else { return vec![] };
    model.try_run(|engine| engine.confirm_changes(id, &yes), |why| Some(no_change(&why)))
}

fn leave(model: &mut Model, _: Call) -> Vec<Effect> {
    if let Some(change) = model.modals.pop_kind::<Change>() {
        model.engine.drop_changes(change.id);
    }
    vec![]
}

/// The keys that a change would be of: those of the card on top, else the one
/// under the cursor.
pub(in crate::ui) fn selected_keys(model: &Model) -> Vec<ServiceKey> {
    if let Some(card) = model.modals.on_top::<Card>() {
        return card.faces.iter().map(|face| face.key.clone()).collect();
    }
    match model.place {
        _ if !model.modals.is_empty() => vec![],
        Place::Keys => keys::commands::selected_keys(model),
        _ => on_ramp_view::selected_key(model).into_iter().cloned().collect(),
    }
}

/// The keys at hand that were changed outside this host's record, as they are
/// listed.
pub(in crate::ui) fn drifted_keys(model: &Model) -> impl Iterator<Item = ServiceKey> {
    let keys = selected_keys(model).into_iter();
    let drifted = keys.filter(|key| !model.engine.drift_of(&key.id).is_empty());
    drifted.map(|key| model.engine.inventory().key(&key.id).cloned().unwrap_or(key))
}

/// The same, with the changes that put them back.
pub(in crate::ui) fn changes_back(model: &Model) -> impl Iterator<Item = (ServiceKey, KeyChange)> {
    drifted_keys(model).filter_map(|key| Some((key.clone(), model.engine.change_back(&key)?)))
}

/// Takes the keys at hand as they are listed: nothing is sent.
pub(in crate::ui) fn take_listed(model: &mut Model, _: Call) -> Vec<Effect> {
    let keys: Vec<_> = drifted_keys(model).collect();
    let mut effects = vec![];
    for key in &keys {
        effects.extend(
            model.try_run(|engine| engine.take_as_listed(key), |why| Some(no_change(&why))),
        );
    }
    if keys.iter().all(|key| model.engine.drift_of(&key.id).is_empty()) {
        model.notice = Some("Taken as it is. Nothing was sent.".to_owned());
    }
    effects
}

/// Asks whether the keys at hand shall be enabled, or disabled.
fn ask_active(model: &mut Model, active: bool) -> Vec<Effect> {
    let keys = selected_keys(model).into_iter().filter(|key| key.active != active);
    let change =
        |key: &ServiceKey| KeyChange { active: Some(active), ..KeyChange::of(key.id.clone()) };
    let changes = keys.map(|key| (change(&key), key)).map(|(change, key)| (key, change)).collect();
    open(model, if active { ChangeKind::Enable } else { ChangeKind::Disable }, changes);
    vec![]
}

/// Asks about a change of keys, if all of it fits on the screen.
pub(in crate::ui) fn open(
    model: &mut Model,
    kind: ChangeKind,
    changes: Vec<(ServiceKey, KeyChange)>,
) {
    let id = model.engine.plan_changes(changes);
    let open = Change::of(kind, id, model.now());
    if kind != ChangeKind::Edit && !question_view::is_all_shown(model, &open) {
        model.engine.drop_changes(id);
        model.notice = Some("Not all of them fit on this terminal: mark fewer.".to_owned());
        return;
    }
    model.modals.push(open);
}
