//! Watching keys until the customer uses them: when to look, and what was
//! seen.
//!
//! Every key that is remembered is watched unless somebody said otherwise. One
//! look reads the list of all keys, and the records of those on-ramps on which
//! a young key waits, since only a circuit tells who used it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::{
    api::Request,
    domain::{
        audit::Act,
        fingerprint::Fingerprint,
        id::{ConnectionId, KeyId, OnRampId},
        key_usage::{Reading, Remembered},
        place::Zone,
        service_key::ServiceKey,
        status::Status,
        text::SafeText,
        time::Timestamp,
        watch::{self, News},
    },
};

use super::{
    key_list::{self, Of, rows},
    model::{Access, Model, Purpose},
    msg::Effect,
    place::Place,
    text::{relative, span},
};

/// How many on-ramps one look reads.
const RECORDS: usize = 2;

/// Something that was seen, for somebody to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// The key's label.
    pub label: SafeText,
    /// What happened.
    pub news: News,
    /// Whether somebody has seen it here.
    pub read: bool,
}

/// How watching goes.
#[derive(Debug, Default)]
pub struct Watch {
    /// Keys that are not to be watched.
    pub off: BTreeSet<Fingerprint>,
    /// What was seen, the newest last.
    pub seen: Vec<Seen>,
    /// When the last look was begun, by this host's clock.
    looked: Option<Timestamp>,
    /// How every watched key stood at the last look.
    readings: BTreeMap<Fingerprint, Reading>,
}

/// Whether a key of the list is watched.
pub(super) fn is_watched(model: &Model, id: &KeyId) -> bool {
    let print = Fingerprint::of(id);
    model.engine.remembered().contains_key(&print) && !model.watch.off.contains(&print)
}

/// Watches the key under the cursor, or stops watching it.
pub(super) fn toggle(model: &mut Model) {
    let Some(Of::Listed(id)) = model.key_list.selected.clone() else { return };
    let Some(key) = model.engine.inventory().key(&id).cloned() else { return };
    let print = Fingerprint::of(&key.id);
    let says = if is_watched(model, &id) {
        model.watch.off.insert(print);
        "Not watched any more."
    } else {
        model.watch.off.remove(&print);
        model.engine.remember(&key);
        "Watched: what happens to it is said here."
    };
    model.notice = Some(says.to_owned());
    compare(model);
}

/// The watched keys that a list has, and those that none has any more.
fn watched(model: &Model) -> Vec<(Fingerprint, Option<ServiceKey>, Reading)> {
    if !model.engine.inventory().keys_known() {
        return vec![];
    }
    let memories =
        model.engine.remembered().values().filter(|one| !model.watch.off.contains(&one.print));
    let memories: Vec<_> = memories.collect();
    let on_ramps: BTreeSet<&OnRampId> = memories.iter().map(|one| &one.on_ramp).collect();
    let listed = on_ramps.into_iter().flat_map(|id| model.engine.inventory().keys_of(id));
    let listed: BTreeMap<_, _> = listed.map(|key| (Fingerprint::of(&key.id), key)).collect();
    let of = |memory: &&Remembered| match listed.get(&memory.print) {
        Some(key) => (memory.print, Some((*key).clone()), rows::listed(model, key)),
        None => (memory.print, None, rows::gone(model, memory)),
    };
    memories.iter().map(of).collect()
}

/// Whether a key still has something to come.
fn is_pending(key: Option<&ServiceKey>, reading: &Reading) -> bool {
    let live = reading.circuit().is_some_and(|circuit| circuit.status == Status::Live);
    let built = reading.circuit().is_some_and(|circuit| circuit.awaits_approval) || !live;
    key.is_some() && (reading.word.waits() || reading.circuit().is_some() && built)
}

/// Compares every watched key with how it stood before, and says what
/// happened.
pub(super) fn compare(model: &mut Model) -> Vec<Effect> {
    let at = model.server_now();
    let mut effects = vec![];
    for (print, key, reading) in watched(model) {
        let before = model.watch.readings.insert(print, reading.clone());
        let news = before.and_then(|before| watch::compare(&before, &reading));
        let Some(news) = news else { continue };
        let label = key.map(|key| key.label).filter(|label| !label.is_empty());
        let memory = model.engine.remembered().get(&print).map(|one| one.label.clone());
        let label = label.or(memory).unwrap_or_default();
        effects.push(Effect::Notify(format!("{label}: {}", news.in_words())));
        let says = news.in_words().as_str().into();
        effects.push(model.audit_of(Act::News { print, label: label.clone(), says }));
        let read = model.place == Place::Keys && model.dialogs.is_empty();
        model.watch.seen.push(Seen { at, label, news, read });
    }
    effects
}

/// What this console did to a key itself is no news of it.
pub(super) fn know(model: &mut Model, key: &ServiceKey) {
    let reading = rows::listed(model, key);
    model.watch.readings.insert(Fingerprint::of(&key.id), reading);
}

