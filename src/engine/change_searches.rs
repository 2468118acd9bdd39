//! The search for changes with an unknown outcome: a reply was lost, or Megaport
//! accepted the request and the list does not show it.
//!
//! A list may lag, so one read without the change proves nothing. The key or the
//! on-ramp is read on the schedule of a new key in doubt. The first read that shows the
//! change settles it; only a read after the whole schedule that does not show it, like
//! every one before, settles it as not made.

use std::time::Duration;

use crate::{
    api::{Failure, Reply, RequestId},
    domain::{
        alteration::{ChangeStep, Subject},
        audit::Reached,
    },
    engine::{
        change_search::{ChangeSearch, SearchedChange},
        effect::Event,
        open_change::{Refreshed, UnconfirmedChange},
        requests::Purpose,
        state::Engine,
    },
};

impl Engine {
    /// Returns the time until the next read; `None` where none is due.
    pub(super) fn change_search_due_in(&self) -> Option<Duration> {
        let searches = self.journal.changes.iter().filter_map(|open| open.search.as_ref());
        let next = searches.filter_map(ChangeSearch::due_at).min()?;
        Some(next.since(self.now).max(Duration::from_millis(1)))
    }

    /// Starts the reads that are due.
    pub(super) fn search_changes_where_due(&mut self) {
        let now = self.now;
        for at in 0..self.journal.changes.len() {
            let search = self.journal.changes[at].search.as_ref();
            let Some(search) = search.filter(|one| one.due_at().is_some_and(|due| due <= now))
            else {
                continue;
            };
            let id = self.ask(search.request(), Purpose::SearchChange);
            if let Some(search) = &mut self.journal.changes[at].search {
                (search.asking, search.planned) = (Some(id), search.planned + 1);
            }
        }
    }

    /// Takes the reply of a planned read. A failed one proves nothing.
    pub(super) fn take_change_search_reply(
        &mut self,
        id: RequestId,
        result: Result<Reply, Failure>,
    ) {
        let asked = |open: &UnconfirmedChange| {
            open.search.as_ref().is_some_and(|one| one.asking == Some(id))
        };
        let Some(at) = self.journal.changes.iter().position(asked) else { return };
        if let Some(search) = &mut self.journal.changes[at].search {
            search.asking = None;
        }
        let what = match result {
            Ok(Reply::Key(key)) => {
                self.take_key(&key);
                Refreshed::Keys
            }
            Ok(Reply::OnRamp(on_ramp)) => {
                self.take_on_ramp(*on_ramp);
                Refreshed::OnRamps
            }
            _ => return,
        };
        self.match_open_changes(what);
        self.tell_lists_read();
    }

    /// Weighs every search against what was read just now.
    pub(super) fn weigh_change_searches(&mut self, what: Refreshed) {
        let mut at = 0;
        while let Some(open) = self.journal.changes.get(at) {
            let read = match open.change.alteration.subject {
                Subject::Key(_) => what == Refreshed::Keys,
                Subject::Circuit(..) => what == Refreshed::OnRamps,
            };
            let search = open.search.as_ref().filter(|one| read && one.asking.is_none());
            let verdict =
                search.and_then(|one| Some((one.is_shown(&self.inventory)?, one.is_over())));
            match verdict {
                Some((true, _)) => self.end_change_search(at, ChangeStep::Done),
                Some((false, true)) => self.end_change_search(at, ChangeStep::NotDone),
                _ => at += 1,
            }
        }
    }

    /// Settles a change: in the journal, the audit, and what shows it.
    fn end_change_search(&mut self, at: usize, turn: ChangeStep) {
        let now = self.server_now();
        let open = self.journal.changes.remove(at);
        let Some(mut ended) = open.search else { return };
        let is_done = turn == ChangeStep::Done;
        match &mut ended.wanted {
            SearchedChange::Key(step) => {
                self.end_searched_key(step, ended.failure.as_ref(), is_done);
            }
            SearchedChange::Circuit { id, .. } => {
                self.know_circuit(id);
                self.end_searched_answer(id, ended.failure.clone(), is_done);
            }
        }
        let reached = if is_done { Reached::Done } else { Reached::Failed };
        self.audit_act(ended.to_audit_act(reached));
        let alteration = open.change.alteration;
        let (name, what) = (alteration.name.clone(), alteration.what.clone());
        self.emit(Event::ChangeSettled(name, what, is_done));
        self.record_turn(alteration.id, now, turn);
        if is_done {
            self.expect_changed(&alteration);
            self.see_earlier_changes(&alteration, now);
        }
    }
}
