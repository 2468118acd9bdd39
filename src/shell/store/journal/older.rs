//! The journal file of the previous format: read, and never written to.

use std::{
    fs,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, OFlags};

use crate::shell::store::permissions::path_text;

use super::{
    owned_file::{because, lock, open_directory, open_file},
    storage::Storage,
};

/// A file that may not be there, or come later: a program of the format before
/// may be started beside this one.
pub(super) struct OlderFile {
    path: PathBuf,
    open: Option<fs::File>,
    /// Whether its writers are locked out.
    held: bool,
}

impl OlderFile {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path, open: None, held: false }
    }

    /// Returns the file, if it is there by now.
    fn file(&mut self) -> Result<Option<&mut fs::File>, String> {
        let is_missing = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
        if self.open.is_none() && !self.path.symlink_metadata().is_err_and(is_missing) {
            let within = open_directory(self.path.parent().unwrap_or(Path::new("/")))?;
            self.open = Some(open_file(&within, &self.path, OFlags::RDONLY)?);
        }
        Ok(self.open.as_mut())
    }
}

impl Storage for OlderFile {
    fn keep_writers_out(&mut self) -> Result<(), String> {
        let (path, held) = (self.path.clone(), self.held);
        let Some(file) = self.file()? else { return Ok(()) };
        if !held {
            // Its writers take the whole lock for each line, and write nothing
            // without it; consoles of this format share theirs.
            lock(&path, file, FlockOperation::NonBlockingLockShared)?;
            self.held = true;
        }
        Ok(())
    }

    fn read(&mut self, at: u64) -> io::Result<Vec<u8>> {
        let Some(file) = self.file().map_err(io::Error::other)? else { return Ok(vec![]) };
        if file.metadata()?.len() < at {
            return Err(io::Error::other("another program has truncated it"));
        }
        file.seek(SeekFrom::Start(at))?;
        let mut bytes = vec![];
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn name(&self) -> String {
        path_text(&self.path).to_string()
    }

    fn lock(&mut self) -> Result<(), String> {
        Err(because(&self.path, &"it is never written"))
    }

    fn unlock(&mut self) {}

    fn reserve(&mut self) -> io::Result<()> {
        Err(read_only())
    }

    fn append(&mut self, _: &[u8]) -> io::Result<()> {
        Err(read_only())
    }

    fn sync(&mut self) -> io::Result<()> {
        Err(read_only())
    }

    fn cut(&mut self, _: u64, _: &[u8]) -> io::Result<()> {
        Err(read_only())
    }
}

fn read_only() -> io::Error {
    io::Error::other("a journal of the previous format is never written")
}
