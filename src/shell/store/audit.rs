//! The audit: who did what, for a later investigation.
//!
//! A thread of its own holds the file, as with the journal, because a disk can hang and
//! the screen must not. Unwritten lines are queued, counted and retried with the next
//! act. Where `config.toml` has `[audit] required = true`, no key is ordered before
//! everything is written.

mod chain;
mod owner;
mod read;
mod record;
mod setting;
mod storage;
mod syslog;
pub(in crate::shell) mod verify;
mod who;
mod worker;

use std::{
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError, Weak,
        atomic::{AtomicI64, Ordering},
        mpsc::{Sender, channel},
    },
    thread,
    time::Duration,
};

use storage::{AuditFile, AuditStorage, Memory};
use worker::{AuditWorker, Job};

use crate::{
    api::RequestId,
    domain::{audit::Act, time::Timestamp},
    shell::clock,
};

use super::state_dir;

pub(in crate::shell) use crate::shell::store::audit::owner::{AuditAccount, path};
pub use crate::shell::store::audit::setting::AuditSetting;
pub(in crate::shell) use crate::shell::store::audit::worker::AuditReport;

/// How long the end of the program, or of a session, waits for the disk.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(3);

/// The number of lock attempts, with a millisecond between, by a thread that must not
/// wait forever: the holder may be the one that never continues.
const LOCK_TRIES: usize = 200;

/// The audit of a session. It ends when dropped, after finishing its queued work.
#[derive(Debug)]
pub(in crate::shell) struct Audit {
    place: AuditAccount,
    line: Arc<AuditHandle>,
    number: u64,
    required: bool,
}

/// The connection to the thread.
#[derive(Debug)]
struct AuditHandle {
    queue: Mutex<Queue>,
    /// The server's clock minus ours, as of the last act.
    offset: AtomicI64,
    /// Whether the thread has done everything and ended, or was waited for in
    /// vain.
    is_done: Mutex<bool>,
    done: Condvar,
}

/// The queue to the thread. Whether the end was written is decided under the same lock:
/// of two threads that end the program, one writes it, and neither exits before it is
/// written.
#[derive(Debug)]
struct Queue {
    /// Nothing once it has hung up.
    jobs: Option<Sender<Job>>,
    is_over: bool,
}

/// The open audits, and those whose account was closed while the disk still works: for
/// the thread that ends the program.
static OPEN_AUDITS: Mutex<Vec<Weak<AuditHandle>>> = Mutex::new(Vec::new());

/// Writes how the program ends into every audit that has no end of its session yet, and
/// waits for the disk. Accepts nothing afterwards.
pub(in crate::shell) fn end_all(how: &str) {
    let Some(kept) = lock_soon(&OPEN_AUDITS) else { return };
    let lines: Vec<_> = kept.iter().filter_map(Weak::upgrade).collect();
    drop(kept);
    for line in &lines {
        line.end_and_close(how);
    }
    for line in &lines {
        line.wait();
    }
}

/// Locks what another thread may hold for good.
fn lock_soon<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    for _ in 0..LOCK_TRIES {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => thread::park_timeout(Duration::from_millis(1)),
        }
    }
    None
}

impl Queue {
    fn send_job(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            drop(jobs.send(job));
        }
    }
}

impl AuditHandle {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send_job(&self, job: Job) {
        self.queue().send_job(job);
    }

    fn write(&self, at: Timestamp, act: Box<Act>) {
        let here = clock::now();
        self.offset.store(at.as_millis() - here.as_millis(), Ordering::Relaxed);
        self.send_job(Job::Write(act, at, here));
    }

    /// Writes the end of the session, once.
    fn end(&self, queue: &mut Queue, how: &str) {
        if !std::mem::replace(&mut queue.is_over, true) {
            let here = clock::now();
            let at = here.shifted(self.offset.load(Ordering::Relaxed));
            queue.send_job(Job::Write(Box::new(Act::Ended(how.into())), at, here));
        }
    }

