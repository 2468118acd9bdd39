//! Sessions: which console wrote a step, and whether it still runs.
//!
//! A console that writes to a journal holds the lock of a small file beside it, named
//! after its session, until it ends, however it ends: the system frees the lock of a
//! process that was killed. So another console can find out whether the sender of a
//! request can still receive the reply, without asking it.

use std::collections::BTreeMap;

use crate::{
    api::journal::{Others, Running},
    domain::ledger::SessionId,
};

#[cfg(unix)]
pub(super) mod file;

/// The sessions of one journal, as one of them knows them.
pub(in crate::shell) trait Sessions: Send {
    /// Returns the session that asks; `None` where it only reads.
    fn own(&self) -> Option<SessionId>;

    /// Returns whether others can still see that this session runs: in words why not.
    fn check_place(&self) -> Result<(), String> {
        Ok(())
    }

    /// Returns the facts about session `id` while it runs; `None` once its lock is
    /// free.
    fn running(&mut self, id: SessionId) -> Option<Running>;

    /// Returns which of these sessions run, other than the caller's.
    fn others(&mut self, ids: &[SessionId]) -> Others {
        let own = self.own();
        let others = ids.iter().copied().filter(|id| Some(*id) != own);
        let running = others.filter_map(|id| Some((id, self.running(id)?)));
        running.collect::<BTreeMap<_, _>>()
    }
}

/// The only console of a journal in memory.
#[derive(Debug)]
pub(super) struct SingleSession(pub(super) SessionId);

impl Sessions for SingleSession {
    fn own(&self) -> Option<SessionId> {
        Some(self.0)
    }

    fn running(&mut self, id: SessionId) -> Option<Running> {
        (id == self.0).then(Running::default)
    }
}

/// Returns a name that no other session has.
pub(super) fn new_session_id() -> SessionId {
    SessionId(fastrand::u64(1..))
}
