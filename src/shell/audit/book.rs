//! The audit's file: appended to line by line, under a lock, and synced.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
};

use serde_json::{Map, Value};

use crate::shell::private;

use super::chain::{self, Chain};

/// The longest line: what is read from the end to find the last one.
const LONGEST: u64 = 8 * 1024;

/// The file, opened for each line: another console may write the next one.
#[derive(Debug, Clone)]
pub(super) struct Book {
    path: PathBuf,
}

impl Book {
    /// The book at `path`.
    pub(super) const fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Appends one line, synced; what was written, where it was.
    pub(super) fn append(&self, fields: Map<String, Value>) -> Result<(), String> {
        let mut file = private::append(&self.path)?;
        let told = |error: std::io::Error| format!("{}: {error}", private::shown(&self.path));
        lock(&file).map_err(told)?;
        let before = self.last()?;
        let torn = before.as_ref().is_some_and(|(_, whole)| !whole);
        let before = before.map(|(line, _)| line);
        let number = before.as_deref().and_then(chain::number).unwrap_or(0) + 1;
        let line = chain::line(number, fields, before.as_deref());
        // A line that was never finished stays what it is.
        let text = if torn { format!("\n{line}\n") } else { format!("{line}\n") };
        file.write_all(text.as_bytes()).map_err(told)?;
        // The lock ends with the file.
        file.sync_data().map_err(told)
    }

    /// The last line, and whether its end is there.
    fn last(&self) -> Result<Option<(Vec<u8>, bool)>, String> {
        let end = self.end(LONGEST)?;
        let whole = end.ends_with(b"\n");
        let body = end.strip_suffix(b"\n").unwrap_or(&end);
        let line = body.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
        Ok((!line.is_empty()).then(|| (line.to_vec(), whole)))
    }

    /// The last bytes of the file, at most so many.
    fn end(&self, most: u64) -> Result<Vec<u8>, String> {
        let Some(mut file) = private::reopen(&self.path)? else { return Ok(vec![]) };
        let mut bytes = vec![];
        let read = (|| {
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(most)))?;
            file.take(most).read_to_end(&mut bytes)
        })();
        read.map_err(|error| format!("{}: {error}", private::shown(&self.path)))?;
        Ok(bytes)
    }

    /// The last lines, at most so many bytes of them, oldest first.
    pub(super) fn tail(&self, most: u64) -> Result<Vec<Value>, String> {
        let end = self.end(most)?;
        let lines = end.split(|&byte| byte == b'\n');
        Ok(lines.filter_map(|line| serde_json::from_slice(line).ok()).collect())
    }

    /// Follows the whole chain.
    pub(super) fn follow(&self) -> Result<Chain, String> {
        let all = self.end(u64::MAX)?;
        let lines = all.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        Ok(chain::follow(lines))
    }
}

#[cfg(unix)]
fn lock(file: &File) -> std::io::Result<()> {
    rustix::fs::flock(file, rustix::fs::FlockOperation::LockExclusive).map_err(Into::into)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other systems can refuse")]
fn lock(_: &File) -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn fields(act: &str) -> Map<String, Value> {
        Map::from_iter([("act".to_owned(), act.into())])
    }

    #[test]
    fn lines_of_two_consoles_make_one_chain_in_a_file_of_our_own() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("audit.jsonl");
        let (one, other) = (Book::at(path.clone()), Book::at(path.clone()));
        for n in 0..10 {
            let book = if n % 2 == 0 { &one } else { &other };
            book.append(fields(&format!("act {n}"))).expect("written");
        }
        assert_eq!(one.follow(), Ok(Chain { lines: 10, broken: None }));
        let tail = other.tail(u64::MAX).expect("read");
        assert_eq!(tail.last().and_then(|line| line["n"].as_u64()), Some(10));
        let mode = path.metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_line_that_was_never_finished_is_not_glued_to_the_next() {
        let top = tempfile::tempdir().expect("a directory");
        let path = top.path().join("audit.jsonl");
        let book = Book::at(path.clone());
        book.append(fields("one")).expect("written");
        let mut file = File::options().append(true).open(&path).expect("ours");
        file.write_all(b"{\"act\":\"tor").expect("written");
        book.append(fields("two")).expect("written");
        let acts: Vec<_> = book.tail(u64::MAX).expect("read");
        let acts: Vec<_> = acts.iter().map(|line| line["act"].as_str().unwrap_or("")).collect();
        assert_eq!(acts, ["one", "two"]);
        assert_eq!(book.follow().expect("read").broken, Some(2), "and it is told");
    }

    #[test]
    fn a_link_in_its_place_is_not_followed() {
        let top = tempfile::tempdir().expect("a directory");
        let (path, other) = (top.path().join("audit.jsonl"), top.path().join("other"));
        std::fs::write(&other, "").expect("written");
        std::os::unix::fs::symlink(&other, &path).expect("a link");
        assert!(Book::at(path).append(fields("one")).is_err());
        assert_eq!(std::fs::read_to_string(other).expect("read"), "");
    }
}
