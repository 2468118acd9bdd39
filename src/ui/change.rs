//! Changing keys: confirmed, written down, sent one after the other, and read
//! back.

use crate::{
    api::{Failure, Mode, Reply, Request, Write},
    domain::{
        alteration::{Subject, Turn},
        audit::{Act, KeyMark, Reached},
        fingerprint::Fingerprint,
        id::KeyId,
        issuance::Doubt,
        service_key::ServiceKey,
        text::SafeText,
    },
};

use super::{
    alter,
    change_search::{Search, Wanted},
    dialog::{
        Dialog,
        change::{Change, Stage, Step},
        change_view,
    },
    edit_key,
    key::{Code, Key},
    key_list,
    keymap::Command,
    model::{Model, Purpose},
    msg::Effect,
    place::Place,
    visit_view, watch,
};

/// Carries out a command of this dialog, or the one that opens it; `None`
/// where it is not one of them.
pub(super) fn act(model: &mut Model, command: Command, key: Key) -> Option<Vec<Effect>> {
    let now = model.now;
    if let Some(open) = change_of(model, command) {
        if !change_view::is_all_shown(model, &open) {
            model.notice = Some("Not all of them fit on this terminal: mark fewer.".to_owned());
            return Some(vec![]);
        }
        model.dialogs.push(Dialog::Change(Box::new(open)));
        return Some(vec![]);
    }
    if command == Command::EditKey {
        if let Some(key) = selected_keys(model).into_iter().next() {
            edit_key::open(model, key);
        }
        return Some(vec![]);
    }
    match (command, model.dialogs.last_mut()?) {
        (Command::Candidate, Dialog::Change(change)) => {
            let Code::Char(digit) = key.code else { return Some(vec![]) };
            let at = digit.to_digit(10).and_then(|n| (n as usize).checked_sub(1));
            if let Some(step) = at.and_then(|at| change.steps.get_mut(at)) {
                step.wanted = !step.wanted;
            }
            change.question.disturb(now);
        }
        (Command::Yes, Dialog::Change(change)) => {
            change.confirm();
            return Some(next(model));
        }
        (Command::No, Dialog::Change(_)) => {
            model.dialogs.pop();
        }
        _ => return None,
    }
    Some(vec![])
}

/// The keys that a change would be of: those of the card on top, else the one
/// under the cursor.
pub(super) fn selected_keys(model: &Model) -> Vec<ServiceKey> {
    match model.dialogs.last() {
        Some(Dialog::Card(card)) => card.faces.iter().map(|face| face.key.clone()).collect(),
        Some(_) => vec![],
        None if model.place == Place::Keys => key_list::act::selected_keys(model),
        None => visit_view::selected_key(model).into_iter().cloned().collect(),
    }
}

/// What a command that switches keys would do; `None` for other commands.
fn change_of(model: &Model, command: Command) -> Option<Change> {
    let keys =
        |active: bool| selected_keys(model).into_iter().filter(move |key| key.active == active);
    match command {
        Command::SwitchOff => Some(Change::switch_off(keys(true).collect(), model.now)),
        Command::SwitchOn => Some(Change::switch_on(keys(false).collect(), model.now)),
        _ => None,
    }
}

fn open(model: &mut Model) -> Option<&mut Change> {
    model.dialogs.iter_mut().rev().find_map(|open| match open {
        Dialog::Change(change) => Some(&mut **change),
        _ => None,
    })
}

/// The step of this key that is under way, in whichever dialog; else the one of
/// the uppermost dialog.
fn step_of<'a>(model: &'a mut Model, key: &KeyId) -> Option<&'a mut Step> {
    let is_sent = |step: &Step| {
        let sent = matches!(step.stage, Stage::Writing | Stage::Sending | Stage::Reading(_));
        sent && step.before.id == *key
    };
    let has_it =
        |open: &Dialog| matches!(open, Dialog::Change(change) if change.steps.iter().any(is_sent));
    if let Some(at) = model.dialogs.iter().rposition(has_it) {
        let Some(Dialog::Change(change)) = model.dialogs.get_mut(at) else { return None };
        return change.steps.iter_mut().find(|step| is_sent(step));
    }
    open(model)?.steps.iter_mut().find(|step| step.before.id == *key)
}

