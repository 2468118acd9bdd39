//! The journal's content: read line by line, appended to under a lock.

use std::io;

use crate::{
    api::Mode,
    domain::{
        alteration::{Alteration, Turn},
        intent::{Intent, IntentId},
        issuance::Doubt,
        ledger::{Illegal, Ledger, Record, State, Step},
        time::Timestamp,
    },
};

#[cfg(all(debug_assertions, unix))]
use crate::shell::kill_for_test::at as kill_at;

use super::{
    line,
    medium::Medium,
    record::{self, Entry},
};

/// A journal that was read, with what it is written on.
pub(super) struct Book {
    medium: Box<dyn Medium>,
    mode: Mode,
    ledger: Ledger,
    /// Up to which byte it was read.
    read_to: u64,
    /// What is behind that: the start of a line that nobody finished.
    torn: Vec<u8>,
    /// Whether the last line has no proper end.
    open_end: bool,
    /// The number of the last line.
    last: u32,
    /// Lines that could not be read, and how many of them somebody has seen.
    unreadable: usize,
    accepted: usize,
    /// What could not be written down yet.
    owed: Vec<Record>,
    trouble: Option<String>,
}

impl Book {
    /// Reads what is on `medium`. What goes wrong is told by
    /// [`Self::trouble`]; in read-only mode no lock is taken.
    pub(super) fn open(medium: Box<dyn Medium>, mode: Mode) -> Self {
        let mut book = Self {
            medium,
            mode,
            ledger: Ledger::default(),
            read_to: 0,
            torn: vec![],
            open_end: false,
            last: 0,
            unreadable: 0,
            accepted: 0,
            owed: vec![],
            trouble: None,
        };
        if let Err(why) = book.catch_up() {
            book.trouble = Some(why);
        }
        book
    }

    /// Whether it can be locked and written to; in words why not.
    pub(super) fn check(&mut self) -> Result<(), String> {
        self.locked(|_| Ok(()))
    }

    pub(super) const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// How many lines could not be read and were not accepted.
    pub(super) const fn damaged(&self) -> usize {
        self.unreadable.saturating_sub(self.accepted)
    }

    /// Why nothing can be written any more.
    pub(super) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    pub(super) fn note(&self) -> Option<String> {
        self.medium.note()
    }

    /// What could not be written down, for another try.
    pub(super) fn into_owed(self) -> Vec<Record> {
        self.owed
    }

    /// Writes down that `intent` is confirmed, if that is new, and that its
    /// request is about to leave. When this returns, both are on the disk.
    pub(super) fn begin(&mut self, intent: &Intent, at: Timestamp) -> Result<(), String> {
        kill_at("K0");
        self.locked(|book| {
            book.make_ready()?;
            let step = match book.ledger.get(intent.id) {
                Some(known) if known.intent.order == intent.order => None,
                Some(_) => return Err(Illegal::Again.to_string()),
                None => Some(Step::Prepared(Box::new(intent.clone()))),
            };
            let is_new = step.is_some();
            if let Some(step) = step {
                book.take(Record { intent: intent.id, at: intent.prepared_at, step })?;
                kill_at("K1");
            }
            let sending = Record { intent: intent.id, at, step: Step::Sending };
            let taken = book.take(sending);
            if taken.is_err() && is_new {
                let step = Step::Closed("nothing was sent".into());
                book.owed.push(Record { intent: intent.id, at, step });
            }
            taken
        })?;
        kill_at("K2");
        Ok(())
    }

    /// Writes down that a change is about to leave. When this returns, that is
    /// on the disk.
    pub(super) fn begin_change(
        &mut self,
        change: &Alteration,
        at: Timestamp,
    ) -> Result<(), String> {
        let step = Step::Change(Turn::Begun(Box::new(change.clone())));
        self.locked(|book| {
            book.make_ready()?;
            book.take(Record { intent: change.id, at, step })
        })
    }

    /// Makes sure that what follows can be written down, too.
    fn make_ready(&mut self) -> Result<(), String> {
        if self.damaged() > 0 {
            return Err("the journal is damaged".to_owned());
        }
        self.medium.reserve().map_err(|error| self.because(&error))?;
        self.pay()
    }

    /// What to write down of a request that was called off before it left.
    pub(super) fn withdrawal(&self, intent: IntentId) -> Option<Step> {
        if self.ledger.is_changing(intent) {
            return Some(Step::Change(Turn::NotDone));
        }
        let standing = self.ledger.get(intent)?;
        (standing.state == State::Sending).then(|| standing.end(Doubt::NotSent))
    }

    /// Writes down what happened to an intent; whether nothing is owed any
    /// more. A step that can not follow is left out: another console has seen
    /// to it. One that could not be written is tried again with the next.
    pub(super) fn record(&mut self, record: &Record) -> Result<bool, String> {
        if self.mode == Mode::ReadOnly {
            self.owed.push(record.clone());
            return Ok(false);
        }
        let owed = self.owed.len();
        let written = self.locked(|book| {
            book.pay()?;
            match book.ledger.allows(record) {
                Ok(()) => book.take(record.clone()),
                Err(_) => Ok(()),
            }
        });
        match written {
            Ok(()) => {
                if matches!(record.step, Step::Created(_)) {
                    kill_at("K6");
                }
                Ok(owed > 0)
            }
            Err(why) => {
                self.owed.push(record.clone());
                Err(why)
            }
        }
    }

