//! Requests to create keys on the screen: how far each has got, and its key.

use crate::{
    domain::{
        audit::{Act, Shown},
        id::OnRampId,
        intent::{IntentId, Part},
        politeness::Presence,
        service_key::ServiceKey,
        time::Timestamp,
    },
    engine::{
        attempt::{Attempt, Stage},
        effect::Origin,
        pair::CreatedHalf,
        plan::{Check, VlanCheck},
    },
};

use super::{
    dialog::{
        card::{Card, Face, Pairing, Sight},
        issuing_view::Progress,
        leave::Leave,
        new_key::NewKey,
        pair_form::PairForm,
        review::Review,
        unfinished::Unfinished,
    },
    model::{Model, command::Call},
    msg::Effect,
    text::{clock, span},
};

/// Brings an intent's dialog to the front.
pub(super) fn show(model: &mut Model, id: IntentId) {
    model.modals.close_about(id);
    model.modals.push(Progress(id));
}

/// A review was confirmed: it gives way to the request. The form comes back only
/// if the key was surely not created.
pub(super) fn show_submitted(model: &mut Model, id: IntentId, again: bool) {
    model.modals.pop_kind::<Review>();
    if !again {
        if let Some(form) = model.modals.pop_kind::<NewKey>() {
            model.draft = Some(*form);
        } else if let Some(form) = model.modals.pop_kind() {
            model.pair_draft = Some(form);
        }
    }
    show(model, id);
}

/// The key of a request is known: shows its card, or the second of its pair,
/// which is checked now. The first of a pair is shown together with the second.
pub(super) fn show_created(
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
        model.modals.close::<Leave>();
        model.draft = None;
    }
    match second {
        Some(second) => show(model, second),
        None if at_hand || asked || may_interrupt(model) => {
            let sight = sight_by_itself(model);
            return show_card_as(model, id, origin, sight);
        }
        None => {}
    }
    vec![]
}

/// Whether a dialog may open by itself: nobody types into one now.
pub(super) fn may_interrupt(model: &Model) -> bool {
    model.modals.is_empty() || model.modals.on_top::<Unfinished>().is_some()
}

/// How a card opens that nobody has asked for just now: masked where no key was pressed
/// for minutes, because nobody knows who looks at the screen.
fn sight_by_itself(model: &Model) -> Sight {
    match model.engine.background().presence_at_keys(model.now()) {
        Presence::Looking => Sight::Whole,
        Presence::Idle | Presence::Away => Sight::Masked,
    }
}

/// Shows the card of an intent's key, with the other one of its pair where
/// that is created too.
pub(super) fn show_card(model: &mut Model, id: IntentId, origin: Origin) -> Vec<Effect> {
    show_card_as(model, id, origin, Sight::Whole)
}

fn show_card_as(model: &mut Model, id: IntentId, origin: Origin, sight: Sight) -> Vec<Effect> {
    let Some(part) = model.engine.attempt(id).map(|one| one.standing.intent.part) else {
        return vec![];
    };
    model.modals.retain(|open| !open.as_kind::<Card>().is_some_and(|card| card.is_of(id)));
    let faces = match part {
        Some(part) => {
            model.pair_draft = None;
            faces_of_pair(model, part)
        }
        None => face_of(model, id).into_iter().collect(),
    };
    let Some(one) = model.engine.attempt(id).filter(|_| !faces.is_empty()) else { return vec![] };
    let for_whom = one.standing.intent.for_whom.clone();
    let pair = part.and_then(|part| pairing(model, part));
    let zone = model.settings.hand_off.zone.clone();
    let card = Card::of(faces, for_whom, Some(origin), model.now());
    let card = Card { pair, sight, zone, ..card };
    let shown = Act::revealed(card.faces.iter().map(|face| &face.key), Shown::Card);
    let is_open = card.is_open(model.now());
    model.modals.push(card);
    if is_open { vec![model.audit_of(shown)] } else { vec![] }
}

