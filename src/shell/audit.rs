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

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::mpsc::{Receiver, Sender, channel},
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
    ui::audit::{State, Told},
};

use super::{
    clock,
    inbox::{self, Mail},
    state,
};

use paper::{Book, Memory, Paper};

/// How long leaving the console waits for the disk.
const FAREWELL: Duration = Duration::from_secs(3);

/// How many acts wait for the disk at most; older ones are given up, and
/// counted.
const WAITING: usize = 1024;

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
}

/// The audit of a session. It ends with its value, and what was asked of it is
/// done first.
#[derive(Debug)]
pub(super) struct Audit {
    place: Where,
    jobs: Option<Sender<Job>>,
    ended: Receiver<()>,
    number: u64,
    required: bool,
    /// The server's clock minus ours, as of the last act.
    offset: i64,
    /// Whether its end was said.
    is_over: bool,
}

type Open = dyn FnMut() -> Result<Box<dyn Paper>, String> + Send;

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
        let session = ("session", Value::Text(format!("{:08x}", fastrand::u32(..))));
        let facts = [session].into_iter().chain(place.facts()).chain(who::who()).collect();
        let keeper = Keeper {
            open: Box::new(open),
            paper: None,
            facts,
            account: place.clone(),
            owed: VecDeque::new(),
            given_up: 0,
            told: None,
            trouble: None,
            remark: None,
            required: setting.required,
            syslog: setting.syslog.then(|| PathBuf::from(syslog::SOCKET)),
            number,
            letters,
        };
        let named = thread::Builder::new().name("audit".to_owned());
        let work = move || {
            keeper.work(&asked);
            drop(end);
        };
        // Without a thread nothing is ever clear.
        drop(named.spawn(work));
        let required = setting.required;
        Self { place, jobs: Some(jobs), ended, number, required, offset: 0, is_over: false }
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
    pub(super) fn write(&mut self, at: Timestamp, act: Box<Act>) {
        let here = clock::now();
        self.offset = at.as_millis() - here.as_millis();
        self.ask(Job::Write(act, at, here));
    }

    /// Writes down how the session ended.
    pub(super) fn end(&mut self, how: &str) {
        self.is_over = true;
        let at = clock::now().shifted(self.offset);
        self.write(at, Box::new(Act::Ended(how.into())));
    }

    /// Tells whether everything so far is written.
    pub(super) fn clear(&self, id: RequestId) {
        self.ask(Job::Clear(id));
    }

    /// Reads back its end.
    pub(super) fn read(&self, id: RequestId) {
        self.ask(Job::Read(id));
    }

    fn ask(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            drop(jobs.send(job));
        }
    }
}

impl Drop for Audit {
    fn drop(&mut self) {
        if !self.is_over {
            self.end("a defect in the program");
        }
        self.jobs = None;
        // It ends by hanging up; a disk that hangs is not waited for.
        let _ = self.ended.recv_timeout(FAREWELL);
    }
}

/// The thread's side.
struct Keeper {
    open: Box<Open>,
    paper: Option<Box<dyn Paper>>,
    /// What every line says of this session.
    facts: Vec<Fact>,
    account: Where,
    /// Lines that are not written yet.
    owed: VecDeque<String>,
    /// How many were given up.
    given_up: usize,
    trouble: Option<String>,
    remark: Option<String>,
    required: bool,
    syslog: Option<PathBuf>,
    /// What was told last of how writing goes.
    told: Option<State>,
    number: u64,
    letters: inbox::Sender,
}

impl Keeper {
    fn work(mut self, jobs: &Receiver<Job>) {
        while let Ok(job) = jobs.recv() {
            for report in self.perform(job) {
                drop(self.letters.blocking_send(Mail::Audit(self.number, report)));
            }
        }
    }

    fn perform(&mut self, job: Job) -> Vec<Report> {
        match job {
            Job::Write(act, at, here) => self.write(&act, at, here),
            Job::Clear(id) => {
                self.pay();
                let report = match &self.trouble {
                    None => Report::Clear(id),
                    Some(why) => Report::NotClear(id, SafeText::clean(why)),
                };
                self.news().into_iter().chain([report]).collect()
            }
            Job::Read(id) => {
                let page = match self.paper() {
                    Ok(paper) => paper.end(read::MOST),
                    Err(why) => Err(why),
                };
                let page = read::page(page, &self.account);
                vec![Report::Told(Told::Read(id, Box::new(page)))]
            }
        }
    }

    fn write(&mut self, act: &Act, at: Timestamp, here: Timestamp) -> Vec<Report> {
        let members = record::members(act, at, here, &self.facts);
        self.owed.push_back(members.clone());
        if self.owed.len() > WAITING {
            self.owed.pop_front();
            self.given_up += 1;
        }
        let line = self.pay();
        let is_written = self.owed.is_empty();
        if let Some(socket) = &self.syslog {
            // A team's log hears of it even where this disk is full.
            let line = line.filter(|_| is_written).unwrap_or_else(|| format!("{{{members}}}"));
            let refused = syslog::send(socket, &line, here).err();
            self.remark = self.remark.take().filter(|_| refused.is_none()).or(refused);
        }
        let wrote = is_written.then_some(Report::Told(Told::Wrote));
        self.news().into_iter().chain(wrote).collect()
    }

    fn paper(&mut self) -> Result<&mut Box<dyn Paper>, String> {
        if self.paper.is_none() {
            self.paper = Some((self.open)()?);
        }
        self.paper.as_mut().ok_or_else(|| "it is not open".to_owned())
    }

    /// Writes what is owed; the last line that was written.
    fn pay(&mut self) -> Option<String> {
        let mut last = None;
        while let Some(members) = self.owed.front().cloned() {
            match self.paper().and_then(|paper| paper.append(&members)) {
                Ok(written) => {
                    self.owed.pop_front();
                    (last, self.remark, self.trouble) = (Some(written.line), written.remark, None);
                }
                Err(why) => {
                    self.trouble = Some(why);
                    // Another directory may be there by the next act.
                    return last;
                }
            }
        }
        last
    }

    /// How writing goes, where that has changed.
    fn news(&mut self) -> Option<Report> {
        let state = State {
            required: self.required,
            trouble: self.trouble.as_deref().map(SafeText::clean),
            unwritten: self.owed.len() + self.given_up,
            remark: self.remark.as_deref().map(SafeText::clean),
        };
        if self.told.as_ref() == Some(&state) {
            return None;
        }
        self.told = Some(state.clone());
        Some(Report::Told(Told::State(state)))
    }
}

#[cfg(test)]
mod tests;
