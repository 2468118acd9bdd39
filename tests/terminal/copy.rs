//! Copying, as the bytes that a terminal gets.

use crate::{
    harness::pty::{Pty, command},
    support::ONRAMP,
};

/// The start of the sequence that hands a text to the terminal's clipboard.
const OSC52: &str = "\x1b]52;";

#[test]
fn clipboard_is_written_only_on_copy_and_never_read() {
    let mut command = command(ONRAMP, &["demo"]);
    // Neither a multiplexer nor a desktop is around.
    for name in ["TMUX", "STY", "WAYLAND_DISPLAY", "DISPLAY"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color");
    command.env("ONRAMP_CLIPBOARD", "osc52");
    let mut pty = Pty::start(command, (100, 30));
    pty.wait_for_text("8 on-ramps in");
    pty.send("Nusw\r");
    pty.wait_for_text("DIVERSE");
    pty.send("ACME-4471\r");
    pty.wait_for_text("y = create both keys");
    pty.send("y");
    pty.wait_for_text("Enter close");
    assert!(!pty.raw().contains(OSC52), "making keys copies nothing");
    pty.send("y");
    pty.wait_for_text("Sent to your terminal; it cannot confirm");
    let raw = pty.raw();
    assert_eq!(raw.matches(OSC52).count(), 1, "one copy, one sequence");
    assert!(raw.contains("\x1b]52;c;") && !raw.contains("\x1b]52;c;?"), "written, never asked");
    pty.send("X");
    pty.wait_for_bytes("\x1b]52;c;\x07");
}
