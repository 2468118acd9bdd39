//! Commands on the selected keys: those of the top dialog, else the marked ones of the
//! view or the one under its cursor. Several scopes bind them.

use crate::{
    api::{KeyChange, Mode},
    domain::service_key::ServiceKey,
    ui::{
        model::{
            Model,
            command::{Call, Command, command},
            context::Context,
            interface::{ChangeKind, Open},
            msg::Effect,
        },
        screen::words::no_change,
    },
};

/// Changes the key under the cursor on the form.
pub(in crate::ui) const CHANGE: Command =
    command("key.change", "Change label, rate, VLAN or end of the selected key.", open_form)
        .hint("change")
        .when(may_edit);

/// Disables the selected keys.
pub(in crate::ui) const DISABLE: Command =
    command("key.disable", "Disable the keys (asks first).", |context, _| {
        ask_active(context, false)
    })
    .hint("disable")
    .when(may_disable);

/// Enables the selected keys again.
pub(in crate::ui) const ENABLE: Command =
    command("key.enable", "Enable the keys again (asks first).", |context, _| {
        ask_active(context, true)
    })
    .hint("enable")
    .when(may_enable);

/// Restores the selected keys that were changed elsewhere to their order.
pub(in crate::ui) const PUT_BACK: Command = command(
    "key.put-back",
    "Restore the ordered values of a key that was changed elsewhere (asks first).",
    put_back,
)
.hint("restore")
.when(may_put_back);

/// Accepts the listed values of the selected keys that were changed elsewhere.
pub(in crate::ui) const TAKE_LISTED: Command = command(
    "key.take-listed",
    "Accept the listed values of a key that was changed elsewhere: the mark ends, nothing is \
     sent.",
    take_listed,
)
.hint("accept")
.when(may_take_listed);

/// Returns whether keys may be changed now.
fn may_write_to_keys(model: &Model) -> bool {
    let ready = model.modals.top().is_none_or(|top| top.takes_answer_in(model).is_none());
    model.engine.mode() == Mode::ReadWrite && ready
}

/// Returns whether a selected key is active, and we may change that.
fn may_disable(model: &Model) -> bool {
    may_write_to_keys(model) && selected_keys(model).iter().any(|key| key.active)
}

fn may_enable(model: &Model) -> bool {
    may_write_to_keys(model) && selected_keys(model).iter().any(|key| !key.active)
}

/// Returns whether the one selected key can be changed on the form.
fn may_edit(model: &Model) -> bool {
    may_write_to_keys(model) && selected_keys(model).len() == 1
}

fn may_put_back(model: &Model) -> bool {
    may_write_to_keys(model) && changes_back(model).next().is_some()
}

fn may_take_listed(model: &Model) -> bool {
    may_write_to_keys(model) && drifted_keys(model).next().is_some()
}

fn open_form(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    match selected_keys(context).into_iter().next() {
        Some(key) => context.open(Open::EditKey(Box::new(key))),
        None => vec![],
    }
}

fn put_back(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let changes = changes_back(context).collect();
    context.open(Open::Changes(ChangeKind::PutBack, changes))
}

/// Returns the keys that a change would be of: those of the card on top, else the one
/// under the cursor.
fn selected_keys(model: &Model) -> Vec<ServiceKey> {
    match model.modals.top() {
        Some(top) => top.keys(),
        None => model.view().selected_keys(model),
    }
}

/// Returns the selected keys that were changed outside this host's record, as listed.
fn drifted_keys(model: &Model) -> impl Iterator<Item = ServiceKey> {
    let keys = selected_keys(model).into_iter();
    let drifted = keys.filter(|key| !model.engine.drift_of(&key.id).is_empty());
    drifted.map(|key| model.engine.inventory().key(&key.id).cloned().unwrap_or(key))
}

/// Returns them with the changes that restore them.
fn changes_back(model: &Model) -> impl Iterator<Item = (ServiceKey, KeyChange)> {
    drifted_keys(model).filter_map(|key| Some((key.clone(), model.engine.change_back(&key)?)))
}

/// Accepts the listed values of the selected keys: nothing is sent.
fn take_listed(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let keys: Vec<_> = drifted_keys(context).collect();
    let mut effects = vec![];
    for key in &keys {
        effects.extend(context.try_run(
            |engine| engine.take_as_listed(key),
            |model, why| Some(no_change(model, &why)),
        ));
    }
    if keys.iter().all(|key| context.engine.drift_of(&key.id).is_empty()) {
        context.say("Accepted as it is. Nothing was sent.");
    }
    effects
}

/// Asks whether to enable or disable the selected keys.
fn ask_active(context: &mut Context<'_>, active: bool) -> Vec<Effect> {
    let keys = selected_keys(context).into_iter().filter(|key| key.active != active);
    let change =
        |key: &ServiceKey| KeyChange { active: Some(active), ..KeyChange::new(key.id.clone()) };
    let changes = keys.map(|key| (change(&key), key)).map(|(change, key)| (key, change)).collect();
    let kind = if active { ChangeKind::Enable } else { ChangeKind::Disable };
    context.open(Open::Changes(kind, changes))
}

/// Opens the question about the selected circuit.
pub(in crate::ui) const ANSWER: Command =
    command("circuit.answer", "Approve or reject the waiting circuit of the selected key.", ask)
        .hint("approve")
        .when(a_circuit_waits);

fn ask(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    match context.view().waiting_circuit(context) {
        Some((on_ramp, circuit)) => context.open(Open::Approval(on_ramp, circuit)),
        None => vec![],
    }
}

/// Returns whether a selected circuit awaits our approval, and we may answer.
fn a_circuit_waits(model: &Model) -> bool {
    model.engine.mode() == Mode::ReadWrite && model.view().waiting_circuit(model).is_some()
}
