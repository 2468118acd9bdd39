//! The journal: every write is on the disk before the console sends it.
//!
//! A thread of its own holds the file, because a disk can hang and the screen must not.
//! A request that creates or changes something is sent only with a [`Receipt`], and
//! only this module makes one, after the record was synced. Consoles append one after
//! the other under a lock, and each first reads the others' lines. `shell::ports` is
//! its only writer; commands read it with [`read`].

mod file;
mod follower;
pub(in crate::shell) mod format;
mod journal_file;
mod line;
#[cfg(unix)]
mod older;
#[cfg(unix)]
mod owned_file;
mod reader;
mod record;
pub(in crate::shell) mod session;
pub(in crate::shell) mod storage;

use std::{
    collections::BTreeMap,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use follower::Follower;
use journal_file::{JournalFile, Refusal};
use session::{Sessions, SingleSession, new_session_id};
use storage::{JournalFiles, Memory, Opener};

use crate::{
    api::{
        Mode, RequestId, Write,
        journal::{Event, Followed, Opened, Others},
    },
    domain::{
        alteration::ChangeStep,
        fingerprint::Fingerprint,
        intent::IntentId,
        key_values::KeyValues,
        ledger::{IntentStatus, JournalStep, Ledger, OpenChange, Record},
        text::SafeText,
        time::Timestamp,
        words::count,
    },
};

/// How long the exit of the console waits for the disk.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(3);

/// The location of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::shell) enum JournalLocation {
    /// In memory, and gone with the console.
    Memory,
    /// In files of the state directory that are named after this account.
    Files(String),
}

impl JournalLocation {
    /// Returns the journal of one environment, host and key pair.
    pub(in crate::shell) fn for_account(environment: &str, host: &str, client_id: &str) -> Self {
        let letter = |c: char| {
            if c.is_ascii_alphanumeric() || c == '.' || c == '-' {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        };
        let clean = |text: &str| text.chars().map(letter).collect::<String>();
        let print = Fingerprint::of_text(client_id);
        Self::Files(format!("{}-{}-{print}", clean(environment), clean(host)))
    }
}

impl Opener for JournalLocation {
    fn media(&mut self, mode: Mode) -> Result<JournalFiles, String> {
        match self {
            Self::Memory => Ok(JournalFiles::single(Box::new(Memory::default()))),
            Self::Files(account) => file::open(account, mode),
        }
    }

    fn media_to_show(&mut self) -> Result<JournalFiles, String> {
        match self {
            Self::Memory => self.media(Mode::ReadOnly),
            Self::Files(account) => file::open_to_show(account),
        }
    }

    fn session(&mut self) -> Result<Box<dyn Sessions>, String> {
        match self {
            Self::Memory => Ok(Box::new(SingleSession(new_session_id()))),
            Self::Files(account) => file::start_session(account),
        }
    }

    fn viewer(&mut self) -> Option<Box<dyn Sessions>> {
        match self {
            Self::Memory => None,
            Self::Files(account) => file::view_sessions(account),
        }
    }

    fn directory(&mut self) -> Option<std::path::PathBuf> {
        match self {
            Self::Memory => None,
            Self::Files(_) => crate::shell::store::state_dir::directory(),
        }
    }
}

/// The contents of a journal, for a reader without a session.
#[derive(Debug, Default)]
pub(in crate::shell) struct JournalContent {
    /// The state of every intent.
    pub(in crate::shell) ledger: Ledger,
    /// The unreadable part, in words.
    pub(in crate::shell) trouble: Option<String>,
}

/// Reads the journal of `place` as it is now; nothing is created or changed.
pub(in crate::shell) fn read(place: &JournalLocation) -> JournalContent {
    let opener = Box::new(place.clone());
    let mut worker = JournalWorker { opener, file: None, reported: OtherConsoles::default() };
    let file = worker.read(None, Mode::ReadOnly);
    let damage = match file.damaged() {
        0 => None,
        lines => Some(format!("{} of the journal could not be read", count(lines, "line"))),
    };
    let trouble = file.trouble().map(ToOwned::to_owned).or(damage);
    JournalContent { ledger: file.ledger().clone(), trouble }
}

/// Returns every journal of this format in `directory`, and in words why one cannot be
/// locked and written to.
#[cfg(unix)]
pub(in crate::shell) fn check_files(directory: &std::path::Path) -> Vec<Result<(), String>> {
    file::unix::check_all(directory)
}

/// Other systems have no journal yet.
#[cfg(not(unix))]
pub(in crate::shell) fn check_files(_: &std::path::Path) -> Vec<Result<(), String>> {
    vec![]
}

/// The proof that a request is on the disk, with the request.
#[derive(Debug)]
pub(in crate::shell) struct Receipt {
    id: RequestId,
    write: Write,
}

impl Receipt {
    /// Returns the request that it is for.
    pub(in crate::shell) const fn id(&self) -> RequestId {
        self.id
    }

