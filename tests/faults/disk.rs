//! The journal's real file, observed: the time of each sync, with injected failures.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

use crate::{
    shell::store::journal::{format::Newer, storage::Storage},
    simulator::Simulator,
};

use super::{
    order::{self, Entry, What},
    script::Failing,
};

/// The number of requests at the server when a sync succeeded, and of send records for
/// each intent by then.
#[derive(Debug, Clone)]
pub(super) struct Synced {
    pub(super) posts: usize,
    pub(super) leaving: BTreeMap<String, usize>,
}

/// The state of all journals of an environment, and the faults of their disks.
#[derive(Debug, Default)]
pub(super) struct Slate {
    failing: Option<Failing>,
    /// The labels that intents were confirmed with, in that order.
    pub(super) labels: Vec<(String, String)>,
    /// Every sync that ended well, in order.
    pub(super) synced: Vec<Synced>,
    leaving: BTreeMap<String, usize>,
    /// The requests to audits, and their appends and syncs, in order.
    pub(super) order: Vec<Entry>,
    /// The bodies of requests that another client has sent.
    pub(super) elsewhere: Vec<String>,
}

/// A slate that a test and the journals' threads share.
#[derive(Debug, Clone, Default)]
pub(super) struct Disks(Arc<Mutex<Slate>>);

impl Disks {
    pub(super) fn slate(&self) -> MutexGuard<'_, Slate> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on they fail so.
    pub(super) fn fail(&self, failing: Option<Failing>) {
        self.slate().failing = failing;
    }

    /// Watches `file`.
    pub(super) fn watch(
        &self,
        user: &str,
        file: Box<dyn Storage>,
        simulator: Arc<Simulator>,
    ) -> Box<dyn Storage> {
        let user = user.to_owned();
        Box::new(Watched { user, file, disks: self.clone(), simulator, last: String::new() })
    }

    /// Notes what a user's console has done, and how many requests were seen by then.
    pub(super) fn note_act(&self, user: &str, what: What, simulator: &Simulator) {
        let mut slate = self.slate();
        let requests = order::writing(simulator).len();
        slate.order.push(Entry { user: user.to_owned(), what, requests });
    }

    fn operate(&self, op: &str, record: &str) -> io::Result<()> {
        let mut slate = self.slate();
        let Some(failing) = &slate.failing else { return Ok(()) };
        let (errno, lasting) = (failing.errno, failing.lasting);
        if failing.op != op || (failing.record != record && failing.record != "any") {
            return Ok(());
        }
        if !lasting {
            slate.failing = None;
        } else if let Some(failing) = &mut slate.failing {
            // A full disk stays full for every later write.
            "any".clone_into(&mut failing.record);
        }
        Err(io::Error::from_raw_os_error(errno))
    }
}

struct Watched {
    user: String,
    file: Box<dyn Storage>,
    disks: Disks,
    simulator: Arc<Simulator>,
    /// The step of the last record.
    last: String,
}

impl Storage for Watched {
    fn lock(&mut self) -> Result<(), String> {
        self.file.lock()
    }

    fn unlock(&mut self) {
        self.file.unlock();
    }

    fn read(&mut self, at: u64) -> io::Result<Vec<u8>> {
        self.file.read(at)
    }

    fn check_place(&self) -> Result<(), String> {
        self.file.check_place()
    }

    fn reserve(&mut self) -> io::Result<()> {
        self.file.reserve()
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let text = String::from_utf8_lossy(line);
        let json = text.find('{').map_or("", |at| text[at..].trim_end());
        let record: Value = serde_json::from_str(json).unwrap_or_default();
        let word = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        self.last = word("step");
        self.disks.operate("append", &self.last)?;
        self.file.append(line)?;
        self.disks.note_act(&self.user, What::of_line(&record), &self.simulator);
        let mut slate = self.disks.slate();
        match self.last.as_str() {
            "prepared" => slate.labels.push((word("label"), word("intent"))),
            "sending" => *slate.leaving.entry(word("intent")).or_default() += 1,
            _ => {}
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.disks.operate("sync", &self.last)?;
        self.file.sync()?;
        self.disks.note_act(&self.user, What::Synced, &self.simulator);
        // The requests are counted after the sync has ended: none of those
        // that come later can have been before it.
        let posts = self.simulator.count("POST", "/v2/service/key");
        let mut slate = self.disks.slate();
        let leaving = slate.leaving.clone();
        slate.synced.push(Synced { posts, leaving });
        Ok(())
    }

    fn cut(&mut self, at: u64, torn: &[u8]) -> io::Result<()> {
        self.file.cut(at, torn)
    }

    fn name(&self) -> String {
        self.file.name()
    }

    fn newer(&mut self) -> Option<Newer> {
        self.file.newer()
    }
}
