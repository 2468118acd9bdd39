//! Creating a key: form, review, and the one request.
//!
//! Two rules decide every doubtful case here: nothing lost, and never two keys
//! for one intent. `send` is the only place that asks for a key to be made; it
//! refuses while another one is under way. What becomes of it is seen to in
//! [`super::pursue`].

use tui_input::Input;

use crate::{
    api::{Listing, Mode, Write},
    domain::{
        audit::{Act, Happened},
        id::OnRampId,
        intent::{Intent, IntentId, Part},
        key_order::{Fault, KeyOrder},
        ledger::Standing,
        on_ramp::OnRamp,
        place::Zone,
        service_key::ServiceKey,
    },
    engine::{
        attempt::{Attempt, Search, Stage},
        plan::PlannedKey,
    },
};

use super::{
    alter, change,
    dialog::{
        Dialog,
        card::Origin,
        new_key::{Field, NewKey},
        review::Review,
    },
    edit_key,
    journal::Readiness,
    key::Key,
    keymap::Command,
    mode,
    model::{Model, Purpose},
    msg::Effect,
    pair_send, pursue, reconcile, replies, review_checks, vlans,
};

/// Carries out a command on the dialogs of this journey.
pub(super) fn act(model: &mut Model, command: Command, key: Key) -> Vec<Effect> {
    match (command, model.dialogs.last_mut()) {
        (Command::NewKey, _) => open_form(model),
        (Command::WhyNoKey, _) => {
            model.notice = Some(why_no_key(model));
            let damaged = matches!(model.journal.readiness, Readiness::Damaged(_));
            if damaged && model.mode == Mode::ReadWrite {
                model.dialogs.push(Dialog::Damage);
            }
        }
        (Command::Unfinished, Some(Dialog::Unfinished { .. })) => {
            model.dialogs.push(Dialog::Troubles);
        }
        (Command::Unfinished, _) => show_unfinished(model),
        (Command::Open, Some(Dialog::Unfinished { cursor })) => {
            let cursor = *cursor;
            return open_unfinished(model, cursor);
        }
        (Command::Again, Some(Dialog::Unfinished { cursor })) => {
            let cursor = *cursor;
            return match nth_unfinished(model, cursor) {
                Some(id) => reconcile::look(model, id),
                None => model.refresh(),
            };
        }
        (Command::Field(forward), Some(Dialog::NewKey(form))) => form.step(forward),
        (Command::Choice(forward), Some(Dialog::NewKey(form))) => form.choose(forward),
        (Command::FreeVlan(forward), Some(Dialog::NewKey(_))) => free_vlan(model, forward),
        (Command::AutoVlan, Some(Dialog::NewKey(_))) => auto_vlan(model),
        (Command::Review, Some(Dialog::NewKey(form))) if form.editing.is_some() => {
            edit_key::review(model);
        }
        (Command::Review, Some(Dialog::NewKey(_))) => return review(model),
        (Command::Close, Some(Dialog::NewKey(_))) => close_form(model),
        (Command::Again, Some(Dialog::Review(_))) => return review_checks::check(model),
        (Command::Yes, Some(Dialog::Review(_))) => return send(model),
        (Command::No, Some(Dialog::Review(_))) => leave_review(model),
        (command, Some(Dialog::Attempt(id))) => {
            let id = *id;
            return act_on(model, command, id, key);
        }
        (Command::Close, Some(Dialog::Card(card))) => {
            let ids: Vec<_> = card.faces.iter().filter_map(|face| face.intent).collect();
            model.dialogs.pop();
            return ids.into_iter().flat_map(|id| pursue::seen(model, Some(id))).collect();
        }
        (Command::Settle, Some(Dialog::Reason { intent, input })) => {
            let (id, why) = (*intent, input.value().trim().to_owned());
            if !why.is_empty() {
                model.dialogs.pop();
                return pursue::close(model, id, &why);
            }
        }
        (Command::Yes, Some(Dialog::Damage)) => {
            model.dialogs.pop();
            let lines = match model.journal.readiness {
                Readiness::Damaged(lines) => lines,
                _ => 0,
            };
            model.journal.readiness = Readiness::Opening;
            return vec![model.audit_of(Act::DamageSeen { lines }), Effect::AcceptDamage];
        }
        (Command::Close | Command::No, Some(_)) => {
            model.dialogs.pop();
        }
        (Command::Yes, Some(Dialog::Leave)) => return vec![Effect::Quit],
        (Command::Yes, Some(Dialog::AllowWrites)) => {
            model.dialogs.pop();
            return mode::set(model, Mode::ReadWrite, "asked for");
        }
        _ => {}
    }
    vec![]
}

