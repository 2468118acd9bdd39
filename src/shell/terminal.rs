//! The terminal: set up once, and restored however the program ends.

mod frame_writer;
mod sgr;

use std::{
    io::{self, IsTerminal as _, Write as _},
    sync::atomic::{AtomicBool, Ordering},
};

use crossterm::{
    cursor,
    event::{
        DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
        EnableFocusChange,
    },
    execute, queue,
    style::{Print, ResetColor, force_color_output},
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
};
use ratatui::{Terminal, backend::Backend as _};

use crate::shell::{exit::ExitError, stdio::error_text};

use self::frame_writer::FrameWriter;

/// Whether the terminal is set up now, so that restoring it twice does
/// nothing.
static SET_UP: AtomicBool = AtomicBool::new(false);

/// The console's screen. Dropping it restores the terminal.
pub(in crate::shell) struct Screen {
    terminal: Terminal<FrameWriter>,
    /// The title that the window was given.
    title: String,
}

impl Screen {
    /// Sets the terminal up: raw mode, alternate screen, hidden cursor,
    /// bracketed paste. The mouse stays with the terminal, so that text can be
    /// selected.
    pub(in crate::shell) fn open() -> Result<Self, ExitError> {
        if !is_terminal() {
            return Err(no_terminal());
        }
        let failed = |error: io::Error| {
            restore();
            ExitError::Failed(format!("the terminal could not be set up: {}", error_text(&error)))
        };
        // The theme handles NO_COLOR; the library would reset bold and reverse along
        // with the colours.
        force_color_output(true);
        set_up().map_err(failed)?;
        let mut paper = FrameWriter::default();
        paper.clear().map_err(failed)?;
        let terminal = Terminal::new(paper).map_err(failed)?;
        Ok(Self { terminal, title: String::new() })
    }

    /// Columns and rows.
    pub(in crate::shell) fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    /// Sets the title of the window, if it differs: two consoles are told apart by it
    /// at a glance.
    pub(in crate::shell) fn name_window(&mut self, title: String) -> io::Result<()> {
        if self.title == title || !has_title() {
            return Ok(());
        }
        self.title = title;
        send(format!("\x1b]2;{}\x1b\\", self.title).as_bytes())
    }

    /// Draws one frame and writes it at once; does nothing if another thread has
    /// restored the terminal to end the program.
    pub(in crate::shell) fn draw(
        &mut self,
        draw: impl FnOnce(&mut ratatui::Frame),
    ) -> io::Result<()> {
        self.terminal.draw(draw)?;
        let bytes = self.terminal.backend_mut().take_frame();
        send(&bytes)
    }

    /// Sets the terminal up again after another program had it, and forgets its
    /// contents.
    pub(in crate::shell) fn reopen(&mut self) -> io::Result<()> {
        // A shell has set the keyboard as it likes it, and the library sets
        // nothing that it believes to be set.
        disable_raw_mode()?;
        set_up()?;
        self.title.clear();
        self.redraw_all()
    }

    /// Makes the next frame draw every cell.
    pub(in crate::shell) fn redraw_all(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(ratatui::layout::Rect::new(0, 0, size.width, size.height))
    }
}

/// Writes to the terminal at once: a frame, or a sequence between two frames. Does
/// nothing once it was restored.
pub(in crate::shell) fn send(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if SET_UP.load(Ordering::SeqCst) {
        out.write_all(bytes)?;
    }
    out.flush()
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Returns whether standard input and output are a terminal.
pub(in crate::shell) fn is_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Builds the error of a missing terminal.
pub(in crate::shell) fn no_terminal() -> ExitError {
    ExitError::Usage(
        "the console needs a terminal on standard input and output; without one: \
        onramp on-ramps list, onramp keys list (--help)"
            .to_owned(),
    )
}

fn set_up() -> io::Result<()> {
    SET_UP.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
    if has_title() {
        execute!(io::stdout(), Print(SAVE_TITLE))?;
    }
    if crate::shell::clipboard::is_in_tmux() {
        // This event alone shows that a user has come back to a window of tmux.
        execute!(io::stdout(), EnableFocusChange)?;
    }
    Ok(())
}

/// Saves the present title of the window, and restores it.
const SAVE_TITLE: &str = "\x1b[22;2t";
const RESTORE_TITLE: &str = "\x1b[23;2t";

/// Returns whether this terminal has a window with a title.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn has_title() -> bool {
    let term = std::env::var("TERM").unwrap_or_default();
    !term.is_empty() && term != "dumb" && term != "linux"
}

/// Returns whether the console has the terminal now.
pub(in crate::shell) fn is_set_up() -> bool {
    SET_UP.load(Ordering::SeqCst)
}

/// Restores the terminal. Does nothing if it was not set up; never fails, since it runs
/// on every exit.
pub(in crate::shell) fn restore() {
    if !SET_UP.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut bytes = vec![];
    let collected = queue!(
        bytes,
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste,
        ResetColor,
        LeaveAlternateScreen,
        cursor::Show,
        Print(if has_title() { RESTORE_TITLE } else { "" }),
    );
    drop(collected.and_then(|()| write_last(&bytes)));
    #[cfg(all(debug_assertions, unix))]
    crate::shell::kill_for_test::kill_at("K8");
    drop(disable_raw_mode());
}

/// Writes past the standard library's lock, and only what the terminal takes
/// at once: a frame stuck on its way to a stalled line holds that lock, and
/// waiting for it would keep the program from ever ending.
#[cfg(unix)]
fn write_last(bytes: &[u8]) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let out = rustix::stdio::stdout();
    let mut watched = [PollFd::new(&out, PollFlags::OUT)];
    poll(&mut watched, Some(&Timespec { tv_sec: 0, tv_nsec: 50_000_000 }))?;
    if watched[0].revents().contains(PollFlags::OUT) {
        rustix::io::write(out, bytes)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn write_last(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(bytes)?;
    out.flush()
}
