//! Shared by the terminal tests.

use crate::harness::pty::{Pty, command};

/// The program under test.
pub(crate) const ONRAMP: &str = env!("CARGO_BIN_EXE_onramp");

/// The message line once the demo's world was read.
pub(crate) const READ: &str = "service keys. 127.0.0.1";

/// Returns the demo, with everything read.
pub(crate) fn demo(size: (u16, u16)) -> Pty {
    let pty = Pty::start(command(ONRAMP, &["demo"]), size);
    pty.wait_for_text(READ);
    pty.settle();
    pty
}

/// Copies the key of the card that is open, and closes it.
pub(crate) fn hand_over(pty: &mut Pty) {
    pty.wait_for_text("Enter close");
    pty.send("y");
    pty.wait_for_text("Sent to your terminal");
    pty.send("\r");
}

/// Returns whether `word` looks like a key: hexadecimal digits, 8-4-4-4-12.
pub(crate) fn is_uuid(word: &str) -> bool {
    let groups: Vec<_> = word.split('-').collect();
    let hexadecimal = groups.iter().all(|group| group.chars().all(|c| c.is_ascii_hexdigit()));
    hexadecimal && groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
}
