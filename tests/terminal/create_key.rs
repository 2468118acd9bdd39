//! `onramp keys create` and `keys reconcile`: one key, as careful as a user at the screen.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    harness::pty::kill,
    lists::{Run, command, run},
    server::Server,
    support::is_uuid,
};

/// How often a condition is checked before a test fails: for half a minute.
const CHECKS: usize = 6_000;

/// A simulator, and a home for what the command keeps.
struct World {
    server: Server,
    home: TempDir,
}

impl World {
    fn new(faults: &str) -> Self {
        let home = tempfile::tempdir().expect("a directory");
        let file = home.path().join("faults.json");
        fs::write(&file, faults).expect("a file");
        let file = file.to_str().expect("a path in UTF-8");
        Self { server: Server::start_with(&["--faults", file, "--customer-after", "never"]), home }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = command(&self.server, &["keys", "create"]);
        command.args(args).env("ONRAMP_STATE_DIR", self.home.path().join("state"));
        command
    }

    /// Creates a key on Los Angeles 1, with more arguments.
    fn create(&self, more: &[&str]) -> Command {
        let mut command = self.command(&["--on-ramp", "Los Angeles 1", "--rate", "500"]);
        command.args(["--label", "ACME-4471", "--yes", "--read-write"]).args(more);
        command
    }

    fn reconcile(&self, args: &[&str]) -> Command {
        let mut command = command(&self.server, &["keys", "reconcile"]);
        command.args(args).env("ONRAMP_STATE_DIR", self.home.path().join("state"));
        command
    }

    /// Returns the number of keys at the server with this text in their label.
    fn keys(&self, label: &str) -> usize {
        let all = run(command(&self.server, &["keys", "list", "--csv"]));
        assert_eq!(all.code, Some(0), "{}", all.errors);
        all.out.lines().filter(|line| line.contains(label)).count()
    }

    /// Returns the text of a file of the state directory; empty if there is none.
    fn state(&self, name: &str) -> String {
        fs::read_to_string(self.home.path().join("state").join(name)).unwrap_or_default()
    }

    /// Waits until the request for the key was sent.
    fn wait_until_sent(&self) {
        for _ in 0..CHECKS {
            if self.state("audit.jsonl").contains("key.sent") {
                return;
            }
            thread::park_timeout(Duration::from_millis(5));
        }
        panic!("the request was not sent: {}", self.state("audit.jsonl"));
    }
}

fn mode(file: &Path) -> u32 {
    fs::metadata(file).expect("a file").permissions().mode() & 0o777
}

#[test]
fn key_is_created_once_and_only_its_file_has_it() {
    let world = World::new("[]");
    let file = world.home.path().join("key");
    let done = run(world.create(&["--vlan", "100", "--key-file", file.to_str().expect("UTF-8")]));
    assert_eq!(done.code, Some(0), "{}", done.errors);
    assert!(done.out.starts_with("created  "), "{}", done.out);
    assert!(done.out.contains("ACME-4471 #") && done.out.contains("VLAN 100"), "{}", done.out);
    assert!(!done.errors.contains("differs"), "{}", done.errors);
    assert_eq!(world.keys("ACME-4471"), 1);
    assert_eq!(mode(&file), 0o600, "only its owner reads it");
    let text = fs::read_to_string(&file).expect("the key");
    let key = text.strip_suffix('\n').expect("one line");
    assert!(is_uuid(key), "a key and nothing else");
    for (what, text) in [
        ("standard output", done.out),
        ("standard error", done.errors),
        ("the audit", world.state("audit.jsonl")),
        ("the log", world.state("onramp.log")),
    ] {
        assert!(!text.contains(key), "{what} has the key");
    }
    let audit = world.state("audit.jsonl");
    for act in ["key.prepared", "key.sent", "key.created", "key.handed-over"] {
        assert!(audit.contains(act), "{act} is not in {audit}");
    }
}

#[test]
fn dry_run_shows_the_review_and_sends_nothing() {
    let world = World::new("[]");
    let args = ["--on-ramp", "los angeles 1", "--rate", "2.5G", "--label", "ACME-4471"];
    let mut command = world.command(&args);
    command.args(["--valid", "30d", "--multi-use", "--dry-run"]);
    let shown = run(command);
    assert_eq!(shown.code, Some(0), "{}", shown.errors);
    for part in ["multi-use", "2.5 Gbps", "POST http://127.0.0.1", "\"maxSpeed\": 2500"] {
        assert!(shown.out.contains(part), "{part} is not in {}", shown.out);
    }
    assert_eq!(world.keys("ACME-4471"), 0);
}

