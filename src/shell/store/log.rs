//! The log: off by default, on a thread of its own, never blocking.
//!
//! A line is made from a `Note` and from nothing else, so that no header, body or
//! secret can be written, at any level; and no library has a logger, so that theirs
//! cannot be written either. What cannot be written is dropped and counted, and the
//! count is shown with the log.

mod level;
mod log_file;
mod note;
mod tail;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    time::Duration,
};

use log_file::LogFile;

use crate::shell::{clock, exit::ExitError, stdio::error_text};

use super::state_dir;

pub use crate::shell::store::log::level::Level;
pub(in crate::shell) use crate::shell::store::log::level::{LogSetting, read_setting};
pub(in crate::shell) use crate::shell::store::log::note::Note;
pub(in crate::shell) use crate::shell::store::log::tail::read_tail;

/// The most lines that wait for the disk; more are dropped.
const LINE_QUEUE_LEN: usize = 1024;

/// How long the exit of the program waits for queued lines.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(200);

/// The log of this process.
static LOG: OnceLock<Log> = OnceLock::new();

struct Log {
    setting: LogSetting,
    lines: Option<SyncSender<Order>>,
    state: Arc<State>,
}

/// The state of writing.
#[derive(Default)]
struct State {
    dropped: AtomicU64,
    trouble: Mutex<Option<String>>,
}

enum Order {
    Line(String),
    /// Answered once everything before it is written.
    Flush(SyncSender<()>),
}

impl State {
    fn count_dropped(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    fn set_trouble(&self, why: String) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }

    /// Describes the problem in a sentence.
    fn trouble(&self) -> Option<String> {
        let why = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match (self.dropped.load(Ordering::Relaxed), why) {
            (0, why) => why,
            (1, why) => Some(format!("1 line was dropped: {}", why.as_deref().unwrap_or(BUSY))),
            (n, why) => Some(format!("{n} lines were dropped: {}", why.as_deref().unwrap_or(BUSY))),
        }
    }
}

const BUSY: &str = "the disk was too slow";

/// Returns the path of the log, whether or not it exists.
pub(in crate::shell) fn path() -> Option<PathBuf> {
    state_dir::directory().map(|directory| directory.join("onramp.log"))
}

/// Opens the log where it is asked for: `file` is the level that `config.toml`
/// asks for, or why that could not be read, which is noted.
///
/// It is an error to ask for a level that there is not. A log that cannot be
/// written is none; the reason is shown where the log is shown.
pub fn start(file: Result<Option<Level>, ExitError>) -> Result<(), ExitError> {
    let setting = read_setting(file.as_ref().ok().copied().flatten())?;
    LOG.get_or_init(|| Log::open(setting));
    if let Err(error) = file {
        write_note(&Note::config(&error_text(&error)));
    }
    Ok(())
}

/// Writes one note, if its level is asked for. Never waits.
pub(in crate::shell) fn write_note(note: &Note) {
    if let Some(log) = LOG.get() {
        log.write(note);
    }
}

/// Notes how the program ends, and waits a moment for what is still to be
/// written.
pub fn write_ending(how: &Result<(), ExitError>) {
    write_note(&Note::Ended(how.as_ref().err().map_or(0, ExitError::code)));
    flush_log();
}

/// Waits a moment for what was noted to be written.
pub(in crate::shell) fn flush_log() {
    if let Some(log) = LOG.get() {
        log.finish();
    }
}

impl Log {
    fn open(setting: LogSetting) -> Self {
        let state = Arc::new(State::default());
        let off = |state, setting| Self { setting, lines: None, state };
        if setting.level == Level::Off {
            return off(state, setting);
        }
        let opened =
            state_dir::open().and_then(|directory| LogFile::open(directory.join("onramp.log")));
        match opened {
            Ok(log_file) => Self::new(setting, log_file),
            Err(why) => {
                state.set_trouble(why);
                off(state, setting)
            }
        }
    }

    fn new(setting: LogSetting, log_file: LogFile) -> Self {
        let state = Arc::new(State::default());
        let (lines, orders) = sync_channel(LINE_QUEUE_LEN);
        let shared = Arc::clone(&state);
        let work = move || write_all(log_file, &orders, &shared);
        let thread = std::thread::Builder::new().name("log".into()).spawn(work);
        if let Err(error) = &thread {
            state.set_trouble(error_text(&error));
        }
        Self { setting, lines: thread.is_ok().then_some(lines), state }
    }

    fn write(&self, note: &Note) {
        if note.level() > self.setting.level {
            return;
        }
        let Some(lines) = &self.lines else { return };
        if lines.try_send(Order::Line(note.line(clock::now(), std::process::id()))).is_err() {
            self.state.count_dropped();
        }
    }

    fn finish(&self) {
        let Some(lines) = &self.lines else { return };
        let (flushed, done) = sync_channel(1);
        if lines.try_send(Order::Flush(flushed)).is_ok() {
            // A disk that hangs must not keep the program from ending.
            let _late = done.recv_timeout(SHUTDOWN_TIMEOUT);
        }
    }
}

fn write_all(mut log_file: LogFile, orders: &Receiver<Order>, state: &State) {
    while let Ok(order) = orders.recv() {
        match order {
            Order::Line(line) => {
                if let Err(why) = log_file.write(&line) {
                    state.count_dropped();
                    state.set_trouble(why);
                }
            }
            Order::Flush(flushed) => drop(flushed.try_send(())),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::api::Mode;

    fn log(level: Level, directory: &std::path::Path) -> Log {
        let log_file = LogFile::open(directory.join("onramp.log")).expect("opened");
        Log::new(LogSetting { level, because: "a test" }, log_file)
    }

    fn text(directory: &std::path::Path) -> String {
        std::fs::read_to_string(directory.join("onramp.log")).expect("read")
    }

    #[test]
    fn a_note_is_written_only_where_its_level_is_asked_for() {
        let top = tempfile::tempdir().expect("a directory");
        let log = log(Level::Warn, top.path());
        log.write(&Note::Mode(Mode::ReadOnly));
        log.write(&Note::config("what is wrong\nwith it"));
        log.finish();
        let text = text(top.path());
        assert!(text.ends_with("config  what is wrong^Jwith it\n"), "{text:?}");
        assert_eq!(text.lines().count(), 1);
        assert_eq!(log.state.trouble(), None);
    }

    #[test]
    fn a_disk_that_is_full_drops_lines_and_says_so_once() {
        let full = LogFile::open_at(std::path::Path::new("/dev/full"));
        let Ok(full) = full else { return };
        let log = Log::new(LogSetting { level: Level::Debug, because: "a test" }, full);
        log.write(&Note::Mode(Mode::ReadOnly));
        log.write(&Note::Mode(Mode::ReadWrite));
        log.finish();
        let says = log.state.trouble().expect("flushed");
        assert!(says.starts_with("2 lines were dropped: ") && says.contains("space"), "{says}");
    }

    #[test]
    fn a_disk_that_hangs_stops_nobody() {
        let state = Arc::new(State::default());
        // The lines are not received.
        let (lines, _orders) = sync_channel(1);
        let setting = LogSetting { level: Level::Debug, because: "a test" };
        let log = Log { setting, lines: Some(lines), state };
        for _ in 0..3 {
            log.write(&Note::Mode(Mode::ReadOnly));
        }
        log.finish();
        let says = log.state.trouble().expect("flushed");
        assert_eq!(says, "2 lines were dropped: the disk was too slow");
    }
}