    /// Returns the intent it is journaled under.
    pub(in crate::shell) const fn intent_id(&self) -> IntentId {
        self.write.named()
    }

    /// Returns the write that may be sent now.
    pub(in crate::shell) fn write(self) -> Write {
        self.write
    }
}

/// A report of the thread.
#[derive(Debug)]
pub(in crate::shell) enum JournalReport {
    /// For the model.
    Event(Event),
    /// A request may be sent.
    Begun(Receipt),
}

/// A job for the thread.
#[derive(Debug)]
enum Job {
    Open(Mode),
    Begin(RequestId, Write, Timestamp),
    Withdraw(IntentId, Timestamp),
    Record(Record),
    Accept(Timestamp),
    /// Others may have written.
    Follow,
}

/// An open journal. It ends when dropped, after finishing its queued work.
#[derive(Debug)]
pub(in crate::shell) struct Journal {
    jobs: Option<Sender<Job>>,
    /// The follower that reports writes of others; it has to end before the thread can.
    follower: Option<Follower>,
    ended: Receiver<()>,
    number: u64,
}

impl Journal {
    /// Starts the journal of `place`, to be opened by [`Self::open`]. Its thread calls
    /// `report`; its number distinguishes it from an earlier journal.
    pub(in crate::shell) fn start(
        place: JournalLocation,
        number: u64,
        report: impl Fn(JournalReport) + Send + 'static,
    ) -> Self {
        Self::start_with(place, number, report)
    }

    /// Starts it on any storage that can be opened.
    pub(in crate::shell) fn start_with(
        opener: impl Opener + 'static,
        number: u64,
        report: impl Fn(JournalReport) + Send + 'static,
    ) -> Self {
        let (jobs, asked) = channel();
        let (end, ended) = channel();
        let mut opener = opener;
        let follower = opener.directory().and_then(|top| {
            let jobs = jobs.clone();
            Follower::start(&top, move || jobs.send(Job::Follow).is_ok())
        });
        let worker = JournalWorker {
            opener: Box::new(opener),
            file: None,
            reported: OtherConsoles::default(),
        };
        let named = thread::Builder::new().name("journal".to_owned());
        let work = move || {
            worker.run_jobs(&asked, report);
            drop(end);
        };
        // Without a thread nothing is ever reported, so nothing is ever sent.
        drop(named.spawn(work));
        Self { jobs: Some(jobs), follower, ended, number }
    }

    /// Returns its number.
    pub(in crate::shell) const fn number(&self) -> u64 {
        self.number
    }

    /// Opens it, or opens it again: to be read only, or to be written to.
    pub(in crate::shell) fn open(&self, mode: Mode) {
        self.send_job(Job::Open(mode));
    }

    /// Journals that `write` is about to be sent.
    pub(in crate::shell) fn begin(&self, id: RequestId, write: Write, at: Timestamp) {
        self.send_job(Job::Begin(id, write, at));
    }

    /// Journals that it was not sent, after all.
    pub(in crate::shell) fn withdraw(&self, intent: IntentId, at: Timestamp) {
        self.send_job(Job::Withdraw(intent, at));
    }

    /// Journals a step of an intent.
    pub(in crate::shell) fn record(&self, record: Record) {
        self.send_job(Job::Record(record));
    }

    /// Journals that the user has acknowledged the damage.
    pub(in crate::shell) fn accept_damage(&self, at: Timestamp) {
        self.send_job(Job::Accept(at));
    }

