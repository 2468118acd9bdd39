//! Answering circuits that wait for our approval: which one, and the question
//! about it. What becomes of an answer is decided in the engine.

use crate::{
    api::Mode,
    domain::{
        id::{ConnectionId, OnRampId},
        service_key::KeyUse,
    },
    engine::{not_now::NotNow, question::Question},
    ui::{
        model::{
            Model,
            command::{Call, Scope, command},
            context::Context,
            modal::Modal as _,
            msg::Effect,
        },
        screen::words::no_change,
        state::key::{
            Code::{Enter, Esc},
            char, plain,
        },
    },
};

use super::approval::{self, Approval};

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("approval", "Circuit approval", &[&[
    command("circuit.approve", "Approve the circuit: it goes live in 1 to 2 minutes.", |context, _| answer(context, true)).hint("approve").when(may_approve).confirms().bind(&[char('y')]),
    command("circuit.reject", "After `R`: reject the circuit. Any other key goes back.", |context, _| answer(context, false)).hint("reject").when(may_confirm_rejection).confirms().bind(&[char('y')]),
    command("circuit.ask-rejection", "Reject the circuit: it is deleted (asks once more).", ask_rejection).hint("reject").when(may_approve).confirms().bind(&[char('R')]),
    command("circuit.leave", "Decide later, or go back.", leave).hint("back").when(nothing_is_decided).bind(&[plain(Esc), plain(Enter), char('n'), char('q')]),
]]);

fn may_decide(model: &Model) -> bool {
    let may = |open: &Approval| model.arms_in(open.arms_in(model)).is_none();
    let open = approval::may_answer(model) && model.modals.on_top().is_some_and(may);
    open && model.engine.mode() == Mode::ReadWrite
}

fn may_approve(model: &Model) -> bool {
    may_decide(model) && !is_asked_again(model)
}

/// Returns whether `y` would reject the circuit.
fn may_confirm_rejection(model: &Model) -> bool {
    may_decide(model) && is_asked_again(model)
}

fn nothing_is_decided(model: &Model) -> bool {
    model.modals.on_top::<Approval>().is_some() && !is_under_way(model)
}

fn is_asked_again(model: &Model) -> bool {
    model.modals.on_top::<Approval>().is_some_and(|open| open.is_asked_again(model))
}

fn ask_rejection(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.change_top(|open: &mut Approval| open.rejecting = true)
}

fn leave(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.modals_mut().pop();
    context.engine_mut().drop_answer();
    vec![]
}

/// Returns whether an answer is between the journal and what is read back.
pub(in crate::ui) fn is_under_way(model: &Model) -> bool {
    model.engine.answer().is_some_and(crate::engine::answer::Answer::is_under_way)
}

/// Asks whether a circuit is approved.
pub(in crate::ui) fn open(context: &mut Context<'_>, on_ramp: &OnRampId, circuit: ConnectionId) {
    context.engine_mut().ask_about_circuit(circuit, on_ramp.clone());
    let vlan = context.engine.answered_circuit().map(|vxc| vxc.vlan);
    let key = context.engine.inventory().keys_of(on_ramp).find(|key| match key.usage {
        KeyUse::Single(tag) => Some(tag) == vlan,
        KeyUse::Multi => false,
    });
    let label = key.map(|key| key.label.clone());
    let (rejecting, question) = (false, Question::opened(context.now()));
    let open = Approval { label, rejecting, question };
    context.modals_mut().push(open);
}

fn answer(context: &mut Context<'_>, approve: bool) -> Vec<Effect> {
    let Some(yes) = context.take_answer() else { return vec![] };
    let no_words = |model: &Model, why| (why != NotNow::ReadOnly).then(|| no_change(model, &why));
    let effects = context.try_run(|engine| engine.decide(approve, &yes), no_words);
    if is_under_way(context) {
        context.change_top(Approval::take_back);
    }
    effects
}
