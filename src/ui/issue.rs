//! Making a key: form, review, the one request, and the search when its reply
//! is lost.
//!
//! Two rules decide every doubtful case here: nothing lost, and never two keys
//! for one intent. `send` is the only place that asks for a key to be made; it
//! refuses while another one is under way, and nothing in here sends again.

use crate::{
    api::{Cause, Failure, Listing, Mode, Reply, Request, Write},
    domain::{
        id::OnRampId,
        issuance::{self, Doubt, Evidence},
        key_order::{Fault, OrderUse},
        on_ramp::OnRamp,
        service_key::ServiceKey,
    },
};

use super::{
    dialog::{
        Dialog,
        card::Card,
        issuing::{Issuing, Search, Stage},
        new_key::{Field, NewKey},
        review::{Before, Check, Review, Vlan},
    },
    key::{Code, Key},
    keymap::Command,
    mode,
    model::{Model, Purpose},
    msg::Effect,
    vlans,
};

/// Carries out a command on the dialogs of this journey.
pub(super) fn act(model: &mut Model, command: Command, key: Key) -> Vec<Effect> {
    match (command, model.dialogs.last_mut()) {
        (Command::NewKey, _) => open_form(model),
        (Command::WhyNoKey, _) => model.notice = Some(why_no_key(model)),
        (Command::Unfinished, _) if model.issuing.is_none() => {
            model.dialogs.push(Dialog::Troubles);
        }
        (Command::Unfinished, _) => show_issuing(model),
        (Command::Field(forward), Some(Dialog::NewKey(form))) => form.step(forward),
        (Command::Choice(forward), Some(Dialog::NewKey(form))) => form.choose(forward),
        (Command::FreeVlan(forward), Some(Dialog::NewKey(_))) => free_vlan(model, forward),
        (Command::AutoVlan, Some(Dialog::NewKey(_))) => auto_vlan(model),
        (Command::Review, Some(Dialog::NewKey(_))) => return review(model),
        (Command::Close, Some(Dialog::NewKey(_))) => close_form(model),
        (Command::Again, Some(Dialog::Review(_))) => return check(model),
        (Command::Yes, Some(Dialog::Review(_))) => return send(model),
        (Command::No, Some(Dialog::Review(_))) => leave_review(model),
        (Command::Again, Some(Dialog::Issuing)) => return look(model),
        (Command::Candidate, Some(Dialog::Issuing)) => return adopt(model, key),
        (Command::GiveUp, Some(Dialog::Issuing)) => {
            model.forget(Purpose::Look);
            model.given_up.extend(model.issuing.take());
            model.draft = None;
            model.dialogs.pop();
        }
        (Command::Close, Some(Dialog::Issuing)) => close_issuing(model),
        (Command::Close | Command::No, Some(_)) => {
            model.dialogs.pop();
        }
        (Command::Yes, Some(Dialog::Leave)) => return vec![Effect::Quit],
        (Command::Yes, Some(Dialog::AllowWrites)) => {
            model.dialogs.pop();
            return mode::set(model, Mode::ReadWrite);
        }
        _ => {}
    }
    vec![]
}

/// What time alone brings: the next look for a key in doubt.
pub(super) fn tick(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    match &mut model.issuing {
        Some(issuing) if issuing.is_due(now) => {
            issuing.search.planned += 1;
            look(model)
        }
        _ => vec![],
    }
}

