//! Answering circuits that wait for our approval: asked, written down, sent
//! once, and read back from the on-ramp.

use crate::{
    api::{Failure, Mode, Reply, Request, Write},
    domain::{
        alteration::{Subject, Turn},
        audit::{Act, Reached},
        id::{ConnectionId, OnRampId},
        issuance::Doubt,
        on_ramp::OnRamp,
        service_key::KeyUse,
        vxc::Vxc,
    },
    engine::question::Question,
};

use super::{
    alter,
    change_search::{Search, Wanted},
    dialog::{
        Dialog,
        approval::{self, Approval, Stage},
    },
    issue,
    key_list::{self, Of},
    keymap::Command,
    model::{Model, Purpose},
    msg::Effect,
    place::Place,
    visit::Entry,
    visit_view, watch,
};

/// Carries out a command of approvals; `None` where it is not one.
pub(super) fn act(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    if command == Command::Approve {
        open(model);
        return Some(vec![]);
    }
    let Some(Dialog::Approval(open)) = model.dialogs.last_mut() else { return None };
    match command {
        Command::Yes => {
            let approve = !open.is_asked_again();
            return Some(answer(model, approve));
        }
        Command::Reject => open.rejecting = true,
        Command::No if !open.is_under_way() => drop(model.dialogs.pop()),
        _ => return None,
    }
    Some(vec![])
}

/// Whether the rejection of the circuit is asked about once more.
pub(super) fn is_asked_again(model: &Model) -> bool {
    matches!(model.dialogs.last(), Some(Dialog::Approval(open)) if open.is_asked_again())
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
        let key = model.inventory.key(id)?;
        let reading = key_list::rows::listed(model, key);
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
    let vlan = approval::circuit(model, &circuit, &on_ramp).map(|vxc| vxc.vlan);
    let key = model.inventory.keys_of(&on_ramp).find(|key| match key.usage {
        KeyUse::Single(tag) => Some(tag) == vlan,
        KeyUse::Multi => false,
    });
    let label = key.map(|key| key.label.clone());
    let (stage, rejecting, question) = (Stage::Asking, false, Question::opened(model.now));
    let open = Approval { circuit, on_ramp, label, stage, rejecting, question };
    model.dialogs.push(Dialog::Approval(Box::new(open)));
}

fn answer(model: &mut Model, approve: bool) -> Vec<Effect> {
    if model.mode != Mode::ReadWrite {
        return vec![];
    }
    let Some(open) = self::dialog(model) else { return vec![] };
    let (id, on_ramp) = (open.circuit.clone(), open.on_ramp.clone());
    let name = approval::circuit(model, &id, &on_ramp).map(|vxc| vxc.name.clone());
    let subject = (Subject::Circuit(id.clone(), on_ramp), name.unwrap_or_default());
    let what = if approve { "approve it" } else { "reject it" };
    let write = |change| Write::Decide { circuit: id, approve, change };
    match alter::begin(model, subject, what, Purpose::Decide, write) {
        Ok(effect) => {
            if let Some(open) = dialog(model) {
                open.stage = Stage::Writing(approve);
                open.rejecting = false;
            }
            let mut effects = audit(model, approve, Reached::Confirmed, None);
            effects.push(effect);
            effects
        }
        Err(why) => {
            model.notice = Some(why);
            vec![]
        }
    }
}

/// It is written down, and leaves now.
pub(super) fn leaves(model: &mut Model) -> Vec<Effect> {
    let Some(open) = dialog(model) else { return vec![] };
    let Stage::Writing(approve) = open.stage else { return vec![] };
    open.stage = Stage::Sending(approve);
    audit(model, approve, Reached::Sent, None)
}

/// How far the answer has got, for the audit.
fn audit(model: &Model, approve: bool, reached: Reached, failure: Option<&Failure>) -> Vec<Effect> {
    let act = act_of(model, approve, reached, failure);
    act.map(|act| model.audit_of(act)).into_iter().collect()
}

fn act_of(
    model: &Model,
    approve: bool,
    reached: Reached,
    failure: Option<&Failure>,
) -> Option<Act> {
    let open = model.dialogs.iter().rev().find_map(|open| match open {
        Dialog::Approval(open) => Some(open),
        _ => None,
    });
    let open = open?;
    let circuit = approval::circuit(model, &open.circuit, &open.on_ramp);
    let on_ramp = model.inventory.on_ramp(&open.on_ramp);
    Some(Act::Answered {
        circuit: circuit.map(|vxc| vxc.name.clone()).unwrap_or_default(),
        id: open.circuit.clone(),
        on_ramp: open.on_ramp.clone(),
        on_ramp_name: on_ramp.map(|on_ramp| on_ramp.name.clone()).unwrap_or_default(),
        vlan: circuit.map(|vxc| vxc.vlan),
        approve,
        reached,
        why: failure.map(|failure| failure.happened.clone()),
        trace: failure.and_then(|failure| failure.trace.clone()),
    })
}