/// The key of a request, as a card shows it.
fn face_of(model: &Model, id: IntentId) -> Option<Face> {
    let one = model.engine.attempt(id)?;
    let Stage::Made(key) = &one.stage else { return None };
    Some(Face::of(model.engine.inventory(), (**key).clone(), &one.standing.intent))
}

/// The created keys of a pair, as a card shows them: all that a list still has.
pub(super) fn faces_of_pair(model: &Model, part: Part) -> Vec<Face> {
    let halves = model.engine.created_halves(part).into_iter();
    let face = |half: CreatedHalf| {
        let number = half.memory.part.map_or(1, |part| part.number);
        let open = half.intent.and_then(|id| face_of(model, id));
        open.or_else(|| Some(Face::earlier(half.key?, number)))
    };
    halves.filter_map(face).collect()
}

/// What is said of a pair.
pub(super) fn pairing(model: &Model, part: Part) -> Option<Pairing> {
    let whole = model.engine.created_halves(part).len() >= usize::from(part.of);
    Some(Pairing { whole, says: half_in_words(model, Some(part))? })
}

/// Shows the card of a key that was created earlier, masked: of a pair, with its other
/// key.
pub(super) fn show_earlier_card(model: &mut Model, key: ServiceKey) {
    let memory = model.engine.memory_of(&key).cloned();
    let part = memory.as_ref().and_then(|memory| memory.part);
    let now = model.now();
    let both = part.map(|part| faces_of_pair(model, part)).unwrap_or_default();
    let card = if both.iter().any(|face| face.key.id == key.id) {
        Card::show_all(both, now)
    } else {
        Card::show(key, now)
    };
    let zone = model.settings.hand_off.zone.clone();
    let for_whom = memory.map(|memory| memory.for_whom).unwrap_or_default();
    let pair = part.and_then(|part| pairing(model, part));
    model.modals.push(Card { for_whom, pair, zone, ..card });
}

/// A digit says which of the keys found is ours.
pub(super) fn adopt(model: &mut Model, id: IntentId, call: Call) -> Vec<Effect> {
    let Some(one) = model.engine.attempt(id) else { return vec![] };
    let (Stage::Maybe(keys) | Stage::Several(keys)) = &one.stage else { return vec![] };
    let index = call.digit().and_then(|n| n.checked_sub(1));
    let Some(key) = index.and_then(|i| keys.get(i)).cloned() else { return vec![] };
    model.run(|engine| engine.adopt(id, key))
}

/// Leaves a key in doubt and lets others be created.
pub(super) fn set_aside(model: &mut Model, id: IntentId) -> Vec<Effect> {
    model.engine.set_aside(id);
    model.draft = None;
    model.modals.close_about(id);
    model.notice = Some("Set aside: its VLAN stays its own, and ! brings it back.".to_owned());
    vec![]
}

/// Hides a key in doubt; one that was surely not created goes back to its form.
pub(super) fn hide(model: &mut Model, id: IntentId) -> Vec<Effect> {
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
    let effects = model.run(|engine| engine.close_not_created(id));
    if let Some(form) = model.pair_draft.take().filter(|_| at_hand) {
        model.modals.push(*form);
    } else if let Some(form) = model.draft.take().filter(|_| at_hand) {
        model.modals.push(form);
    }
    effects
}

/// The second key of a pair is not created: the first one is shown, and what was
/// not sent stays written down.
fn show_half(model: &mut Model, second: IntentId, part: Part) -> Vec<Effect> {
    let open = model.engine.created_other_half(part).and_then(|half| half.intent);
    let mut effects = match open {
        Some(first) => show_card(model, first, Origin::Made),
        None => vec![],
    };
    effects.extend(model.run(|engine| engine.leave_second(second)));
    let says = "Half a pair: one of two keys is created. ! has the other one.";
    model.notice = Some(says.to_owned());
    effects
}

/// A key has appeared that was refused or given up: what was begun since for the
/// same order is closed, before anybody confirms it. A review lies on its form.
pub(super) fn stop_same_order(model: &mut Model, on_ramp: &OnRampId, plan_dropped: bool) {
    let before = model.modals.len();
    model.modals.retain(|dialog| match dialog.as_kind::<NewKey>() {
        Some(form) => !(plan_dropped || form.on_ramp == *on_ramp) || form.editing.is_some(),
        None => !plan_dropped || !(dialog.is::<Review>() || dialog.is::<PairForm>()),
    });
    if model.modals.len() != before {
        model.notice = Some("Stopped: the refused request has created a key after all.".to_owned());
    }
}