pub(super) fn open_form(model: &mut Model) {
    if model.issuing.is_some() {
        return show_issuing(model);
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
    if why.is_empty() {
        "Read-only: nothing is made. :rw allows making keys.".to_owned()
    } else {
        format!("No new key here: {}.", why.join(", "))
    }
}

fn show_issuing(model: &mut Model) {
    if model.issuing.is_some() {
        model.dialogs.push(Dialog::Issuing);
    }
}

/// Hides a key in doubt; one that was surely not made goes back to its form.
fn close_issuing(model: &mut Model) {
    model.dialogs.pop();
    if model.issuing.as_ref().is_some_and(|issuing| !issuing.is_in_doubt()) {
        model.issuing = None;
        if let Some(form) = model.draft.take() {
            model.dialogs.push(Dialog::NewKey(Box::new(form)));
        }
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
    let Some(vlans) = model.vlans(&form.on_ramp) else { return };
    let proposed = vlans::propose(model, vlans.taken());
    if let (Some(vlan), Some(Dialog::NewKey(form))) = (proposed, model.dialogs.last_mut()) {
        form.set(Field::Vlan, vlan.to_string());
    }
}

fn free_vlan(model: &mut Model, forward: bool) {
    let Some(Dialog::NewKey(form)) = model.dialogs.last() else { return };
    let vlans = model.vlans(&form.on_ramp);
    if let (Some(vlans), Some(Dialog::NewKey(form))) = (vlans, model.dialogs.last_mut()) {
        form.free_vlan(forward, &vlans);
    }
}

/// What is wrong with the form now; nothing where its on-ramp is gone.
pub(super) fn form_faults(model: &Model, form: &NewKey) -> Vec<Fault> {
    let now = model.server_now();
    let on_ramp = model.inventory.on_ramp(&form.on_ramp);
    let vlans = model.vlans(&form.on_ramp);
    match (on_ramp, vlans) {
        (Some(on_ramp), Some(vlans)) => form.check(on_ramp, &vlans, now).err().unwrap_or_default(),
        _ => vec![],
    }
}

fn review(model: &mut Model) -> Vec<Effect> {
    let Some(Dialog::NewKey(form)) = model.dialogs.last() else { return vec![] };
    let on_ramp = model.inventory.on_ramp(&form.on_ramp);
    let Some((on_ramp, vlans)) = on_ramp.zip(model.vlans(&form.on_ramp)) else {
        model.notice = Some("That on-ramp is no longer listed.".to_owned());
        return vec![];
    };
    match form.check(on_ramp, &vlans, model.server_now()) {
        Ok(order) => {
            let review = Review::of(order, form.for_whom(), model.now);
            model.dialogs.push(Dialog::Review(Box::new(review)));
            return check(model);
        }
        Err(faults) => {
            if let Some(Dialog::NewKey(form)) = model.dialogs.last_mut() {
                form.go_to_fault(&faults);
            }
        }
    }
    vec![]
}

/// Starts the review's checks: the on-ramp's keys, and the VLAN, at the vendor
/// or (for an MCR or MVE, which it does not check) on a fresh record.
fn check(model: &mut Model) -> Vec<Effect> {
    forget_checks(model);
    let now = model.now;
    let Some(Dialog::Review(review)) = model.dialogs.last_mut() else { return vec![] };
    let (on_ramp, usage) = (review.order.on_ramp().clone(), review.order.usage());
    (review.checked_at, review.before, review.faults) = (now, Check::Asking, vec![]);
    let keys = Request::KeysOf(on_ramp.clone());
    let is_port = model.inventory.on_ramp(&on_ramp).is_some_and(|o| o.kind.answers_vlans());
    let (vlan, request) = match usage {
        OrderUse::Multi => (Check::Known(Vlan::Assigned), None),
        OrderUse::Single(id) if is_port => (Check::Asking, Some(Request::CheckVlan(on_ramp, id))),
        OrderUse::Single(_) => (Check::Asking, Some(Request::OnRamp(on_ramp))),
    };
    review.vlan = vlan;
    let asked = [Some((keys, Purpose::ReviewKeys)), request.map(|r| (r, Purpose::ReviewVlan))];
    asked.into_iter().flatten().map(|(request, purpose)| model.ask(request, purpose).1).collect()
}

fn forget_checks(model: &mut Model) {
    model.forget(Purpose::ReviewVlan);
    model.forget(Purpose::ReviewKeys);
}

fn leave_review(model: &mut Model) {
    forget_checks(model);
    model.dialogs.pop();
}

/// Sends the one request, once.
fn send(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(Dialog::Review(review)) = model.dialogs.last() else { return vec![] };
    if review.is_stale(now) {
        model.notice = Some("The checks were over a minute old: checked again.".to_owned());
        return check(model);
    }
    judge_again(model);
    let Some(Dialog::Review(review)) = model.dialogs.last() else { return vec![] };
    let (Some(before), None, Mode::ReadWrite) = (review.clear(), &model.issuing, model.mode) else {
        return vec![];
    };
    let (order, before) = (review.order.clone(), before.ids.clone());
    let for_whom = review.for_whom.clone();
    model.issuing = Some(Issuing {
        order: order.clone(),
        for_whom,
        before,
        sent_at: now,
        stage: Stage::Sending,
        search: Search::default(),
    });
    leave_review(model);
    // The form comes back only if the key was surely not made.
    if let Some(Dialog::NewKey(form)) = model.dialogs.pop() {
        model.draft = Some(*form);
    }
    model.dialogs.push(Dialog::Issuing);
    vec![model.write(Write::CreateKey(order), Purpose::Create)]
}

/// Reads the on-ramp's keys to find the one whose reply was lost.
fn look(model: &mut Model) -> Vec<Effect> {
    let Some(issuing) = &mut model.issuing else { return vec![] };
    let over = matches!(issuing.stage, Stage::Sending | Stage::NotMade(_));
    if over || issuing.search.asking {
        return vec![];
    }
    issuing.search.asking = true;
    let request = Request::KeysOf(issuing.order.on_ramp().clone());
    vec![model.ask(request, Purpose::Look).1]
}

fn adopt(model: &mut Model, key: Key) -> Vec<Effect> {
    let Code::Char(digit) = key.code else { return vec![] };
    let Some(issuing) = &model.issuing else { return vec![] };
    let (Stage::Maybe(keys) | Stage::Several(keys)) = &issuing.stage else { return vec![] };
    let index = digit.to_digit(10).and_then(|n| (n as usize).checked_sub(1));
    if let Some(key) = index.and_then(|i| keys.get(i)).cloned() {
        finish(model, key, true);
    }
    vec![]
}

/// Closes keys that were given up on and that the lists now show.
pub(super) fn settle_given_up(model: &mut Model) {
    let before = model.given_up.len();
    let inventory = &model.inventory;
    model.given_up.retain(|issuing| {
        let listed = inventory.keys_of(issuing.order.on_ramp()).cloned();
        let evidence = issuance::look_for(&issuing.order, &issuing.before, listed);
        !matches!(evidence, Evidence::Ours(_))
    });
    if model.given_up.len() < before {
        model.notice = Some("A key that was given up on is in the list now.".to_owned());
    }
}

/// The key is known: shows its card.
fn finish(model: &mut Model, key: ServiceKey, found: bool) {
    let Some(issuing) = model.issuing.take() else { return };
    model.forget(Purpose::Look);
    let now = model.now;
    model.inventory.put_key(key.clone(), model.server_now());
    model.browse.arrange(&model.inventory, &model.geography);
    model.dialogs.retain(|dialog| !matches!(dialog, Dialog::Issuing | Dialog::Leave));
    let card = Card::of(key, &issuing.order, issuing.for_whom, found, now);
    model.draft = None;
    model.dialogs.push(Dialog::Card(Box::new(card)));
}

/// Takes in a reply of this journey.
pub(super) fn hear(
    model: &mut Model,
    purpose: Purpose,
    result: Result<Reply, Failure>,
) -> Vec<Effect> {
    match (purpose, result) {
        (Purpose::ReviewVlan, result) => hear_vlan(model, result),
        (Purpose::ReviewKeys, Ok(Reply::KeysOf(of, listing))) => hear_keys(model, &of, listing),
        (Purpose::ReviewKeys, Err(failure)) => {
            if let Some(review) = reviewing(model) {
                review.before = Check::Failed(failure);
            }
        }
        (Purpose::Create, Ok(Reply::Created(key))) => finish(model, *key, false),
        (Purpose::Create, Err(failure)) => return hear_failure(model, failure),
        (Purpose::Look, Ok(Reply::KeysOf(of, listing))) => hear_look(model, &of, listing),
        (Purpose::Look, Err(failure)) => {
            if let Some(issuing) = &mut model.issuing {
                (issuing.search.asking, issuing.search.trouble) = (false, Some(failure));
            }
        }
        _ => {}
    }
    vec![]
}

/// Judges a review anew: on-ramps close, and VLANs get taken, while somebody
/// reads it.
pub(super) fn judge_again(model: &mut Model) {
    let Some(order) = reviewing(model).map(|review| review.order.clone()) else { return };
    let vlans = model.vlans(order.on_ramp()).unwrap_or_default();
    let faults = order.faults(model.inventory.on_ramp(order.on_ramp()), &vlans);
    if let Some(review) = reviewing(model) {
        review.faults = faults;
    }
}

fn reviewing(model: &mut Model) -> Option<&mut Review> {
    model.dialogs.iter_mut().rev().find_map(|dialog| match dialog {
        Dialog::Review(review) => Some(&mut **review),
        _ => None,
    })
}

fn hear_vlan(model: &mut Model, result: Result<Reply, Failure>) {
    use crate::api::VlanAnswer::{Free, Taken};
    if let Ok(Reply::Vlan(answer)) = &result
        && let Some((on_ramp, OrderUse::Single(vlan))) =
            reviewing(model).map(|review| (review.order.on_ramp().clone(), review.order.usage()))
    {
        vlans::note(model, on_ramp, vlan, answer);
    }
    let check = match result {
        Ok(Reply::Vlan(Free)) => Check::Known(Vlan::Free),
        Ok(Reply::Vlan(Taken(others))) => Check::Known(Vlan::Taken(others)),
        Ok(Reply::OnRamp(on_ramp)) => {
            take_on_ramp(model, *on_ramp);
            Check::Known(Vlan::ReadAgain)
        }
        Err(failure) => Check::Failed(failure),
        Ok(_) => return,
    };
    if let Some(review) = reviewing(model) {
        review.vlan = check;
    }
    judge_again(model);
}

fn take_on_ramp(model: &mut Model, on_ramp: OnRamp) {
    model.inventory.put_on_ramp(on_ramp, model.server_now());
    model.browse.arrange(&model.inventory, &model.geography);
}

/// The on-ramp's keys as they are now: the ground against which a lost key
/// will be recognised, and a last check of the VLAN.
fn hear_keys(model: &mut Model, of: &OnRampId, listing: Listing<ServiceKey>) {
    let Some(review) = reviewing(model).filter(|review| review.order.on_ramp() == of) else {
        return;
    };
    let ids = listing.entries.iter().map(|key| key.id.clone()).collect();
    review.before = Check::Known(Before { ids, unread: listing.unread.len() });
    take_keys(model, of, listing);
    judge_again(model);
}

fn take_keys(model: &mut Model, of: &OnRampId, listing: Listing<ServiceKey>) {
    let (now, unread) = (model.server_now(), listing.unread.len());
    model.inventory.set_keys_of(of, listing.entries, unread, now);
}

fn hear_failure(model: &mut Model, failure: Failure) -> Vec<Effect> {
    let now = model.now;
    let Some(issuing) = &mut model.issuing else { return vec![] };
    if failure.doubt != Doubt::Unknown {
        let forbidden = failure.cause == Cause::Forbidden;
        issuing.stage = Stage::NotMade(failure);
        // Another try would only be refused again: the key pair can not write.
        return if forbidden { mode::set(model, Mode::ReadOnly) } else { vec![] };
    }
    issuing.stage = Stage::Looking { failure, since: now };
    if !matches!(model.dialogs.last(), Some(Dialog::Issuing)) {
        model.dialogs.push(Dialog::Issuing);
    }
    tick(model)
}

fn hear_look(model: &mut Model, of: &OnRampId, listing: Listing<ServiceKey>) {
    let Some(issuing) = model.issuing.as_mut().filter(|i| i.order.on_ramp() == of) else { return };
    let listed = listing.entries.iter().cloned();
    let evidence = issuance::look_for(&issuing.order, &issuing.before, listed);
    let key = issuing.weigh(evidence, listing.unread.len());
    take_keys(model, of, listing);
    if let Some(key) = key {
        finish(model, key, true);
    }
}