/// The same of a circuit that this console has answered.
pub(super) fn know_circuit(model: &mut Model, circuit: &ConnectionId) {
    let is_it = |reading: &Reading| reading.circuit().is_some_and(|one| one.id == *circuit);
    let known: Vec<_> = watched(model).into_iter().filter(|(.., now)| is_it(now)).collect();
    model.watch.readings.extend(known.into_iter().map(|(print, _, reading)| (print, reading)));
}

/// When the next look is due, from now; `None` where nothing waits.
pub(super) fn due_in(model: &Model) -> Option<Duration> {
    if model.access != Access::Open || model.engine.keys().asked.is_some() {
        return None;
    }
    let pending =
        watched(model).into_iter().filter(|(_, key, reading)| is_pending(key.as_ref(), reading));
    let made = pending.map(|(_, key, _)| key.and_then(|key| key.created));
    let interval = watch::interval(made, model.server_now())?;
    let from = model.watch.looked.unwrap_or(model.now());
    Some((from + interval).since(model.now()))
}

/// What time alone brings: the next look.
pub(super) fn tick(model: &mut Model) -> Vec<Effect> {
    if model.watch.looked.is_none() && model.engine.inventory().keys_known() {
        model.watch.looked = Some(model.now());
    }
    if due_in(model) != Some(Duration::ZERO) {
        return vec![];
    }
    look(model)
}

/// Reads the keys, and the records of on-ramps on which a young key waits.
fn look(model: &mut Model) -> Vec<Effect> {
    model.watch.looked = Some(model.now());
    let young = |key: &&ServiceKey| {
        let now = model.server_now();
        key.created.is_some_and(|made| now.since(made) < Duration::from_secs(3600))
    };
    let watched = watched(model);
    let waiting = watched.iter().filter(|(_, key, reading)| is_pending(key.as_ref(), reading));
    let waiting = waiting.filter_map(|(_, key, _)| key.as_ref()).filter(young);
    let on_ramps: BTreeSet<_> = waiting.map(|key| key.on_ramp.clone()).collect();
    let mut effects = model.read_keys();
    for id in on_ramps.into_iter().take(RECORDS) {
        effects.push(model.ask(Request::OnRamp(id), Purpose::WatchOnRamp).1);
    }
    effects
}

/// The lists have changed: compares, and works out what is shown of them.
pub(super) fn after(model: &mut Model) -> Vec<Effect> {
    let effects = compare(model);
    if model.place == Place::Keys {
        key_list::act::take(model);
    }
    effects
}

/// Somebody has the keys on the screen: what was seen is read.
pub(super) fn read(model: &mut Model) {
    model.watch.seen.iter_mut().for_each(|seen| seen.read = true);
}

/// What was seen last and nobody has read yet, and how many there are.
pub(super) fn unread(model: &Model) -> Option<(&Seen, usize)> {
    let mut unread = model.watch.seen.iter().rev().filter(|seen| !seen.read);
    Some((unread.next()?, unread.count() + 1))
}

/// How watching goes, for the title of the list.
pub(super) fn in_words(model: &Model) -> String {
    let pending =
        watched(model).into_iter().filter(|(_, key, reading)| is_pending(key.as_ref(), reading));
    match (pending.count(), due_in(model)) {
        (0, _) => "nothing is watched".to_owned(),
        (n, Some(left)) => format!("watching {n}, next look in {}", span(left)),
        (n, None) => format!("watching {n}, looking…"),
    }
}

/// How the other key of a pair stands, where that wants a word.
pub(super) fn partner_in_words(model: &Model, key: &ServiceKey) -> Option<String> {
    let mine = model.engine.memory_of(key)?;
    let order = mine.part?.order;
    let other = model.engine.remembered().values().find(|other| {
        other.print != mine.print && other.part.is_some_and(|part| part.order == order)
    })?;
    let listed = model.engine.inventory().keys_of(&other.on_ramp);
    let mut listed = listed.filter(|key| Fingerprint::of(&key.id) == other.print);
    let theirs = match listed.next() {
        Some(key) => rows::listed(model, key),
        None => rows::gone(model, other),
    };
    let ours = rows::listed(model, key);
    let on_ramp = model.engine.inventory().on_ramp(&other.on_ramp);
    let zone = on_ramp.map(|on_ramp| &on_ramp.zone).filter(|zone| **zone != Zone::Unstated);
    let name = zone.map_or(other.on_ramp_name.as_str(), |zone| zone.word());
    let since = |reading: &Reading| {
        let at = reading.circuit().and_then(|circuit| circuit.created).or(key.last_used);
        at.map_or_else(String::new, |at| format!(" {}", relative(at, model.server_now())))
    };
    match (ours.word.is_used(), theirs.word.is_used()) {
        (false, true) => Some(format!("{name} used{}: chase", since(&theirs))),
        (true, false) => Some(format!("{name} still {}", theirs.word.text())),
        _ => None,
    }
}
