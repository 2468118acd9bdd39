//! The journal's file: for this user only, appended to, synced.

use crate::api::Mode;

use super::{
    session::Sessions,
    storage::{JournalFiles, Memory},
};

#[cfg(unix)]
use crate::shell::store::journal::{
    format::{FORMAT, file_name},
    session,
};
#[cfg(unix)]
use crate::shell::store::state_dir;

/// Opens the journal of `account` in the state directory. In read-only mode a missing
/// journal is an empty one, and nothing is created.
#[cfg(unix)]
pub(super) fn open(account: &str, mode: Mode) -> Result<JournalFiles, String> {
    match mode {
        Mode::ReadWrite => unix::media(&state_dir::open()?, account, mode),
        Mode::ReadOnly => match state_dir::directory().filter(|directory| directory.is_dir()) {
            Some(directory) => unix::media(&directory, account, mode),
            None => Ok(JournalFiles::single(Box::new(Memory::default()))),
        },
    }
}

/// Opens the journal of `account` to be shown, where it cannot be used.
#[cfg(unix)]
pub(super) fn open_to_show(account: &str) -> Result<JournalFiles, String> {
    let directory = state_dir::directory().ok_or("no directory for it")?;
    unix::media_to_show(&directory, account)
}

/// Shows an empty journal where there is no Unix file system.
#[cfg(not(unix))]
pub(super) fn open_to_show(_: &str) -> Result<Media, String> {
    Ok(Media::alone(Box::new(Memory::default())))
}

/// Starts this console's session with the journal of `account`.
#[cfg(unix)]
pub(super) fn start_session(account: &str) -> Result<Box<dyn Sessions>, String> {
    Ok(Box::new(session::file::File::start(&state_dir::open()?, &file_name(account, FORMAT))?))
}

/// Returns the sessions of the journal of `account`, for a reader without one.
#[cfg(unix)]
pub(super) fn view_sessions(account: &str) -> Option<Box<dyn Sessions>> {
    let viewer =
        session::file::Viewer::open(&state_dir::directory()?, &file_name(account, FORMAT))?;
    Some(Box::new(viewer))
}

/// Returns no sessions on other systems.
#[cfg(not(unix))]
pub(super) fn view_sessions(_: &str) -> Option<Box<dyn Sessions>> {
    None
}

/// Other systems have no journal yet, so no key can be created there.
#[cfg(not(unix))]
pub(super) fn open(_: &str, mode: Mode) -> Result<Media, String> {
    match mode {
        Mode::ReadOnly => Ok(Media::alone(Box::new(Memory::default()))),
        Mode::ReadWrite => Err("the journal needs a Unix system".to_owned()),
    }
}

/// Refuses to start a session on other systems.
#[cfg(not(unix))]
pub(super) fn start_session(_: &str) -> Result<Box<dyn Sessions>, String> {
    Err("the journal needs a Unix system".to_owned())
}

#[cfg(unix)]
pub(super) mod unix {
    use std::{
        fs,
        io::{self, Read as _, Seek as _, SeekFrom, Write as _},
        path::{Path, PathBuf},
    };

    use rustix::{
        fs::{FlockOperation, OFlags, flock},
        io::Errno,
    };

    use super::super::{
        format::{FORMAT, Newer, file_name, format_of, is_journal},
        older::OlderFile,
        owned_file::{because, check_place, lock, open_directory, open_file, open_to_show},
        storage::{JournalFiles, Memory, Storage},
    };
    use crate::{api::Mode, shell::store::permissions::path_text};

    /// The bytes reserved ahead of the end. The outcome of a request is written after
    /// it was sent: were the disk full by then, a key would exist that the journal does
    /// not know. So space for that step is reserved before the request may be sent.
    #[cfg(target_os = "linux")]
    const RESERVE_AHEAD_BYTES: u64 = 64 * 1024;

