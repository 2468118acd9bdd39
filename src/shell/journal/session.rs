//! Which console wrote a step, and whether that console still runs.
//!
//! A console that writes to a journal holds the lock of a small file beside
//! it, named after its session, until it ends, however it ends: the system
//! frees the lock of a process that was killed. So another console learns
//! whether the sender of a request can still hear the reply, without asking
//! it.

use std::fmt;

use crate::domain::{ledger::SessionId, time::Timestamp, words};

#[cfg(unix)]
pub(super) mod file;

/// The sessions of one journal, as one of them knows them.
pub(in crate::shell) trait Sessions: Send {
    /// The session that asks.
    fn own(&self) -> SessionId;

    /// Whether others can still see that this session runs: in words why not.
    fn check_place(&self) -> Result<(), String> {
        Ok(())
    }

    /// What is known of the session `id` while it runs; `None` once its lock
    /// is free.
    fn running(&mut self, id: SessionId) -> Option<Running>;
}

/// A console that runs: for whom it may concern.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::shell) struct Running {
    /// The number of its process, where that is known.
    pub(in crate::shell) process: Option<i32>,
    /// Its terminal.
    pub(in crate::shell) terminal: Option<String>,
    /// Since when it writes to this journal, by this host's clock.
    pub(in crate::shell) since: Option<Timestamp>,
    /// Whether it is stopped (`Ctrl-Z`), so that it hears nothing now.
    pub(in crate::shell) stopped: bool,
}

impl fmt::Display for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.process {
            Some(process) => write!(f, "process {process}")?,
            None => f.write_str("an unknown process")?,
        }
        if let Some(terminal) = &self.terminal {
            write!(f, " on {terminal}")?;
        }
        if let Some(since) = self.since {
            write!(f, ", since {}", words::date_time(since))?;
        }
        match (self.stopped, self.process) {
            (true, Some(process)) => {
                write!(f, ", stopped: continue it with fg there, or end it with kill {process}")
            }
            (false, Some(process)) => write!(f, ": settle it there, or end it with kill {process}"),
            (_, None) => Ok(()),
        }
    }
}

/// The only console of a journal in memory.
#[derive(Debug)]
pub(super) struct Alone(pub(super) SessionId);

impl Sessions for Alone {
    fn own(&self) -> SessionId {
        self.0
    }

    fn running(&mut self, id: SessionId) -> Option<Running> {
        (id == self.0).then(Running::default)
    }
}

/// A name that no other session has.
pub(super) fn new_session_id() -> SessionId {
    SessionId(fastrand::u64(1..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_console_is_named_with_how_to_find_and_end_it() {
        let since = Some(Timestamp::from_millis(1_796_253_060_000));
        let terminal = Some("/dev/pts/3".to_owned());
        let runs = Running { process: Some(4711), terminal, since, stopped: false };
        let says = runs.to_string();
        assert!(says.starts_with("process 4711 on /dev/pts/3, since "), "{says}");
        assert!(says.ends_with("settle it there, or end it with kill 4711"), "{says}");
        let says = Running { stopped: true, ..runs }.to_string();
        assert!(says.ends_with("continue it with fg there, or end it with kill 4711"), "{says}");
    }
}
