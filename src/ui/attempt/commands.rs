//! Requests to create keys on the screen: how far each has got, and its key.

use crate::{
    domain::intent::{IntentId, Part},
    engine::{attempt::Stage, effect::Origin},
    ui::model::{Model, command::Call, interface::Open, msg::Effect},
};

use super::{progress::Progress, unfinished::Unfinished};

/// Brings an intent's dialog to the front.
pub(in crate::ui) fn show(model: &mut Model, id: IntentId) {
    model.modals.close_about(id);
    model.modals.push(Progress(id));
}

/// The key of a request is known: shows its card, or the second of its pair,
/// which is checked now. The first of a pair is shown together with the second.
pub(in crate::ui) fn show_created(
    model: &mut Model,
    id: IntentId,
    origin: Origin,
    at_hand: bool,
    second: Option<IntentId>,
) -> Vec<Effect> {
    if let Some(Stage::Made(key)) = model.engine.attempt(id).map(|one| &one.stage) {
        model.never_copied.insert(key.id.clone(), key.label.clone());
    }
    let asked = model.modals.is_top_about(id);
    model.modals.close_about(id);
    if at_hand {
        model.draft = None;
    }
    match second {
        Some(second) => show(model, second),
        None if at_hand || asked || may_interrupt(model) => {
            return model.open(Open::NewCard(id, origin));
        }
        None => {}
    }
    vec![]
}

/// Whether a dialog may open by itself: nobody types into one now.
pub(in crate::ui) fn may_interrupt(model: &Model) -> bool {
    model.modals.is_empty() || model.modals.on_top::<Unfinished>().is_some()
}

/// A digit says which of the keys found is ours.
pub(in crate::ui) fn adopt(model: &mut Model, id: IntentId, call: Call) -> Vec<Effect> {
    let Some(one) = model.engine.attempt(id) else { return vec![] };
    let (Stage::Maybe(keys) | Stage::Several(keys)) = &one.stage else { return vec![] };
    let index = call.digit().and_then(|n| n.checked_sub(1));
    let Some(key) = index.and_then(|i| keys.get(i)).cloned() else { return vec![] };
    model.run(|engine| engine.adopt(id, key))
}

/// Leaves a key in doubt and lets others be created.
pub(in crate::ui) fn set_aside(model: &mut Model, id: IntentId) -> Vec<Effect> {
    model.engine.set_aside(id);
    model.draft = None;
    model.modals.close_about(id);
    model.notice = Some("Set aside: its VLAN stays its own, and ! brings it back.".to_owned());
    vec![]
}

/// Hides a key in doubt; one that was surely not created goes back to its form.
pub(in crate::ui) fn hide(model: &mut Model, id: IntentId) -> Vec<Effect> {
    model.modals.pop();
    if let Some(part) = model.engine.half_pair_of(id) {
        return show_half(model, id, part);
    }
    let Some(one) = model.engine.attempt(id) else { return vec![] };
    let at_hand = !one.is_set_aside;
    match one.stage {
        Stage::NotMade(_) => {}
        Stage::Vanished => return model.run(|engine| engine.acknowledge(id)),
        _ => return vec![],
    }
    let mut effects = model.run(|engine| engine.close_not_created(id));
    if at_hand {
        effects.extend(model.open(Open::Draft));
    } else {
        (model.draft, model.pair_draft) = (None, None);
    }
    effects
}

/// The second key of a pair is not created: the first one is shown, and what was
/// not sent stays written down.
fn show_half(model: &mut Model, second: IntentId, part: Part) -> Vec<Effect> {
    let open = model.engine.created_other_half(part).and_then(|half| half.intent);
    let mut effects = match open {
        Some(first) => model.open(Open::CreatedCard(first, Origin::Made)),
        None => vec![],
    };
    effects.extend(model.run(|engine| engine.leave_second(second)));
    let says = "Half a pair: one of two keys is created. ! has the other one.";
    model.notice = Some(says.to_owned());
    effects
}