#[test]
fn nothing_is_created_without_the_flags_for_it() {
    let world = World::new("[]");
    let plain = ["--on-ramp", "Los Angeles 1", "--rate", "500", "--label", "ACME-4471"];
    for (more, code) in [
        (&[][..], 2),
        (&["--read-write"], 2),
        (&["--yes", "--dry-run"], 2),
        (&["--yes"], 3),
        (&["--yes", "--read-write", "--region", "US-West"], 2),
        (&["--yes", "--read-write", "--vlan", "1"], 2),
        (&["--yes", "--read-write", "--valid", "2020-01-01"], 2),
    ] {
        let mut command = world.command(&plain);
        command.args(more);
        let ended = run(command);
        assert_eq!((ended.code, ended.out.as_str()), (Some(code), ""), "{more:?} {}", ended.errors);
    }
    let small = run(world.command(&["--on-ramp", "x", "--rate", "5", "--label", "a", "--dry-run"]));
    assert_eq!(small.code, Some(2), "{}", small.errors);
    assert!(small.errors.contains("5M or 5G"), "{}", small.errors);
    assert_eq!(world.keys("ACME-4471"), 0);
}

#[test]
fn definite_no_ends_with_4() {
    let world = World::new("[]");
    let taken = run(world.create(&["--vlan", "100"]));
    assert_eq!(taken.code, Some(0), "{}", taken.errors);
    let with = |on_ramp, rate, vlan| {
        let mut command = world.command(&["--on-ramp", on_ramp, "--rate", rate, "--vlan", vlan]);
        command.args(["--label", "BETA-9", "--yes", "--read-write"]);
        run(command)
    };
    for (ended, says) in [
        (with("Los Angeles 1", "500", "100"), "--vlan: taken: unused key ACME-4471"),
        (with("Los Angles 1", "500", "auto"), "nearest: Los Angeles 1"),
        (with("Los Angeles 1", "500G", "auto"), "at most"),
    ] {
        assert_eq!(ended.code, Some(4), "{}", ended.errors);
        assert!(ended.errors.contains(says), "{}", ended.errors);
    }
    assert_eq!(world.keys("BETA-9"), 0);
}

#[test]
fn proposed_vlan_that_megaport_reports_as_taken_is_replaced() {
    let world = World::new(
        r#"[{ "match": "GET /v2/product/port/*/vlan?vlan=100", "times": 0,
              "act": { "raw": { "code": 200, "body": "{\"data\": [140, 141, 142]}" } } }]"#,
    );
    let named = run(world.create(&["--vlan", "100"]));
    assert_eq!((named.code, named.out.as_str()), (Some(4), ""), "{}", named.errors);
    assert!(named.errors.contains("free: 140, 141, 142"), "{}", named.errors);
    let done = run(world.create(&[]));
    assert_eq!(done.code, Some(0), "{}", done.errors);
    assert!(done.out.contains("VLAN 101"), "{}", done.out);
    assert_eq!(world.keys("ACME-4471"), 1);
}

#[test]
fn refusal_by_megaport_ends_with_4() {
    let world = World::new(
        r#"[{ "match": "POST /v2/service/key", "act": { "status": { "code": 400 } } }]"#,
    );
    let ended = run(world.create(&[]));
    assert_eq!((ended.code, ended.out.as_str()), (Some(4), ""), "{}", ended.errors);
    assert!(ended.errors.contains("nothing was created"), "{}", ended.errors);
    assert_eq!(world.keys("ACME-4471"), 0);
    let again = run(world.create(&[]));
    assert_eq!(again.code, Some(0), "the refused request is closed: {}", again.errors);
}

