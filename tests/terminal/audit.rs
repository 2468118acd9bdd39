//! The audit of real sessions: whole, of several consoles, and of none where
//! it is required and cannot be written.
#![cfg(debug_assertions)]

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use crate::{
    crash_recovery::ConsoleRig,
    harness::pty::{Pty, kill},
    support::ONRAMP,
};

fn verify(state: &Path) -> Output {
    let mut command = Command::new(ONRAMP);
    command.args(["audit", "verify"]).env_clear().env("ONRAMP_STATE_DIR", state);
    command.stdin(Stdio::null()).output().expect("the program starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn lines(state: &Path) -> Vec<Value> {
    let text = fs::read_to_string(state.join("audit.jsonl")).expect("there");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn leave(mut pty: Pty) {
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
}

#[test]
fn audit_chain_covers_a_key_from_y_to_copy_without_the_key() {
    let rig = ConsoleRig::new();
    let mut pty = rig.confirmed("");
    pty.wait_for_text("Key created");
    pty.wait_for_text("Enter close");
    pty.send("y");
    pty.wait_for("a verdict", |screen| !screen.contents().contains("nobody has copied"));
    pty.send("\r");
    pty.wait_for("the views", |screen| !screen.contents().contains("Key created"));
    pty.send("4");
    pty.wait_for_text("Keys created today");
    pty.wait_for_text("UTC: 1");
    pty.wait_for_text("audit.jsonl");
    leave(pty);
    let acts: Vec<_> = lines(&rig.state()).iter().map(|line| line["act"].clone()).collect();
    for act in ["session.started", "key.prepared", "key.sent", "key.created", "key.seen"] {
        assert!(acts.iter().any(|its| its == act), "{act}: {acts:?}");
    }
    let last = lines(&rig.state()).pop().expect("some");
    assert_eq!((&last["act"], &last["how"]), (&"session.ended".into(), &"left".into()));
    assert_eq!(last["environment"], "CUSTOM");
    assert!(last["uid"].is_u64() && last["at"].is_string() && last["host_at"].is_string());
    let found = verify(&rig.state());
    assert!(found.status.success(), "{}", text(&found.stderr));
    assert!(text(&found.stdout).contains("unbroken chain"));
    rig.keeps_no_key();
    let path = rig.state().join("audit.jsonl");
    let bent = fs::read_to_string(&path).expect("there").replacen("key.sent", "key.lost", 1);
    fs::write(&path, bent).expect("written");
    let found = verify(&rig.state());
    assert_eq!(found.status.code(), Some(1));
    let sent = 1 + acts.iter().position(|act| act == "key.sent").expect("sent");
    let says = format!("line {sent}: it was changed after it was written");
    assert!(text(&found.stderr).contains(&says), "{}", text(&found.stderr));
}

#[test]
fn consoles_side_by_side_write_one_chain() {
    let rig = ConsoleRig::new();
    let mut consoles = [rig.console(""), rig.console(""), rig.console("")];
    for round in 0..3 {
        for pty in &mut consoles {
            let (typed, says) = if round % 2 == 0 { (":ro\r", "] RO") } else { (":rw\ry", "] RW") };
            pty.send(typed);
            pty.wait_for_text(says);
        }
    }
    consoles.into_iter().for_each(leave);
    let found = verify(&rig.state());
    assert!(found.status.success(), "{}", text(&found.stderr));
    let sessions: std::collections::BTreeSet<_> =
        lines(&rig.state()).iter().map(|line| line["session"].to_string()).collect();
    assert_eq!(sessions.len(), 3);
    assert_eq!(lines(&rig.state()).len(), 15, "begin, three modes, end: of each");
}

#[test]
fn console_ended_by_sigterm_or_hang_up_audits_its_end() {
    for signal in ["TERM", "HUP", "the line drops"] {
        let rig = ConsoleRig::new();
        let mut pty = rig.console("");
        pty.wait_for_text("service keys. 127.0.0.1");
        if signal == "the line drops" {
            pty.hang_up("\x0c");
        } else {
            kill(signal, pty.pid());
        }
        assert_ne!(pty.exit_code(), 0);
        let last = lines(&rig.state()).pop().expect("some");
        assert_eq!(last["act"], "session.ended", "{signal}");
        assert!(last["how"].as_str().is_some_and(|how| how.starts_with("by signal")), "{last}");
        assert!(verify(&rig.state()).status.success());
    }
}

#[test]
fn required_audit_that_cannot_be_written_stops_requests() {
    for required in [true, false] {
        let rig = ConsoleRig::new();
        let config = tempfile::tempdir().expect("a directory");
        let setting = format!("[audit]\nrequired = {required}\n");
        fs::write(config.path().join("config.toml"), setting).expect("written");
        // A directory in its place cannot be written to.
        fs::create_dir_all(rig.state().join("audit.jsonl")).expect("made");
        let config = config.path().display().to_string();
        let mut pty = rig.console_with(&[("ONRAMP_CONFIG_DIR", &config)]);
        pty.wait_for_text("!audit");
        pty.wait_for_text("! Problem with the audit log");
        if required {
            pty.send("/los angeles 2\r");
            pty.wait_for_text("On-ramps 1 of");
            pty.send("n");
            pty.wait_for_text("No key can be created: the audit log");
            assert_eq!(rig.posts(), 0);
        } else {
            let pty = ConsoleRig::order(pty);
            pty.wait_for_text("Key created");
            assert_eq!(rig.posts(), 1, "it stops nobody");
        }
    }
}
