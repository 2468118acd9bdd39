//! Creating a key: form, review, and what is unfinished. What becomes of a
//! request is decided in the engine.

use tui_input::Input;

use crate::{
    api::Mode,
    domain::{
        intent::IntentId,
        key_order::{Fault, KeyOrder},
        on_ramp::OnRamp,
    },
    engine::{
        Engine,
        attempt::Stage,
        effect::{Origin, Outcome},
        journal::Readiness,
        not_now::NotNow,
    },
};

use super::{
    activity, attempts,
    dialog::{
        Dialog,
        new_key::{Field, NewKey},
        review::Review,
    },
    edit_key, engine_step,
    key::Key,
    keymap::Command,
    model::Model,
    msg::Effect,
    vlans,
};

/// Carries out a command on the dialogs of this journey.
pub(super) fn act(model: &mut Model, command: Command, key: Key) -> Vec<Effect> {
    match (command, model.dialogs.last_mut()) {
        (Command::NewKey, _) => open_form(model),
        (Command::WhyNoKey, _) => {
            model.notice = Some(why_no_key(model));
            let damaged = matches!(model.engine.journal().readiness, Readiness::Damaged(_));
            if damaged && model.engine.mode() == Mode::ReadWrite {
                model.dialogs.push(Dialog::Damage);
            }
        }
        (Command::Unfinished, Some(Dialog::Unfinished { .. })) => return show_troubles(model),
        (Command::Unfinished, _) => return show_unfinished(model),
        (Command::Open, Some(Dialog::Unfinished { cursor })) => {
            let cursor = *cursor;
            return open_unfinished(model, cursor);
        }
        (Command::Again, Some(Dialog::Unfinished { cursor })) => {
            let cursor = *cursor;
            return match nth_unfinished(model, cursor) {
                Some(id) => engine_step::run(model, |engine| engine.look(id)),
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
        (Command::Again, Some(Dialog::Review(_))) => {
            return engine_step::run(model, Engine::recheck);
        }
        (Command::Yes, Some(Dialog::Review(_))) => return confirm(model),
        (Command::No, Some(Dialog::Review(_))) => leave_review(model),
        (command, Some(Dialog::Attempt(id))) => {
            let id = *id;
            return act_on(model, command, id, key);
        }
        (Command::Close, Some(Dialog::Card(card))) => {
            let ids: Vec<_> = card.faces.iter().filter_map(|face| face.intent).collect();
            model.dialogs.pop();
            let mut effects = vec![];
            for id in ids {
                effects.extend(engine_step::run(model, |engine| engine.acknowledge(id)));
            }
            return effects;
        }
        (Command::Settle, Some(Dialog::Reason { intent, input })) => {
            let (id, why) = (*intent, input.value().trim().to_owned());
            if !why.is_empty() {
                model.dialogs.pop();
                return engine_step::run(model, |engine| engine.close(id, &why));
            }
        }
        (Command::Yes, Some(Dialog::Damage)) => {
            model.dialogs.pop();
            return engine_step::run(model, Engine::accept_damage);
        }
        (Command::Close | Command::No, Some(_)) => {
            model.dialogs.pop();
        }
        (Command::Yes, Some(Dialog::Leave)) => return vec![Effect::Quit],
        (Command::Yes, Some(Dialog::AllowWrites)) => {
            model.dialogs.pop();
            return engine_step::run(model, |engine| engine.set_mode(Mode::ReadWrite, "asked for"));
        }
        _ => {}
    }
    vec![]
}

/// Carries out a command on a key that is being made.
fn act_on(model: &mut Model, command: Command, id: IntentId, key: Key) -> Vec<Effect> {
    match command {
        Command::Again => return engine_step::run(model, |engine| engine.look(id)),
        Command::Candidate => return attempts::adopt(model, id, key),
        Command::SetAside => attempts::set_aside(model, id),
        Command::SendAgain => return review_again(model, id),
        Command::GiveUp => {
            let waiting = model.engine.attempt(id).is_some_and(|one| one.stage == Stage::Waiting);
            let input = Input::new(if waiting { "discarded" } else { "" }.to_owned());
            model.dialogs.push(Dialog::Reason { intent: id, input });
        }
        Command::Close => return attempts::hide(model, id),
        _ => {}
    }
    vec![]
}

fn nth_unfinished(model: &Model, n: usize) -> Option<IntentId> {
    model.engine.attempts().get(n).map(|one| one.standing.intent.id)
}

/// Shows what is not well. Of two keys for one request the audit says which one was
/// delivered, so it is read.
fn show_troubles(model: &mut Model) -> Vec<Effect> {
    model.dialogs.push(Dialog::Troubles);
    if model.engine.journal().second.is_empty() { vec![] } else { activity::act::read(model) }
}

/// Shows the list of what is unfinished, or the only one on it.
fn show_unfinished(model: &mut Model) -> Vec<Effect> {
    match model.engine.attempts() {
        [] if model.engine.journal().changes.is_empty() => return show_troubles(model),
        [only] if !only.is_set_aside && model.engine.journal().changes.is_empty() => {
            attempts::show(model, only.standing.intent.id);
        }
        _ => model.dialogs.push(Dialog::Unfinished { cursor: 0 }),
    }
    vec![]
}

/// Opens an entry of the list: its key where that is known. Of a change it is
/// enough that somebody has seen how it is now.
fn open_unfinished(model: &mut Model, n: usize) -> Vec<Effect> {
    if let Some(id) = nth_unfinished(model, n) {
        return open_one(model, id);
    }
    let at = n - model.engine.attempts().len();
    engine_step::run(model, |engine| engine.see_change(at))
}

/// Opens an unfinished intent: its key where that is known.
pub(super) fn open_one(model: &mut Model, id: IntentId) -> Vec<Effect> {
    let Some(one) = model.engine.attempt(id) else { return vec![] };
    match &one.stage {
        Stage::Made(_) => {
            let origin = if one.from_previous_session { Origin::Earlier } else { Origin::Found };
            return attempts::show_card(model, id, origin);
        }
        _ => attempts::show(model, id),
    }
    vec![]
}

pub(super) fn open_form(model: &mut Model) {
    if let Some(one) = model.engine.active_attempt() {
        let id = one.standing.intent.id;
        return attempts::show(model, id);
    }
    let Some(on_ramp) = model.current() else { return };
    let Some(map) = model.engine.vlans(&on_ramp.id) else { return };
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
    match model.unready_for_new().filter(|_| model.engine.mode() == Mode::ReadWrite) {
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
    let policy = &model.settings.vlans;
    let closed = vlans.map(|map| policy.closed_to(form.text(Field::Customer), map.taken()));
    if let (Some(closed), Some(Dialog::NewKey(form))) = (closed, model.dialogs.last_mut()) {
        form.free_vlan(forward, &closed);
    }
}

/// What is wrong with the form now; nothing where its on-ramp is gone.
pub(super) fn form_faults(model: &Model, form: &NewKey) -> Vec<Fault> {
    let now = model.server_now();
    let on_ramp = model.engine.inventory().on_ramp(&form.on_ramp);
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
    let on_ramp = model.engine.inventory().on_ramp(&form.on_ramp);
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
    open_review(model, |engine| engine.plan_keys(vec![order], whom))
}

/// Reviews an intent that was never sent, or whose key was not found.
fn review_again(model: &mut Model, id: IntentId) -> Vec<Effect> {
    open_review(model, |engine| engine.plan_again(id))
}

/// Has the engine plan something, and opens its review.
pub(super) fn open_review(
    model: &mut Model,
    plan: impl FnOnce(&mut Engine) -> Result<Outcome, NotNow>,
) -> Vec<Effect> {
    match plan(&mut model.engine) {
        Ok(outcome) => {
            // There is one plan at a time, and so one review.
            model.dialogs.retain(|open| !matches!(open, Dialog::Review(_)));
            model.dialogs.push(Dialog::Review(Box::new(Review::opened(model.now()))));
            engine_step::present(model, outcome)
        }
        Err(why) => {
            model.notice = no_review(model, why);
            vec![]
        }
    }
}

/// Why nothing is reviewed now.
fn no_review(model: &Model, why: NotNow) -> Option<String> {
    Some(match why {
        NotNow::NoNames => "One moment: the journal is being opened.".to_owned(),
        NotNow::OtherRealm => "It is for another API than this console's.".to_owned(),
        NotNow::FirstOfPairOpen(label) => {
            format!("First the other key of the pair, {label}: it is not known.")
        }
        NotNow::Elsewhere(running) => attempts::elsewhere(&running),
        NotNow::Waits(from) => {
            format!("Not sent yet: s works {}.", attempts::from_in_words(model, from))
        }
        NotNow::Busy(label) => format!("First the key {label}: it is not settled yet."),
        _ => return None,
    })
}

fn leave_review(model: &mut Model) {
    model.engine.drop_plan();
    model.dialogs.pop();
}

/// Somebody has said yes to the review on the screen.
fn confirm(model: &mut Model) -> Vec<Effect> {
    let Some(yes) = model.confirmed.take() else { return vec![] };
    let no_words = |why| match why {
        NotNow::Unready(why) => Some(format!("Nothing was sent: {why}.")),
        _ => None,
    };
    engine_step::try_run(model, |engine| engine.confirm(&yes), no_words)
}
