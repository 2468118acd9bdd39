//! Reads one journal file line by line, and continues where it stopped.

use std::io;

use crate::domain::ledger::{Ledger, Record};

use super::{
    format::{FORMAT, Newer},
    line,
    record::{self, Entry},
    storage::Storage,
};

/// The progress of reading a file, and the errors found in it.
#[derive(Debug, Default)]
pub(super) struct FileReader {
    /// Its format by its name; what it states itself may be newer.
    format: u32,
    /// Up to which byte it was read.
    pub(super) read_to: u64,
    /// The bytes after that: the start of an unfinished line.
    pub(super) partial_line: Vec<u8>,
    /// Whether the last line has no proper end.
    pub(super) open_end: bool,
    /// The number of the last line.
    pub(super) last: u32,
    /// Lines that could not be read.
    pub(super) unreadable: usize,
    /// The number of unreadable lines acknowledged in the file itself.
    pub(super) accepted: usize,
    /// Whether a newer program wrote it.
    pub(super) newer: Option<Newer>,
}

impl FileReader {
    /// Returns a reader at the start of a file of this format.
    pub(super) fn for_format(format: u32) -> Self {
        let newer = (format > FORMAT).then_some(Newer { format, program: None });
        Self { format, newer, ..Self::default() }
    }

    /// Returns the number of unreadable lines not acknowledged yet.
    pub(super) const fn damaged(&self) -> usize {
        self.unreadable.saturating_sub(self.accepted)
    }

    /// Reads what was written since, into `ledger`.
    pub(super) fn catch_up(
        &mut self,
        medium: &mut dyn Storage,
        ledger: &mut Ledger,
    ) -> io::Result<()> {
        let bytes = medium.read(self.read_to)?;
        let mut rest = bytes.as_slice();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            if self.open_end {
                self.open_end = false; // its end, added later
            } else {
                self.read_line(&rest[..end], ledger);
            }
            rest = &rest[end + 1..];
        }
        self.partial_line.clear();
        if !rest.is_empty() && !line::is_partial(rest) && !self.open_end {
            self.read_line(rest, ledger);
            self.open_end = true;
            rest = &[];
        }
        self.partial_line.extend_from_slice(rest);
        self.read_to += (bytes.len() - rest.len()) as u64;
        Ok(())
    }

    fn read_line(&mut self, bytes: &[u8], ledger: &mut Ledger) {
        let found = line::parse_line(bytes)
            .and_then(|(number, json)| Some((number, record::read(json, self.format)?)));
        let Some((number, entry)) = found.filter(|(number, _)| *number > self.last) else {
            self.unreadable += 1;
            ledger.damage();
            match line::split_joined_lines(bytes) {
                // Two lines whose separator is corrupted.
                Some((first, second)) => {
                    self.read_line(first, ledger);
                    if !second.is_empty() {
                        self.read_line(second, ledger);
                    }
                }
                // It had a number of its own.
                None => self.last = self.last.saturating_add(1),
            }
            return;
        };
        if number != self.last + 1 {
            self.unreadable += 1;
            ledger.damage();
        }
        self.last = number;
        self.apply_entry(entry, ledger);
    }

    /// Applies an entry, read or just written.
    pub(super) fn apply_entry(&mut self, entry: Entry, ledger: &mut Ledger) {
        match entry {
            Entry::Accepted(lines) => self.accepted = lines,
            Entry::Format { version, program } if version > FORMAT => {
                self.newer = Some(Newer { format: version, program: Some(program) });
            }
            Entry::Format { .. } => {}
            // A step that cannot follow changes nothing.
            Entry::Record(record) => drop(ledger.apply_record(&self.normalized(record))),
        }
    }

    /// Fills in the attempt of a record: a line of format 1 has none, and attempts are
    /// counted in file order.
    fn normalized(&self, record: Record) -> Record {
        if self.format == 1 { Record { attempt: None, author: None, ..record } } else { record }
    }
}
