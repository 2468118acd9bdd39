//! Opens the card of a key: one that was created now, or earlier.

use crate::{
    domain::{
        audit::{Act, Disclosure},
        intent::{IntentId, Part},
        refresh_policy::UserActivity,
        service_key::ServiceKey,
    },
    engine::{attempt::AttemptStage, effect::Origin, pair::CreatedHalf},
    ui::{
        model::{Model, context::Context, msg::Effect},
        screen::attempt_text::half_in_words,
    },
};

use super::key_card::{Card, CardKey, Pairing, Visibility};

/// Returns the visibility of a card that opens unasked: masked if no key was pressed
/// for minutes, because others may see the screen.
fn sight_by_itself(model: &Model) -> Visibility {
    match model.engine.background().presence_at_keys(model.now()) {
        UserActivity::Looking => Visibility::Whole,
        UserActivity::Idle | UserActivity::Away => Visibility::Masked,
    }
}

/// Shows the card of a key that was just created, or found by a search.
pub(in crate::ui) fn show_new_card(
    context: &mut Context<'_>,
    id: IntentId,
    origin: Origin,
) -> Vec<Effect> {
    let visibility = sight_by_itself(context);
    show_card_as(context, id, origin, visibility)
}

/// Shows the card of an intent's key, with the other one of its pair where
/// that is created too.
pub(in crate::ui) fn show_card(
    context: &mut Context<'_>,
    id: IntentId,
    origin: Origin,
) -> Vec<Effect> {
    show_card_as(context, id, origin, Visibility::Whole)
}

fn show_card_as(
    context: &mut Context<'_>,
    id: IntentId,
    origin: Origin,
    visibility: Visibility,
) -> Vec<Effect> {
    let Some(part) = context.engine.attempt(id).map(|one| one.standing.intent.part) else {
        return vec![];
    };
    context.modals_mut().retain(|open| !open.as_kind::<Card>().is_some_and(|card| card.is_of(id)));
    let keys = match part {
        Some(part) => {
            context.keep_pair_draft(None);
            faces_of_pair(context, part)
        }
        None => face_of(context, id).into_iter().collect(),
    };
    let Some(one) = context.engine.attempt(id).filter(|_| !keys.is_empty()) else { return vec![] };
    let for_whom = one.standing.intent.for_whom.clone();
    let pair = part.and_then(|part| pairing(context, part));
    let zone = context.settings.delivery.zone.clone();
    let card = Card::new(keys, for_whom, Some(origin), context.now());
    let card = Card { pair, visibility, zone, ..card };
    let shown = Act::revealed(card.keys.iter().map(|face| &face.key), Disclosure::Card);
    let is_open = card.is_open(context.now());
    context.modals_mut().push(card);
    if is_open { vec![context.audit_of(shown)] } else { vec![] }
}

/// Returns the key of a request, as a card shows it.
fn face_of(model: &Model, id: IntentId) -> Option<CardKey> {
    let one = model.engine.attempt(id)?;
    let AttemptStage::Made(key) = &one.stage else { return None };
    Some(CardKey::new(model.engine.inventory(), (**key).clone(), &one.standing.intent))
}

/// Returns the created keys of a pair, as a card shows them: all that a list still has.
pub(in crate::ui) fn faces_of_pair(model: &Model, part: Part) -> Vec<CardKey> {
    let halves = model.engine.created_halves(part).into_iter();
    let face = |half: CreatedHalf| {
        let number = half.memory.part.map_or(1, |part| part.number);
        let open = half.intent.and_then(|id| face_of(model, id));
        open.or_else(|| Some(CardKey::earlier(half.key?, number)))
    };
    halves.filter_map(face).collect()
}

/// Returns the state of a pair.
pub(in crate::ui) fn pairing(model: &Model, part: Part) -> Option<Pairing> {
    let whole = model.engine.created_halves(part).len() >= usize::from(part.of);
    Some(Pairing { whole, says: half_in_words(model, Some(part))? })
}

/// Shows the card of a key that was created earlier, masked: of a pair, with its other
/// key.
pub(in crate::ui) fn show_earlier_card(context: &mut Context<'_>, key: ServiceKey) {
    let memory = context.engine.memory_of(&key).cloned();
    let part = memory.as_ref().and_then(|memory| memory.part);
    let now = context.now();
    let both = part.map(|part| faces_of_pair(context, part)).unwrap_or_default();
    let card = if both.iter().any(|face| face.key.id == key.id) {
        Card::show_all(both, now)
    } else {
        Card::show(key, now)
    };
    let zone = context.settings.delivery.zone.clone();
    let for_whom = memory.map(|memory| memory.for_whom).unwrap_or_default();
    let pair = part.and_then(|part| pairing(context, part));
    context.modals_mut().push(Card { for_whom, pair, zone, ..card });
}