    fn send_job(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            drop(jobs.send(job));
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        (self.jobs, self.follower) = (None, None);
        // It ends by closing the queue; a hanging disk is not waited for.
        let _ = self.ended.recv_timeout(SHUTDOWN_TIMEOUT);
    }
}

/// The state of the journal's thread.
struct JournalWorker {
    opener: Box<dyn Opener>,
    file: Option<JournalFile>,
    /// The last report about others.
    reported: OtherConsoles,
}

/// The effect of other consoles on the journal.
#[derive(Debug, Clone, Default, PartialEq)]
struct OtherConsoles {
    /// The state of the intents that they moved on.
    standings: BTreeMap<IntentId, IntentStatus>,
    changes: Vec<OpenChange>,
    others: Others,
    expected: BTreeMap<Fingerprint, KeyValues>,
}

impl JournalWorker {
    fn run_jobs(mut self, jobs: &Receiver<Job>, report: impl Fn(JournalReport)) {
        while let Ok(job) = jobs.recv() {
            self.perform(job).into_iter().for_each(&report);
        }
    }

    fn perform(&mut self, job: Job) -> Vec<JournalReport> {
        match job {
            Job::Open(mode) => vec![JournalReport::Event(self.open_files(mode))],
            Job::Begin(id, write, at) => match self.begin(&write, at) {
                Ok(()) => vec![JournalReport::Begun(Receipt { id, write })],
                Err(Refusal { why, standing }) => {
                    let refused = Event::NotBegun(id, SafeText::clean(&why), standing);
                    let events = [Some(refused), self.unusable_event()].into_iter().flatten();
                    events.map(JournalReport::Event).collect()
                }
            },
            Job::Withdraw(intent, at) => {
                if let Some(file) = &mut self.file
                    && let Some(withdrawn) = file.withdrawal(intent, at)
                {
                    drop(file.record(&withdrawn));
                }
                vec![]
            }
            Job::Record(record) => self.record(&record),
            Job::Follow => self.follow().into_iter().map(JournalReport::Event).collect(),
            Job::Accept(at) => {
                let accepted = self.file.as_mut().map(|file| file.accept_damage(at));
                let why = accepted.and_then(Result::err);
                let why = why.map(|why| SafeText::clean(&why));
                let event = why.map_or_else(
                    || Event::Opened(Box::new(self.opened_state(None))),
                    Event::Unusable,
                );
                vec![JournalReport::Event(event)]
            }
        }
    }

    fn open_files(&mut self, mode: Mode) -> Event {
        // Unwritten records are not lost, and the session goes on while one of its
        // requests may be in flight.
        let (owed, mut sessions) =
            self.file.take().map(JournalFile::into_unwritten).unwrap_or_default();
        // A session that others cannot see would be taken for an ended one.
        sessions = sessions.filter(|session| session.check_place().is_ok());
        let mut why = None;
        // A viewer is replaced by a session of this console.
        sessions = sessions.filter(|session| session.own().is_some());
        if mode == Mode::ReadOnly && sessions.is_none() {
            sessions = self.opener.viewer();
        }
        if mode == Mode::ReadWrite && sessions.is_none() {
            sessions = self.opener.session().map_err(|trouble| why = Some(trouble)).ok();
        }
        // Without one of its own, a console still sees those of others.
        let sessions = sessions.or_else(|| self.opener.viewer());
        let mut file = self.read(sessions, mode);
        why = why.or_else(|| file.trouble().map(ToOwned::to_owned));
        if mode == Mode::ReadWrite && why.is_none() {
            why = file.check_writable().err();
        }
        if let Some(why) = &why {
            file.refuse_writes(why);
        }
        for record in owed {
            drop(file.record(&record));
        }
        why = why.or_else(|| file.trouble().map(ToOwned::to_owned));
        self.file = Some(file);
        let opened = self.opened_state(why);
        self.reported = self.other_consoles();
        Event::Opened(Box::new(opened))
    }