/// Carries out a command on a key that is being made.
fn act_on(model: &mut Model, command: Command, id: IntentId, key: Key) -> Vec<Effect> {
    match command {
        Command::Again => return reconcile::look(model, id),
        Command::Candidate => return pursue::adopt(model, id, key),
        Command::SetAside => pursue::set_aside(model, id),
        Command::SendAgain => return review_again(model, id),
        Command::GiveUp => {
            let waiting = model.attempt(id).is_some_and(|one| one.stage == Stage::Waiting);
            let input = Input::new(if waiting { "discarded" } else { "" }.to_owned());
            model.dialogs.push(Dialog::Reason { intent: id, input });
        }
        Command::Close => return pursue::hide(model, id),
        _ => {}
    }
    vec![]
}

fn nth_unfinished(model: &Model, n: usize) -> Option<IntentId> {
    model.unfinished.get(n).map(|one| one.standing.intent.id)
}

/// Shows the list of what is unfinished, or the only one on it.
fn show_unfinished(model: &mut Model) {
    match model.unfinished.as_slice() {
        [] if model.journal.changes.is_empty() => model.dialogs.push(Dialog::Troubles),
        [only] if !only.is_set_aside && model.journal.changes.is_empty() => {
            pursue::show(model, only.standing.intent.id);
        }
        _ => model.dialogs.push(Dialog::Unfinished { cursor: 0 }),
    }
}

/// Opens an entry of the list: its key where that is known. Of a change it is
/// enough that somebody has seen how it is now.
fn open_unfinished(model: &mut Model, n: usize) -> Vec<Effect> {
    match nth_unfinished(model, n) {
        Some(id) => open_one(model, id),
        None => alter::see(model, n - model.unfinished.len()),
    }
}

/// Opens an unfinished intent: its key where that is known.
pub(super) fn open_one(model: &mut Model, id: IntentId) -> Vec<Effect> {
    let Some(one) = model.attempt(id) else { return vec![] };
    match &one.stage {
        Stage::Made(_) => {
            let origin = if one.from_previous_session { Origin::Earlier } else { Origin::Found };
            return pursue::show_card(model, id, origin);
        }
        _ => pursue::show(model, id),
    }
    vec![]
}

pub(super) fn open_form(model: &mut Model) {
    if let Some(one) = model.active_attempt() {
        let id = one.standing.intent.id;
        return pursue::show(model, id);
    }
    let Some(on_ramp) = model.current() else { return };
    let Some(map) = model.vlans(&on_ramp.id) else { return };
    let form = match &model.draft {
        Some(draft) if draft.on_ramp == on_ramp.id => draft.clone(),
        _ => {
            let proposed = vlans::propose(model, map.taken());
            NewKey::of(on_ramp, &model.settings.presets, proposed)
        }
    };
    model.dialogs.push(Dialog::NewKey(Box::new(form)));
}

/// Why no key can be made on this on-ramp now.
fn why_no_key(model: &Model) -> String {
    let closed = model.current().map(OnRamp::closed).unwrap_or_default();
    let why: Vec<_> = closed.iter().map(ToString::to_string).collect();
    if !why.is_empty() {
        return format!("No new key here: {}.", why.join(", "));
    }
    match model.unready_for_new().filter(|_| model.mode == Mode::ReadWrite) {
        Some(why) => format!("No key can be made: {why}."),
        None => "Read-only: nothing is made. :rw allows making keys.".to_owned(),
    }
}

fn close_form(model: &mut Model) {
    if let Some(Dialog::NewKey(form)) = model.dialogs.pop()
        && form.is_worth_keeping()
    {
        model.notice = Some("Draft kept: n opens it again.".to_owned());
        model.draft = Some(*form);
    }
}

/// Puts the proposed VLAN into the form.
fn auto_vlan(model: &mut Model) {
    let Some(Dialog::NewKey(form)) = model.dialogs.last() else { return };
    let Some(vlans) = edit_key::vlans(model, form) else { return };
    let proposed = vlans::propose(model, vlans.taken());
    if let (Some(vlan), Some(Dialog::NewKey(form))) = (proposed, model.dialogs.last_mut()) {
        form.set(Field::Vlan, vlan.to_string());
    }
}

fn free_vlan(model: &mut Model, forward: bool) {
    let Some(Dialog::NewKey(form)) = model.dialogs.last() else { return };
    let vlans = edit_key::vlans(model, form);
    if let (Some(vlans), Some(Dialog::NewKey(form))) = (vlans, model.dialogs.last_mut()) {
        form.free_vlan(forward, &vlans);
    }
}

