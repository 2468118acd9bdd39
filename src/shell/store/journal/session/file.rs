//! Sessions as locked files beside their journal.

use std::{
    fs,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use rustix::fs::{AtFlags, FlockOperation, Mode as Bits, OFlags, flock, fstat, openat, unlinkat};
use serde::{Deserialize, Serialize};

use crate::{
    api::journal::Running,
    domain::{ledger::SessionId, time::Timestamp},
    shell::{
        clock,
        stdio::error_text,
        store::{journal::owned_file::check_place, permissions::path_text},
    },
};

use super::{Sessions, new_session_id};

/// The number of attempts at a new name: the first one is free unless another console
/// cleans up in that very moment.
const TRIES: u32 = 5;

/// The contents of a session's file, for a user who finds it.
#[derive(Serialize, Deserialize)]
struct SessionNote {
    process: i32,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    terminal: Option<String>,
    since: i64,
}

/// This process's session with one journal.
#[derive(Debug)]
pub(in crate::shell::store::journal) struct File {
    id: SessionId,
    directory: fs::File,
    path: PathBuf,
    /// The text before the number of a session in the names of its file.
    prefix: String,
    /// Locked for as long as it is open.
    locked: fs::File,
}

impl File {
    /// Starts a session with the journal `name`, and takes the files of ended
    /// ones away. To be called by one process for itself, for as long as it
    /// writes.
    pub(in crate::shell::store::journal) fn start(
        directory: &Path,
        name: &str,
    ) -> Result<Self, String> {
        let because = |error: &dyn std::fmt::Display| {
            format!("{}: {}", path_text(directory), error_text(&error))
        };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let opened = rustix::fs::open(directory, flags, Bits::empty());
        let within = opened.map(fs::File::from).map_err(|error| because(&error))?;
        let prefix = format!("{name}.session-");
        remove_ended_sessions(directory, &within, &prefix);
        for _ in 0..TRIES {
            let id = new_session_id();
            let name = format!("{prefix}{id}");
            let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
            let mut file = open(&within, &name, flags).map_err(|error| because(&error))?;
            if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
                continue; // another console has taken it for an ended one
            }
            let facts = fstat(&file).map_err(|error| because(&error))?;
            if facts.st_nlink == 0 {
                continue; // and this time it was faster
            }
            let text = serde_json::to_string(&own_note()).unwrap_or_default();
            file.write_all(text.as_bytes()).map_err(|error| because(&error))?;
            let path = directory.join(name);
            return Ok(Self { id, directory: within, path, prefix, locked: file });
        }
        Err(format!("{}: no session can be started there", path_text(directory)))
    }
}

/// The sessions of one journal, for a reader without one.
#[derive(Debug)]
pub(in crate::shell::store::journal) struct Viewer {
    directory: fs::File,
    prefix: String,
}

impl Viewer {
    /// Opens the sessions of the journal `name` for viewing.
    pub(in crate::shell::store::journal) fn open(directory: &Path, name: &str) -> Option<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let opened = rustix::fs::open(directory, flags, Bits::empty()).ok()?;
        Some(Self { directory: opened.into(), prefix: format!("{name}.session-") })
    }
}

impl Sessions for Viewer {
    fn own(&self) -> Option<SessionId> {
        None
    }

    fn running(&mut self, id: SessionId) -> Option<Running> {
        // If nothing can be locked nothing is sent either, and unfinished work is
        // searched.
        running(&self.directory, &self.prefix, id, None)
    }
}

impl Sessions for File {
    fn own(&self) -> Option<SessionId> {
        Some(self.id)
    }

    fn check_place(&self) -> Result<(), String> {
        check_place(&self.path, &self.locked)
    }

    fn running(&mut self, id: SessionId) -> Option<Running> {
        if id == self.id {
            let name = format!("{}{id}", self.prefix);
            return Some(read(&mut open(&self.directory, &name, OFlags::RDONLY).ok()?));
        }
        // What cannot be known is no proof that it has ended.
        running(&self.directory, &self.prefix, id, Some(Running::default()))
    }
}

