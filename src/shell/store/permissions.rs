//! Files and directories that no other user may write. They decide where a secret is sent,
//! so a file that others may write is not believed. Used for `config.toml`, the state
//! directory, the cache and everything beside them.

use std::{
    fs::{File, OpenOptions, Permissions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::{domain::text::SafeText, shell::stdio::error_text};

/// Returns a path as a screen may show it.
pub(in crate::shell) fn path_text(path: &Path) -> SafeText {
    SafeText::clean(&path.display().to_string())
}

/// Checks that the file or directory at `path` and all above it can be changed only by
/// their owner, who is this user or root. The error names the path and the bit.
pub(in crate::shell) fn check(path: &Path) -> Result<(), String> {
    walk(path, 0)
}

/// Checks a directory for a new file: root's with the sticky bit, as /tmp, is allowed.
pub(in crate::shell) fn check_above(directory: &Path) -> Result<(), String> {
    walk(directory, 1)
}

/// `depth` is how far `path` is above what counts.
#[cfg(unix)]
fn walk(path: &Path, depth: usize) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;
    let real = path
        .canonicalize()
        .map_err(|error| format!("{}: {}", path_text(path), error_text(&error)))?;
    let us = rustix::process::geteuid().as_raw();
    for (depth, one) in (depth..).zip(real.ancestors()) {
        let facts = one
            .symlink_metadata()
            .map_err(|error| format!("{}: {}", path_text(one), error_text(&error)))?;
        let name = path_text(one);
        if facts.uid() != us && facts.uid() != 0 {
            return Err(format!("{name} belongs to another user ({})", facts.uid()));
        }
        // Root's directories with the sticky bit, as /tmp: what is in them cannot
        // be replaced by others.
        let sticky = depth > 0 && facts.is_dir() && facts.mode() & 0o1000 != 0;
        let (bit, who) = match facts.mode() & 0o022 {
            0 => continue,
            bits if bits & 0o002 != 0 => ("o+w", "everybody"),
            _ => ("g+w", "its group"),
        };
        if !(sticky && facts.uid() == 0) {
            return Err(format!(
                "{name} is writable by {who} ({bit}): chmod {} it",
                chmod_word(bit)
            ));
        }
    }
    Ok(())
}

/// Returns the mode that takes a bit away.
#[cfg(unix)]
fn chmod_word(bit: &str) -> &'static str {
    if bit == "g+w" { "g-w" } else { "go-w" }
}

/// Checks nothing on systems without these permissions.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other systems can refuse")]
fn walk(_: &Path, _: usize) -> Result<(), String> {
    Ok(())
}

/// Creates `directory` and its missing parents, for this user only.
pub(in crate::shell) fn create_directory(directory: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Writes a file for this user only: the whole of it, or nothing. A link is followed,
/// so that a file stored elsewhere stays there.
pub(in crate::shell) fn write(path: &Path, text: &str) -> io::Result<()> {
    replace_with(&resolve_link(path), text, None)
}

/// Rewrites a file that others may read, or write: its permissions stay.
pub(in crate::shell) fn rewrite(path: &Path, text: &str) -> io::Result<()> {
    replace_with(&resolve_link(path), text, path.metadata().ok().map(|facts| facts.permissions()))
}

/// Writes like [`write()`], but replaces a link instead of following it.
pub(in crate::shell) fn replace(path: &Path, text: &str) -> io::Result<()> {
    replace_with(path, text, None)
}

fn resolve_link(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn replace_with(path: &Path, text: &str, permissions: Option<Permissions>) -> io::Result<()> {
    let beside = temporary_path(path);
    let written = write_synced(&beside, text)
        .and_then(|()| permissions.map_or(Ok(()), |who| std::fs::set_permissions(&beside, who)))
        .and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        drop(std::fs::remove_file(&beside));
    } else if let Some(directory) = path.parent() {
        // Not every file system can: the rename itself is done.
        drop(std::fs::File::open(directory).and_then(|directory| directory.sync_all()));
    }
    written
}

fn temporary_path(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{:016x}", fastrand::u64(..)))
}

/// Creates a file for this user only. An existing one stays as it is, and a link is not
/// followed.
pub(in crate::shell) fn create(path: &Path, text: &str) -> io::Result<()> {
    let written = write_synced(path, text);
    if let Err(error) = &written
        && error.kind() != io::ErrorKind::AlreadyExists
    {
        drop(std::fs::remove_file(path));
    }
    written
}

fn write_synced(path: &Path, text: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Opens a file of this program for appending, or creates it, for this user only. A
/// link in its place is not followed, and a pipe not waited for.
pub(in crate::shell) fn append(path: &Path) -> Result<File, String> {
    let mut options = File::options();
    options.append(true).create(true);
    let file = open_own_file(path, options)
        .map_err(|error| format!("{}: {}", path_text(path), error_text(&error)))?;
    restrict_to_owner(&file)
        .map_err(|error| format!("{}: {}", path_text(path), error_text(&error)))?;
    Ok(file)
}

/// Opens a file of this program's for reading, under the same rules. `None`
/// where there is none.
pub(in crate::shell) fn reopen(path: &Path) -> Result<Option<File>, String> {
    let mut options = File::options();
    options.read(true);
    match open_own_file(path, options) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {}", path_text(path), error_text(&error))),
    }
}

/// Returns a plain file, under one name, and ours.
#[cfg(unix)]
fn open_own_file(path: &Path, mut options: OpenOptions) -> io::Result<File> {
    use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    options.mode(0o600).custom_flags(flags.bits().cast_signed());
    let file = options.open(path).map_err(|error| {
        let is_link = error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error());
        if is_link { io::Error::other("it is a link, and is not followed") } else { error }
    })?;
    let facts = file.metadata()?;
    let us = rustix::process::geteuid().as_raw();
    let wrong = match () {
        () if !facts.is_file() => "it is not a regular file",
        () if facts.uid() != us => "it belongs to another user",
        () if facts.nlink() != 1 => "it has another name (a hard link)",
        () => return Ok(file),
    };
    Err(io::Error::other(wrong))
}

