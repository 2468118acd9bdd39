//! Changes whose outcome is not known yet: a reply was lost, or Megaport took
//! the request and the list does not show it.
//!
//! A list may lag, so one read that says otherwise proves nothing. The key or
//! the on-ramp is read on the schedule of a new key in doubt. The first read
//! that shows the change settles it; only a read after the whole schedule that
//! does not show it, like every one before, settles it as not made.

use std::time::Duration;

use crate::{
    api::{Failure, Reply, Request, RequestId},
    domain::{
        alteration::{Subject, Turn},
        audit::{Act, Reached},
        id::{ConnectionId, OnRampId},
        time::Timestamp,
    },
    engine::attempt::LOOKS,
};

use super::{
    alter::{self, Anew, Unheard},
    approve, change,
    dialog::{Dialog, change::Step},
    issue,
    model::{Model, Purpose},
    msg::Effect,
    watch,
};

/// What a change asked for.
#[derive(Debug, Clone)]
pub(super) enum Wanted {
    /// A key, as it was and as it shall be.
    Key(Box<Step>),
    /// An answer to a circuit, as the audit knows it.
    Circuit { id: ConnectionId, on_ramp: OnRampId, approve: bool, act: Box<Act> },
}

/// The search for what became of a change.
#[derive(Debug, Clone)]
pub(super) struct Search {
    wanted: Wanted,
    /// How its request failed; `None` where Megaport took it.
    failure: Option<Failure>,
    since: Timestamp,
    /// How many of the planned reads were started.
    planned: usize,
    /// The read under way.
    asking: Option<RequestId>,
}

impl Search {
    /// A search whose first read has just ended without showing the change.
    pub(super) const fn of(wanted: Wanted, failure: Option<Failure>, now: Timestamp) -> Self {
        Self { wanted, failure, since: now, planned: 1, asking: None }
    }

    fn due_at(&self) -> Option<Timestamp> {
        let after = LOOKS.get(self.planned).filter(|_| self.asking.is_none())?;
        Some(self.since + Duration::from_secs(*after))
    }

    /// Whether every planned read was started.
    const fn is_over(&self) -> bool {
        self.planned >= LOOKS.len()
    }

    fn request(&self) -> Request {
        match &self.wanted {
            Wanted::Key(step) => Request::Key(step.before.id.clone()),
            Wanted::Circuit { on_ramp, .. } => Request::OnRamp(on_ramp.clone()),
        }
    }

    /// Whether the lists show the change by now; `None` where they do not have
    /// its subject.
    fn is_shown(&self, model: &Model) -> Option<bool> {
        match &self.wanted {
            Wanted::Key(step) => Some(step.is_met_by(model.inventory.key(&step.before.id)?)),
            Wanted::Circuit { id, on_ramp, .. } => {
                let on_ramp = model.inventory.on_ramp(on_ramp)?;
                Some(!approve::still_waits(on_ramp, id))
            }
        }
    }

    /// What the audit is told.
    pub(super) fn act(&self, reached: Reached) -> Act {
        match &self.wanted {
            Wanted::Key(step) => change::act_of(step, reached, self.failure.as_ref()),
            Wanted::Circuit { act, .. } => {
                approve::reached(act.as_ref().clone(), reached, self.failure.as_ref())
            }
        }
    }
}

/// How long until the next read is due; `None` where none is.
pub(super) fn due_in(model: &Model) -> Option<Duration> {
    let searches = model.journal.changes.iter().filter_map(|open| open.search.as_ref());
    let next = searches.filter_map(Search::due_at).min()?;
    Some(next.since(model.now).max(Duration::from_millis(1)))
}

/// When the next read of this change is due, in words.
pub(super) fn in_words(model: &Model, open: &Unheard) -> Option<String> {
    let search = open.search.as_ref()?;
    let when = match search.due_at() {
        Some(at) => format!("next check {}", super::text::clock(at.shifted(model.clock_offset))),
        None if search.asking.is_some() => "being read now".to_owned(),
        None => "r reads it again".to_owned(),
    };
    Some(format!("not known yet, {when}"))
}

