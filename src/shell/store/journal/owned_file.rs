//! Opens and locks files that belong to this user alone: no link, no second name, no other
//! owner, nothing that others may read.

use std::{fs, path::Path, thread, time::Duration};

use rustix::{
    fs::{FileType, FlockOperation, Mode as Bits, OFlags, flock, fstat, open, openat},
    io::Errno,
    process::geteuid,
};

use crate::shell::{stdio::error_text, store::permissions::path_text};

/// The number of attempts at another console's lock, and the time between.
const LOCK_TRIES: u32 = 250;
const LOCK_RETRY_DELAY: Duration = Duration::from_millis(20);

/// Takes a lock of an open file, waiting for others.
pub(super) fn lock(path: &Path, open: &fs::File, how: FlockOperation) -> Result<(), String> {
    for _ in 0..LOCK_TRIES {
        match flock(open, how) {
            Err(Errno::WOULDBLOCK | Errno::INTR) => thread::park_timeout(LOCK_RETRY_DELAY),
            locked => return locked.map_err(|error| because(path, &error)),
        }
    }
    Err(format!("{} is held by another console", path_text(path)))
}

/// Returns whether `path` still leads to the file that is open, and to nothing else.
pub(super) fn check_place(path: &Path, open: &fs::File) -> Result<(), String> {
    let (ours, there) = (fstat(open), rustix::fs::lstat(path));
    let why = match (ours, there) {
        (Ok(ours), Ok(there)) if (ours.st_dev, ours.st_ino) == (there.st_dev, there.st_ino) => {
            match ours.st_nlink {
                1 => return Ok(()),
                links => format!("has another name (hard link, {links} links)"),
            }
        }
        (Ok(_), Ok(_)) => "was replaced by another file while this console was running".to_owned(),
        (Ok(_), Err(Errno::NOENT | Errno::NOTDIR)) => {
            "was removed while this console was running".to_owned()
        }
        (Err(error), _) | (_, Err(error)) => return Err(because(path, &error)),
    };
    Err(format!("{} {why}", path_text(path)))
}

/// Returns whether these facts are of a file system to which other hosts write, too.
/// Where they are not known, it counts as one of this host.
#[cfg(target_os = "linux")]
pub(super) fn is_on_network_file_system(facts: rustix::io::Result<rustix::fs::StatFs>) -> bool {
    /// NFS, CIFS and SMB2, as statfs(2) numbers them.
    const NETWORK: [u64; 3] = [0x6969, 0xff53_4d42, 0xfe53_4d42];
    let kind = facts.ok().and_then(|facts| u64::try_from(facts.f_type).ok());
    kind.is_some_and(|kind| NETWORK.contains(&(kind & 0xffff_ffff)))
}

pub(super) fn because(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {}", path_text(path), error_text(&error))
}

pub(super) fn open_directory(directory: &Path) -> Result<fs::File, String> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let opened = open(directory, flags, Bits::empty());
    opened.map(fs::File::from).map_err(|error| because(directory, &error))
}

/// Opens a file of ours to show its contents, even if others may write to it or it has
/// other names: nothing is sent because of it.
pub(super) fn open_to_show(path: &Path) -> Result<fs::File, String> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let file = open(path, flags, Bits::empty()).map_err(|error| because(path, &error))?;
    let facts = fstat(&file).map_err(|error| because(path, &error))?;
    if FileType::from_raw_mode(facts.st_mode) != FileType::RegularFile {
        return Err(format!("{} is not a file", path_text(path)));
    }
    if facts.st_uid != geteuid().as_raw() {
        return Err(format!("{} belongs to another user ({})", path_text(path), facts.st_uid));
    }
    Ok(file.into())
}

/// Opens a file that is certainly ours: no link, no FIFO, and with no second name.
pub(super) fn open_file(within: &fs::File, path: &Path, flags: OFlags) -> Result<fs::File, String> {
    let name = path.file_name().unwrap_or_default();
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let opened = openat(within, name, flags, Bits::RUSR | Bits::WUSR);
    let file = opened.map_err(|error| match error {
        Errno::LOOP => format!("{} is a link", path_text(path)),
        other => because(path, &other),
    })?;
    let facts = fstat(&file).map_err(|error| because(path, &error))?;
    let name = path_text(path);
    if FileType::from_raw_mode(facts.st_mode) != FileType::RegularFile {
        return Err(format!("{name} is not a file"));
    }
    if facts.st_nlink != 1 {
        return Err(format!("{name} has another name (hard link, {} links)", facts.st_nlink));
    }
    if facts.st_uid != geteuid().as_raw() {
        return Err(format!("{name} belongs to another user ({})", facts.st_uid));
    }
    match facts.st_mode & 0o077 {
        0 => Ok(file.into()),
        bits => Err(format!("{name} is accessible to other users ({bits:03o}): chmod 600 it")),
    }
}
