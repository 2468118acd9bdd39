//! Plays a tape in a pseudo-terminal.

use std::path::Path;

use vt100::Screen;

use super::{
    pty::{Pty, command},
    tape::{Step, Tape},
};

/// Plays `tape` to its end in its shell, with `program` as `onramp` on the
/// path. `Sleep` is not slept: every wait is for a condition. `picture` gets
/// each screenshot's path and the screen at that moment.
pub(crate) fn play(tape: &Tape, program: &Path, mut picture: impl FnMut(&str, &Screen)) -> Pty {
    let mut shell = command(&tape.shell, &["--noprofile", "--norc"]);
    let programs = program.parent().expect("a program lies in a directory");
    let path = shell.get_env("PATH").unwrap_or_default().to_string_lossy();
    let path = format!("{}:{path}", programs.display());
    shell.env("PATH", path);
    shell.env("PS1", "> ");
    let mut pty = Pty::start(shell, tape.size);
    pty.wait_for("the shell's prompt", asks);
    for step in &tape.steps {
        match step {
            Step::Keys(keys) => pty.send(keys),
            Step::Wait(text) => pty.wait_for_text(text),
            Step::Prompt => pty.wait_for("the shell's prompt", asks),
            Step::Screenshot(path) => {
                pty.settle();
                picture(path, &pty.screen());
            }
        }
    }
    pty
}

/// Returns whether the shell asks for a command.
fn asks(screen: &Screen) -> bool {
    let (row, column) = screen.cursor_position();
    let line = screen.rows(0, u16::MAX).nth(usize::from(row)).unwrap_or_default();
    !screen.alternate_screen() && line.trim_end() == ">" && column == 2
}
