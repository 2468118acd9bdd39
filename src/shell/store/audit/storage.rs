//! Audit storage: memory for the demo, or a file with its head beside it. The head file
//! holds number and hash of the last line, so that a file which was cut is noticed.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use crate::shell::{
    stdio::error_text,
    store::permissions::{self, path_text},
};

use super::chain::{ChainReader, Link};

/// The length of the end in which the last line is searched: longer than any line.
const LINE_MAX_BYTES: u64 = 32 * 1024;

/// Something that lines are appended to and read back from.
pub(super) trait AuditStorage: Send {
    /// Appends a line with these members of a JSON object. When this returns, it
    /// survives a loss of power.
    fn append(&mut self, members: &str) -> Result<WrittenLine, String>;

    /// Returns the last bytes, at most so many, whether they are the whole, and the
    /// known last link.
    fn end(&mut self, most: u64) -> Result<AuditTail, String>;
}

/// A line that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenLine {
    /// The line, without its end.
    pub(super) line: String,
    /// The failure of a secondary write, if any.
    pub(super) remark: Option<String>,
}

/// The end of an audit.
#[derive(Debug, Default)]
pub(super) struct AuditTail {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Whether they are the whole file.
    pub(super) is_all: bool,
    /// The separately stored hash of the last line.
    pub(super) head: Option<Link>,
}

impl AuditTail {
    /// Returns its lines without their ends, the first one only where it is whole, and
    /// whether the last one has no end.
    pub(super) fn lines(&self) -> (impl Iterator<Item = &[u8]>, bool) {
        let open = !self.bytes.is_empty() && !self.bytes.ends_with(b"\n");
        let body = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
        let skipped = usize::from(!self.is_all);
        let lines = body.split(|byte| *byte == b'\n').skip(skipped);
        (lines.filter(|_| !self.bytes.is_empty()), open)
    }
}

/// Builds the line after the end of `end`, with the text that has to precede it.
fn next_line(end: &AuditTail, members: &str) -> (String, Link) {
    let (lines, open) = end.lines();
    let mut walk =
        if end.is_all { ChainReader::from_the_start() } else { ChainReader::from_the_middle() };
    for line in lines {
        walk.read_line(line);
    }
    let (last, torn) = walk.end();
    // The separate record of the last line is more reliable than a file that may have
    // been cut: then the gap stays visible.
    let known = end.head.as_ref().filter(|head| last.is_none_or(|last| last.number < head.number));
    let before = known.or(last).cloned().unwrap_or_else(Link::none);
    let (line, head) = before.next(members, torn.as_deref());
    (if open { format!("\n{line}") } else { line }, head)
}

/// Memory: for the demo, which leaves no files.
#[derive(Debug, Default)]
pub(super) struct Memory(Vec<u8>);

impl AuditStorage for Memory {
    fn append(&mut self, members: &str) -> Result<WrittenLine, String> {
        let (line, _) = next_line(&self.end(LINE_MAX_BYTES)?, members);
        self.0.extend_from_slice(format!("{line}\n").as_bytes());
        Ok(WrittenLine { line, remark: None })
    }

    fn end(&mut self, most: u64) -> Result<AuditTail, String> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let from = self.0.len().saturating_sub(most);
        Ok(AuditTail { bytes: self.0[from..].to_vec(), is_all: from == 0, head: None })
    }
}

/// A file, opened for each line: another console may write the next one.
#[derive(Debug)]
pub(super) struct AuditFile {
    path: PathBuf,
}

impl AuditFile {
    /// Creates the audit file at `path`.
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    fn describe_error(&self, error: &dyn std::fmt::Display) -> String {
        format!("{}: {}", path_text(&self.path), error_text(&error))
    }

    fn head_path(&self) -> PathBuf {
        self.path.with_extension("head")
    }

    /// Returns the last link written, as far as known.
    fn head(&self) -> Option<Link> {
        let mut text = String::new();
        permissions::reopen(&self.head_path()).ok()??.take(200).read_to_string(&mut text).ok()?;
        let (number, hash) = text.trim_end().split_once(' ')?;
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        Some(Link { number: number.parse().ok()?, hash: hash.to_owned() }).filter(|_| is_hash)
    }

    fn read(&self, most: u64) -> Result<AuditTail, String> {
        let head = self.head();
        let Some(mut file) = permissions::reopen(&self.path)? else {
            return Ok(AuditTail { is_all: true, head, ..AuditTail::default() });
        };
        let length = file.metadata().map_err(|error| self.describe_error(&error))?.len();
        let from = length.saturating_sub(most);
        let mut bytes = vec![];
        let read =
            file.seek(SeekFrom::Start(from)).and_then(|_| file.take(most).read_to_end(&mut bytes));
        read.map_err(|error| self.describe_error(&error))?;
        Ok(AuditTail { bytes, is_all: from == 0, head })
    }

    /// Appends under the lock that `file` holds.
    fn write(&self, file: &mut File, members: &str) -> Result<WrittenLine, String> {
        let as_text = |error: std::io::Error| self.describe_error(&error);
        let end = self.read(LINE_MAX_BYTES)?;
        let (line, last) = next_line(&end, members);
        let bytes = format!("{line}\n").into_bytes();
        let before = file.metadata().map_err(as_text)?.len();
        let written = match file.write(&bytes) {
            Ok(all) if all == bytes.len() => file.sync_data(),
            Ok(_) => Err(std::io::Error::other("no space left for a whole line")),
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            // A partial line is no line. If the file can only grow, it stays and the
            // next line notes it.
            drop(file.set_len(before));
            return Err(as_text(error));
        }
        // Without it the line is still written.
        let head =
            permissions::write(&self.head_path(), &format!("{} {}\n", last.number, last.hash));
        let remark = head
            .err()
            .map(|error| format!("{}: {}", path_text(&self.head_path()), error_text(&error)));
        Ok(WrittenLine { line: line.trim_start().to_owned(), remark })
    }
}

impl AuditStorage for AuditFile {
    fn append(&mut self, members: &str) -> Result<WrittenLine, String> {
        let mut file = permissions::append(&self.path)?;
        lock(&file, true).map_err(|why| self.describe_error(&why))?;
        // The lock ends with the file.
        self.write(&mut file, members)
    }

    fn end(&mut self, most: u64) -> Result<AuditTail, String> {
        let Some(file) = permissions::reopen(&self.path)? else { return self.read(most) };
        lock(&file, false).map_err(|why| self.describe_error(&why))?;
        self.read(most)
    }
}

/// Returns the whole file at `path`, while no other process writes to it.
pub(super) fn read_whole_file(path: &Path) -> Result<AuditTail, String> {
    AuditFile::new(path.to_owned()).end(u64::MAX)
}

#[cfg(unix)]
fn lock(file: &File, alone: bool) -> Result<(), String> {
    use rustix::{
        fs::{FlockOperation, flock},
        io::Errno,
    };
    use std::{thread, time::Duration};
    /// The number of attempts at another console's lock, and the time between.
    const TRIES: u32 = 250;
    const BETWEEN: Duration = Duration::from_millis(20);
    let wanted = if alone {
        FlockOperation::NonBlockingLockExclusive
    } else {
        FlockOperation::NonBlockingLockShared
    };
    for _ in 0..TRIES {
        match flock(file, wanted) {
            Err(Errno::WOULDBLOCK | Errno::INTR) => thread::park_timeout(BETWEEN),
            locked => return locked.map_err(|error| error_text(&error)),
        }
    }
    Err("it is held by another console".to_owned())
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other systems can refuse")]
fn lock(_: &File, _: bool) -> Result<(), String> {
    Ok(())
}
