//! Replies that a terminal sends unasked, whole or in pieces, are never read as keys:
//! they create nothing and do not quit the console.
#![cfg(debug_assertions)]

use std::time::Duration;

use crate::{crash_recovery::ConsoleRig, harness::pty::Pty};

/// Answers of terminals, cut where a slow line would cut them.
const ANSWERS: [&[&str]; 9] = [
    &["\x1b[?62;c"],
    &["\x1b[", "?62;c"],
    &["\x1b[?2026;2$", "y"],
    &["\x1b[", "?", "2", "0", "2", "6", ";", "2", "$", "y"],
    &["\x1b[24;", "80R", "\x1b[I", "\x1b[O"],
    &["\x1b]11;rgb:yyyy/", "yyyy/", "yyyy", "\x07"],
    &["\x1b]11;rgb:qqqq/qqqq", "/qqqq\x1b", "\\"],
    &["\x1bP1$ry", "y", "q", "y\x1b\\"],
    &["\x1b_Gi=1;O", "K", "y\x1b\\"],
];

/// Longer than a question needs to be quiet before it counts an answer.
const PAUSE: Duration = Duration::from_millis(600);

/// Returns a console that asks whether to create a key.
fn asking(rig: &ConsoleRig) -> Pty {
    let mut pty = rig.console("");
    pty.wait_for_text("service keys. 127.0.0.1");
    pty.send("/los angeles 2\r");
    pty.wait_for_text("On-ramps 1 of");
    pty.send("n");
    pty.wait_for_text("New service key");
    pty.send("ACME-4471 red\r");
    pty.wait_for_text("y = create key");
    pty
}

fn say(pty: &mut Pty, pieces: &[&str]) {
    for piece in pieces {
        pty.send(piece);
        pty.pause(PAUSE);
    }
}

#[test]
fn terminal_reply_creates_nothing_and_closes_nothing() {
    let rig = ConsoleRig::new();
    let mut pty = asking(&rig);
    for pieces in ANSWERS {
        say(&mut pty, pieces);
        assert!(pty.text().contains("y = create key"), "{pieces:?}:\n{}", pty.text());
        assert_eq!(rig.posts(), 0, "{pieces:?}");
    }
    // The user's own key counts as before.
    pty.send("y");
    pty.wait_for_text("Key created");
    assert_eq!(rig.posts(), 1);
}

#[test]
fn terminal_reply_after_a_lone_esc_is_only_an_esc() {
    let rig = ConsoleRig::new();
    for pieces in
        [&["\x1b", "[?62;y"][..], &["\x1b", "[", "?62;", "y"], &["\x1b", "]11;q", "y\x07"]]
    {
        let mut pty = asking(&rig);
        say(&mut pty, pieces);
        // The Esc went back to the form, into which nothing was typed.
        pty.wait_for_text("New service key");
        assert!(pty.text().contains("[ACME-4471 red_"), "{}", pty.text());
        assert!(!pty.text().contains("62;") && !pty.text().contains("11;"), "{}", pty.text());
    }
    assert_eq!(rig.posts(), 0);
}

#[test]
fn an_answer_of_the_terminal_does_not_leave_the_console() {
    let mut pty = crate::support::demo((80, 24));
    for pieces in ANSWERS {
        say(&mut pty, pieces);
    }
    say(&mut pty, &["\x1b", "[?62;q", "\x1b", "]11;q", "q\x07"]);
    pty.send("?");
    pty.wait_for_text("Key bindings here");
    pty.send("\x1b");
    pty.wait_for("the views", |screen| !screen.contents().contains("Key bindings here"));
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
}

#[test]
fn a_key_held_for_three_seconds_creates_one_key_or_none() {
    let rig = ConsoleRig::new();
    let mut pty = asking(&rig);
    // From the moment the question opens, and once more when it counts.
    pty.send("\x1b");
    pty.wait_for_text("New service key");
    pty.send("\r");
    pty.wait_for_text("Create this key?");
    for _ in 0..90 {
        pty.send("y");
        pty.pause(Duration::from_millis(33));
    }
    assert_eq!(rig.posts(), 0, "{}", pty.text());
    pty.wait_for_text("y = create key");
    for _ in 0..50 {
        pty.send("y");
        pty.pause(Duration::from_millis(33));
    }
    assert_eq!(rig.posts(), 1);
}