/// The same answer, as far as it has got by now.
pub(super) fn reached(mut act: Act, now: Reached, failure: Option<&Failure>) -> Act {
    if let Act::Answered { reached, why, trace, .. } = &mut act {
        *reached = now;
        let failure = failure.filter(|_| now != Reached::Done);
        *why = failure.map(|failure| failure.happened.clone());
        *trace = failure.and_then(|failure| failure.trace.clone());
    }
    act
}

/// Nobody knows yet whether the answer arrived: the on-ramp is read again as
/// planned.
fn search(model: &mut Model, approve: bool, failure: Option<Failure>) -> Vec<Effect> {
    let now = model.now;
    let act = act_of(model, approve, Reached::Unknown, failure.as_ref());
    let (Some(act), Some(open)) = (act, dialog(model)) else { return alter::settle(model, None) };
    let (id, on_ramp) = (open.circuit.clone(), open.on_ramp.clone());
    open.stage = Stage::Searching(approve, failure.clone());
    let wanted = Wanted::Circuit { id, on_ramp, approve, act: Box::new(act) };
    vec![alter::search(model, Search::of(wanted, failure, now))]
}

/// Shows how an answer that was searched has ended.
pub(super) fn end(
    model: &mut Model,
    circuit: &ConnectionId,
    approve: bool,
    failure: Option<Failure>,
    is_done: bool,
) {
    let searched = |open: &&mut Approval| {
        open.circuit == *circuit && matches!(open.stage, Stage::Searching(..))
    };
    if let Some(open) = dialog(model).filter(searched) {
        open.stage = if is_done { Stage::Done(approve) } else { Stage::Failed(failure) };
    }
}

fn dialog(model: &mut Model) -> Option<&mut Approval> {
    model.dialogs.iter_mut().rev().find_map(|open| match open {
        Dialog::Approval(open) => Some(&mut **open),
        _ => None,
    })
}

/// Takes in a reply about an approval.
pub(super) fn apply_decision_reply(
    model: &mut Model,
    purpose: Purpose,
    result: Result<Reply, Failure>,
) -> Vec<Effect> {
    let Some(open) = dialog(model) else { return alter::settle(model, None) };
    match (purpose, &open.stage, result) {
        (Purpose::Decide, Stage::Writing(approve), Err(failure)) => {
            let approve = *approve;
            open.stage = Stage::Failed(Some(failure.clone()));
            let mut effects = audit(model, approve, Reached::Failed, Some(&failure));
            effects.extend(alter::settle(model, Some(Turn::NotDone)));
            effects
        }
        (Purpose::Decide, Stage::Sending(approve), result) => {
            let approve = *approve;
            open.stage = Stage::Reading(approve, result.err());
            let request = Request::OnRamp(open.on_ramp.clone());
            vec![model.ask(request, Purpose::DecideRead).1]
        }
        (Purpose::DecideRead, Stage::Reading(approve, failure), Ok(Reply::OnRamp(on_ramp))) => {
            let waits = still_waits(&on_ramp, &open.circuit);
            let (approve, failure) = (*approve, failure.clone());
            let circuit = open.circuit.clone();
            let refused = failure.as_ref().filter(|one| one.doubt != Doubt::Unknown);
            let mut effects = match (waits, refused.cloned()) {
                (false, _) => {
                    open.stage = Stage::Done(approve);
                    let mut effects = audit(model, approve, Reached::Done, None);
                    effects.extend(alter::settle(model, Some(Turn::Done)));
                    effects
                }
                (true, Some(refused)) => {
                    let mut effects = audit(model, approve, Reached::Failed, Some(&refused));
                    if let Some(open) = dialog(model) {
                        open.stage = Stage::Failed(Some(refused));
                    }
                    effects.extend(alter::settle(model, Some(Turn::NotDone)));
                    effects
                }
                // The list may lag: that it still waits proves nothing yet.
                (true, None) => search(model, approve, failure),
            };
            issue::take_on_ramp(model, *on_ramp);
            watch::know_circuit(model, &circuit);
            effects.extend(watch::after(model));
            effects
        }
        (Purpose::DecideRead, Stage::Reading(approve, _), Err(failure)) => {
            let approve = *approve;
            search(model, approve, Some(failure))
        }
        _ => vec![],
    }
}

pub(super) fn still_waits(on_ramp: &OnRamp, circuit: &ConnectionId) -> bool {
    on_ramp.vxcs.iter().any(|vxc| vxc.id == *circuit && vxc.awaits_approval)
}
