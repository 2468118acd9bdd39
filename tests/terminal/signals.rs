//! The effect of a signal, a panic or a crash on a request in flight.
//!
//! Nothing waits for the answer: the console exits at once, and the next one finds the
//! key.
#![cfg(debug_assertions)]

use std::{fs, time::Duration};

use onramp::simulator::{Act, Commit, Fault};

use crate::{
    crash_recovery::ConsoleRig,
    harness::pty::{Pty, kill},
    support::{hand_over, is_uuid},
};

const POST: &str = "POST /v2/service/key";

/// Starts a console whose request has arrived, and whose answer never comes.
fn in_the_middle(rig: &ConsoleRig, variables: &[(&str, &str)]) -> Pty {
    rig.simulator.push_fault(Fault::new(POST, Act::Hang).commit(Commit::Before));
    let pty = ConsoleRig::confirm(rig.console_with(variables));
    rig.wait_for_the_request(&pty);
    pty
}

/// Waits while `is_so`, a state that no screen shows.
fn while_waiting(pty: &Pty, is_so: impl Fn() -> bool) {
    let mut patience = 4_000;
    while is_so() {
        pty.pause(Duration::from_millis(5));
        patience -= 1;
        assert!(patience > 0, "waited in vain. The screen:\n{}", pty.text());
    }
}

/// The terminal is as it was: not the other screen, a cursor, no modes.
fn gave_the_terminal_back(pty: &Pty) {
    let screen = pty.screen();
    assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
}

/// No key has been on this terminal.
fn showed_no_key(rig: &ConsoleRig, pty: &Pty) {
    for key in rig.simulator.keys() {
        let text = key["key"].as_str().expect("a key");
        crate::canary::absent(text, pty.raw().as_bytes(), "the terminal");
    }
}

#[test]
fn f50_hang_up_with_a_request_in_flight_exits_and_key_is_found() {
    let rig = ConsoleRig::new();
    let pty = in_the_middle(&rig, &[]);
    kill("HUP", pty.pid());
    assert_eq!(pty.exit_code(), 7, "a key may exist");
    showed_no_key(&rig, &pty);
    rig.shows_the_key_first("Created before the restart");
    rig.keeps_no_key();
}

#[test]
fn f51_sigterm_with_a_request_in_flight_exits_and_key_is_found() {
    let rig = ConsoleRig::new();
    let pty = in_the_middle(&rig, &[]);
    kill("TERM", pty.pid());
    assert_eq!(pty.exit_code(), 7, "a key may exist");
    gave_the_terminal_back(&pty);
    pty.wait_for_text("in doubt: key ACME-4471 red #");
    showed_no_key(&rig, &pty);
    rig.shows_the_key_first("Created before the restart");
    rig.keeps_no_key();
}

#[test]
fn f52_panic_in_flight_restores_terminal_and_key_is_found() {
    let secret = crate::canary::invent();
    let rig = ConsoleRig::new();
    let variables = [("ONRAMP_PANIC_FOR_TEST", "request"), ("ONRAMP_PANIC_CANARY", &secret)];
    let pty = in_the_middle(&rig, &variables);
    assert_eq!(pty.exit_code(), 101);
    gave_the_terminal_back(&pty);
    crate::canary::absent(&secret, pty.raw().as_bytes(), "the terminal");
    showed_no_key(&rig, &pty);
    rig.shows_the_key_first("Created before the restart");
    rig.keeps_no_key();
}

#[cfg(target_os = "linux")]
#[test]
fn f53_console_stopped_in_flight_shows_the_key_when_resumed() {
    let rig = ConsoleRig::new();
    let drip = Act::SlowDrip { bytes: 64, every_ms: 20 };
    rig.simulator.push_fault(Fault::new(POST, drip));
    let pty = rig.confirmed("");
    rig.wait_for_the_request(&pty);
    // Not SIGTSTP: without a shell above it, the kernel takes no notice of that.
    kill("STOP", pty.pid());
    let is_stopped = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", pty.pid())).expect("it lives");
        stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('T'))
    };
    while_waiting(&pty, || !is_stopped());
    pty.settle();
    let before = pty.raw().len();
    kill("CONT", pty.pid());
    pty.wait_for_text("Key created");
    pty.wait_for("the whole key", |screen| screen.contents().split_whitespace().any(is_uuid));
    assert!(pty.raw()[before..].contains("\x1b[?1049h"), "the whole screen is set up again");
    assert_eq!((rig.posts(), rig.keys()), (1, 1));
}

#[test]
fn f43_crash_between_pair_keys_leaves_the_second_to_the_user() {
    let rig = ConsoleRig::new();
    // The review asks about both VLANs; the third question is the one about the second
    // key, once the first is created.
    let third = Fault::new("GET /v2/product/port/*/vlan", Act::Hang).nth(3);
    rig.simulator.push_fault(third);
    let mut pty = rig.console("");
    pty.wait_for_text("service keys. 127.0.0.1");
    pty.send("Nlos angeles\r");
    pty.wait_for_text("DIVERSE");
    pty.send("ACME-4471\r");
    pty.wait_for_text("y = create both keys");
    pty.send("y");
    pty.wait_for_text("once more");
    let asked = || {
        let seen = rig.simulator.requests();
        seen.iter().filter(|seen| seen.path.ends_with("/vlan")).count()
    };
    while_waiting(&pty, || asked() < 3);
    assert_eq!((rig.posts(), rig.keys()), (1, 1));
    kill("KILL", pty.pid());
    assert_ne!(pty.exit_code(), 0, "it was killed");

    let mut pty = rig.console("");
    pty.wait_for_text("Key created");
    pty.wait_for_text("HALF PAIR");
    hand_over(&mut pty);
    pty.wait_for_text("never sent; key 2 of 2; the other one, on Los Angeles 1, is created");
    pty.send("\r");
    pty.wait_for_text("The first key, on");
    assert_eq!(rig.posts(), 1, "nothing is sent by itself");
    pty.send("s");
    pty.wait_for_text("y = send");
    pty.send("y");
    pty.wait_for_text("2 keys created");
    hand_over(&mut pty);
    pty.wait_for("the views", |screen| !screen.contents().contains("2 keys created"));
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
    rig.has_nothing_unfinished();
    rig.keeps_no_key();
    assert_eq!((rig.posts(), rig.keys()), (2, 2));
}