    /// Reads the files; where they cannot be used, what is in them is shown.
    fn read(&mut self, mut sessions: Option<Box<dyn Sessions>>, mode: Mode) -> JournalFile {
        let why = match self.opener.media(mode) {
            Ok(media) => {
                let file = JournalFile::open(media, sessions, mode);
                if file.is_read() {
                    return file;
                }
                let why = file.trouble().map(ToOwned::to_owned);
                sessions = file.into_unwritten().1;
                why.unwrap_or_default()
            }
            Err(why) => why,
        };
        let media = self.opener.media_to_show();
        let is_there = media.is_ok();
        let media = media.unwrap_or_else(|_| JournalFiles::single(Box::new(Memory::default())));
        let mut file = JournalFile::open(media, sessions, mode);
        file.refuse_writes(&why);
        if !is_there {
            file.mark_unread();
        }
        file
    }

    /// Returns the present effect of other consoles on the journal.
    fn other_consoles(&mut self) -> OtherConsoles {
        let Some(file) = &mut self.file else { return OtherConsoles::default() };
        let own = file.own_session();
        let theirs = file.ledger().all().filter(|one| one.writer.is_some() && one.writer != own);
        let standings = theirs.map(|one| (one.intent.id, one.clone())).collect();
        let changes = file.ledger().changes().into_iter().cloned().collect();
        let expected = file.ledger().expected_by_others(own);
        OtherConsoles { standings, changes, others: file.others(), expected }
    }

    /// Reads the new lines of others; returns the event to report.
    fn follow(&mut self) -> Option<Event> {
        let file = self.file.as_mut()?;
        let was_unusable = file.trouble().is_some();
        if let Err(why) = file.follow() {
            return (!was_unusable).then(|| Event::Unusable(SafeText::clean(&why)));
        }
        let now = self.other_consoles();
        if now == self.reported {
            return None;
        }
        let before = std::mem::replace(&mut self.reported, now.clone());
        let OtherConsoles { standings, changes, others, expected } = now;
        let mut followed = Followed { standings: vec![], changes, others, expected };
        // The engine searches each of these among all keys: only new ones are reported.
        let is_new = |one: &IntentStatus| before.standings.get(&one.intent.id) != Some(one);
        followed.standings = standings.into_values().filter(is_new).collect();
        followed.expected.retain(|print, values| before.expected.get(print) != Some(values));
        Some(Event::Followed(Box::new(followed)))
    }

    fn opened_state(&mut self, why: Option<String>) -> Opened {
        let (ledger, damaged, note) = self.file.as_ref().map_or_else(Default::default, |file| {
            (
                file.ledger().clone(),
                file.damaged(),
                file.location_warning().map(|note| SafeText::clean(&note)),
            )
        });
        let others = self.file.as_mut().map(JournalFile::others).unwrap_or_default();
        let is_read = self.file.as_ref().is_some_and(JournalFile::is_read);
        let unusable = why.map(|why| SafeText::clean(&why));
        Opened { ledger, others, seed: fastrand::u64(..), damaged, is_read, unusable, note }
    }

    fn begin(&mut self, write: &Write, at: Timestamp) -> Result<(), Refusal> {
        let file = self.file.as_mut().ok_or_else(|| "the journal is not open".to_owned())?;
        match write {
            Write::CreateKey { intent, attempt } => file.begin_attempt(intent, *attempt, at),
            Write::UpdateKey(_, change) | Write::Decide { change, .. } => {
                file.begin_change(change, at)
            }
        }
    }

    fn record(&mut self, record: &Record) -> Vec<JournalReport> {
        let Some(file) = &mut self.file else { return vec![] };
        let event = match file.record(record) {
            Ok(all) => all.then_some(Event::Written),
            Err(why) => Some(Event::Unwritten(record.intent, why.as_str().into())),
        };
        if let JournalStep::Change(ChangeStep::Done) = record.step {
            // A value expected from our own change is news once another console differs
            // from it, even by restoring the old value.
            let theirs = file.ledger().expected_by_others(file.own_session());
            self.reported.expected.retain(|print, _| theirs.contains_key(print));
        }
        event.into_iter().chain(self.unusable_event()).map(JournalReport::Event).collect()
    }

    /// Reports that nothing can be written any more, once that is so.
    fn unusable_event(&self) -> Option<Event> {
        let why = self.file.as_ref().and_then(JournalFile::trouble)?;
        Some(Event::Unusable(SafeText::clean(why)))
    }
}

#[cfg(test)]
pub(in crate::shell) mod tests;