    /// Writes the end of the session, and closes the queue.
    fn end_and_close(&self, how: &str) {
        if let Some(mut queue) = lock_soon(&self.queue) {
            self.end(&mut queue, how);
            queue.jobs = None;
        }
    }

    /// Waits until the thread has finished, but not for a hanging disk.
    fn wait(&self) {
        if let Some(is_done) = lock_soon(&self.is_done) {
            let waited =
                self.done.wait_timeout_while(is_done, SHUTDOWN_TIMEOUT, |is_done| !*is_done);
            *waited.unwrap_or_else(PoisonError::into_inner).0 = true;
        }
    }

    /// Notes that the thread has done everything.
    fn finish(&self) {
        *self.is_done.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.done.notify_all();
    }
}

impl Audit {
    /// Starts the audit of `place`. Its thread calls `report`; its number distinguishes
    /// it from an earlier audit.
    pub(in crate::shell) fn start(
        place: AuditAccount,
        setting: AuditSetting,
        number: u64,
        report: impl Fn(AuditReport) + Send + 'static,
    ) -> Self {
        if place.memory {
            let mut memory = Some(Box::new(Memory::default()));
            let open = move || -> Result<Box<dyn AuditStorage>, String> {
                Ok(memory.take().ok_or("opened twice")?)
            };
            // The audit of a demo stays in this program.
            return Self::start_with(open, place, AuditSetting::default(), number, report);
        }
        let open = || -> Result<Box<dyn AuditStorage>, String> {
            Ok(Box::new(AuditFile::new(state_dir::open()?.join("audit.jsonl"))))
        };
        Self::start_with(open, place, setting, number, report)
    }

    /// Starts it on any storage that can be opened.
    fn start_with(
        open: impl FnMut() -> Result<Box<dyn AuditStorage>, String> + Send + 'static,
        place: AuditAccount,
        setting: AuditSetting,
        number: u64,
        report: impl Fn(AuditReport) + Send + 'static,
    ) -> Self {
        let (jobs, asked) = channel();
        let account = place.clone();
        let line = Arc::new(AuditHandle {
            queue: Mutex::new(Queue { jobs: Some(jobs), is_over: false }),
            offset: AtomicI64::new(0),
            is_done: Mutex::new(false),
            done: Condvar::new(),
        });
        let its = Arc::clone(&line);
        let work = move || {
            AuditWorker::new(Box::new(open), account, setting).work(&asked, report);
            its.finish();
        };
        let named = thread::Builder::new().name("audit".to_owned());
        if named.spawn(work).is_err() {
            // Nothing is ever clear, and no thread is waited for.
            line.finish();
        }
        let mut kept = OPEN_AUDITS.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|other| other.strong_count() > 0);
        kept.push(Arc::downgrade(&line));
        drop(kept);
        Self { place, line, number, required: setting.required }
    }

    /// Returns its account.
    pub(in crate::shell) const fn place(&self) -> &AuditAccount {
        &self.place
    }

    /// Returns its number.
    pub(in crate::shell) const fn number(&self) -> u64 {
        self.number
    }

    /// Returns whether no key may be created while it cannot be written.
    pub(in crate::shell) const fn is_required(&self) -> bool {
        self.required
    }

    /// Writes an act of the time `at` by the server's clock.
    pub(in crate::shell) fn write(&self, at: Timestamp, act: Box<Act>) {
        self.line.write(at, act);
    }

    /// Writes the end of the session, once.
    pub(in crate::shell) fn end(&self, how: &str) {
        self.line.end(&mut self.line.queue(), how);
    }

    /// Reports whether everything so far is written.
    pub(in crate::shell) fn clear(&self, id: RequestId) {
        self.line.send_job(Job::Clear(id));
    }

    /// Reads back its end.
    pub(in crate::shell) fn read(&self, id: RequestId) {
        self.line.send_job(Job::Read(id));
    }
}

impl Drop for Audit {
    fn drop(&mut self) {
        self.line.end_and_close("a defect in the program");
        self.line.wait();
    }
}

#[cfg(test)]
pub(in crate::shell) mod tests;
