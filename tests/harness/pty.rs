//! A program in a pseudo-terminal: keys in, a screen and raw bytes out.

use std::{
    ffi::OsStr,
    io::{Read, Write},
    num::NonZeroU16,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::{Parser, Screen};

/// The timeout of a condition. Generous: it only ends failing tests.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// How long a screen must be unchanged to count as settled.
const QUIET: Duration = Duration::from_millis(60);

/// A program in a pseudo-terminal.
pub(crate) struct Pty {
    /// The end that we hold; `None` when the terminal was taken away.
    held: Option<Held>,
    seen: Arc<Seen>,
    pid: u32,
}

struct Held {
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
}

/// The state shared by the reading and the waiting thread.
struct Seen {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    screen: Parser,
    raw: Vec<u8>,
    ended: Option<u32>,
    /// The reading thread lets go of the terminal at the next byte.
    let_go: bool,
    has_let_go: bool,
    /// The reading thread pauses.
    stalled: bool,
}

impl Seen {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `done`; whether it came to that within `limit`.
    fn wait(&self, limit: Duration, mut done: impl FnMut(&State) -> bool) -> bool {
        let waited = self.changed.wait_timeout_while(self.lock(), limit, |state| !done(state));
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }
}

/// Returns a command with an environment of its own, so that no test depends on the one
/// it runs in.
pub(crate) fn command(program: impl AsRef<OsStr>, args: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(args);
    let path = command.get_env("PATH").unwrap_or("/usr/bin:/bin".as_ref()).to_owned();
    command.env_clear();
    command.env("PATH", path);
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    // A missing directory: the settings of the user who runs this do not count.
    command.env("ONRAMP_CONFIG_DIR", "/nonexistent/onramp");
    command.env("ONRAMP_STATE_DIR", "/nonexistent/onramp");
    // Nothing can be created below a device: no test leaves lists behind by chance.
    command.env("ONRAMP_CACHE_DIR", "/dev/null/onramp");
    command.env("HOME", "/nonexistent");
    command.cwd(env!("CARGO_MANIFEST_DIR"));
    command
}

impl Pty {
    /// Starts `command` in a terminal of `columns` by `rows`.
    pub(crate) fn start(command: CommandBuilder, (columns, rows): (u16, u16)) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pseudo-terminal");
        let child = pair.slave.spawn_command(command).expect("the program starts");
        // Our copy would keep the terminal open after the program's end.
        drop(pair.slave);
        let reader = pair.master.try_clone_reader().expect("a reading end");
        let keys = pair.master.take_writer().expect("a writing end");
        let state = State {
            screen: Parser::new(whole(rows), whole(columns), 0),
            raw: vec![],
            ended: None,
            let_go: false,
            has_let_go: false,
            stalled: false,
        };
        let seen = Arc::new(Seen { state: Mutex::new(state), changed: Condvar::new() });
        let pid = child.process_id().expect("a process id");
        let (for_reader, for_waiter) = (Arc::clone(&seen), Arc::clone(&seen));
        thread::spawn(move || read(reader, &for_reader));
        thread::spawn(move || wait(child, &for_waiter));
        Self { held: Some(Held { master: pair.master, keys }), seen, pid }
    }

    /// Returns the process that was started.
    pub(crate) const fn pid(&self) -> u32 {
        self.pid
    }

    /// Sends bytes as a keyboard would.
    pub(crate) fn send(&mut self, keys: &str) {
        let held = self.held.as_mut().expect("the terminal is there");
        held.keys.write_all(keys.as_bytes()).and_then(|()| held.keys.flush()).expect("keys go in");
    }

    /// Waits until `done` is true of the screen, or fails with its contents. Wait for
    /// text that only the new state shows.
    pub(crate) fn wait_for(&self, what: &str, mut done: impl FnMut(&Screen) -> bool) {
        let came = self.seen.wait(DEADLINE, |state| done(state.screen.screen()));
        assert!(came, "waited in vain for {what}. The screen:\n{}", self.text());
    }

    /// Waits until the screen has `text` on it.
    pub(crate) fn wait_for_text(&self, text: &str) {
        self.wait_for(&format!("{text:?}"), |screen| screen.contents().contains(text));
    }

    /// Waits until these bytes have arrived, even if they were overwritten since.
    pub(crate) fn wait_for_bytes(&self, bytes: &str) {
        let has = |raw: &[u8]| raw.windows(bytes.len()).any(|some| some == bytes.as_bytes());
        let came = self.seen.wait(DEADLINE, |state| has(&state.raw));
        assert!(came, "waited in vain for {bytes:?}. The screen:\n{}", self.text());
    }

    /// Waits until nothing has arrived for a moment: a condition can be met in
    /// the middle of a frame.
    pub(crate) fn settle(&self) {
        while self.arrives_within(QUIET) {}
    }

    /// Returns whether any byte arrives within `span`.
    pub(crate) fn arrives_within(&self, span: Duration) -> bool {
        let before = self.bytes();
        self.seen.wait(span, |state| state.raw.len() > before)
    }

    /// Returns the screen as it is now.
    pub(crate) fn screen(&self) -> Screen {
        self.seen.lock().screen.screen().clone()
    }

    /// Returns the screen as text.
    pub(crate) fn text(&self) -> String {
        self.screen().contents()
    }

    /// Returns the number of bytes received so far.
    pub(crate) fn bytes(&self) -> usize {
        self.seen.lock().raw.len()
    }

    /// Everything that has arrived so far, as text.
    pub(crate) fn raw(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().raw).into_owned()
    }

    /// Resizes the terminal to `columns` by `rows`.
    pub(crate) fn resize(&self, (columns, rows): (u16, u16)) {
        self.seen.change(|state| state.screen.set_size(whole(rows), whole(columns)));
        let held = self.held.as_ref().expect("the terminal is there");
        held.master.resize(size(columns, rows)).expect("the terminal takes a size");
    }

    /// Stops reading, like a stalled connection.
    pub(crate) fn stall(&self) {
        self.seen.change(|state| state.stalled = true);
    }

    /// Lets the program work for a while without a condition to wait for.
    pub(crate) fn pause(&self, span: Duration) {
        self.seen.wait(span, |state| state.ended.is_some());
    }

    /// Closes the terminal, as when a window is closed or a connection breaks. `wake`
    /// are keys that make the program write something: the reading thread needs a byte
    /// to notice.
    pub(crate) fn hang_up(&mut self, wake: &str) {
        self.seen.change(|state| state.let_go = true);
        self.send(wake);
        assert!(self.seen.wait(DEADLINE, |state| state.has_let_go), "nothing woke the reader");
        self.held = None;
    }

    /// Waits for the program's end; its exit code.
    pub(crate) fn exit_code(&self) -> u32 {
        self.exit_code_within(DEADLINE).unwrap_or_else(|| {
            panic!("the program does not end. The screen:\n{}", self.text());
        })
    }

    /// Returns the exit code, if the program ends within `limit`.
    pub(crate) fn exit_code_within(&self, limit: Duration) -> Option<u32> {
        self.seen.wait(limit, |state| state.ended.is_some());
        self.seen.lock().ended
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if self.seen.lock().ended.is_none() {
            kill("KILL", self.pid);
        }
    }
}

