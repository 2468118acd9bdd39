//! Every exit of the console, and the traces it leaves.

use std::time::Duration;

use crate::{
    harness::pty::{Pty, command, kill},
    support::{ONRAMP, READ, demo},
};

/// A console under a shell that notes how the terminal is set before and
/// after, and how the console ended.
const UNDER_A_SHELL: &str = r#"
echo "BEFORE $(stty -g)"
sh -c 'echo "PID $$"; exec "$0" demo' "$0"
echo "EXIT $?"
echo "AFTER $(stty -g)"
"#;

/// How long the console may take to notice that its terminal is gone. It takes a few
/// milliseconds; the rest is for a busy machine.
const SOON: Duration = Duration::from_secs(2);

struct Ended {
    code: u32,
    raw: String,
    text: String,
}

/// Runs the console under a shell, ends it by `end`, and checks that the
/// terminal is as it was before.
fn ended_by(variables: &[(&str, &str)], end: impl FnOnce(&mut Pty, u32)) -> Ended {
    let mut shell = command("sh", &["-c", UNDER_A_SHELL, ONRAMP]);
    for (name, value) in variables {
        shell.env(name, value);
    }
    let mut pty = Pty::start(shell, (200, 30));
    pty.wait_for_bytes("\x1b[?1049h");
    let pid = noted(&pty.raw(), "PID ").parse().expect("a process id");
    end(&mut pty, pid);
    assert_eq!(pty.exit_code(), 0, "the shell itself ends normally");
    let (raw, text, screen) = (pty.raw(), pty.text(), pty.screen());
    assert!(!screen.alternate_screen(), "the alternate screen was left:\n{text}");
    assert!(!screen.hide_cursor(), "the cursor is shown");
    assert!(!screen.bracketed_paste(), "bracketed paste is off");
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    assert_eq!(noted(&raw, "BEFORE "), noted(&raw, "AFTER "), "the terminal is set as before");
    let after = raw.rsplit("\x1b[?1049l").next().unwrap_or_default();
    assert!(!after.contains("\x1b[?1049h"), "nothing opens it again");
    let code = noted(&raw, "EXIT ").parse().expect("an exit code");
    Ended { code, raw, text }
}

/// Returns the shell's note after `name`.
fn noted<'a>(raw: &'a str, name: &str) -> &'a str {
    let from = raw.rfind(name).unwrap_or_else(|| panic!("{name}is not in {raw:?}"));
    raw[from + name.len()..].lines().next().unwrap_or_default().trim_end()
}

fn read(pty: &Pty) {
    pty.wait_for_text(READ);
}

#[test]
fn q_gives_the_terminal_back() {
    let ended = ended_by(&[], |pty, _| {
        read(pty);
        pty.send("q");
    });
    assert_eq!(ended.code, 0);
    assert!(ended.raw.contains("\x1b[?1049l"));
}

#[test]
fn ctrl_c_gives_the_terminal_back() {
    let ended = ended_by(&[], |pty, _| {
        read(pty);
        pty.send("\x03");
    });
    assert_eq!(ended.code, 0);
}

#[test]
fn every_signal_that_ends_it_gives_the_terminal_back() {
    let all = [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131), ("ABRT", 134)];
    for (signal, code) in all.into_iter().chain([("ALRM", 142), ("USR1", 138), ("USR2", 140)]) {
        let ended = ended_by(&[], |pty, pid| {
            read(pty);
            kill(signal, pid);
        });
        assert_eq!(ended.code, code, "after SIG{signal}:\n{}", ended.text);
    }
}

#[test]
fn a_signal_in_the_middle_of_a_form_gives_the_terminal_back() {
    let ended = ended_by(&[], |pty, pid| {
        read(pty);
        pty.send("G\r\r\rn");
        pty.wait_for_text("New service key");
        kill("TERM", pid);
    });
    assert_eq!(ended.code, 143);
}

#[cfg(debug_assertions)]
#[test]
fn a_panic_gives_the_terminal_back_and_says_what_happened() {
    for place in ["loop", "task"] {
        let ended = ended_by(&[("ONRAMP_PANIC_FOR_TEST", place)], |_, _| {});
        assert_eq!(ended.code, 101);
        let report = ended.raw.rsplit("\x1b[?1049l").next().unwrap_or_default();
        assert!(report.contains("Place: src/shell/panic_for_test.rs:"), "{report}");
        assert!(report.contains("This is a defect in onramp."), "{report}");
    }
}

#[cfg(debug_assertions)]
#[test]
fn panic_with_a_secret_in_its_payload_reveals_nothing() {
    let secret = crate::canary::invent();
    let state = tempfile::tempdir().expect("a directory");
    let directory = state.path().display().to_string();
    for (place, backtrace) in [("loop", "0"), ("task", "full")] {
        let variables = [
            ("ONRAMP_PANIC_FOR_TEST", place),
            ("ONRAMP_PANIC_CANARY", &secret),
            ("RUST_BACKTRACE", backtrace),
            ("ONRAMP_STATE_DIR", &directory),
            ("ONRAMP_LOG", "debug"),
        ];
        let ended = ended_by(&variables, |_, _| {});
        assert_eq!(ended.code, 101);
        crate::canary::absent(&secret, ended.raw.as_bytes(), "the terminal");
        let log = std::fs::read(state.path().join("onramp.log")).expect("a log");
        crate::canary::absent(&secret, &log, "the log");
        let text = String::from_utf8_lossy(&log);
        let last = text.lines().last().unwrap_or_default();
        assert!(last.contains("ERROR program a defect stopped the program at src/"), "{text}");
    }
    assert_eq!(std::fs::read_dir(state.path()).expect("listed").count(), 1, "the log alone");
}

#[test]
fn a_closed_terminal_ends_it() {
    let mut pty = demo((80, 24));
    pty.hang_up("\x0c");
    assert_eq!(pty.exit_code_within(SOON), Some(129));
}

#[test]
fn a_closed_terminal_ends_it_though_hang_ups_are_ignored() {
    let line = r#"trap "" HUP; exec "$0" demo"#;
    let mut pty = Pty::start(command("sh", &["-c", line, ONRAMP]), (80, 24));
    pty.wait_for_text(READ);
    pty.hang_up("\x0c");
    assert_eq!(pty.exit_code_within(SOON), Some(129));
}

#[test]
fn closed_terminal_ends_it_without_a_hang_up_signal() {
    let mut command = command(ONRAMP, &["demo"]);
    // Not its controlling terminal: the kernel sends it no signal.
    command.set_controlling_tty(false);
    let mut pty = Pty::start(command, (80, 24));
    pty.wait_for_text(READ);
    pty.hang_up("\x0c");
    assert_eq!(pty.exit_code_within(SOON), Some(129));
}

#[test]
fn a_terminal_that_takes_no_bytes_does_not_keep_it_from_ending() {
    let mut pty = demo((200, 50));
    pty.stall();
    // More frames than any terminal buffers.
    for _ in 0..60 {
        pty.send("\x0c");
        pty.pause(Duration::from_millis(5));
    }
    kill("TERM", pty.pid());
    assert_eq!(pty.exit_code_within(SOON), Some(143));
}
