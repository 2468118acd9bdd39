//! Changes on their way: written down before they leave, settled by what is
//! read back, and kept behind `!` where nobody heard how they ended.

use crate::{
    api::{Failure, Mode, RequestId, Write},
    domain::{
        alteration::{Alteration, Subject, Turn},
        audit::Reached,
        fingerprint::Fingerprint,
        id::KeyId,
        intent::IntentId,
        key_difference::in_short,
        ledger::{OpenChange, Record, Step},
        text::SafeText,
        time::Timestamp,
    },
    engine::attempt::WRITING,
};

use super::{
    approve, change,
    change_search::{self, Search},
    dialog::Dialog,
    model::{Model, Purpose},
    msg::Effect,
};

/// A change that is under way. One at a time.
#[derive(Debug, Clone)]
pub struct Altering {
    change: Alteration,
    request: RequestId,
    since: Timestamp,
    /// Whether it has left; until then it is being written down.
    sent: bool,
}

impl Altering {
    /// Its name.
    pub const fn id(&self) -> IntentId {
        self.change.id
    }
}

/// A change that left, and of which nobody knows how it ended.
#[derive(Debug, Clone)]
pub struct Unheard {
    /// The change.
    pub change: OpenChange,
    /// Its key, where that is listed.
    key: Option<KeyId>,
    /// Whether its subject was read since.
    read: bool,
    /// The search for what became of it, where this session knows what it was.
    pub(super) search: Option<Search>,
}

/// What was read anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anew {
    /// The keys.
    Keys,
    /// The on-ramps.
    OnRamps,
}

/// Has a change written down, to leave after that; or says why it cannot.
pub(super) fn begin(
    model: &mut Model,
    (subject, name): (Subject, SafeText),
    what: &str,
    purpose: Purpose,
    write: impl FnOnce(Box<Alteration>) -> Write,
) -> Result<Effect, String> {
    if let Some(why) = model.journal.trouble() {
        return Err(format!("Nothing was changed: {why}."));
    }
    if model.altering.is_some() {
        return Err("One change at a time: the one before is not read back yet.".to_owned());
    }
    let seed = model.journal.seed.as_mut();
    let id = IntentId(seed.ok_or("One moment: the journal is being opened.")?.draw());
    let change = Alteration { id, subject, name, what: SafeText::clean(what) };
    let (request, effect) = model.write(write(Box::new(change.clone())), purpose);
    let since = model.now;
    model.altering = Some(Box::new(Altering { change, request, since, sent: false }));
    Ok(effect)
}

/// The journal has it: the request may leave, if it is still wanted.
pub(super) fn begun(model: &mut Model, request: RequestId) -> Vec<Effect> {
    let purpose = model.waiting.get(&request).copied();
    let one = model.altering.as_mut().filter(|one| one.request == request);
    let (Some(one), Some(purpose)) = (one, purpose) else {
        return vec![Effect::Withdraw(request)];
    };
    if model.mode == Mode::ReadOnly {
        // Taken back while the disk was at work.
        let mut effects = vec![Effect::Withdraw(request)];
        let happened = "The console was made read-only; nothing was sent";
        effects.extend(hold_back(model, request, happened, ":rw allows changes."));
        return effects;
    }
    one.sent = true;
    let mut effects =
        if purpose == Purpose::Decide { approve::leaves(model) } else { change::leaves(model) };
    effects.push(Effect::Send(request));
    effects
}

/// The journal does not have it, so nothing leaves.
pub(super) fn not_begun(model: &mut Model, request: RequestId, why: &SafeText) -> Vec<Effect> {
    let happened = format!("Cannot record safely; nothing was sent: {why}");
    hold_back(model, request, &happened, "What is not written down first is not sent.")
}

fn hold_back(model: &mut Model, request: RequestId, happened: &str, advice: &str) -> Vec<Effect> {
    let Some(purpose) = model.waiting.remove(&request) else { return vec![] };
    let failure = Failure::unrecorded(happened, advice);
    match purpose {
        Purpose::Decide => approve::apply_decision_reply(model, purpose, Err(failure)),
        _ => change::apply_change_reply(model, purpose, Err(failure)),
    }
}

/// A disk that does not answer is not waited for.
pub(super) fn tick(model: &mut Model) -> Vec<Effect> {
    let late = |one: &&Altering| !one.sent && model.now.since(one.since) > WRITING;
    let Some(request) = model.altering.as_deref().filter(late).map(|one| one.request) else {
        return vec![];
    };
    not_begun(model, request, &"the disk gave no answer in 10 s".into())
}