#[test]
fn lost_reply_is_searched_and_the_key_found() {
    let world = World::new(r#"[{ "match": "POST /v2/service/key", "act": "lost_after_commit" }]"#);
    let done = run(world.create(&[]));
    assert_eq!(done.code, Some(0), "{}", done.errors);
    assert!(done.out.starts_with("created  "), "{}", done.out);
    assert_eq!(world.keys("ACME-4471"), 1);
}

#[test]
fn request_in_doubt_ends_with_7_and_is_not_sent_again() {
    let world = World::new(
        r#"[{ "match": "POST /v2/service/key", "act": "hang", "commit": { "after_ms": 60000 } }]"#,
    );
    let ended = run(world.create(&["--timeout", "1s"]));
    assert_eq!((ended.code, ended.out.as_str()), (Some(7), ""), "{}", ended.errors);
    assert!(ended.errors.contains("in doubt: ACME-4471 #"), "{}", ended.errors);
    let again = run(world.create(&[]));
    assert_eq!((again.code, again.out.as_str()), (Some(7), ""), "{}", again.errors);
    assert!(again.errors.contains("nothing was sent"), "{}", again.errors);
    assert_eq!(world.state("audit.jsonl").matches("key.sent").count(), 1);
    let mut other = world.command(&["--on-ramp", "Los Angeles 1", "--rate", "500"]);
    other.args(["--label", "BETA-9", "--yes", "--read-write"]);
    let other = run(other);
    assert_eq!(other.code, Some(0), "another order goes: {}", other.errors);
}

#[test]
fn commands_at_once_never_share_a_vlan() {
    let world = World::new("[]");
    let labels = ["ACME-1", "ACME-2", "ACME-3", "ACME-4", "ACME-5", "ACME-6"];
    let started = labels.map(|label| {
        let mut command = world.command(&["--on-ramp", "Los Angeles 1", "--rate", "500"]);
        command.args(["--label", label, "--yes", "--read-write"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    });
    let ended = started.map(|child| child.wait_with_output().expect("it ends"));
    let mut vlans = vec![];
    for one in &ended {
        let errors = String::from_utf8_lossy(&one.stderr);
        assert!(matches!(one.status.code(), Some(0 | 1 | 4)), "{errors}");
        let out = String::from_utf8_lossy(&one.stdout);
        let vlan = out.split("VLAN ").nth(1).and_then(|rest| rest.split(' ').next());
        assert_eq!(one.status.success(), vlan.is_some(), "{out} {errors}");
        vlans.extend(vlan.map(str::to_owned));
    }
    assert!(!vlans.is_empty(), "one of them is the first");
    assert_eq!(world.keys("ACME-"), vlans.len(), "each success is one key, and no more exist");
    vlans.sort();
    vlans.dedup();
    assert_eq!(world.keys("ACME-"), vlans.len(), "no VLAN twice");
}

#[test]
fn signal_after_sending_ends_with_7() {
    let world = World::new(r#"[{ "match": "POST /v2/service/key", "act": "hang" }]"#);
    let mut command = world.create(&[]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    world.wait_until_sent();
    kill("TERM", child.id());
    let ended = child.wait_with_output().expect("it ends");
    let errors = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(7), "{errors}");
}

#[test]
fn killed_command_leaves_a_request_that_is_not_ordered_again() {
    let world = World::new(r#"[{ "match": "POST /v2/service/key", "act": "hang" }]"#);
    let mut command = world.create(&[]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    world.wait_until_sent();
    child.kill().expect("it runs");
    child.wait().expect("it ended");
    let Run { code, out, errors } = run(world.create(&[]));
    assert_eq!((code, out.as_str()), (Some(7), ""), "{errors}");
    assert_eq!(world.state("audit.jsonl").matches("\"key.sent\"").count(), 1);
}

#[test]
fn reconcile_finds_the_key_and_records_it_once_allowed() {
    let world =
        World::new(r#"[{ "match": "POST /v2/service/key", "act": "hang", "commit": "before" }]"#);
    let ended = run(world.create(&["--timeout", "1s"]));
    assert_eq!(ended.code, Some(7), "{}", ended.errors);
    let looked = run(world.reconcile(&[]));
    assert_eq!(looked.code, Some(0), "{}", looked.errors);
    assert!(looked.out.starts_with("created  "), "{}", looked.out);
    assert!(looked.errors.contains("no outcome is recorded"), "{}", looked.errors);
    let settled = run(world.reconcile(&["ACME-4471", "--read-write"]));
    assert_eq!((settled.code, settled.out), (Some(0), looked.out), "{}", settled.errors);
    let nothing = run(world.reconcile(&["--read-write"]));
    assert_eq!((nothing.code, nothing.out.as_str()), (Some(0), ""), "{}", nothing.errors);
    assert!(nothing.errors.contains("no request is unfinished"), "{}", nothing.errors);
    assert_eq!(world.keys("ACME-4471"), 1);
}

#[test]
fn reconcile_does_not_believe_a_damaged_journal() {
    let world = World::new("[]");
    let done = run(world.create(&[]));
    assert_eq!(done.code, Some(0), "{}", done.errors);
    let state = world.home.path().join("state");
    let journal = fs::read_dir(&state).expect("a directory").flatten().map(|entry| entry.path());
    let is_journal = |path: &PathBuf| path.to_string_lossy().contains("/journal-v2-");
    let journal = journal.filter(is_journal).min().expect("a journal");
    let text = fs::read_to_string(&journal).expect("text");
    fs::write(&journal, text.replacen("ACME", "XCME", 1)).expect("it can be written");
    for args in [&[][..], &["--read-write"]] {
        let ended = run(world.reconcile(args));
        assert!(matches!(ended.code, Some(1 | 7)), "{:?} {}", ended.code, ended.errors);
        assert!(!ended.errors.contains("no request is unfinished"), "{}", ended.errors);
    }
}

#[test]
fn reconcile_sends_again_once_the_search_is_over() {
    let world = World::new(r#"[{ "match": "POST /v2/service/key", "act": "hang" }]"#);
    let ended = run(world.create(&["--timeout", "1s"]));
    assert_eq!(ended.code, Some(7), "{}", ended.errors);
    for (args, code) in [
        (&["--resend", "ACME-4471"][..], 2),
        (&["--resend", "--yes", "--close", "no", "ACME-4471"], 2),
        (&["--resend", "--yes", "ACME-4471"], 3),
        (&["--close", "not wanted", "ACME-4471"], 3),
        (&["another"], 4),
        (&["--resend", "--yes", "--read-write", "--timeout", "1s", "ACME-4471"], 7),
        (&["--close", "not wanted", "--read-write", "--timeout", "1s", "ACME-4471"], 7),
        (&["--adopt", "12345678", "--read-write", "--timeout", "1s", "ACME-4471"], 7),
    ] {
        let ended = run(world.reconcile(args));
        assert_eq!((ended.code, ended.out.as_str()), (Some(code), ""), "{args:?} {}", ended.errors);
    }
    assert_eq!(world.keys("ACME-4471"), 0, "nothing was sent so far");
    let sent = run(world.reconcile(&["--resend", "--yes", "--read-write", "ACME-4471"]));
    assert_eq!(sent.code, Some(0), "{}", sent.errors);
    assert!(sent.out.starts_with("created  "), "{}", sent.out);
    assert_eq!(world.keys("ACME-4471"), 1);
    assert_eq!(world.state("audit.jsonl").matches("\"key.sent\"").count(), 2);
}

#[test]
fn key_file_that_exists_is_not_touched() {
    let world = World::new("[]");
    let file = world.home.path().join("key");
    fs::write(&file, "something else").expect("a file");
    let ended = run(world.create(&["--key-file", file.to_str().expect("UTF-8")]));
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{}", ended.errors);
    assert_eq!(fs::read_to_string(&file).expect("a file"), "something else");
    assert_eq!(world.keys("ACME-4471"), 0);
}

#[test]
fn best_on_ramp_of_a_region_is_chosen() {
    let world = World::new("[]");
    let regions = world.home.path().join("regions.toml");
    fs::write(&regions, "[[region]]\nname = \"US-West\"\nmetros = [\"Los Angeles\"]\n")
        .expect("ok");
    let mut command = command(&world.server, &["--regions", regions.to_str().expect("UTF-8")]);
    command.args([
        "keys",
        "create",
        "--region",
        "us-west",
        "--rate",
        "500",
        "--label",
        "ACME-4471",
    ]);
    command.args(["--yes", "--read-write"]);
    command.env("ONRAMP_STATE_DIR", world.home.path().join("state"));
    let done = run(command);
    assert_eq!(done.code, Some(0), "{}", done.errors);
    assert!(done.out.contains("Los Angeles"), "{}", done.out);
    assert_eq!(world.keys("ACME-4471"), 1);
}