    /// Returns the files of the journal of `account` in `directory`.
    pub(in crate::shell) fn media(
        directory: &Path,
        account: &str,
        mode: Mode,
    ) -> Result<JournalFiles, String> {
        let name = file_name(account, FORMAT);
        let current: Box<dyn Storage> = match mode {
            Mode::ReadWrite => {
                Box::new(FileStorage::to_write(directory, &name)?.for_account(account))
            }
            Mode::ReadOnly => FileStorage::to_read(directory, &name)?,
        };
        let newer = match newest_format(directory, account) {
            Some(format) => {
                Some((format, FileStorage::to_read(directory, &file_name(account, format))?))
            }
            None => None,
        };
        let older = Box::new(OlderFile::new(directory.join(file_name(account, 1))));
        Ok(JournalFiles { current, older: Some(older), newer })
    }

    /// Returns the files of the journal of `account` in `directory`, however they may
    /// be.
    pub(in crate::shell) fn media_to_show(
        directory: &Path,
        account: &str,
    ) -> Result<JournalFiles, String> {
        let show = |format| FileStorage::to_show(directory.join(file_name(account, format)));
        let newer = newest_format(directory, account);
        let newer = newer.map(|format| show(format).map(|file| (format, file))).transpose()?;
        Ok(JournalFiles { current: show(FORMAT)?, older: Some(show(1)?), newer })
    }

    /// Returns the newest format of a file for the account that this program does not
    /// know.
    fn newest_format(directory: &Path, account: &str) -> Option<u32> {
        let names = fs::read_dir(directory).ok()?.flatten().filter_map(|entry| {
            format_of(entry.file_name().to_str()?, account).filter(|format| *format > FORMAT)
        });
        names.max()
    }