/// Writes down how the change under way has ended; `None` where nobody knows,
/// and then it stays open behind `!`. One that never left has nothing to be
/// written down.
pub(super) fn settle(model: &mut Model, how: Option<Turn>) -> Vec<Effect> {
    let Some(turn) = how else {
        leave_open(model, None);
        return vec![];
    };
    let Some(one) = model.altering.take().filter(|one| one.sent) else { return vec![] };
    let at = model.server_now();
    let mut ended = vec![record(one.change.id, at, turn.clone())];
    if turn == Turn::Done {
        ended.extend(see_earlier(model, &one.change, at));
    }
    ended
}

/// Keeps the change under way open behind `!`, and searches what became of it.
pub(super) fn search(model: &mut Model, search: Search) -> Effect {
    let act = search.act(Reached::Unknown);
    leave_open(model, Some(search));
    model.audit_of(act)
}

fn leave_open(model: &mut Model, search: Option<Search>) {
    let Some(one) = model.altering.take().filter(|one| one.sent) else { return };
    let change = OpenChange { alteration: one.change, begun_at: model.server_now() };
    model.journal.changes.push(Unheard { change, key: None, read: false, search });
}

/// A change was read back as done, and that says of earlier ones of the same
/// subject what there is to say.
pub(super) fn see_earlier(model: &mut Model, done: &Alteration, at: Timestamp) -> Vec<Effect> {
    let same = |open: &Unheard| open.change.alteration.subject == done.subject;
    let earlier = model.journal.changes.extract_if(.., |open| same(open));
    earlier.map(|open| record(open.change.alteration.id, at, Turn::Seen)).collect()
}

pub(super) fn record(intent: IntentId, at: Timestamp, turn: Turn) -> Effect {
    Effect::Record(Record::of(intent, at, Step::Change(turn)))
}

/// Takes over what the journal has open, but what is under way here; whether
/// any of it is new, and then what it is of has to be read again.
pub(super) fn take_up(model: &mut Model, open: &[&OpenChange]) -> bool {
    let here = model.altering.as_ref().map(|one| one.change.id);
    let known = std::mem::take(&mut model.journal.changes);
    let mut any_new = false;
    for one in open.iter().filter(|one| Some(one.alteration.id) != here) {
        let same = |old: &&Unheard| old.change.alteration.id == one.alteration.id;
        let old = known.iter().find(same).cloned();
        any_new |= old.is_none();
        let new = || Unheard { change: (*one).clone(), key: None, read: false, search: None };
        model.journal.changes.push(old.unwrap_or_else(new));
    }
    any_new
}

/// Something was read anew: finds the subjects of open changes in it, and what
/// it says of those that are searched.
pub(super) fn match_up(model: &mut Model, what: Anew) -> Vec<Effect> {
    for open in &mut model.journal.changes {
        match open.change.alteration.subject {
            Subject::Key(print) if what == Anew::Keys => {
                let key = model.inventory.keys().find(|key| Fingerprint::of(&key.id) == print);
                (open.key, open.read) = (key.map(|key| key.id.clone()), true);
            }
            Subject::Circuit(..) if what == Anew::OnRamps => open.read = true,
            Subject::Key(_) | Subject::Circuit(..) => {}
        }
    }
    change_search::weigh(model, what)
}

/// How the subject of an open change is by now, in words; `None` where it was
/// not read since.
pub(super) fn now(model: &Model, open: &Unheard) -> Option<String> {
    if !open.read {
        return None;
    }
    match &open.change.alteration.subject {
        Subject::Key(_) => {
            let key = open.key.as_ref().and_then(|id| model.inventory.key(id));
            Some(key.map_or_else(|| "not listed any more".to_owned(), in_short))
        }
        Subject::Circuit(id, on_ramp) => {
            let on_ramp = model.inventory.on_ramp(on_ramp);
            let circuit = on_ramp.and_then(|one| one.vxcs.iter().find(|vxc| vxc.id == *id));
            Some(match circuit {
                Some(vxc) if vxc.awaits_approval => "still waiting for us".to_owned(),
                Some(_) => "not waiting any more".to_owned(),
                None => "not listed any more".to_owned(),
            })
        }
    }
}

/// Somebody has seen how it is now: the change is closed.
pub(super) fn see(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(open) = model.journal.changes.get(at) else { return vec![] };
    let Some(now) = now(model, open) else {
        model.notice = Some("It was not read since: r reads it again.".to_owned());
        return vec![];
    };
    let Alteration { id, name, .. } = model.journal.changes.remove(at).change.alteration;
    model.notice = Some(format!("Seen: {name} is {now}."));
    if model.unfinished.is_empty() && model.journal.changes.is_empty() {
        model.dialogs.retain(|open| !matches!(open, Dialog::Unfinished { .. }));
    }
    vec![record(id, model.server_now(), Turn::Seen)]
}
