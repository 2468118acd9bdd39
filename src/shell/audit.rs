//! The audit: who did what, for whoever asks later.
//!
//! A thread of its own holds the file, as with the journal, because a disk can
//! hang and the screen must not. What can not be written is kept, counted and
//! tried again with the next act. Where `[audit] required = true` stands in
//! `config.toml`, no key is ordered before everything is written.

mod chain;
mod keeper;
mod paper;
mod read;
mod record;
mod syslog;
pub mod verify;
mod who;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, AtomicI64, Ordering},
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

use crate::{
    api::{RequestId, account::Session},
    domain::{
        audit::{Act, Fact, Value, harmless},
        fingerprint::Fingerprint,
        text::SafeText,
        time::Timestamp,
    },
    ui::audit::Told,
};

use super::{clock, inbox, state};

use keeper::Keeper;
use paper::{Book, Memory, Paper};

/// How long leaving the console waits for the disk.
const FAREWELL: Duration = Duration::from_secs(3);

/// How long a program waits for the disk that ends in the middle of things.
const MOMENT: Duration = Duration::from_millis(200);

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
    Told(Told),
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
    /// Answered once everything before it is done.
    Tell(SyncSender<()>),
}

/// The audit of a session. It ends with its value, and what was asked of it is
/// done first.
#[derive(Debug)]
pub(super) struct Audit {
    place: Where,
    line: Arc<Line>,
    ended: Receiver<()>,
    number: u64,
    required: bool,
}

/// The way to the thread.
#[derive(Debug)]
struct Line {
    /// Nothing once it has hung up.
    jobs: Mutex<Option<Sender<Job>>>,
    /// The server's clock minus ours, as of the last act.
    offset: AtomicI64,
    /// Whether its end was said.
    is_over: AtomicBool,
}

/// The audit that is kept now, for whoever leaves without the event loop.
static KEPT: Mutex<Weak<Line>> = Mutex::new(Weak::new());

/// Writes down how the program ends, where it ends in the middle of things,
/// and waits a moment for the disk.
pub(super) fn farewell(how: &str) {
    // Whoever holds the lock may be the one who will never go on.
    let kept = KEPT.try_lock().ok().and_then(|kept| kept.upgrade());
    let Some(line) = kept.filter(|line| line.jobs.try_lock().is_ok()) else { return };
    line.end(how);
    let (told, done) = sync_channel(1);
    line.ask(Job::Tell(told));
    let _late = done.recv_timeout(MOMENT);
}

impl Line {
    fn ask(&self, job: Job) {
        if let Some(jobs) = &*self.jobs.lock().unwrap_or_else(PoisonError::into_inner) {
            drop(jobs.send(job));
        }
    }

    fn write(&self, at: Timestamp, act: Box<Act>) {
        let here = clock::now();
        self.offset.store(at.as_millis() - here.as_millis(), Ordering::Relaxed);
        self.ask(Job::Write(act, at, here));
    }

    /// Writes down how the session ended, once.
    fn end(&self, how: &str) {
        if !self.is_over.swap(true, Ordering::SeqCst) {
            let at = clock::now().shifted(self.offset.load(Ordering::Relaxed));
            self.write(at, Box::new(Act::Ended(how.into())));
        }
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
        let (end, ended) = channel();
        let account = place.clone();
        let work = move || {
            Keeper::new(Box::new(open), account, setting, number, letters).work(&asked);
            drop(end);
        };
        let named = thread::Builder::new().name("audit".to_owned());
        // Without a thread nothing is ever clear.
        drop(named.spawn(work));
        let (offset, is_over) = (AtomicI64::new(0), AtomicBool::new(false));
        let line = Arc::new(Line { jobs: Mutex::new(Some(jobs)), offset, is_over });
        *KEPT.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(&line);
        Self { place, line, ended, number, required: setting.required }
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
        self.line.end(how);
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
        self.end("a defect in the program");
        self.line.jobs.lock().unwrap_or_else(PoisonError::into_inner).take();
        // It ends by hanging up; a disk that hangs is not waited for.
        let _ = self.ended.recv_timeout(FAREWELL);
    }
}

#[cfg(test)]
pub(super) mod tests;