/// Sends a signal to one process.
pub(crate) fn kill(signal: &str, pid: u32) {
    let line = format!("kill -{signal} {pid}");
    let ran = std::process::Command::new("sh").args(["-c", &line]).status();
    assert!(ran.is_ok(), "no shell to send a signal with");
}

fn read(mut reader: Box<dyn Read + Send>, seen: &Seen) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(some) = reader.read(&mut bytes) {
        if some == 0 || seen.lock().let_go {
            break;
        }
        seen.change(|state| {
            state.raw.extend_from_slice(&bytes[..some]);
            state.screen.process(&bytes[..some]);
        });
        let stalled = |state: &mut State| state.stalled && state.ended.is_none();
        drop(seen.changed.wait_while(seen.lock(), stalled));
    }
    drop(reader);
    seen.change(|state| state.has_let_go = true);
}

fn wait(mut child: Box<dyn Child + Send + Sync>, seen: &Seen) {
    let code = child.wait().map_or(u32::MAX, |status| status.exit_code());
    // Its last output is still on the path to the reader, which ends with the terminal.
    seen.wait(Duration::from_secs(1), |state| state.has_let_go || state.stalled);
    seen.change(|state| state.ended = Some(code));
}

const fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn whole(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells).expect("a terminal has cells")
}
