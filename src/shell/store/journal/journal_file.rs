//! The journal's content: read line by line, appended to under a lock.
//!
//! Every append has the same steps: lock, read what others wrote, ask the ledger
//! whether the step may follow, write one line, sync. A line that could not be synced
//! counts as not written, and nothing is written after it.

use std::{fmt, io};

use crate::{
    api::{Mode, journal::Others},
    domain::{
        alteration::{Alteration, ChangeStep},
        intent::{Intent, IntentId},
        issuance::Doubt,
        ledger::{
            Author, IntentStatus, InvalidStep, JournalStep, Ledger, Record, SessionId, State,
        },
        time::Timestamp,
    },
    shell::stdio::error_text,
};

use super::{
    format::{FORMAT, PROGRAM},
    line,
    reader::FileReader,
    record::{self, Entry},
    session::Sessions,
    storage::JournalFiles,
};

#[cfg(all(debug_assertions, unix))]
use crate::shell::kill_for_test::kill_at;

/// A journal that was read, with what it is written on.
pub(super) struct JournalFile {
    media: JournalFiles,
    mode: Mode,
    ledger: Ledger,
    /// The file that is written to.
    current: FileReader,
    /// The one of the format before, where there is one.
    older: FileReader,
    /// The session that this console writes as; `None` while it only reads.
    sessions: Option<Box<dyn Sessions>>,
    /// The number of unreadable lines of both files that the user has acknowledged.
    accepted: usize,
    /// The records that could not be written yet.
    unwritten: Vec<Record>,
    trouble: Option<String>,
    /// Whether every file was read.
    is_read: bool,
}

/// The reason why a request may not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The reason, in words.
    pub(super) why: String,
    /// The state of the intent, if another console has changed it.
    pub(super) standing: Option<Box<IntentStatus>>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Self { why, standing: None }
    }
}

impl JournalFile {
    /// Reads the files of `media`. [`Self::trouble`] reports errors; in read-only mode
    /// no lock is taken.
    pub(super) fn open(
        media: JournalFiles,
        sessions: Option<Box<dyn Sessions>>,
        mode: Mode,
    ) -> Self {
        let mut file = Self {
            media,
            mode,
            ledger: Ledger::default(),
            current: FileReader::for_format(FORMAT),
            older: FileReader::for_format(1),
            sessions,
            accepted: 0,
            unwritten: vec![],
            trouble: None,
            is_read: false,
        };
        if let Err(why) = file.read_all() {
            file.trouble = Some(why);
        }
        file
    }

    /// Reads every file from the start, the oldest first: an unreadable part of one is
    /// no reason not to show the others. Returns the first error, in words.
    fn read_all(&mut self) -> Result<(), String> {
        let kept_out = match &mut self.media.older {
            Some(older) if self.mode == Mode::ReadWrite => older.keep_writers_out(),
            _ => Ok(()),
        };
        let read = self.catch_up();
        let read = read.and(self.read_newer());
        self.is_read = read.is_ok();
        let newer = self.current.newer.as_ref();
        kept_out.and(read).and(newer.map_or(Ok(()), |newer| Err(newer.to_string())))
    }

    fn read_newer(&mut self) -> Result<(), String> {
        let Some((format, medium)) = &mut self.media.newer else { return Ok(()) };
        let mut newer = FileReader::for_format(*format);
        let read = newer.catch_up(&mut **medium, &mut self.ledger);
        self.current.newer = newer.newer;
        read.map_err(|error| format!("{}: {}", medium.name(), error_text(&error)))
    }

    /// Refuses all later writes, for this reason.
    pub(super) fn refuse_writes(&mut self, why: &str) {
        self.trouble.get_or_insert_with(|| why.to_owned());
    }

    /// Notes a file that could not even be opened.
    pub(super) const fn mark_unread(&mut self) {
        self.is_read = false;
    }

    /// Returns whether every file was read.
    pub(super) const fn is_read(&self) -> bool {
        self.is_read
    }

    /// Returns whether it can be locked and written to; in words why not.
    pub(super) fn check_writable(&mut self) -> Result<(), String> {
        self.with_lock(|_| Ok(()))
    }

    pub(super) const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Returns the number of unreadable lines not acknowledged yet.
    pub(super) const fn damaged(&self) -> usize {
        self.unreadable().saturating_sub(self.accepted)
    }