/// What is wrong with the form now; nothing where its on-ramp is gone.
pub(super) fn form_faults(model: &Model, form: &NewKey) -> Vec<Fault> {
    let now = model.server_now();
    let on_ramp = model.inventory.on_ramp(&form.on_ramp);
    let vlans = edit_key::vlans(model, form);
    match (on_ramp, vlans) {
        (Some(on_ramp), Some(vlans)) => {
            let mut faults = form.check(on_ramp, &vlans, now).err().unwrap_or_default();
            // A key can be changed where no new one can be made.
            let own = edit_key::has_its_own_vlan(form);
            faults.retain(|fault| match fault {
                Fault::Closed(_) => form.editing.is_none(),
                Fault::VlanTaken(_) | Fault::NotAlone => !own,
                _ => true,
            });
            faults
        }
        _ => vec![],
    }
}

/// What the form would order; where something is wrong, the focus goes there.
pub(super) fn order_of_form(model: &mut Model) -> Option<KeyOrder> {
    let Some(Dialog::NewKey(form)) = model.dialogs.last() else { return None };
    let on_ramp = model.inventory.on_ramp(&form.on_ramp);
    let Some((on_ramp, vlans)) = on_ramp.zip(edit_key::vlans(model, form)) else {
        model.notice = Some("That on-ramp is no longer listed.".to_owned());
        return None;
    };
    match form.check(on_ramp, &vlans, model.server_now()) {
        Ok(order) => Some(order),
        Err(faults) => {
            if let Some(Dialog::NewKey(form)) = model.dialogs.last_mut() {
                form.go_to_fault(&faults);
            }
            None
        }
    }
}

fn review(model: &mut Model) -> Vec<Effect> {
    let Some(order) = order_of_form(model) else { return vec![] };
    let Some(Dialog::NewKey(form)) = model.dialogs.last() else { return vec![] };
    let whom = form.for_whom();
    let Some(id) = mint(model, order.on_ramp()) else {
        model.notice = Some("One moment: the journal is being opened.".to_owned());
        return vec![];
    };
    let side = PlannedKey::of(id, order.tagged(id.tag()));
    let review = Review::of(vec![side], whom, model.now);
    open_review(model, review)
}

/// A name for a new intent, with a tag that nothing on the on-ramp carries.
pub(super) fn mint(model: &mut Model, on_ramp: &OnRampId) -> Option<IntentId> {
    let seed = model.journal.seed.as_mut()?;
    loop {
        let id = IntentId(seed.draw());
        let tag = id.tag();
        let listed = model.inventory.keys_of(on_ramp).any(|key| tag.is_in(key.label.as_str()));
        let known = model.unfinished.iter().any(|one| one.standing.intent.tag() == tag);
        if !listed && !known && !model.journal.settled.contains_key(&tag) {
            return Some(id);
        }
    }
}

/// Reviews an intent that was never sent, or whose key was not found.
fn review_again(model: &mut Model, id: IntentId) -> Vec<Effect> {
    let Some(one) = model.attempt(id).filter(|one| one.may_be_sent()) else { return vec![] };
    let intent = &one.standing.intent;
    if intent.realm != model.realm() {
        model.notice = Some("It is for another API than this console's.".to_owned());
        return vec![];
    }
    let (order, whom) = (intent.order.clone(), intent.for_whom.clone());
    if let Some(first) = pair_send::first_to_settle(model, intent) {
        let label = first.standing.intent.order.label();
        model.notice = Some(format!("First the other key of the pair, {label}: it is not known."));
        return vec![];
    }
    if let Some(hand) = model.active_attempt().filter(|hand| hand.standing.intent.id != id) {
        let label = hand.standing.intent.order.label();
        model.notice = Some(format!("First the key {label}: it is not settled yet."));
        return vec![];
    }
    let review = Review::of(vec![PlannedKey::of(id, order)], whom, model.now).again();
    open_review(model, review)
}

/// Opens a review and starts its checks.
pub(super) fn open_review(model: &mut Model, review: Review) -> Vec<Effect> {
    model.dialogs.push(Dialog::Review(Box::new(review)));
    review_checks::check(model)
}

fn leave_review(model: &mut Model) {
    review_checks::forget_checks(model);
    model.dialogs.pop();
}