    /// Checks every journal of this format in `directory`; nothing is created.
    pub(in crate::shell) fn check_all(directory: &Path) -> Vec<Result<(), String>> {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| is_journal(name))
            .collect();
        names.sort();
        let check = |name: &str| {
            let path = directory.join(name);
            let within = open_directory(directory)?;
            let file = open_file(&within, &path, OFlags::RDWR | OFlags::APPEND)?;
            lock(&path, &file, FlockOperation::NonBlockingLockExclusive)
        };
        names.iter().map(|name| check(name)).collect()
    }

    /// A journal in a file.
    pub(in crate::shell) struct FileStorage {
        path: PathBuf,
        open: fs::File,
        /// Its account, if it is written to.
        account: Option<String>,
        /// Up to which byte space is reserved.
        #[cfg(target_os = "linux")]
        kept: u64,
    }

    impl FileStorage {
        /// Opens the file for writing, and creates it if it is missing.
        pub(in crate::shell) fn to_write(directory: &Path, name: &str) -> Result<Self, String> {
            let path = directory.join(name);
            let within = open_directory(directory)?;
            let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE;
            let open = open_file(&within, &path, flags)?;
            // Only then the file itself is there after a loss of power.
            within.sync_all().map_err(|error| because(directory, &error))?;
            Ok(Self {
                path,
                open,
                account: None,
                #[cfg(target_os = "linux")]
                kept: 0,
            })
        }

        /// Makes it watch for newer files of the account.
        fn for_account(self, account: &str) -> Self {
            Self { account: Some(account.to_owned()), ..self }
        }

        /// Opens the file to be read.
        pub(in crate::shell) fn to_read(
            directory: &Path,
            name: &str,
        ) -> Result<Box<dyn Storage>, String> {
            let path = directory.join(name);
            if path.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
                return Ok(Box::new(Memory::default()));
            }
            let within = open_directory(directory)?;
            let open = open_file(&within, &path, OFlags::RDONLY)?;
            Ok(Self::reading(path, open))
        }

        /// Opens it to be shown only, or an empty one if it does not exist.
        fn to_show(path: PathBuf) -> Result<Box<dyn Storage>, String> {
            match path.metadata() {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    Ok(Box::new(Memory::default()))
                }
                _ => open_to_show(&path).map(|open| Self::reading(path, open)),
            }
        }

        fn reading(path: PathBuf, open: fs::File) -> Box<dyn Storage> {
            Box::new(Self {
                path,
                open,
                account: None,
                #[cfg(target_os = "linux")]
                kept: 0,
            })
        }
    }

    impl Storage for FileStorage {
        fn lock(&mut self) -> Result<(), String> {
            lock(&self.path, &self.open, FlockOperation::NonBlockingLockExclusive)
        }

        fn unlock(&mut self) {
            // Closing the file gives it back as well.
            let _ = flock(&self.open, FlockOperation::Unlock);
        }

        fn check_place(&self) -> Result<(), String> {
            check_place(&self.path, &self.open)
        }

        fn read(&mut self, at: u64) -> io::Result<Vec<u8>> {
            if self.open.metadata()?.len() < at {
                return Err(io::Error::other("another program has truncated it"));
            }
            self.open.seek(SeekFrom::Start(at))?;
            let mut bytes = vec![];
            self.open.read_to_end(&mut bytes)?;
            Ok(bytes)
        }

        #[cfg(target_os = "linux")]
        fn reserve(&mut self) -> io::Result<()> {
            use rustix::fs::{FallocateFlags, fallocate};
            // A disk that fills up between the request and its outcome must not keep
            // the outcome from being written: space for both is reserved before the
            // request is sent.
            let end = self.open.metadata()?.len();
            if self.kept >= end + RESERVE_AHEAD_BYTES / 2 {
                return Ok(());
            }
            match fallocate(&self.open, FallocateFlags::KEEP_SIZE, end, RESERVE_AHEAD_BYTES) {
                Ok(()) => {
                    self.kept = end + RESERVE_AHEAD_BYTES;
                    Ok(())
                }
                Err(Errno::NOSPC | Errno::DQUOT) => {
                    Err(io::Error::other("no space left for the record"))
                }
                // Not every file system can; then there is no reserve, and the request
                // may be sent.
                Err(_) => Ok(()),
            }
        }

        #[cfg(not(target_os = "linux"))]
        fn reserve(&mut self) -> io::Result<()> {
            Ok(())
        }

        fn append(&mut self, line: &[u8]) -> io::Result<()> {
            match self.open.write(line)? {
                all if all == line.len() => Ok(()),
                _ => Err(io::Error::other("no space left for a whole line")),
            }
        }

        fn sync(&mut self) -> io::Result<()> {
            self.open.sync_data()
        }

        fn cut(&mut self, at: u64, torn: &[u8]) -> io::Result<()> {
            if !torn.is_empty() {
                let mut name = self.path.file_name().unwrap_or_default().to_owned();
                name.push(".torn");
                let directory = self.path.parent().unwrap_or(Path::new("/"));
                let within = open_directory(directory).map_err(io::Error::other)?;
                let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE;
                let path = directory.join(name);
                let mut beside = open_file(&within, &path, flags).map_err(io::Error::other)?;
                beside.write_all(&[torn, b"\n"].concat())?;
                beside.sync_all()?;
            }
            self.open.set_len(at)?;
            self.open.sync_all()
        }

        fn name(&self) -> String {
            path_text(&self.path).to_string()
        }

        fn newer(&mut self) -> Option<Newer> {
            let directory = self.path.parent()?;
            let format = newest_format(directory, self.account.as_deref()?)?;
            Some(Newer { format, program: None })
        }

        #[cfg(target_os = "linux")]
        fn location_warning(&self) -> Option<String> {
            use super::super::owned_file::is_on_network_file_system;
            is_on_network_file_system(rustix::fs::fstatfs(&self.open)).then(|| {
                let name = path_text(&self.path);
                format!("{name} is on a network file system: other hosts' consoles may not see it.")
            })
        }
    }
}