    /// Lines acknowledged by a reader of the older file need no new acknowledgement.
    const fn unreadable(&self) -> usize {
        self.older.damaged() + self.current.unreadable
    }

    /// Returns why nothing can be written any more.
    pub(super) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    pub(super) fn location_warning(&self) -> Option<String> {
        self.media.current.location_warning()
    }

    /// Returns the unwritten records, for another try, and the session to continue
    /// with.
    pub(super) fn into_unwritten(self) -> (Vec<Record>, Option<Box<dyn Sessions>>) {
        (self.unwritten, self.sessions)
    }

    /// Journals that `intent` is confirmed, if that is new, and that the request of
    /// this attempt is about to be sent. When this returns, both are on the disk, and
    /// no other console can send the same attempt.
    pub(super) fn begin_attempt(
        &mut self,
        intent: &Intent,
        attempt: u32,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        kill_at("K0");
        self.with_lock(|file| {
            file.ensure_writable()?;
            let step = match file.ledger.get(intent.id) {
                Some(known) if known.intent.order == intent.order => None,
                Some(_) => return Err(InvalidStep::Again.to_string().into()),
                None => Some(JournalStep::Prepared(Box::new(intent.clone()))),
            };
            let is_new = step.is_some();
            if let Some(step) = step {
                file.append_record(Record::new(intent.id, intent.prepared_at, step))?;
                kill_at("K1");
            }
            let sending = Record::new(intent.id, at, JournalStep::Sending).about(attempt);
            let taken = file.append_record(sending);
            if taken.is_err() && is_new {
                let step = JournalStep::Closed("nothing was sent".into());
                file.unwritten.push(Record::new(intent.id, at, step).about(0));
            }
            taken
        })?;
        kill_at("K2");
        Ok(())
    }

    /// Journals that a change is about to be sent. When this returns, that is on the
    /// disk.
    pub(super) fn begin_change(
        &mut self,
        change: &Alteration,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        let step = JournalStep::Change(ChangeStep::Begun(Box::new(change.clone())));
        self.with_lock(|file| {
            file.ensure_writable()?;
            file.append_record(Record::new(change.id, at, step))
        })
    }

    /// Ensures that the next lines can be written, too.
    fn ensure_writable(&mut self) -> Result<(), Refusal> {
        if self.damaged() > 0 {
            return Err("the journal is damaged".to_owned().into());
        }
        self.media.current.reserve().map_err(|error| self.describe_error(&error))?;
        self.flush_unwritten()
    }

    /// Returns the record of a request that was cancelled before it was sent.
    pub(super) fn withdrawal(&self, intent: IntentId, at: Timestamp) -> Option<Record> {
        if self.ledger.is_changing(intent) {
            return Some(Record::new(intent, at, JournalStep::Change(ChangeStep::NotDone)));
        }
        let standing = self.ledger.get(intent)?;
        let withdrawn = || standing.record(standing.end(Doubt::NotSent), at);
        (standing.state == State::Sending).then(withdrawn)
    }

    /// Journals a step of an intent; returns whether nothing is unwritten. A step that
    /// cannot follow is omitted: another console has changed its state. One that could
    /// not be written is retried with the next.
    pub(super) fn record(&mut self, record: &Record) -> Result<bool, String> {
        if self.mode == Mode::ReadOnly {
            self.unwritten.push(record.clone());
            return Ok(false);
        }
        let owed = self.unwritten.len();
        let written = self.with_lock(|file| {
            file.flush_unwritten()?;
            let record = file.with_session(record.clone());
            match file.ledger.allows(&record) {
                Ok(()) => file.append_record(record).map(Ok),
                Err(illegal) => Ok(Err(file.explain_refusal(record.intent, &illegal).why)),
            }
        });
        match written {
            Ok(Ok(())) => {
                if matches!(record.step, JournalStep::Created(_)) {
                    kill_at("K6");
                }
                Ok(owed > 0)
            }
            // A user's decision that does not count has to be reported.
            Ok(Err(why)) if matches!(record.step, JournalStep::Closed(_)) => Err(why),
            Ok(Err(_)) => Ok(owed > 0),
            Err(refusal) => {
                self.unwritten.push(record.clone());
                Err(refusal.why)
            }
        }
    }