/// Sends the next change that waits, unless one is under way.
fn next(model: &mut Model) -> Vec<Effect> {
    if model.mode != Mode::ReadWrite {
        model.notice = Some("Read-only: nothing was changed. :rw allows it.".to_owned());
        return vec![];
    }
    let Some(change) = open(model).filter(|change| change.confirmed && !change.is_under_way())
    else {
        return vec![];
    };
    let waits = |step: &&mut Step| step.wanted && step.stage == Stage::Waiting;
    let Some(step) = change.steps.iter_mut().find(waits) else { return vec![] };
    step.stage = Stage::Writing;
    let (key, wanted) = (step.before.clone(), step.change.clone());
    let what = in_words(step);
    let subject = (Subject::Key(Fingerprint::of(&key.id)), key.label.clone());
    let write = |change| Write::UpdateKey(wanted, change);
    match alter::begin(model, subject, &what, Purpose::Change, write) {
        Ok(effect) => {
            model.changing = Some(key.id.clone());
            let confirmed = audit(model, &key.id, Reached::Confirmed, None);
            confirmed.into_iter().chain([effect]).collect()
        }
        Err(why) => {
            if let Some(step) = step_of(model, &key.id) {
                step.stage = Stage::Waiting;
            }
            // Whoever said yes hears this, and it must not go later by itself.
            if let Some(change) = open(model) {
                change.confirmed = false;
            }
            model.notice = Some(why);
            vec![]
        }
    }
}

/// It is written down, and leaves now.
pub(super) fn leaves(model: &mut Model) -> Vec<Effect> {
    let Some(key) = model.changing.clone() else { return vec![] };
    if let Some(step) = step_of(model, &key) {
        step.stage = Stage::Sending;
    }
    audit(model, &key, Reached::Sent, None).into_iter().collect()
}

/// Takes in a reply about a change.
pub(super) fn apply_change_reply(
    model: &mut Model,
    purpose: Purpose,
    result: Result<Reply, Failure>,
) -> Vec<Effect> {
    let Some(key) = model.changing.clone() else { return vec![] };
    match (purpose, result) {
        (Purpose::Change, Ok(_)) => read_back(model, &key, None),
        (Purpose::Change, Err(failure)) if failure.doubt == Doubt::Unknown => {
            read_back(model, &key, Some(failure))
        }
        (Purpose::ReadBack, Ok(Reply::Key(read))) => done(model, *read),
        // After a read that failed, nobody knows.
        (Purpose::ReadBack, Err(failure)) => search(model, &key, Some(failure)),
        (Purpose::Change, Err(failure)) => {
            model.changing = None;
            let act = audit(model, &key, Reached::Failed, Some(&failure));
            if let Some(step) = step_of(model, &key) {
                step.stage = Stage::Failed(failure);
            }
            // Whoever said yes to several looks before the next one leaves.
            let mut effects: Vec<_> = act.into_iter().collect();
            effects.extend(alter::settle(model, Some(Turn::NotDone)));
            effects
        }
        _ => vec![],
    }
}

/// Reads the key again: only that tells what became of it.
fn read_back(model: &mut Model, key: &KeyId, failure: Option<Failure>) -> Vec<Effect> {
    if let Some(step) = step_of(model, key) {
        step.stage = Stage::Reading(failure);
    }
    vec![model.ask(Request::Key(key.clone()), Purpose::ReadBack).1]
}

