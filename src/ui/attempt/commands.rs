//! Requests to create keys on the screen: how far each has got, and its key.

use crate::{
    domain::intent::{IntentId, Part},
    engine::{attempt::AttemptStage, effect::Origin},
    ui::model::{Model, command::Call, context::Context, interface::Open, msg::Effect},
};

use super::{progress::Progress, unfinished::Unfinished};

/// Brings an intent's dialog to the front.
pub(in crate::ui) fn show(context: &mut Context<'_>, id: IntentId) {
    context.modals_mut().close_about(id);
    context.modals_mut().push(Progress(id));
}

/// The key of a request is known: shows its card, or the second of its pair,
/// which is checked now. The first of a pair is shown together with the second.
pub(in crate::ui) fn show_created(
    context: &mut Context<'_>,
    id: IntentId,
    origin: Origin,
    at_hand: bool,
    second: Option<IntentId>,
) -> Vec<Effect> {
    if let Some(AttemptStage::Made(key)) = context.engine.attempt(id).map(|one| &one.stage) {
        let (id, label) = (key.id.clone(), key.label.clone());
        context.note_created(id, label);
    }
    let asked = context.modals.is_top_about(id);
    context.modals_mut().close_about(id);
    if at_hand {
        context.keep_draft(None);
    }
    match second {
        Some(second) => show(context, second),
        None if at_hand || asked || may_interrupt(context) => {
            return context.open(Open::NewCard(id, origin));
        }
        None => {}
    }
    vec![]
}

/// Returns whether a dialog may open unasked: the user is not typing into one.
pub(in crate::ui) fn may_interrupt(model: &Model) -> bool {
    model.modals.is_empty() || model.modals.on_top::<Unfinished>().is_some()
}

/// Adopts the found key of the pressed digit.
pub(in crate::ui) fn adopt(context: &mut Context<'_>, id: IntentId, call: Call) -> Vec<Effect> {
    let Some(one) = context.engine.attempt(id) else { return vec![] };
    let (AttemptStage::Maybe(keys) | AttemptStage::Several(keys)) = &one.stage else {
        return vec![];
    };
    let index = call.digit().and_then(|n| n.checked_sub(1));
    let Some(key) = index.and_then(|i| keys.get(i)).cloned() else { return vec![] };
    context.run(|engine| engine.adopt(id, key))
}

/// Sets a key in doubt aside, so that others can be created.
pub(in crate::ui) fn set_aside(context: &mut Context<'_>, id: IntentId) -> Vec<Effect> {
    context.engine_mut().set_aside(id);
    context.keep_draft(None);
    context.modals_mut().close_about(id);
    let says = context.keyed("Set aside: its VLAN stays reserved; {key:problems} shows it again.");
    context.say(says);
    vec![]
}

/// Hides a key in doubt; one that was surely not created goes back to its form.
pub(in crate::ui) fn hide(context: &mut Context<'_>, id: IntentId) -> Vec<Effect> {
    context.modals_mut().pop();
    if let Some(part) = context.engine.half_pair_of(id) {
        return show_half(context, id, part);
    }
    let Some(one) = context.engine.attempt(id) else { return vec![] };
    let at_hand = !one.is_set_aside;
    match one.stage {
        AttemptStage::NotMade(_) => {}
        AttemptStage::Vanished => return context.run(|engine| engine.acknowledge(id)),
        _ => return vec![],
    }
    let mut effects = context.run(|engine| engine.close_not_created(id));
    if at_hand {
        effects.extend(context.open(Open::Draft));
    } else {
        context.keep_draft(None);
        context.keep_pair_draft(None);
    }
    effects
}

/// Shows the first key of a pair whose second is not created; the unsent order stays
/// journaled.
fn show_half(context: &mut Context<'_>, second: IntentId, part: Part) -> Vec<Effect> {
    let open = context.engine.created_other_half(part).and_then(|half| half.intent);
    let mut effects = match open {
        Some(first) => context.open(Open::CreatedCard(first, Origin::Made)),
        None => vec![],
    };
    effects.extend(context.run(|engine| engine.leave_second(second)));
    let says =
        context.keyed("Half pair: one of two keys is created. {key:problems} shows the other one.");
    context.say(says);
    effects
}
