//! What the journal survives: cut lines, bent bits, other consoles, and disks
//! that fail at any moment.

mod damage;
mod disk;
#[cfg(unix)]
mod files;

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    api::Mode,
    domain::{
        fingerprint::Fingerprint,
        intent::{Intent, IntentId, samples},
        ledger::{Ledger, Record, State, Step},
        time::Timestamp,
    },
};

use super::{book::Book, medium::Medium};

const THEN: Timestamp = samples::THEN;

/// An intent on a VLAN of its own.
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

fn record(id: u64, step: Step) -> Record {
    Record { intent: IntentId(id), at: THEN, step }
}

fn created(id: u64) -> Record {
    record(id, Step::Created(Fingerprint(u32::try_from(id).expect("small"))))
}

/// A disk in memory that several books share, and that fails as it is told.
#[derive(Debug, Clone, Default)]
pub(in crate::shell) struct Disk(Arc<Mutex<Platter>>);

#[derive(Debug, Default)]
pub(in crate::shell) struct Platter {
    pub(in crate::shell) bytes: Vec<u8>,
    /// Up to where it was synced.
    pub(in crate::shell) synced: usize,
    /// How many operations there were.
    pub(in crate::shell) operations: usize,
    /// The operation that fails, and whether every later one does too.
    pub(in crate::shell) fails: Option<(usize, bool)>,
    torn: Vec<u8>,
}

impl Disk {
    fn of(bytes: &[u8]) -> Self {
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

    fn open(&self, mode: Mode) -> Book {
        Book::open(Box::new(self.clone()), mode)
    }

    /// What a console finds on it.
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

impl Medium for Disk {
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
        // A write that fails may have got half of it down.
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

/// The journal's real file `name` in `directory`.
#[cfg(unix)]
pub(in crate::shell) fn file_in(
    directory: &std::path::Path,
    name: &str,
) -> Result<Box<dyn Medium>, String> {
    Ok(Box::new(super::file::unix::File::to_write(directory, name)?))
}

/// What a console finds in that file.
#[cfg(unix)]
pub(in crate::shell) fn ledger_in(directory: &std::path::Path, name: &str) -> Ledger {
    let medium = file_in(directory, name).expect("it can be opened");
    Book::open(medium, Mode::ReadOnly).ledger().clone()
}

/// A journal of 20 lines: intents in every state.
fn twenty() -> Vec<u8> {
    let disk = Disk::default();
    let mut book = disk.open(Mode::ReadWrite);
    for id in 1..=7 {
        book.begin(&intent(id), THEN).expect("written");
    }
    for record in [
        created(1),
        record(1, Step::Acknowledged),
        created(2),
        record(3, Step::Unknown),
        record(4, Step::Refused),
        record(5, Step::NotSent),
    ] {
        assert_eq!(book.record(&record), Ok(false));
    }
    let bytes = disk.bytes();
    assert_eq!(bytes.split(|byte| *byte == b'\n').count(), 21);
    bytes
}
