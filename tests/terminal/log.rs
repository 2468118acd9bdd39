//! The log: off by default, and on the screen.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use tempfile::TempDir;

use crate::{
    harness::pty::{Pty, command},
    support::{ONRAMP, READ},
};

fn demo(state: &Path, level: Option<&str>, size: (u16, u16)) -> Pty {
    let mut command = command(ONRAMP, &["demo"]);
    command.env("ONRAMP_STATE_DIR", state);
    if let Some(level) = level {
        command.env("ONRAMP_LOG", level);
    }
    let pty = Pty::start(command, size);
    pty.wait_for_text(READ);
    pty
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o7777
}

#[test]
fn nothing_is_logged_and_nothing_is_made_unless_asked_for() {
    let top = TempDir::new().expect("a directory");
    let state = top.path().join("state");
    let mut pty = demo(&state, None, (100, 30));
    pty.send(":log\r");
    pty.wait_for_text("Nothing is being logged. ONRAMP_LOG=info enables it");
    pty.send("\x1b");
    pty.wait_for("the dialog to close", |screen| !screen.contents().contains("being logged"));
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
    assert!(!state.exists());
}

#[test]
fn a_session_is_logged_and_its_last_lines_are_on_the_screen() {
    let top = TempDir::new().expect("a directory");
    let state = top.path().join("state/onramp");
    let mut pty = demo(&state, Some("debug"), (120, 36));
    pty.send(":log\r");
    pty.wait_for_text("GET /v2/products: 200");
    for words in [
        "debug, by ONRAMP_LOG",
        "onramp.log",
        "INFO  program onramp 0.",
        "INFO  call    POST (token): 200",
    ] {
        assert!(pty.text().contains(words), "{words}:\n{}", pty.text());
    }
    pty.send("q");
    pty.wait_for("the dialog to close", |screen| !screen.contents().contains("by ONRAMP_LOG"));
    pty.send("\x03");
    assert_eq!(pty.exit_code(), 0);
    let path = state.join("onramp.log");
    assert_eq!((mode(&state), mode(&path)), (0o700, 0o600));
    let text = fs::read_to_string(path).expect("read");
    let last = text.lines().last().expect("a line");
    assert!(last.ends_with("INFO  program ends normally"), "{text}");
    assert!(text.contains("INFO  mode    read-write"), "{text}");
}

#[test]
fn state_dir_writable_by_others_is_unused_with_reason() {
    let top = TempDir::new().expect("a directory");
    let state = top.path().join("state");
    fs::create_dir(&state).expect("made");
    fs::set_permissions(&state, fs::Permissions::from_mode(0o770)).expect("opened");
    let mut pty = demo(&state, Some("info"), (120, 36));
    pty.send(":log\r");
    pty.wait_for_text("is writable by its group (g+w)");
    pty.send("q\x03");
    assert_eq!(pty.exit_code(), 0, "the console works all the same");
    assert_eq!(fs::read_dir(&state).expect("listed").count(), 0);
}