    /// Journals that the user has acknowledged how much could not be read.
    pub(super) fn accept_damage(&mut self, at: Timestamp) -> Result<(), String> {
        let accepted = self.with_lock(|file| {
            let lines = file.unreadable();
            file.append(&Entry::Accepted(lines), at)?;
            file.accepted = lines;
            Ok(())
        });
        accepted.map_err(|refusal: Refusal| refusal.why)
    }

    /// Does something while no other console writes, and after everything they
    /// wrote was read.
    fn with_lock<T, E: From<String>>(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.mode == Mode::ReadOnly {
            return Err("this console is read-only".to_owned().into());
        }
        if let Some(trouble) = &self.trouble {
            return Err(trouble.clone().into());
        }
        // An older program may have created its file since this console started.
        if let Some(older) = &mut self.media.older {
            older.keep_writers_out()?;
        }
        self.media.current.lock()?;
        let ready = self.refuse_newer().and_then(|()| self.catch_up());
        let ready =
            ready.and_then(|()| self.refuse_newer()).and_then(|()| self.truncate_partial_line());
        let done = ready.map_err(E::from).and_then(|()| act(self));
        self.media.current.unlock();
        done
    }

    /// Checks for a newer program's file: once there is one, this program only reads.
    fn refuse_newer(&mut self) -> Result<(), String> {
        self.current.newer = self.current.newer.take().or_else(|| self.media.current.newer());
        let Some(newer) = &self.current.newer else { return Ok(()) };
        let why = newer.to_string();
        self.trouble = Some(why.clone());
        Err(why)
    }

    /// Reads what was written since.
    fn catch_up(&mut self) -> Result<(), String> {
        let JournalFiles { current, older, .. } = &mut self.media;
        let older = older.as_mut().map_or(Ok(()), |older| {
            let read = self.older.catch_up(&mut **older, &mut self.ledger);
            read.map_err(|error| format!("{}: {}", older.name(), error_text(&error)))
        });
        let read = self.current.catch_up(&mut **current, &mut self.ledger);
        self.accepted = self.current.accepted;
        older.and(read.map_err(|error| format!("{}: {}", current.name(), error_text(&error))))
    }

    /// Reads the new lines of other consoles, without their lock: an unfinished line is
    /// read once it is whole. The error explains why nothing more can be written.
    pub(super) fn follow(&mut self) -> Result<(), String> {
        if self.mode == Mode::ReadWrite && self.trouble.is_none() {
            self.check_place()?;
        }
        self.catch_up().inspect_err(|why| self.refuse_writes(why))
    }

    /// Returns the session that this console writes as.
    pub(super) fn own_session(&self) -> Option<SessionId> {
        self.sessions.as_ref().and_then(|sessions| sessions.own())
    }

    /// Returns the other consoles that have something open, and run.
    pub(super) fn others(&mut self) -> Others {
        let open = self.ledger.open().flat_map(|one| [one.writer, one.sender]);
        let changes = self.ledger.changes();
        let changing = changes.iter().map(|change| change.writer);
        let mut ids: Vec<_> = open.chain(changing).flatten().collect();
        ids.sort();
        ids.dedup();
        self.sessions.as_mut().map(|sessions| sessions.others(&ids)).unwrap_or_default()
    }

    /// Removes an unfinished line, so that the next one is not appended to it. No
    /// process writes now, so it is no line in progress.
    fn truncate_partial_line(&mut self) -> Result<(), String> {
        if self.current.partial_line.is_empty() {
            return Ok(());
        }
        let partial_line = std::mem::take(&mut self.current.partial_line);
        self.media.current.cut(self.current.read_to, &partial_line).map_err(|error| {
            self.current.partial_line = partial_line;
            self.describe_error(&error)
        })
    }

    /// Writes the unwritten records.
    fn flush_unwritten(&mut self) -> Result<(), Refusal> {
        while let Some(record) = self.unwritten.first().cloned() {
            let signed = self.with_session(record.clone());
            if self.ledger.allows(&signed).is_ok() {
                self.append_record(record)?;
            }
            self.unwritten.remove(0);
        }
        Ok(())
    }

    /// Returns the record with the name of this session, and with what is known of the
    /// one that sent the attempt.
    fn with_session(&mut self, record: Record) -> Record {
        let Some(sessions) = &mut self.sessions else { return record };
        let Some(session) = sessions.own() else { return record };
        let sender = self.ledger.get(record.intent);
        let sender = sender.and_then(|standing| standing.sender).filter(|one| *one != session);
        let sender_ended = sender.is_some_and(|sender| sessions.running(sender).is_none());
        record.with_author(Author { session, sender_ended })
    }