#[cfg(not(unix))]
fn open_own_file(path: &Path, options: OpenOptions) -> io::Result<File> {
    options.open(path)
}

/// Takes away what others may do with it.
#[cfg(unix)]
fn restrict_to_owner(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    match file.metadata()?.permissions().mode() & 0o077 {
        0 => Ok(()),
        _ => file.set_permissions(std::fs::Permissions::from_mode(0o600)),
    }
}

/// Does nothing on systems without these permissions.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other systems can refuse")]
fn restrict_to_owner(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{
        fs::{metadata, set_permissions},
        os::unix::fs::PermissionsExt as _,
    };

    fn set(path: &Path, mode: u32) {
        set_permissions(path, Permissions::from_mode(mode)).expect("ours");
    }

    fn mode(path: &Path) -> u32 {
        metadata(path).expect("there").permissions().mode() & 0o7777
    }

    #[test]
    fn a_path_that_others_can_change_is_named_with_its_bit() {
        let top = tempfile::tempdir().expect("a directory");
        let (outer, inner) = (top.path().join("outer"), top.path().join("outer/inner"));
        create_directory(&inner).expect("made");
        let file = inner.join("config.toml");
        write(&file, "").expect("written");
        assert_eq!((mode(&outer), mode(&inner), mode(&file)), (0o700, 0o700, 0o600));
        assert_eq!(check(&file), Ok(()));
        let cases = [
            (&file, 0o620, "config.toml", "g+w"),
            (&file, 0o602, "config.toml", "o+w"),
            (&inner, 0o770, "inner", "g+w"),
            (&inner, 0o1777, "inner", ""),
            (&outer, 0o702, "outer", "o+w"),
            (&outer, 0o720, "outer", "g+w"),
        ];
        for (path, bits, name, bit) in cases {
            let before = mode(path);
            set(path, bits);
            let says = check(&file);
            set(path, before);
            // Sticky and ours: root's only where the tests run as root.
            if bits & 0o1000 == 0 {
                let says = says.expect_err("others can change it");
                assert!(
                    says.contains(&format!("{name} is writable by")) && says.contains(bit),
                    "{says}"
                );
            }
        }
        for (path, bits) in [(&file, 0o644), (&inner, 0o755), (&outer, 0o711)] {
            set(path, bits);
            assert_eq!(check(&file), Ok(()), "reading is no danger");
        }
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_nothing_stays_beside_it() {
        let top = tempfile::tempdir().expect("a directory");
        let (file, link) = (top.path().join("real.toml"), top.path().join("link.toml"));
        write(&file, "one").expect("written");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        write(&link, "two").expect("written");
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "two");
        assert!(link.is_symlink(), "the link stays one");
        assert_eq!(std::fs::read_dir(top.path()).expect("listed").count(), 2);
        assert!(write(&top.path().join("missing/x"), "three").is_err());
    }

    #[test]
    fn what_is_planted_in_the_place_of_a_file_is_not_written_to() {
        let top = tempfile::tempdir().expect("a directory");
        let path = |name: &str| top.path().join(name);
        std::fs::write(path("victim"), "").expect("written");
        std::os::unix::fs::symlink(path("victim"), path("link")).expect("a link");
        std::os::unix::fs::symlink(path("missing"), path("dangling")).expect("a link");
        std::fs::write(path("hard"), "").expect("written");
        std::fs::hard_link(path("hard"), path("other")).expect("a hard link");
        std::fs::create_dir(path("directory")).expect("made");
        let made = std::process::Command::new("mkfifo").arg(path("pipe")).status();
        assert!(made.expect("mkfifo").success());
        for name in ["link", "dangling", "hard", "directory", "pipe"] {
            let says = append(&path(name)).map(drop).expect_err(name);
            assert!(says.contains(name), "{says}");
        }
        assert!(!path("missing").exists(), "nothing was made through the link");
        for name in ["link", "hard", "directory", "pipe"] {
            assert!(reopen(&path(name)).is_err(), "{name}");
        }
        assert!(append(Path::new("/dev/full")).is_err(), "a device");
    }

    #[test]
    fn a_file_that_others_could_read_is_closed_to_them() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("log");
        for before in [None, Some(0o644), Some(0o600)] {
            if let Some(before) = before {
                set(&path, before);
            }
            append(&path).expect("opened").write_all(b"x").expect("written");
            assert_eq!(mode(&path), 0o600);
        }
        assert_eq!(std::fs::read(&path).expect("read"), b"xxx", "appended, not replaced");
    }
}
