//! The audit: who did what, for whoever asks later.
//!
//! A thread of its own holds the file, as with the journal, because a disk can
//! hang and the screen must not. What can not be written is kept, counted and
//! tried again with the next act. Where `[audit] required = true` stands in
//! `config.toml`, no key is ordered before everything is written.

mod chain;
mod paper;
mod read;
mod record;
mod syslog;
pub mod verify;
mod who;
mod worker;

use std::{
    path::PathBuf,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError, Weak,
        atomic::{AtomicI64, Ordering},
        mpsc::{Sender, channel},
    },
    thread,
    time::Duration,
};

use crate::{
    api::{RequestId, account::Session, audit::Event},
    domain::{
        audit::{Act, Fact, Value, harmless},
        fingerprint::Fingerprint,
        text::SafeText,
        time::Timestamp,
    },
};

use super::{clock, inbox, state};

use paper::{Book, Memory, Paper};
use worker::Keeper;

/// How long the end of the program, or of a session, waits for the disk.
const FAREWELL: Duration = Duration::from_secs(3);

/// How often a lock is tried, with a millisecond between, by a thread that must
/// not wait for ever: the holder may be the one who will never go on.
const LOCK_TRIES: usize = 200;

/// What `config.toml` says of the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Setting {
    /// Whether no key may be made while it can not be written.
    pub required: bool,
    /// Whether every line goes to the system's own log, too.
    pub syslog: bool,
}

/// Whose acts, and where they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Where {
    /// Whether they are gone with the console.
    memory: bool,
    environment: String,
    host: String,
    profile: Option<String>,
    /// The fingerprint of the client id.
    account: String,
}

impl Where {
    /// The audit of `session`, whose client id this is.
    pub(super) fn of(session: &Session, client_id: &str, memory: bool) -> Self {
        Self {
            memory,
            environment: session.fence.to_string(),
            host: session.host.clone(),
            profile: session.profile.clone(),
            account: Fingerprint::of_text(client_id).to_string(),
        }
    }

    /// What every line of a session says of it.
    fn facts(&self) -> Vec<Fact> {
        let text = |text: &str| Value::Text(harmless(text));
        let mut facts = vec![
            ("environment", text(&self.environment)),
            ("api_host", text(&self.host)),
            ("account", text(&self.account)),
        ];
        facts.extend(self.profile.as_deref().map(|name| ("profile", text(name))));
        facts
    }
}

/// Where the audit is, or would be.
pub(super) fn path() -> Option<PathBuf> {
    state::directory().map(|directory| directory.join("audit.jsonl"))
}

/// What the thread reports.
#[derive(Debug)]
pub(super) enum Report {
    /// For the model.
    Event(Event),
    /// Everything asked before is written.
    Clear(RequestId),
    /// It is not, and why.
    NotClear(RequestId, SafeText),
}

/// What the thread is asked to do.
#[derive(Debug)]
enum Job {
    Write(Box<Act>, Timestamp, Timestamp),
    Clear(RequestId),
    Read(RequestId),
}

/// The audit of a session. It ends with its value, and what was asked of it is
/// done first.
#[derive(Debug)]
pub(super) struct Audit {
    place: Where,
    line: Arc<Line>,
    number: u64,
    required: bool,
}

/// The way to the thread.
#[derive(Debug)]
struct Line {
    queue: Mutex<Queue>,
    /// The server's clock minus ours, as of the last act.
    offset: AtomicI64,
    /// Whether the thread has done everything and ended, or was waited for in
    /// vain.
    is_done: Mutex<bool>,
    done: Condvar,
}

/// What the thread is asked through. Whether the end was said is decided under
/// the same lock: of two threads that end the program, one says it, and none
/// hangs up before it is said.
#[derive(Debug)]
struct Queue {
    /// Nothing once it has hung up.
    jobs: Option<Sender<Job>>,
    is_over: bool,
}

/// The audits that are kept now, and those whose account was left while the
/// disk still works: for whoever ends the program.
static KEPT: Mutex<Vec<Weak<Line>>> = Mutex::new(Vec::new());

/// Writes down how the program ends, in every audit that does not say yet how
/// its session ended, and waits for the disk. It takes no more from anybody.
pub(super) fn farewell(how: &str) {
    let Some(kept) = lock_soon(&KEPT) else { return };
    let lines: Vec<_> = kept.iter().filter_map(Weak::upgrade).collect();
    drop(kept);
    for line in &lines {
        line.leave(how);
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
    fn ask(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            drop(jobs.send(job));
        }
    }
}

