//! The directory of the files that the program writes for itself: journal, audit, log.
//!
//! No other user may write there, nor above it: its content is believed.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use crate::shell::stdio::error_text;

use super::permissions::{self, path_text};

/// Returns the directory of the state, whether or not it exists: `$ONRAMP_STATE_DIR`,
/// else onramp's directory under the XDG one. Reads nothing.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
pub(in crate::shell) fn directory() -> Option<PathBuf> {
    if let Some(own) = std::env::var_os("ONRAMP_STATE_DIR").filter(|d| !d.is_empty()) {
        return Some(PathBuf::from(own));
    }
    let xdg = etcetera::base_strategy::Xdg::new().ok()?;
    xdg.state_dir().map(|state| state.join("onramp"))
}

/// Opens the directory, created for this user only if it is missing, and checked
/// together with all above it. The error names the path and the bit.
pub(in crate::shell) fn open() -> Result<PathBuf, String> {
    let directory = directory().ok_or("no directory for it: set ONRAMP_STATE_DIR")?;
    open_at(&directory)?;
    Ok(directory)
}

/// Creates a directory of the program's own, or checks the existing one.
pub(in crate::shell) fn open_at(directory: &Path) -> Result<(), String> {
    let name = path_text(directory);
    if directory.is_relative() {
        // It would be another one in every directory the program is started in.
        return Err(format!("{name} is not an absolute path"));
    }
    permissions::create_directory(directory)
        .map_err(|error| format!("{name} cannot be created: {}", error_text(&error)))?;
    permissions::check(directory)?;
    restrict_to_owner(directory)
        .map_err(|error| format!("{name} cannot be made private: {}", error_text(&error)))
}

/// Tests whether a file can be created, locked, written and synced in `directory`,
/// which exists, and removes it. The error names the failing step.
#[cfg(unix)]
pub(in crate::shell) fn check_writable(directory: &Path) -> Result<(), String> {
    use std::{fs, io::Write as _, os::unix::fs::OpenOptionsExt as _};

    use rustix::fs::{FlockOperation, flock};

    let path = directory.join(format!("try-{}", std::process::id()));
    let because = |what: &str, error: &dyn std::fmt::Display| {
        format!("{what} in {}: {}", path_text(directory), error_text(&error))
    };
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let made = options.open(&path);
    let mut file = made.map_err(|error| because("no file can be created", &error))?;
    let locked = flock(&file, FlockOperation::NonBlockingLockExclusive);
    let written = file.write_all(b"x").and_then(|()| file.sync_all());
    let removed = fs::remove_file(&path);
    locked.map_err(|error| because("no file can be locked", &error))?;
    written.map_err(|error| because("no file can be written", &error))?;
    removed.map_err(|error| because("no file can be removed", &error))
}

/// Other systems have no journal yet.
#[cfg(not(unix))]
pub(in crate::shell) fn check_writable(_: &Path) -> Result<(), String> {
    Ok(())
}

/// Takes away what others may do in it, where it was there before.
#[cfg(unix)]
fn restrict_to_owner(directory: &Path) -> std::io::Result<()> {
    use std::{
        fs::{Permissions, metadata, set_permissions},
        os::unix::fs::PermissionsExt as _,
    };
    match metadata(directory)?.permissions().mode() & 0o077 {
        0 => Ok(()),
        _ => set_permissions(directory, Permissions::from_mode(0o700)),
    }
}

/// Does nothing on systems without these permissions.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other systems can refuse")]
fn restrict_to_owner(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{
        fs::{Permissions, create_dir, metadata, set_permissions, write},
        os::unix::fs::PermissionsExt as _,
    };

    fn set(path: &Path, mode: u32) {
        set_permissions(path, Permissions::from_mode(mode)).expect("ours");
    }

    fn mode(path: &Path) -> u32 {
        metadata(path).expect("there").permissions().mode() & 0o7777
    }

    #[test]
    fn what_is_missing_is_made_for_this_user_only() {
        let top = tempfile::tempdir().expect("a directory");
        let state = top.path().join("state/onramp");
        for _ in 0..2 {
            assert_eq!(open_at(&state), Ok(()), "and it can be there already");
        }
        assert_eq!((mode(&top.path().join("state")), mode(&state)), (0o700, 0o700));
        set(&state, 0o755);
        assert_eq!(open_at(&state), Ok(()));
        assert_eq!(mode(&state), 0o700, "others could list it");
    }

    #[test]
    fn a_directory_that_others_can_write_is_named_with_its_bit() {
        let top = tempfile::tempdir().expect("a directory");
        let (above, state) = (top.path().join("above"), top.path().join("above/onramp"));
        create_dir(&above).expect("made");
        assert_eq!(open_at(&state), Ok(()));
        for (path, bits, name, bit) in [
            (&above, 0o777, "above", "o+w"),
            (&above, 0o775, "above", "g+w"),
            (&state, 0o720, "onramp", "g+w"),
        ] {
            let before = mode(path);
            set(path, bits);
            let says = open_at(&state).expect_err("others can write there");
            set(path, before);
            assert!(
                says.contains(&format!("{name} is writable by")) && says.contains(bit),
                "{says}"
            );
        }
    }

    #[test]
    fn a_file_in_its_place_and_a_relative_path_are_refused() {
        let top = tempfile::tempdir().expect("a directory");
        let file = top.path().join("onramp");
        write(&file, "").expect("written");
        assert!(open_at(&file).expect_err("no directory").contains("cannot be created"));
        assert!(
            open_at(Path::new("onramp")).expect_err("relative").contains("not an absolute path")
        );
    }
}