/// The key as it is now.
fn done(model: &mut Model, read: ServiceKey) -> Vec<Effect> {
    take_key(model, &read);
    let id = read.id.clone();
    let failure = match step_of(model, &id) {
        // The list may lag: that the key is as it was proves nothing yet.
        Some(Step { stage: Stage::Reading(failure), .. }) => failure.clone(),
        _ => None,
    };
    // Without the dialog nobody knows what was asked for, so nothing is claimed.
    if step_of(model, &id).is_none_or(|step| !step.is_met_by(&read)) {
        return search(model, &id, failure);
    }
    model.changing = None;
    if let Some(step) = step_of(model, &id) {
        step.stage = Stage::Done(Box::new(read));
    }
    let mut effects: Vec<_> = audit(model, &id, Reached::Done, None).into_iter().collect();
    effects.extend(alter::settle(model, Some(Turn::Done)));
    effects.extend(next(model));
    effects
}

/// Takes a key over that was read by itself: into the list, and onto cards.
pub(super) fn take_key(model: &mut Model, read: &ServiceKey) {
    model.inventory.put_key(read.clone(), model.server_now());
    watch::know(model, read);
    model.browse.arrange(&model.inventory, &model.geography);
    update_cards(model);
    if !read.active {
        model.never_copied.remove(&read.id);
    }
}

/// Shows the keys of open cards as they were read last.
pub(super) fn update_cards(model: &mut Model) {
    let cards = model.dialogs.iter_mut().filter_map(|open| match open {
        Dialog::Card(card) => Some(card),
        _ => None,
    });
    for face in cards.flat_map(|card| &mut card.faces) {
        let Some(key) = model.inventory.key(&face.key.id) else { continue };
        face.key = key.clone();
    }
}

/// Nobody knows yet whether the key was changed: it is read again as planned.
fn search(model: &mut Model, key: &KeyId, failure: Option<Failure>) -> Vec<Effect> {
    model.changing = None;
    let now = model.now;
    let Some(step) = step_of(model, key) else { return alter::settle(model, None) };
    let wanted = Wanted::Key(Box::new(step.clone()));
    step.stage = Stage::Searching(failure.clone());
    // Whoever said yes to several looks before the next one leaves.
    vec![alter::search(model, Search::of(wanted, failure, now))]
}

/// Shows how a change that was searched has ended. What Megaport took and did
/// not do in full is shown as the key is now.
pub(super) fn end(model: &mut Model, step: &mut Step, failure: Option<&Failure>, is_done: bool) {
    let read = model.inventory.key(&step.before.id).cloned().map(Box::new);
    step.stage = match (read, failure) {
        (_, Some(failure)) if !is_done => Stage::Failed(failure.clone()),
        (Some(read), _) => Stage::Done(read),
        // It was weighed against the list, so it is listed.
        (None, _) => return,
    };
    let shown = step_of(model, &step.before.id);
    if let Some(shown) = shown.filter(|shown| matches!(shown.stage, Stage::Searching(_))) {
        shown.stage = step.stage.clone();
    }
}

/// What differs now that it is done, else what was asked for.
fn in_words(step: &Step) -> String {
    let (differs, done) = match &step.stage {
        Stage::Done(_) => (step.differences(), true),
        _ => (step.asked_for(), false),
    };
    let what: Vec<_> = differs.iter().map(|one| change_view::in_words(one, done)).collect();
    if what.is_empty() { "nothing differs".to_owned() } else { what.join("; ") }
}

/// How far the change of a key has got, for the audit.
fn audit(
    model: &Model,
    key: &KeyId,
    reached: Reached,
    failure: Option<&Failure>,
) -> Option<Effect> {
    let step = model.dialogs.iter().rev().find_map(|open| match open {
        Dialog::Change(change) => change.steps.iter().find(|step| step.before.id == *key),
        _ => None,
    });
    // The dialog cannot be closed while a change is under way.
    Some(model.audit_of(act_of(step?, reached, failure)))
}

/// What the audit is told of a change.
pub(super) fn act_of(step: &Step, reached: Reached, failure: Option<&Failure>) -> Act {
    Act::Changed {
        key: KeyMark::of(&step.before),
        reached,
        what: SafeText::clean(&in_words(step)),
        why: failure.map(|failure| failure.happened.clone()),
        trace: failure.and_then(|failure| failure.trace.clone()),
    }
}