impl Line {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, job: Job) {
        self.queue().ask(job);
    }

    fn write(&self, at: Timestamp, act: Box<Act>) {
        let here = clock::now();
        self.offset.store(at.as_millis() - here.as_millis(), Ordering::Relaxed);
        self.ask(Job::Write(act, at, here));
    }

    /// Writes down how the session ended, once.
    fn end(&self, queue: &mut Queue, how: &str) {
        if !std::mem::replace(&mut queue.is_over, true) {
            let here = clock::now();
            let at = here.shifted(self.offset.load(Ordering::Relaxed));
            queue.ask(Job::Write(Box::new(Act::Ended(how.into())), at, here));
        }
    }

    /// Writes down how the session ended, and hangs up.
    fn leave(&self, how: &str) {
        if let Some(mut queue) = lock_soon(&self.queue) {
            self.end(&mut queue, how);
            queue.jobs = None;
        }
    }

    /// Waits until the thread has done everything; a disk that hangs is not
    /// waited for.
    fn wait(&self) {
        if let Some(is_done) = lock_soon(&self.is_done) {
            let waited = self.done.wait_timeout_while(is_done, FAREWELL, |is_done| !*is_done);
            *waited.unwrap_or_else(PoisonError::into_inner).0 = true;
        }
    }

    /// The thread has done everything.
    fn finish(&self) {
        *self.is_done.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.done.notify_all();
    }
}

impl Audit {
    /// Starts the audit of `place`. Its reports carry `number`, so that those
    /// of an earlier one can be told apart.
    pub(super) fn start(
        place: Where,
        setting: Setting,
        number: u64,
        letters: inbox::Sender,
    ) -> Self {
        if place.memory {
            let mut memory = Some(Box::new(Memory::default()));
            let open = move || -> Result<Box<dyn Paper>, String> {
                Ok(memory.take().ok_or("opened twice")?)
            };
            // Nothing of a demo leaves this program.
            return Self::on(open, place, Setting::default(), number, letters);
        }
        let open = || -> Result<Box<dyn Paper>, String> {
            Ok(Box::new(Book::at(state::open()?.join("audit.jsonl"))))
        };
        Self::on(open, place, setting, number, letters)
    }

    /// The same on anything that can be opened.
    fn on(
        open: impl FnMut() -> Result<Box<dyn Paper>, String> + Send + 'static,
        place: Where,
        setting: Setting,
        number: u64,
        letters: inbox::Sender,
    ) -> Self {
        let (jobs, asked) = channel();
        let account = place.clone();
        let line = Arc::new(Line {
            queue: Mutex::new(Queue { jobs: Some(jobs), is_over: false }),
            offset: AtomicI64::new(0),
            is_done: Mutex::new(false),
            done: Condvar::new(),
        });
        let its = Arc::clone(&line);
        let work = move || {
            Keeper::new(Box::new(open), account, setting, number, letters).work(&asked);
            its.finish();
        };
        let named = thread::Builder::new().name("audit".to_owned());
        if named.spawn(work).is_err() {
            // Nothing is ever clear, and nobody is waited for.
            line.finish();
        }
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|other| other.strong_count() > 0);
        kept.push(Arc::downgrade(&line));
        drop(kept);
        Self { place, line, number, required: setting.required }
    }

    /// Whose it is.
    pub(super) const fn place(&self) -> &Where {
        &self.place
    }

    /// Its number.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// Whether no key may be made while it can not be written.
    pub(super) const fn is_required(&self) -> bool {
        self.required
    }

    /// Writes down what was done at `at` by the server's clock.
    pub(super) fn write(&self, at: Timestamp, act: Box<Act>) {
        self.line.write(at, act);
    }

    /// Writes down how the session ended, once.
    pub(super) fn end(&self, how: &str) {
        self.line.end(&mut self.line.queue(), how);
    }

    /// Tells whether everything so far is written.
    pub(super) fn clear(&self, id: RequestId) {
        self.line.ask(Job::Clear(id));
    }

    /// Reads back its end.
    pub(super) fn read(&self, id: RequestId) {
        self.line.ask(Job::Read(id));
    }
}

impl Drop for Audit {
    fn drop(&mut self) {
        self.line.leave("a defect in the program");
        self.line.wait();
    }
}

#[cfg(test)]
pub(super) mod tests;