    /// Writes a record down and takes it over.
    fn append_record(&mut self, record: Record) -> Result<(), Refusal> {
        let record = self.with_session(record);
        if record.is_about_an_attempt() && record.attempt.is_none() {
            // It could not be read back.
            return Err("a step without an attempt cannot be written".to_owned().into());
        }
        let allowed = self.ledger.allows(&record);
        allowed.map_err(|illegal| self.explain_refusal(record.intent, &illegal))?;
        let (at, entry) = (record.at, Entry::Record(record));
        self.append(&entry, at)?;
        self.current.apply_entry(entry, &mut self.ledger);
        Ok(())
    }

    /// Explains why a step cannot follow, with the present state of its intent.
    fn explain_refusal(&mut self, intent: IntentId, illegal: &InvalidStep) -> Refusal {
        let standing = self.ledger.get(intent).cloned();
        let sender = standing.as_ref().and_then(|standing| standing.sender);
        let why = match (illegal, sender) {
            (
                InvalidStep::Order | InvalidStep::Attempt { .. } | InvalidStep::SenderRuns(_),
                Some(sender),
            ) => self.describe_sender(illegal, sender),
            _ => illegal.to_string(),
        };
        let moved = matches!(illegal, InvalidStep::Order | InvalidStep::Attempt { .. });
        Refusal { why, standing: standing.filter(|_| moved).map(Box::new) }
    }

    fn describe_sender(&mut self, illegal: &InvalidStep, sender: SessionId) -> String {
        let sessions = self.sessions.as_mut().filter(|sessions| sessions.own() != Some(sender));
        match (sessions.and_then(|sessions| sessions.running(sender)), illegal) {
            // The state alone does not show the user what to do.
            (Some(running), InvalidStep::Order) => {
                format!("{} ({running})", InvalidStep::SenderRuns(sender))
            }
            (Some(running), _) => format!("{illegal} ({running})"),
            (None, _) => illegal.to_string(),
        }
    }

    fn append(&mut self, entry: &Entry, at: Timestamp) -> Result<(), String> {
        if self.current.last == 0 && self.current.read_to == 0 {
            let program = PROGRAM.to_owned();
            self.append_line(&Entry::Format { version: FORMAT, program }, at)?;
        }
        self.append_line(entry, at)
    }

    /// Returns whether what is written now is read by others, and whether they see that
    /// this console runs. Once it is not, nothing more is written.
    fn check_place(&mut self) -> Result<(), String> {
        let session = self.sessions.as_ref().map_or(Ok(()), |session| session.check_place());
        let placed = self.media.current.check_place().and(session);
        placed.inspect_err(|why| self.trouble = Some(why.clone()))
    }

    fn append_line(&mut self, entry: &Entry, at: Timestamp) -> Result<(), String> {
        self.check_place()?;
        let number = self.current.last.checked_add(1).ok_or("the journal is full")?;
        let json = record::write(entry, at);
        let mut bytes =
            line::format_line(number, &json).ok_or("the record is too long for its line")?;
        if self.current.open_end {
            bytes.insert(0, b'\n');
        }
        let read_to = self.current.read_to;
        if let Err(error) = self.media.current.append(&bytes) {
            // A partial write must not stay.
            if self.media.current.cut(read_to, &[]).is_err() {
                self.trouble = Some(self.describe_error(&error));
            }
            return Err(self.describe_error(&error));
        }
        if let Err(error) = self.media.current.sync() {
            // Nothing is known of what is on the disk now, and a second sync
            // would lie: it counts as not written, and nothing more is.
            drop(self.media.current.cut(read_to, &[]));
            let why = self.describe_error(&error);
            self.trouble = Some(why.clone());
            return Err(why);
        }
        self.current.open_end = false;
        self.current.read_to += bytes.len() as u64;
        self.current.last = number;
        if let Entry::Accepted(lines) = entry {
            self.current.accepted = *lines;
        }
        Ok(())
    }

    fn describe_error(&self, error: &io::Error) -> String {
        format!("{}: {}", self.media.current.name(), error_text(&error))
    }
}

/// No-op outside debug builds.
#[cfg(not(all(debug_assertions, unix)))]
const fn kill_at(_: &str) {}