/// Starts the reads that are due.
pub(super) fn tick(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let mut effects = vec![];
    for at in 0..model.journal.changes.len() {
        let search = model.journal.changes[at].search.as_ref();
        let Some(search) = search.filter(|one| one.due_at().is_some_and(|due| due <= now)) else {
            continue;
        };
        let (id, effect) = model.ask(search.request(), Purpose::SearchChange);
        if let Some(search) = &mut model.journal.changes[at].search {
            (search.asking, search.planned) = (Some(id), search.planned + 1);
        }
        effects.push(effect);
    }
    effects
}

/// Takes in what a planned read says. One that failed says nothing.
pub(super) fn on_reply(
    model: &mut Model,
    id: RequestId,
    result: Result<Reply, Failure>,
) -> Vec<Effect> {
    let asked = |open: &Unheard| open.search.as_ref().is_some_and(|one| one.asking == Some(id));
    let Some(at) = model.journal.changes.iter().position(asked) else { return vec![] };
    if let Some(search) = &mut model.journal.changes[at].search {
        search.asking = None;
    }
    let what = match result {
        Ok(Reply::Key(key)) => {
            change::take_key(model, &key);
            Anew::Keys
        }
        Ok(Reply::OnRamp(on_ramp)) => {
            issue::take_on_ramp(model, *on_ramp);
            Anew::OnRamps
        }
        _ => return vec![],
    };
    let mut effects = alter::match_up(model, what);
    effects.extend(watch::after(model));
    effects
}

/// Weighs every search against what was read just now.
pub(super) fn weigh(model: &mut Model, what: Anew) -> Vec<Effect> {
    let mut effects = vec![];
    let mut at = 0;
    while let Some(open) = model.journal.changes.get(at) {
        let read = match open.change.alteration.subject {
            Subject::Key(_) => what == Anew::Keys,
            Subject::Circuit(..) => what == Anew::OnRamps,
        };
        let search = open.search.as_ref().filter(|one| read && one.asking.is_none());
        let verdict = search.and_then(|one| Some((one.is_shown(model)?, one.is_over())));
        match verdict {
            Some((true, _)) => effects.extend(end(model, at, Turn::Done)),
            Some((false, true)) => effects.extend(end(model, at, Turn::NotDone)),
            _ => at += 1,
        }
    }
    effects
}

/// Settles a change: in the journal, the audit, and the dialog that shows it.
fn end(model: &mut Model, at: usize, turn: Turn) -> Vec<Effect> {
    let now = model.server_now();
    let open = model.journal.changes.remove(at);
    let Some(search) = open.search else { return vec![] };
    let is_done = turn == Turn::Done;
    let mut ended = search;
    match &mut ended.wanted {
        Wanted::Key(step) => change::end(model, step, ended.failure.as_ref(), is_done),
        Wanted::Circuit { id, approve, .. } => {
            let (id, approve) = (id.clone(), *approve);
            watch::know_circuit(model, &id);
            approve::end(model, &id, approve, ended.failure.clone(), is_done);
        }
    }
    let reached = if is_done { Reached::Done } else { Reached::Failed };
    let mut effects = vec![model.audit_of(ended.act(reached))];
    let alteration = open.change.alteration;
    let says = if is_done { "done after all" } else { "not done" };
    model.notice = Some(format!("{} ({}): {says}.", alteration.name, alteration.what));
    effects.push(alter::record(alteration.id, now, turn));
    if is_done {
        effects.extend(alter::see_earlier(model, &alteration, now));
    }
    if model.unfinished.is_empty() && model.journal.changes.is_empty() {
        model.dialogs.retain(|open| !matches!(open, Dialog::Unfinished { .. }));
    }
    effects
}
