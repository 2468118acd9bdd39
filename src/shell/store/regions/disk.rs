//! Files of regions on the disk, always read whole and replaced whole.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use crate::shell::{stdio::error_text, store::permissions};

/// The most bytes that are read.
const FILE_MAX_BYTES: u64 = 1 << 20;

/// Returns the file's text; `None` where there is no file.
pub(super) fn read(path: &Path) -> Result<Option<String>, String> {
    let facts = match path.metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error_text(&error)),
        Ok(facts) => facts,
    };
    if !facts.is_file() {
        return Err("it is not a file".to_owned());
    }
    if facts.len() > FILE_MAX_BYTES {
        return Err(format!("it has {} bytes; the limit is {FILE_MAX_BYTES}", facts.len()));
    }
    fs::read_to_string(path).map(Some).map_err(|error| error_text(&error))
}

/// A stamp that changes when a file is written to or replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp(Option<(std::time::SystemTime, u64, u64)>);

/// Returns the stamp of `path` now; the same for every missing file.
pub(super) fn stamp(path: &Path) -> Stamp {
    #[cfg(unix)]
    let number = |facts: &fs::Metadata| std::os::unix::fs::MetadataExt::ino(facts);
    #[cfg(not(unix))]
    let number = |_: &fs::Metadata| 0;
    let facts = path.metadata().ok();
    Stamp(facts.and_then(|facts| Some((facts.modified().ok()?, facts.len(), number(&facts)))))
}

/// Returns the copy of a file's last version: `regions.toml.bak` beside it.
pub(super) fn backup(path: &Path) -> PathBuf {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut name = real.file_name().map_or_else(OsString::new, OsString::from);
    name.push(".bak");
    real.with_file_name(name)
}

/// Replaces `old` by `new`, and saves a copy of `old`. `None` is no file.
pub(super) fn replace(path: &Path, old: Option<&str>, new: Option<&str>) -> Result<(), String> {
    let as_text = |error: io::Error| error_text(&error);
    if let Some(old) = old {
        permissions::write(&backup(path), old)
            .map_err(|error| format!("its backup: {}", error_text(&error)))?;
    } else if let Some(directory) = path.parent() {
        permissions::create_directory(directory).map_err(as_text)?;
    }
    match new {
        Some(new) => permissions::rewrite(path, new).map_err(as_text),
        None => fs::remove_file(path).map_err(as_text),
    }
}
