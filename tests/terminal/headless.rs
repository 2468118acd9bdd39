//! Watching keys and handing a shift over, by the program itself.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use crate::{
    lists::{command, run},
    server::Server,
};

#[test]
fn key_already_used_is_reported_and_the_watch_exits_0() {
    let server = Server::start();
    let args = ["keys", "watch", "--json", "Echo Weather Lab, US-West"];
    let run = run(command(&server, &args));
    assert_eq!(run.code, Some(0), "{}", run.errors);
    let line: serde_json::Value = serde_json::from_str(&run.out).expect("one object");
    assert_eq!((&line["event"], &line["done"]), (&"used".into(), &true.into()), "{line}");
    assert!(run.errors.contains("no key left to watch"), "{}", run.errors);
}

#[test]
fn the_time_that_is_over_ends_with_124_and_wrong_names_with_2() {
    let server = Server::start();
    let args = ["keys", "watch", "--timeout", "1s", "Kelp Robotics, London"];
    let over = run(command(&server, &args));
    assert_eq!((over.code, over.out.as_str()), (Some(124), ""), "{}", over.errors);
    assert!(over.errors.contains("1 key not used in time"), "{}", over.errors);
    let nobody = run(command(&server, &["keys", "watch", "Nobody"]));
    assert_eq!(nobody.code, Some(2), "{}", nobody.errors);
    let key = "106e38ae-eb59-415f-ac81-526a5299851d";
    let secret = run(command(&server, &["keys", "watch", key]));
    assert_eq!(secret.code, Some(2), "{}", secret.errors);
    assert!(!secret.errors.contains(key), "not repeated here");
    let none = run(command(&server, &["keys", "watch"]));
    assert_eq!(none.code, Some(2), "this host made none: {}", none.errors);
}

#[test]
fn an_interrupt_leaves_the_watch_with_its_signal() {
    let server = Server::start();
    let mut command = command(&server, &["keys", "watch", "Kelp Robotics, London"]);
    let mut child = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("starts");
    let mut errors = BufReader::new(child.stderr.take().expect("ours"));
    let mut line = String::new();
    errors.read_line(&mut line).expect("a line");
    assert!(line.starts_with("watching 1 key"), "{line}");
    let number = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &number]).status().expect("kill");
    assert!(killed.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}

#[test]
fn a_hand_over_is_a_new_file_for_this_user_without_a_key() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start();
    let directory = tempfile::tempdir().expect("a directory");
    let state = directory.path().join("state");
    let mut handover = command(&server, &["handover"]);
    handover.env("ONRAMP_STATE_DIR", &state);
    let output = run(handover);
    assert_eq!(output.code, Some(0), "{}", output.errors);
    let path = std::path::PathBuf::from(output.out.trim());
    assert!(path.starts_with(&state), "{}", output.out);
    let mode = std::fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&path).expect("read");
    assert!(text.contains("## Half pairs\n\nNone."), "{text}");
    let whole = run(command(&server, &["keys", "list", "--json", "--include-keys"]));
    let keys: Vec<serde_json::Value> = serde_json::from_str(&whole.out).expect("an array");
    assert!(keys.iter().all(|key| !text.contains(key["key"].as_str().expect("its text"))));
    let out = path.display().to_string();
    let again = run(command(&server, &["handover", "--out", &out]));
    assert_eq!(again.code, Some(1), "{}", again.errors);
    assert!(again.errors.contains("was not changed"), "{}", again.errors);
    assert_eq!(std::fs::read_to_string(&path).expect("read"), text);
}