/// Sends the one request, once: first it is written down, and it leaves when
/// the journal has it.
fn send(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(Dialog::Review(review)) = model.dialogs.last() else { return vec![] };
    if review.is_stale(now) {
        model.notice = Some("The checks were over a minute old: checked again.".to_owned());
        return review_checks::check(model);
    }
    review_checks::judge_again(model);
    let Some(Dialog::Review(review)) = model.dialogs.last() else { return vec![] };
    let again = review.again;
    let Some(id) = review.sides.first().map(|side| side.intent) else { return vec![] };
    let ready = model.mode == Mode::ReadWrite && model.unready().is_none();
    let alone = model.active_attempt().is_none_or(|one| again && one.standing.intent.id == id);
    if !(review.is_clear() && ready && alone) {
        model.notice = model.unready().map(|why| format!("Nothing was sent: {why}."));
        return vec![];
    }
    let mut effects = vec![];
    if again {
        if model.attempt(id).is_none_or(|one| !one.may_be_sent()) {
            return vec![];
        }
        leave_review(model);
        effects = pursue::doubt(model, id);
    } else {
        let intents = intents(model, review);
        leave_review(model);
        put_form_away(model);
        let later = intents.iter().skip(1).cloned();
        let confirmed = |intent| model.audit_of(Act::order(intent, Happened::Prepared));
        effects.extend(intents.iter().map(confirmed));
        effects.extend(later.map(|intent| Effect::Record(pair_send::prepared(intent))));
        for intent in intents {
            // The second of a pair waits for the first one's key.
            let is_set_aside = intent.id != id;
            let standing = Standing::of(intent);
            let (stage, search) = (Stage::Waiting, Search::default());
            let one = Attempt {
                standing,
                is_set_aside,
                from_previous_session: false,
                since: now,
                stage,
                search,
            };
            model.unfinished.push(one);
        }
    }
    effects.extend(hand_over(model, id));
    pursue::show(model, id);
    effects
}

/// The form comes back only if the key was surely not made.
fn put_form_away(model: &mut Model) {
    match model.dialogs.pop() {
        Some(Dialog::NewKey(form)) => model.draft = Some(*form),
        Some(Dialog::Pair(form)) => model.pair_draft = Some(form),
        Some(other) => model.dialogs.push(other),
        None => {}
    }
}

/// Asks the journal to write an intent down; it leaves when that is done. The
/// only place that asks for a key to be made.
pub(super) fn hand_over(model: &mut Model, id: IntentId) -> Vec<Effect> {
    let now = model.now;
    let Some(one) = model.attempt(id).filter(|one| one.may_be_sent()) else { return vec![] };
    let (intent, attempt) = (Box::new(one.standing.intent.clone()), one.standing.attempts + 1);
    let (request, effect) = model.write(Write::CreateKey { intent, attempt }, Purpose::Create(id));
    if let Some(one) = model.attempt_mut(id) {
        (one.stage, one.since, one.is_set_aside) = (Stage::Writing(request), now, false);
        one.from_previous_session = false;
    }
    vec![effect]
}

/// The intents that a review's `y` confirms; those of a pair are one order.
fn intents(model: &Model, review: &Review) -> Vec<Intent> {
    let of = u8::try_from(review.sides.len()).unwrap_or(1);
    let order = review.sides.first().map_or(0, |side| side.intent.0);
    let number = (1u8..).zip(&review.sides);
    let part = |number| (of > 1).then_some(Part { order, number, of });
    number.map(|(number, side)| intent(model, review, side, part(number))).collect()
}

fn intent(model: &Model, review: &Review, side: &PlannedKey, part: Option<Part>) -> Intent {
    let on_ramp = model.inventory.on_ramp(side.order.on_ramp());
    let keys = model.inventory.keys_of(side.order.on_ramp());
    let before = side.clear().map(|before| &before.ids);
    let keys = keys.filter(|key| before.is_some_and(|ids| ids.contains(&key.id)));
    Intent {
        id: side.intent,
        realm: model.realm(),
        on_ramp_name: on_ramp.map(|o| o.name.clone()).unwrap_or_default(),
        zone: on_ramp.map_or(Zone::Unstated, |o| o.zone.clone()),
        for_whom: review.for_whom.clone(),
        before: Intent::mistakable(&side.order, keys),
        order: side.order.clone(),
        prepared_at: model.server_now(),
        part,
    }
}

pub(super) fn take_on_ramp(model: &mut Model, on_ramp: OnRamp) {
    model.inventory.put_on_ramp(on_ramp, model.server_now());
    model.browse.arrange(&model.inventory, &model.geography);
}

pub(super) fn take_keys(model: &mut Model, of: &OnRampId, listing: Listing<ServiceKey>) {
    let (now, unread) = (model.server_now(), listing.unread.len());
    let shrinkage = model.inventory.set_keys_of(of, listing.entries, unread, now);
    replies::take_shrinkage(model, &shrinkage);
    change::update_cards(model);
}