/// That another console is at something, in words.
pub(super) fn elsewhere(running: &str) -> String {
    format!("Another console of yours is at it: {running}.")
}

/// What is said of half a pair, wherever it is shown: `1 of 2` and how the
/// other half stands. `None` for a single key.
pub(super) fn half_in_words(model: &Model, part: Option<Part>) -> Option<String> {
    let part = part?;
    let (number, of) = (part.number, part.of);
    Some(match model.engine.other_half(part) {
        None => match model.engine.created_other_half(part) {
            Some(half) => {
                let name = &half.memory.on_ramp_name;
                let listed = if half.key.is_some() { "" } else { ", and not listed any more" };
                format!("key {number} of {of}; the other one, on {name}, is made{listed}")
            }
            None => format!("key {number} of {of}; the other one is not open any more"),
        },
        Some(other) => {
            let name = &other.standing.intent.on_ramp_name;
            let how = match &other.stage {
                Stage::Made(_) => "is made",
                Stage::Waiting => "was not sent",
                Stage::Writing(_) | Stage::Sending => "is being sent",
                Stage::NotMade(_) if other.is_refused() => "was refused",
                Stage::NotMade(_) => "was not made",
                Stage::Vanished => "was made",
                Stage::Looking { .. } | Stage::Maybe(_) | Stage::Several(_) => "may exist",
            };
            format!("key {number} of {of}; the other one, on {name}, {how}")
        }
    })
}

/// That a request has created no key, in words. Of the second of a pair never
/// without the first, which exists.
pub(super) fn not_created_in_words(model: &Model, one: &Attempt) -> String {
    let intent = &one.standing.intent;
    let Some(part) = intent.part.filter(|_| intent.completes_a_pair()) else {
        return "No key was made".to_owned();
    };
    match model.engine.created_other_half(part) {
        Some(half) => {
            let key = match &half.key {
                Some(key) => format!(" ({})", key.id.masked()),
                None => String::new(),
            };
            let name = &half.memory.on_ramp_name;
            format!("The second key is not created; the first, on {name}{key}, is")
        }
        None => "The second key is not created; the first one may be".to_owned(),
    }
}

/// How the second of a pair is sent later, in words, with the time that is left
/// until then.
pub(super) fn how_to_complete(model: &Model, id: IntentId) -> String {
    let from = model.engine.may_be_sent_from(id);
    let when = from.map_or_else(String::new, |from| format!(", {}", from_in_words(model, from)));
    format!("It keeps its VLAN. s: review it and send it{when}. c: discard it.")
}

/// `from 14:05:10 (in 43 s)`, by the server's clock.
pub(super) fn from_in_words(model: &Model, from: Timestamp) -> String {
    let at = from.shifted(model.engine.clock_offset());
    format!("from {} (in {})", clock(at), span(from.since(model.now())))
}

/// Why the second half of a pair did not go by itself, in words.
pub(super) fn why_second_stopped(model: &Model, id: IntentId) -> Option<String> {
    let side = model.engine.stopped_second(id)?;
    let vlan = match &side.vlan {
        Check::Known(VlanCheck::Taken(_)) => {
            Some("Megaport says that its VLAN is taken".to_owned())
        }
        Check::Failed(failure) => Some(format!("its VLAN could not be checked: {failure}")),
        _ => None,
    };
    let keys = match &side.before {
        Check::Failed(failure) => {
            Some(format!("the keys of its on-ramp could not be read: {failure}"))
        }
        _ => None,
    };
    let faults = side.faults.iter().map(ToString::to_string);
    let all: Vec<_> = vlan.into_iter().chain(keys).chain(faults).collect();
    Some(if all.is_empty() { "it may not be sent now".to_owned() } else { all.join("; ") })
}
