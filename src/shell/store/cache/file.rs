//! The cache's file: a header line, and one JSON document.

use std::{
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use crate::{
    domain::snapshot::Snapshot,
    shell::{stdio::error_text, store::permissions},
};

use super::record;

/// The version of this format. A file of another one is ignored, and the lists are read
/// again.
const SCHEMA: u32 = 3;

/// The size limit: about 25,000 on-ramps with 20 VXCs each. The lists of a larger
/// account are read again at each start; a file that claims to be larger is no cache of
/// ours.
const FILE_MAX_BYTES: u64 = 128 << 20;

/// The start of the first line.
const MAGIC: &str = "onramp-lists";

/// Reads the file at `path`; `None` if there is none. The error of a damaged one is in
/// words.
pub(super) fn read(path: &Path) -> Result<Option<Snapshot>, String> {
    let Some(file) = permissions::reopen(path)? else { return Ok(None) };
    let long = file.metadata().map_err(|error| error_text(&error))?.len();
    match long {
        0 => return Err("it is empty".to_owned()),
        long if long > FILE_MAX_BYTES => return Err("it is too large".to_owned()),
        _ => {}
    }
    let mut bytes = Vec::with_capacity(usize::try_from(long).unwrap_or(0));
    file.take(FILE_MAX_BYTES).read_to_end(&mut bytes).map_err(|error| error_text(&error))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| "it is not text".to_owned())?;
    decode(text).map(Some)
}

/// Reads the whole content of a file.
pub(super) fn decode(text: &str) -> Result<Snapshot, String> {
    let foreign = || "it is not a cache file".to_owned();
    let (head, json) = text.split_once('\n').ok_or_else(foreign)?;
    let words: Vec<_> = head.split(' ').collect();
    let [MAGIC, schema, long, sum] = words[..] else { return Err(foreign()) };
    if schema.parse() != Ok(SCHEMA) {
        return Err("it was written by another version of onramp".to_owned());
    }
    if long.parse() != Ok(json.len()) {
        return Err("it is truncated".to_owned());
    }
    if u32::from_str_radix(sum, 16) != Ok(crc32fast::hash(json.as_bytes())) {
        return Err("it is damaged".to_owned());
    }
    record::read(json).ok_or_else(|| "its content is invalid".to_owned())
}

/// Returns the whole content of a file.
pub(super) fn encode(snapshot: &Snapshot) -> String {
    let json = record::write(snapshot);
    let sum = crc32fast::hash(json.as_bytes());
    format!("{MAGIC} {SCHEMA} {} {sum:08x}\n{json}", json.len())
}

/// Replaces the file at `path` as a whole.
pub(super) fn write(path: &Path, snapshot: &Snapshot) -> Result<(), String> {
    let text = encode(snapshot);
    if text.len() as u64 > FILE_MAX_BYTES {
        return Err("it would be too large".to_owned());
    }
    permissions::replace(path, &text).map_err(|error| error_text(&error))
}

/// Renames the file at `path`, in place of one renamed before.
pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let to = path.with_extension("bad");
    std::fs::rename(path, &to)?;
    Ok(to)
}