/// Returns the facts about a session of another process while it runs; `unknown` if
/// that cannot be found out.
fn running(
    directory: &fs::File,
    prefix: &str,
    id: SessionId,
    unknown: Option<Running>,
) -> Option<Running> {
    let mut file = match open(directory, &format!("{prefix}{id}"), OFlags::RDONLY) {
        Ok(file) => file,
        // It was cleaned up, or never held.
        Err(rustix::io::Errno::NOENT) => return None,
        Err(_) => return unknown,
    };
    match flock(&file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => None,
        Err(rustix::io::Errno::WOULDBLOCK) => Some(read(&mut file)),
        Err(_) => unknown.map(|_| read(&mut file)),
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // Only tidiness: the lock goes with the file.
        drop(fs::remove_file(&self.path));
    }
}

fn open(within: &fs::File, name: &str, flags: OFlags) -> rustix::io::Result<fs::File> {
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    openat(within, name, flags, Bits::RUSR | Bits::WUSR).map(fs::File::from)
}

/// Returns the note about this process, for others.
fn own_note() -> SessionNote {
    let terminal = rustix::termios::ttyname(std::io::stdin(), vec![]).ok();
    SessionNote {
        process: rustix::process::getpid().as_raw_nonzero().get(),
        terminal: terminal.and_then(|name| name.into_string().ok()),
        since: clock::now().as_millis(),
    }
}

fn read(file: &mut fs::File) -> Running {
    let mut text = String::new();
    let note = file.read_to_string(&mut text).ok().and_then(|_| serde_json::from_str(&text).ok());
    let Some(SessionNote { process, terminal, since }) = note else { return Running::default() };
    let terminal = terminal.filter(|name| name.bytes().all(|byte| byte.is_ascii_graphic()));
    Running {
        process: Some(process),
        terminal,
        since: Some(Timestamp::from_millis(since)),
        stopped: is_stopped(process),
    }
}

/// Returns whether a process of this host is stopped. Other systems do not say.
fn is_stopped(process: i32) -> bool {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name is in parentheses and may contain anything.
    let state = text.rsplit(')').next().and_then(|rest| rest.trim_start().chars().next());
    matches!(state, Some('T' | 't'))
}

/// Takes the files of ended sessions away.
fn remove_ended_sessions(directory: &Path, within: &fs::File, prefix: &str) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        if !name.starts_with(prefix) {
            continue;
        }
        let Ok(file) = open(within, &name, OFlags::RDONLY) else { continue };
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
            let _ = unlinkat(within, &name, AtFlags::empty());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "journal-v2-demo";

    #[test]
    fn a_session_runs_until_it_ends_and_leaves_nothing_behind() {
        let top = tempfile::tempdir().expect("a directory");
        let mut one = File::start(top.path(), NAME).expect("started");
        let other = File::start(top.path(), NAME).expect("started");
        let id = other.own().expect("its own");
        let runs = one.running(id).expect("it runs");
        assert_eq!(runs.process, Some(std::process::id().try_into().expect("small")));
        assert!(!runs.stopped && runs.since.is_some(), "{runs:?}");
        drop(other);
        assert_eq!(one.running(id), None);
        assert!(
            one.running(one.own().expect("its own")).is_some(),
            "and so does the one that asks"
        );
        drop(one);
        assert_eq!(fs::read_dir(top.path()).expect("listed").count(), 0);
    }

    #[test]
    fn what_a_killed_console_leaves_is_free_and_is_swept() {
        let top = tempfile::tempdir().expect("a directory");
        let name = format!("{NAME}.session-{}", SessionId(7));
        fs::write(top.path().join(&name), "").expect("left");
        let mut other = File::start(top.path(), "journal-v2-else").expect("started");
        assert!(top.path().join(&name).exists(), "of another journal");
        assert_eq!(other.running(SessionId(7)), None);
        let mut one = File::start(top.path(), NAME).expect("started");
        assert!(!top.path().join(&name).exists(), "swept");
        assert_eq!(one.running(SessionId(7)), None);
    }

    #[test]
    fn a_session_whose_file_cannot_be_read_counts_as_running() {
        let top = tempfile::tempdir().expect("a directory");
        let mut one = File::start(top.path(), NAME).expect("started");
        let name = format!("{NAME}.session-{}", SessionId(7));
        std::os::unix::fs::symlink("/etc/hostname", top.path().join(name)).expect("planted");
        assert_eq!(one.running(SessionId(7)), Some(Running::default()));
    }
}
