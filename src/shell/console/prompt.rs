//! Asks for a secret at the terminal without showing it, or reads it from standard input or
//! a file descriptor. Never from the command line.

use std::{
    io::{self, IsTerminal as _, Read as _},
    sync::{LazyLock, Mutex, PoisonError},
};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use secrecy::{
    SecretString,
    zeroize::{Zeroize as _, Zeroizing},
};
use tokio::sync::oneshot;

use crate::{
    domain::cells::width,
    shell::{
        console::input::{Keyboard, Typed},
        exit::ExitError,
        stdio::{self, error_text},
    },
};

/// The longest line that is taken.
const LINE_MAX_BYTES: usize = 4096;

/// SIGHUP's number, which a lost terminal counts as, and SIGINT's.
const HANG_UP: u8 = 1;
const INTERRUPT: u8 = 2;

/// The keyboard input. Input typed ahead of one prompt is for the next one, and replies
/// of the terminal are for none.
static KEYBOARD: LazyLock<Mutex<Keyboard>> = LazyLock::new(Mutex::default);

/// Returns whether a user can be asked.
pub(in crate::shell) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Raw mode, until it is dropped.
struct RawMode;

impl RawMode {
    fn begin() -> Result<Self, ExitError> {
        enable_raw_mode().map_err(|error| {
            ExitError::Failed(format!(
                "the secret cannot be read from the terminal: {}",
                error_text(&error)
            ))
        })?;
        Ok(Self)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        drop(disable_raw_mode());
        stdio::print_stderr("\n");
    }
}

/// Asks for a line; shows what is typed only if it is no secret.
pub(in crate::shell) async fn ask_line(
    question: &str,
    shows: bool,
) -> Result<SecretString, ExitError> {
    // Before the question: what is typed at once must not be echoed either.
    let raw = RawMode::begin()?;
    stdio::print_stderr(question);
    let (send, typed) = oneshot::channel();
    // A plain thread: the runtime would wait for it at the end.
    let work = move || drop(send.send(read_typed_line(shows)));
    let thread = std::thread::Builder::new().name("prompt".into()).spawn(work);
    thread.map_err(|error| ExitError::Failed(error_text(&error)))?;
    let answer = tokio::select! {
        typed = typed => typed.unwrap_or(Err(ExitError::Signal(INTERRUPT))),
        number = signalled() => Err(ExitError::Signal(number)),
    };
    if answer.is_err() {
        forget_input();
    }
    drop(raw);
    answer
}

/// Drops what was typed and not read: the shell would show it.
fn forget_input() {
    #[cfg(unix)]
    {
        use rustix::termios::{QueueSelector, tcflush};
        let _refused = tcflush(io::stdin(), QueueSelector::IFlush);
    }
}

fn read_typed_line(shows: bool) -> Result<SecretString, ExitError> {
    // Reserved at once: growing would leave copies behind.
    let mut line = Zeroizing::new(String::with_capacity(LINE_MAX_BYTES));
    // Input beyond the limit is not dropped silently: part of a secret is another one.
    let mut overflowed = false;
    let mut keyboard = KEYBOARD.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let Some(typed) = keyboard.next_typed() else { return Err(ExitError::Signal(HANG_UP)) };
        match typed {
            Typed::Enter if overflowed => return Err(too_long("the input")),
            Typed::Enter => return Ok(SecretString::from(line.trim())),
            Typed::Cancel => return Err(ExitError::Signal(INTERRUPT)),
            Typed::End if line.is_empty() => {
                return Err(ExitError::Usage("nothing was typed".to_owned()));
            }
            Typed::EraseLine => {
                if shows {
                    stdio::print_stderr(&"\u{8} \u{8}".repeat(width(&line)));
                }
                overflowed = false;
                line.zeroize();
                line.reserve(LINE_MAX_BYTES);
            }
            Typed::Erase => {
                let before = width(&line);
                line.pop();
                if shows {
                    stdio::print_stderr(&"\u{8} \u{8}".repeat(before.saturating_sub(width(&line))));
                }
            }
            Typed::Text(text) => {
                for letter in text.chars().filter(|letter| !letter.is_control()) {
                    overflowed |= !push(&mut line, letter, shows);
                }
            }
            Typed::End => {}
        }
    }
}

/// Adds a character; returns whether it fitted.
fn push(line: &mut String, letter: char, shows: bool) -> bool {
    let has_room = line.len() + letter.len_utf8() <= LINE_MAX_BYTES;
    if has_room {
        line.push(letter);
    }
    if has_room && shows {
        stdio::print_stderr(letter.encode_utf8(&mut [0; 4]));
    }
    has_room
}

/// Returns the signal that ends the program while it asks.
#[cfg(unix)]
async fn signalled() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [(SignalKind::hangup(), 1), (SignalKind::interrupt(), 2), (SignalKind::quit(), 3)];
    let kinds = kinds.into_iter().chain([(SignalKind::terminate(), 15)]);
    let arrivals = kinds.map(|(kind, number)| {
        Box::pin(async move {
            match signal(kind) {
                Ok(mut arrivals) => drop(arrivals.recv().await),
                Err(_) => std::future::pending().await,
            }
            number
        })
    });
    futures_util::future::select_all(arrivals).await.0
}

#[cfg(not(unix))]
async fn signalled() -> u8 {
    drop(tokio::signal::ctrl_c().await);
    INTERRUPT
}

/// Returns the first line of standard input.
pub(in crate::shell) fn from_standard_input() -> Result<SecretString, ExitError> {
    first_line(io::stdin().lock(), "standard input")
}

/// Returns the first line of an open file descriptor.
pub(in crate::shell) fn from_descriptor(number: u32) -> Result<SecretString, ExitError> {
    let name = format!("file descriptor {number}");
    let file = std::fs::File::open(format!("/dev/fd/{number}")).map_err(|error| {
        ExitError::Usage(format!("{name} cannot be read: {}", error_text(&error)))
    })?;
    first_line(file, &name)
}

/// Reports that a secret is too long, since part of it would be another one.
fn too_long(what: &str) -> ExitError {
    ExitError::Usage(format!("{what} is longer than {LINE_MAX_BYTES} bytes and was ignored"))
}

fn first_line(from: impl io::Read, name: &str) -> Result<SecretString, ExitError> {
    // One byte more than the limit: it shows that there is more.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LINE_MAX_BYTES + 1));
    let read = from.take(LINE_MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| {
        ExitError::Usage(format!("{name} cannot be read: {}", error_text(&error)))
    })?;
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if line.len() > LINE_MAX_BYTES {
        return Err(too_long(name));
    }
    let text = std::str::from_utf8(line)
        .map_err(|_| ExitError::Usage(format!("{name} is not UTF-8 text")))?;
    match text.lines().next().map(str::trim) {
        None | Some("") => Err(ExitError::Usage(format!("no secret on {name}"))),
        Some(line) => Ok(SecretString::from(line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_script_gives_the_secret_in_the_first_line() {
        let read = |text: &[u8]| first_line(text, "a test");
        assert_eq!(read(b" one \r\ntwo\n").expect("a line").expose_secret(), "one");
        let longest = [b'x'; LINE_MAX_BYTES];
        assert_eq!(read(&longest).expect("it fits").expose_secret().len(), LINE_MAX_BYTES);
        for bad in [&b""[..], b"\nx", b"\xff\xfe", &[b'x'; LINE_MAX_BYTES + 1]] {
            let Err(error) = read(bad) else { panic!("not a secret") };
            assert_eq!(error.code(), 2);
        }
    }
}
