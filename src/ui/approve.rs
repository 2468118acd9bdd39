//! Answering circuits that wait for our approval: which one, and the question
//! about it. What becomes of an answer is decided in the engine.

use crate::{
    domain::{
        id::{ConnectionId, OnRampId},
        service_key::KeyUse,
        vxc::Vxc,
    },
    engine::{not_now::NotNow, question::Question},
};

use super::{
    dialog::{Dialog, approval::Approval},
    engine_step,
    key_list::Of,
    keymap::Command,
    model::Model,
    msg::Effect,
    place::Place,
    visit::Entry,
    visit_view,
};

/// Carries out a command of approvals; `None` where it is not one.
pub(super) fn act(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    if command == Command::Approve {
        open(model);
        return Some(vec![]);
    }
    let again = is_asked_again(model);
    let under_way = is_under_way(model);
    let Some(Dialog::Approval(open)) = model.dialogs.last_mut() else { return None };
    match command {
        Command::Yes => return Some(answer(model, !again)),
        Command::Reject => open.rejecting = true,
        Command::No if !under_way => {
            model.dialogs.pop();
            model.engine.drop_answer();
        }
        _ => return None,
    }
    Some(vec![])
}

/// Whether an answer is between the journal and what is read back.
pub(super) fn is_under_way(model: &Model) -> bool {
    model.engine.answer().is_some_and(crate::engine::answer::Answer::is_under_way)
}

/// Whether the rejection of the circuit is asked about once more.
pub(super) fn is_asked_again(model: &Model) -> bool {
    matches!(model.dialogs.last(), Some(Dialog::Approval(open)) if open.is_asked_again(model))
}

/// Goes back from the question about the rejection to the first one.
pub(super) fn keep_waiting(model: &mut Model) {
    if let Some(Dialog::Approval(open)) = model.dialogs.last_mut() {
        open.rejecting = false;
    }
}

/// The circuit at hand that waits for us: that of the key under the cursor, or
/// the one under the cursor itself; else the first one on the on-ramp.
pub(super) fn waiting(model: &Model) -> Option<(OnRampId, ConnectionId)> {
    if model.place == Place::Keys {
        let Of::Listed(id) = model.key_list.selected.as_ref()? else { return None };
        let key = model.engine.inventory().key(id)?;
        let reading = model.engine.survey().listed(key);
        let circuit = reading.circuit().filter(|circuit| circuit.awaits_approval)?;
        return Some((key.on_ramp.clone(), circuit.id.clone()));
    }
    let on_ramp = model.current()?;
    let waits = |vxc: &&Vxc| vxc.awaits_approval;
    let selected = match visit_view::selected(model) {
        Some(Entry::Circuit(id)) => on_ramp.vxcs.iter().filter(waits).find(|vxc| vxc.id == id),
        _ => None,
    };
    let vxc = selected.or_else(|| on_ramp.standing_vxcs().find(waits))?;
    Some((on_ramp.id.clone(), vxc.id.clone()))
}

fn open(model: &mut Model) {
    let Some((on_ramp, circuit)) = waiting(model) else { return };
    model.engine.ask_about_circuit(circuit, on_ramp.clone());
    let vlan = model.engine.answered_circuit().map(|vxc| vxc.vlan);
    let key = model.engine.inventory().keys_of(&on_ramp).find(|key| match key.usage {
        KeyUse::Single(tag) => Some(tag) == vlan,
        KeyUse::Multi => false,
    });
    let label = key.map(|key| key.label.clone());
    let (rejecting, question) = (false, Question::opened(model.now()));
    let open = Approval { label, rejecting, question };
    model.dialogs.push(Dialog::Approval(Box::new(open)));
}

fn answer(model: &mut Model, approve: bool) -> Vec<Effect> {
    let Some(yes) = model.confirmed.take() else { return vec![] };
    let no_words = |why: NotNow| (why != NotNow::ReadOnly).then(|| engine_step::no_change(&why));
    let effects = engine_step::try_run(model, |engine| engine.decide(approve, &yes), no_words);
    if is_under_way(model) {
        keep_waiting(model);
    }
    effects
}
