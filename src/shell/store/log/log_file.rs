//! The log's file, and the older ones beside it: a full file is renamed, three are kept.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
};

use crate::shell::{
    stdio::error_text,
    store::permissions::{self, path_text},
};

/// The size limit of a file: 1 MiB.
const FILE_MAX_BYTES: u64 = 1 << 20;

/// The number of older files kept.
const OLDER_FILES_MAX: u32 = 3;

/// The open file.
pub(super) struct LogFile {
    path: PathBuf,
    file: File,
    full: u64,
}

impl LogFile {
    /// Opens the file, or creates it.
    pub(super) fn open(path: PathBuf) -> Result<Self, String> {
        let file = permissions::append(&path)?;
        Ok(Self { path, file, full: FILE_MAX_BYTES })
    }

    /// Writes to a file that is no log, as it is.
    #[cfg(test)]
    pub(super) fn open_at(path: &Path) -> std::io::Result<Self> {
        let file = File::options().write(true).open(path)?;
        Ok(Self { path: path.to_owned(), file, full: u64::MAX })
    }

    /// Appends a line, in a new file where this one is full.
    pub(super) fn write(&mut self, line: &str) -> Result<(), String> {
        if self.file.metadata().is_ok_and(|facts| facts.len() >= self.full) {
            self.rotate()?;
        }
        // One call, so that the lines of two consoles do not mix.
        let written = self.file.write_all(line.as_bytes());
        written.map_err(|error| format!("{}: {}", path_text(&self.path), error_text(&error)))
    }

    /// Starts a new file. Another console may just have done it.
    fn rotate(&mut self) -> Result<(), String> {
        if lock(&self.file) && is_same_file(&self.file, &self.path) {
            for age in (1..=OLDER_FILES_MAX).rev() {
                let younger = if age == 1 { self.path.clone() } else { self.older_path(age - 1) };
                // What is not there yet cannot be moved.
                drop(std::fs::rename(younger, self.older_path(age)));
            }
        }
        self.file = permissions::append(&self.path)?;
        Ok(())
    }

    /// Returns the path of an older file; `onramp.log.1` is the youngest.
    fn older_path(&self, age: u32) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{age}"));
        PathBuf::from(name)
    }
}

/// Returns whether no other process is about to do the same. Released when the file is
/// closed.
#[cfg(unix)]
fn lock(file: &File) -> bool {
    rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_ok()
}

/// Returns whether `file` is the one at `path`.
#[cfg(unix)]
fn is_same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(one), Ok(other)) = (file.metadata(), path.symlink_metadata()) else { return false };
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
const fn lock(_: &File) -> bool {
    true
}

#[cfg(not(unix))]
const fn is_same_file(_: &File, _: &Path) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt as _};

    fn log_file(path: &Path) -> LogFile {
        LogFile { full: 100, ..LogFile::open(path.to_owned()).expect("opened") }
    }

    fn names(directory: &Path) -> BTreeSet<String> {
        let entries = fs::read_dir(directory).expect("listed");
        entries.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_full_file_makes_way_and_three_older_ones_are_kept() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("onramp.log");
        let mut log_file = log_file(&path);
        for n in 0..60 {
            log_file.write(&format!("line {n:02} of twenty B\n")).expect("written");
        }
        let all = ["onramp.log", "onramp.log.1", "onramp.log.2", "onramp.log.3"];
        assert_eq!(names(top.path()), all.map(str::to_owned).into());
        let read = |name: &str| fs::read_to_string(top.path().join(name)).expect("read");
        assert!(read("onramp.log").ends_with("line 59 of twenty B\n"));
        assert!(
            read("onramp.log.1").ends_with("line 54 of twenty B\n"),
            "{}",
            read("onramp.log.1")
        );
        for name in all {
            let mode = fs::metadata(top.path().join(name)).expect("there").permissions().mode();
            assert!(read(name).len() <= 120 && mode & 0o777 == 0o600, "{name}");
        }
    }

    #[test]
    fn two_consoles_share_the_file_and_lose_no_line() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("onramp.log");
        let (mut one, mut other) = (log_file(&path), log_file(&path));
        for n in 0..10 {
            one.write(&format!("one {n:02} of twenty bytes\n")).expect("written");
            other.write(&format!("other {n:02} of twenty by\n")).expect("written");
        }
        let text: String = names(top.path())
            .iter()
            .map(|name| fs::read_to_string(top.path().join(name)).expect("read"))
            .collect();
        assert_eq!(text.lines().count(), 20, "{text}");
    }
}
