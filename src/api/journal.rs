//! Reports of the journal: its contents, and the requests that may be sent.

use std::{collections::BTreeMap, fmt};

use crate::domain::{
    fingerprint::Fingerprint,
    intent::IntentId,
    key_values::KeyValues,
    ledger::{IntentStatus, Ledger, OpenChange, SessionId},
    text::SafeText,
    time::Timestamp,
    words,
};

use super::RequestId;

/// A report of the journal.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// It was opened, or opened again, and this is in it.
    Opened(Box<Opened>),
    /// Other consoles of this user have written to it, or have ended.
    Followed(Box<Followed>),
    /// A request is journaled and may be sent.
    Begun(RequestId),
    /// A request could not be journaled and is not sent, with the reason. If another
    /// console has moved its intent on, this has the new state.
    NotBegun(RequestId, SafeText, Option<Box<IntentStatus>>),
    /// A step of an intent is not on the disk yet.
    Unwritten(IntentId, SafeText),
    /// Everything is on the disk.
    Written,
    /// Nothing can be journaled any more.
    Unusable(SafeText),
}

/// The content of a journal that was opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The state of every intent.
    pub ledger: Ledger,
    /// The other consoles that have something open in it and run.
    pub others: Others,
    /// A number that was drawn at random.
    pub seed: u64,
    /// The number of unreadable lines not yet acknowledged.
    pub damaged: usize,
    /// Whether all of it was read; if not, it may contain unknown unfinished requests.
    pub is_read: bool,
    /// The reason why nothing can be journaled; `None` where it can.
    pub unusable: Option<SafeText>,
    /// A note to show once.
    pub note: Option<SafeText>,
}

/// Consoles of this user on this host that run, by their sessions.
pub type Others = BTreeMap<SessionId, Running>;

/// The new lines of other consoles, and which consoles run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Followed {
    /// The intents that another console has moved on.
    pub standings: Vec<IntentStatus>,
    /// Every change without a recorded outcome.
    pub changes: Vec<OpenChange>,
    /// The other consoles that have something open and run.
    pub others: Others,
    /// The values that keys are expected to have by what other consoles wrote last,
    /// where that is new.
    pub expected: BTreeMap<Fingerprint, KeyValues>,
}

/// A console that runs: for whom it may concern.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Running {
    /// The number of its process, where that is known.
    pub process: Option<i32>,
    /// Its terminal.
    pub terminal: Option<String>,
    /// Since when it writes to this journal, by this host's clock.
    pub since: Option<Timestamp>,
    /// Whether it is stopped (`Ctrl-Z`) and receives nothing now.
    pub stopped: bool,
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
                write!(f, ", suspended: continue it there with fg, or end it with kill {process}")
            }
            (false, Some(process)) => write!(f, ": settle it there, or end it with kill {process}"),
            (_, None) => Ok(()),
        }
    }
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
        assert!(
            says.ends_with(", suspended: continue it there with fg, or end it with kill 4711"),
            "{says}"
        );
    }
}
