//! The storage of a journal: files, or memory for the demo and for tests. Tests
//! implement [`Storage`] to let a disk fail at a chosen call.

use std::io;

use crate::api::Mode;

use super::{format::Newer, session::Sessions};

/// The files of one journal.
pub(in crate::shell) struct JournalFiles {
    /// The one of this program's format, which is written to.
    pub(in crate::shell) current: Box<dyn Storage>,
    /// The one of the format before. It is read, and never written to.
    pub(in crate::shell) older: Option<Box<dyn Storage>>,
    /// A file of a newer format, with its number: then nothing is written.
    pub(in crate::shell) newer: Option<(u32, Box<dyn Storage>)>,
}

impl JournalFiles {
    /// Returns a journal without an older or a newer file.
    pub(in crate::shell) fn single(current: Box<dyn Storage>) -> Self {
        Self { current, older: None, newer: None }
    }
}

/// Opens one journal, as often as it is asked for.
pub(in crate::shell) trait Opener: Send {
    /// Returns its files, to be read or to be written to; in words why that is not
    /// possible.
    fn media(&mut self, mode: Mode) -> Result<JournalFiles, String>;

    /// Returns its files to show what is in them, where [`Self::media`] fails: nothing
    /// is written, and nothing that could create or change something is sent.
    fn media_to_show(&mut self) -> Result<JournalFiles, String> {
        self.media(Mode::ReadOnly)
    }

    /// Starts this console's session with it, before it is written to for the
    /// first time.
    fn session(&mut self) -> Result<Box<dyn Sessions>, String>;

    /// Returns the sessions of other consoles, for one that has none.
    fn viewer(&mut self) -> Option<Box<dyn Sessions>> {
        None
    }

    /// Returns the directory in which other consoles write, where there is one.
    fn directory(&mut self) -> Option<std::path::PathBuf> {
        None
    }
}

/// Something that bytes are appended to and read back from.
pub(in crate::shell) trait Storage: Send {
    /// Takes the lock that excludes other consoles, waiting for it; the error is in
    /// words.
    fn lock(&mut self) -> Result<(), String>;

    /// Gives it back.
    fn unlock(&mut self);

    /// Reads the bytes from `at` on.
    fn read(&mut self, at: u64) -> io::Result<Vec<u8>>;

    /// Checks that its name still leads to the open file; the error is in words. Lines
    /// written to a removed file would never be read.
    fn check_place(&self) -> Result<(), String> {
        Ok(())
    }

    /// Reserves space ahead of the end, where the file system can, so that the outcome of a
    /// request can be written on a disk that is full by then.
    fn reserve(&mut self) -> io::Result<()>;

    /// Appends `line` in one piece.
    fn append(&mut self, line: &[u8]) -> io::Result<()>;

    /// Returns when everything is safe from a loss of power.
    fn sync(&mut self) -> io::Result<()>;

    /// Ends it at byte `at`. The part cut off is saved elsewhere first.
    fn cut(&mut self, at: u64, torn: &[u8]) -> io::Result<()>;

    /// Returns its name on the screen.
    fn name(&self) -> String;

    /// Locks out programs that write to it, for as long as it is open; the error is in
    /// words. Several consoles may do it at once.
    fn keep_writers_out(&mut self) -> Result<(), String> {
        Ok(())
    }

    /// Returns whether a newer program has started a file of its own beside it.
    fn newer(&mut self) -> Option<Newer> {
        None
    }

    /// Returns a warning to show once.
    fn location_warning(&self) -> Option<String> {
        None
    }
}

/// Memory: for the demo, which leaves no files.
#[derive(Debug, Default)]
pub(super) struct Memory(Vec<u8>);

impl Storage for Memory {
    fn lock(&mut self) -> Result<(), String> {
        Ok(())
    }

    fn unlock(&mut self) {}

    fn read(&mut self, at: u64) -> io::Result<Vec<u8>> {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        Ok(self.0.get(at..).unwrap_or_default().to_vec())
    }

    fn reserve(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        self.0.extend_from_slice(line);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn cut(&mut self, at: u64, _: &[u8]) -> io::Result<()> {
        self.0.truncate(usize::try_from(at).unwrap_or(usize::MAX));
        Ok(())
    }

    fn name(&self) -> String {
        "memory".to_owned()
    }
}