    /// Writes down that somebody has seen how much could not be read.
    pub(super) fn accept_damage(&mut self, at: Timestamp) -> Result<(), String> {
        self.locked(|book| book.append(&Entry::Accepted(book.unreadable), at))
    }

    /// Does something while no other console writes, and after everything they
    /// wrote was read.
    fn locked<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.mode == Mode::ReadOnly {
            return Err("this console is read-only".to_owned());
        }
        if let Some(trouble) = &self.trouble {
            return Err(trouble.clone());
        }
        self.medium.lock()?;
        let done = self.catch_up().and_then(|()| self.mend()).and_then(|()| act(self));
        self.medium.unlock();
        done
    }

    /// Reads what was written since.
    fn catch_up(&mut self) -> Result<(), String> {
        let bytes = self.medium.read(self.read_to).map_err(|error| self.because(&error))?;
        let mut rest = bytes.as_slice();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            if self.open_end {
                self.open_end = false; // its end, added later
            } else {
                self.read_line(&rest[..end]);
            }
            rest = &rest[end + 1..];
        }
        self.torn.clear();
        if !rest.is_empty() && !line::is_torn(rest) && !self.open_end {
            self.read_line(rest);
            self.open_end = true;
            rest = &[];
        }
        self.torn.extend_from_slice(rest);
        self.read_to += (bytes.len() - rest.len()) as u64;
        Ok(())
    }

    fn read_line(&mut self, bytes: &[u8]) {
        let found =
            line::read(bytes).and_then(|(number, json)| Some((number, record::read(json)?)));
        let Some((number, entry)) = found.filter(|(number, _)| *number > self.last) else {
            self.unreadable += 1;
            self.ledger.damage();
            match line::split(bytes) {
                // Two lines, and what ended the first one is bent.
                Some((first, second)) => {
                    self.read_line(first);
                    if !second.is_empty() {
                        self.read_line(second);
                    }
                }
                // It had a number of its own.
                None => self.last = self.last.saturating_add(1),
            }
            return;
        };
        if number != self.last + 1 {
            self.unreadable += 1;
            self.ledger.damage();
        }
        self.last = number;
        match entry {
            Entry::Accepted(lines) => self.accepted = lines,
            // A step that can not follow changes nothing.
            Entry::Record(record) => drop(self.ledger.take(&record)),
        }
    }

    /// Takes away a line that was never finished, so that the next one is not
    /// glued to it. Nobody writes now, so it is no line in the making.
    fn mend(&mut self) -> Result<(), String> {
        if self.torn.is_empty() {
            return Ok(());
        }
        let torn = std::mem::take(&mut self.torn);
        self.medium.cut(self.read_to, &torn).map_err(|error| {
            self.torn = torn;
            self.because(&error)
        })
    }

    /// Writes down what is owed.
    fn pay(&mut self) -> Result<(), String> {
        while let Some(record) = self.owed.first().cloned() {
            if self.ledger.allows(&record).is_ok() {
                self.take(record)?;
            }
            self.owed.remove(0);
        }
        Ok(())
    }

    /// Writes a record down and takes it over.
    fn take(&mut self, record: Record) -> Result<(), String> {
        self.ledger.allows(&record).map_err(|illegal| illegal.to_string())?;
        let at = record.at;
        let entry = Entry::Record(record);
        self.append(&entry, at)?;
        if let Entry::Record(record) = &entry {
            drop(self.ledger.take(record));
        }
        Ok(())
    }

    fn append(&mut self, entry: &Entry, at: Timestamp) -> Result<(), String> {
        let number = self.last.checked_add(1).ok_or("the journal is full")?;
        let json = record::write(entry, at);
        let mut bytes = line::write(number, &json).ok_or("the record is too long for its line")?;
        if self.open_end {
            bytes.insert(0, b'\n');
        }
        if let Err(error) = self.medium.append(&bytes) {
            // What little of it was written must not stay.
            if self.medium.cut(self.read_to, &[]).is_err() {
                self.trouble = Some(self.because(&error));
            }
            return Err(self.because(&error));
        }
        if let Err(error) = self.medium.sync() {
            // Nothing is known of what is on the disk now, and a second sync
            // would lie: it counts as not written, and nothing more is.
            drop(self.medium.cut(self.read_to, &[]));
            let why = self.because(&error);
            self.trouble = Some(why.clone());
            return Err(why);
        }
        self.open_end = false;
        self.read_to += bytes.len() as u64;
        self.last = number;
        if let Entry::Accepted(lines) = entry {
            self.accepted = *lines;
        }
        Ok(())
    }

    fn because(&self, error: &io::Error) -> String {
        format!("{}: {error}", self.medium.name())
    }
}

/// Dies nowhere.
#[cfg(not(all(debug_assertions, unix)))]
const fn kill_at(_: &str) {}
