//! Failures the journal survives: cut lines, flipped bits, other consoles, and disks
//! that fail at any moment.

mod damage;
mod disk;
#[cfg(unix)]
mod files;
#[cfg(target_os = "linux")]
mod follow;
#[cfg(unix)]
mod formats;
mod two_engines;
#[cfg(unix)]
mod unusable;

use std::{
    collections::BTreeSet,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    api::{Mode, journal::Running},
    domain::{
        fingerprint::Fingerprint,
        intent::{Intent, IntentId, samples},
        ledger::{JournalStep, Ledger, Record, SessionId, State},
        time::Timestamp,
    },
};

use super::{
    journal_file::JournalFile,
    session::Sessions,
    storage::{JournalFiles, Opener, Storage},
};

const THEN: Timestamp = samples::THEN;

/// Returns an intent on a VLAN of its own.
fn intent(id: u64) -> Intent {
    let mut intent = samples::intent(id);
    let vlan = u16::try_from(100 + id).expect("small");
    intent.order = on_vlan(&intent, vlan);
    intent
}

fn on_vlan(intent: &Intent, vlan: u16) -> crate::domain::key_order::KeyOrder {
    use crate::domain::{
        key_order::{KeyOrder, OrderUse, Terms},
        vlan::VlanId,
    };
    let order = &intent.order;
    KeyOrder::restore(Terms {
        on_ramp: order.on_ramp().clone(),
        label: order.label().clone(),
        usage: OrderUse::Single(VlanId::new(vlan).expect("legal")),
        rate: order.rate(),
        validity: order.validity(),
        active: order.active(),
        pre_approved: order.pre_approved(),
    })
    .expect("legal")
}

fn record(id: u64, step: JournalStep) -> Record {
    let unsent = matches!(step, JournalStep::Prepared(_) | JournalStep::Change(_));
    let record = Record::new(IntentId(id), THEN, step);
    if unsent { record } else { record.about(1) }
}

fn created(id: u64) -> Record {
    record(id, JournalStep::Created(Fingerprint(u32::try_from(id).expect("small"))))
}

/// A disk in memory that several journals share, and that fails on demand.
#[derive(Debug, Clone, Default)]
pub(in crate::shell) struct Disk(Arc<Mutex<Platter>>);

#[derive(Debug, Default)]
pub(in crate::shell) struct Platter {
    pub(in crate::shell) bytes: Vec<u8>,
    /// Up to where it was synced.
    pub(in crate::shell) synced: usize,
    /// The number of operations so far.
    pub(in crate::shell) operations: usize,
    /// The operation that fails, and whether every later one does too.
    pub(in crate::shell) fails: Option<(usize, bool)>,
    torn: Vec<u8>,
    /// The number of sessions so far, and those that run.
    sessions: u64,
    running: BTreeSet<SessionId>,
}

/// A session with the journal on a disk, which runs until it is dropped.
struct Session(Disk, SessionId);

impl Sessions for Session {
    fn own(&self) -> Option<SessionId> {
        Some(self.1)
    }

    fn running(&mut self, id: SessionId) -> Option<Running> {
        let runs = self.0.platter().running.contains(&id);
        runs.then(|| Running { process: Some(4711), ..Running::default() })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.0.platter().running.remove(&self.1);
    }
}

impl Disk {
    fn new(bytes: &[u8]) -> Self {
        let disk = Self::default();
        disk.platter().bytes = bytes.to_vec();
        disk
    }

    pub(in crate::shell) fn platter(&self) -> MutexGuard<'_, Platter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn bytes(&self) -> Vec<u8> {
        self.platter().bytes.clone()
    }

    fn open(&self, mode: Mode) -> JournalFile {
        let session = (mode == Mode::ReadWrite).then(|| self.session());
        JournalFile::open(JournalFiles::single(Box::new(self.clone())), session, mode)
    }

    /// Returns the next console's session with it.
    pub(in crate::shell) fn session(&self) -> Box<dyn Sessions> {
        let mut platter = self.platter();
        platter.sessions += 1;
        let id = SessionId(platter.sessions);
        platter.running.insert(id);
        drop(platter);
        Box::new(Session(self.clone(), id))
    }

    /// Returns the ledger that a console reads from it.
    fn ledger(&self) -> Ledger {
        self.open(Mode::ReadOnly).ledger().clone()
    }

    fn state(&self, id: u64) -> Option<State> {
        self.ledger().get(IntentId(id)).map(|standing| standing.state.clone())
    }

    fn operate(&self) -> io::Result<MutexGuard<'_, Platter>> {
        let mut platter = self.platter();
        platter.operations += 1;
        let now = platter.operations;
        match platter.fails {
            Some((at, false)) if now == at => Err(io::Error::other("a fault, once")),
            Some((at, true)) if now >= at => Err(io::Error::other("a fault, for good")),
            _ => Ok(platter),
        }
    }
}

impl Storage for Disk {
    fn lock(&mut self) -> Result<(), String> {
        Ok(())
    }

    fn unlock(&mut self) {}

    fn read(&mut self, at: u64) -> io::Result<Vec<u8>> {
        let at = usize::try_from(at).expect("small");
        Ok(self.operate()?.bytes.get(at..).unwrap_or_default().to_vec())
    }

    fn reserve(&mut self) -> io::Result<()> {
        self.operate().map(drop)
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let failed = self.operate().map(drop);
        // A failed write may have written half of it.
        let some = if failed.is_ok() { line.len() } else { line.len() / 2 };
        self.platter().bytes.extend_from_slice(&line[..some]);
        failed
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut platter = self.operate()?;
        platter.synced = platter.bytes.len();
        Ok(())
    }

    fn cut(&mut self, at: u64, torn: &[u8]) -> io::Result<()> {
        let mut platter = self.operate()?;
        platter.bytes.truncate(usize::try_from(at).expect("small"));
        platter.torn.extend_from_slice(torn);
        Ok(())
    }

    fn name(&self) -> String {
        "disk".to_owned()
    }
}

/// The journal of an account in real files of a directory, of which what is
/// written goes through `watch`.
#[cfg(unix)]
pub(in crate::shell) struct FilesIn<F> {
    pub(in crate::shell) directory: std::path::PathBuf,
    pub(in crate::shell) account: String,
    pub(in crate::shell) watch: F,
}

#[cfg(unix)]
impl<F: FnMut(Box<dyn Storage>) -> Box<dyn Storage> + Send> Opener for FilesIn<F> {
    fn media(&mut self, mode: Mode) -> Result<JournalFiles, String> {
        let media =
            crate::shell::store::journal::file::unix::media(&self.directory, &self.account, mode)?;
        Ok(JournalFiles { current: (self.watch)(media.current), ..media })
    }

    fn media_to_show(&mut self) -> Result<JournalFiles, String> {
        crate::shell::store::journal::file::unix::media_to_show(&self.directory, &self.account)
    }

    fn session(&mut self) -> Result<Box<dyn Sessions>, String> {
        let name = crate::shell::store::journal::format::file_name(
            &self.account,
            crate::shell::store::journal::format::FORMAT,
        );
        Ok(Box::new(crate::shell::store::journal::session::file::File::start(
            &self.directory,
            &name,
        )?))
    }

    fn viewer(&mut self) -> Option<Box<dyn Sessions>> {
        let name = crate::shell::store::journal::format::file_name(
            &self.account,
            crate::shell::store::journal::format::FORMAT,
        );
        Some(Box::new(crate::shell::store::journal::session::file::Viewer::open(
            &self.directory,
            &name,
        )?))
    }

    fn directory(&mut self) -> Option<std::path::PathBuf> {
        Some(self.directory.clone())
    }
}

/// Returns the ledger that a console reads from those files.
#[cfg(unix)]
pub(in crate::shell) fn ledger_in(directory: &std::path::Path, account: &str) -> Ledger {
    let media = crate::shell::store::journal::file::unix::media(directory, account, Mode::ReadOnly);
    JournalFile::open(media.expect("it can be opened"), None, Mode::ReadOnly).ledger().clone()
}

/// Returns a journal of 20 steps: intents in every state.
fn twenty() -> Vec<u8> {
    let disk = Disk::default();
    let mut book = disk.open(Mode::ReadWrite);
    for id in 1..=7 {
        book.begin_attempt(&intent(id), 1, THEN).expect("written");
    }
    for record in [
        created(1),
        record(1, JournalStep::Acknowledged),
        created(2),
        record(3, JournalStep::Unknown),
        record(4, JournalStep::Refused),
        record(5, JournalStep::NotSent),
    ] {
        assert_eq!(book.record(&record), Ok(false));
    }
    let bytes = disk.bytes();
    assert_eq!(bytes.split(|byte| *byte == b'\n').count(), 22, "and the format");
    bytes
}
