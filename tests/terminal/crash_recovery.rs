//! A console that is killed at any moment, and the one that is started after it.
//!
//! The simulator runs in this process, the console in another one. In every case there
//! is at most one request and one key, and the second console first shows the work that
//! the first one did not finish.
#![cfg(debug_assertions)]

use std::path::{Path, PathBuf};

use onramp::simulator::{self, Act, Commit, Fault, Options, Simulator, World};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::{
    gate::Gate,
    harness::pty::{Pty, command, kill},
    support::{ONRAMP, hand_over, is_uuid},
};

const POST: &str = "POST /v2/service/key";

/// An account, and the directory of its consoles' journal.
pub(crate) struct ConsoleRig {
    runtime: Runtime,
    pub(crate) simulator: Simulator,
    /// The address of the API.
    api: String,
    state: TempDir,
    keys_before: usize,
}

impl ConsoleRig {
    pub(crate) fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let options = Options::quiet(World::demo());
        let simulator = runtime.block_on(simulator::start(options)).expect("started");
        let keys_before = simulator.keys().len();
        let (api, state) = (simulator.base_url(), TempDir::new().expect("a directory"));
        Self { runtime, simulator, api, state, keys_before }
    }

    /// Starts a console that has read everything, and is killed at `point`.
    pub(crate) fn console(&self, point: &str) -> Pty {
        self.console_with(&[("ONRAMP_KILL_FOR_TEST", point)])
    }

    /// Returns a console that has read everything, with these variables.
    pub(crate) fn console_with(&self, variables: &[(&str, &str)]) -> Pty {
        let token = self.simulator.token_url();
        let args = ["--api-url", &self.api, "--token-url", &token, "--read-write"];
        let mut command = command(ONRAMP, &args);
        command.env("MEGAPORT_ACCESS_KEY", self.simulator.client_id());
        command.env("MEGAPORT_SECRET_KEY", self.simulator.client_secret());
        command.env("ONRAMP_STATE_DIR", self.state());
        for (name, value) in variables {
            command.env(name, value);
        }
        let pty = Pty::start(command, (100, 30));
        pty.wait_for_text("] RW");
        pty
    }

    /// Starts a console that confirms a key, and is killed at `point`.
    pub(crate) fn confirmed(&self, point: &str) -> Pty {
        Self::confirm(self.console(point))
    }

    /// Confirms a key there.
    pub(crate) fn confirm(pty: Pty) -> Pty {
        pty.wait_for_text("service keys. 127.0.0.1");
        Self::order(pty)
    }

    /// Confirms a key where everything was read.
    pub(crate) fn order(mut pty: Pty) -> Pty {
        pty.send("/los angeles 2\r");
        pty.wait_for_text("On-ramps 1 of");
        pty.send("n");
        pty.wait_for_text("New service key");
        pty.send("ACME-4471 red\r");
        pty.wait_for_text("y = create key");
        pty.send("y");
        pty
    }

    fn killed_at(&self, point: &str) {
        let pty = self.confirmed(point);
        assert_ne!(pty.exit_code(), 0, "it was killed");
    }

    /// Returns the state directory of its consoles.
    pub(crate) fn state(&self) -> PathBuf {
        self.state.path().join("state")
    }

    pub(crate) fn posts(&self) -> usize {
        self.simulator.count("POST", "/v2/service/key")
    }

    pub(crate) fn keys(&self) -> usize {
        self.simulator.keys().len() - self.keys_before
    }

    /// Waits until the server has seen the request.
    pub(crate) fn wait_for_the_request(&self, pty: &Pty) {
        let mut patience = 2_000;
        while self.posts() == 0 {
            pty.pause(std::time::Duration::from_millis(5));
            patience -= 1;
            assert!(patience > 0, "no request came. The screen:\n{}", pty.text());
        }
    }

    /// The next console shows the key before anything else, once.
    pub(crate) fn shows_the_key_first(&self, says: &str) {
        let mut pty = self.console("");
        pty.wait_for_text("Key created");
        pty.wait_for_text(says);
        pty.wait_for("the whole key", |screen| screen.contents().split_whitespace().any(is_uuid));
        hand_over(&mut pty);
        pty.wait_for("the views", |screen| !screen.contents().contains("Key created"));
        pty.send("q");
        assert_eq!(pty.exit_code(), 0);
        self.has_nothing_unfinished();
        assert_eq!((self.posts(), self.keys()), (1, 1));
    }

    /// Asserts that the next console shows it as unfinished, sends nothing, and reports
    /// it to the shell on exit.
    pub(crate) fn shows_it_unfinished(&self, says: &str) {
        let mut pty = self.console("");
        pty.wait_for_text("Unfinished work");
        pty.wait_for_text("ACME-4471 red #");
        pty.wait_for_text(says);
        pty.wait_for_text("! 1 key unfinished");
        pty.send("\x1b");
        pty.wait_for("the views", |screen| !screen.contents().contains("Unfinished work"));
        pty.send("q");
        if says.starts_with("it may exist") {
            assert_eq!(pty.exit_code(), 7, "{}", pty.text());
            pty.wait_for_text("onramp: in doubt: key ACME-4471 red #");
        } else {
            assert_eq!(pty.exit_code(), 0, "{}", pty.text());
        }
    }

    pub(crate) fn has_nothing_unfinished(&self) {
        let mut pty = self.console("");
        pty.wait_for_text("service keys. 127.0.0.1");
        assert!(!pty.text().contains("Unfinished"), "{}", pty.text());
        pty.send("q");
        assert_eq!(pty.exit_code(), 0);
    }

    /// No key is in clear in any file.
    pub(crate) fn keeps_no_key(&self) {
        fn walk(directory: &Path, read: &mut String) {
            for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    walk(&entry.path(), read);
                } else {
                    read.push_str(&std::fs::read_to_string(entry.path()).expect("text"));
                }
            }
        }
        let mut read = String::new();
        walk(self.state.path(), &mut read);
        assert!(read.contains("prepared"), "the journal is there");
        for key in self.simulator.keys() {
            let key = key["key"].as_str().expect("a key");
            assert!(!read.contains(key), "a key is in a file");
        }
    }
}

impl Drop for ConsoleRig {
    fn drop(&mut self) {
        // The simulator's tasks live in it.
        let _inside = self.runtime.enter();
    }
}

#[test]
fn k0_before_anything_is_written_nothing_happened() {
    let rig = ConsoleRig::new();
    rig.killed_at("K0");
    rig.has_nothing_unfinished();
    assert_eq!((rig.posts(), rig.keys()), (0, 0));
}

#[test]
fn k1_confirmed_unsent_order_is_offered_and_not_sent_unasked() {
    let rig = ConsoleRig::new();
    rig.killed_at("K1");
    rig.shows_it_unfinished("confirmed, never sent: no key was created");
    assert_eq!((rig.posts(), rig.keys()), (0, 0));
}

#[test]
fn k1_unsent_order_is_sent_by_the_user_with_its_tag_and_once() {
    let rig = ConsoleRig::new();
    rig.killed_at("K1");
    let mut pty = rig.console("");
    pty.wait_for_text("confirmed, never sent");
    pty.wait_for_text("! 1 key unfinished");
    pty.send("\r");
    pty.wait_for_text("Not sent yet");
    pty.send("s");
    pty.wait_for_text("y = send");
    assert_eq!(rig.posts(), 0);
    pty.send("y");
    pty.wait_for_text("Key created");
    hand_over(&mut pty);
    pty.wait_for("the views", |screen| !screen.contents().contains("Key created"));
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
    rig.has_nothing_unfinished();
    assert_eq!((rig.posts(), rig.keys()), (1, 1));
}

#[test]
fn k2_what_was_about_to_leave_is_looked_for_and_not_sent_again() {
    let rig = ConsoleRig::new();
    rig.killed_at("K2");
    rig.shows_it_unfinished("it may exist: not found in");
    assert_eq!((rig.posts(), rig.keys()), (0, 0));
}

#[test]
fn k3_partly_sent_request_created_nothing_and_is_kept() {
    let mut rig = ConsoleRig::new();
    let gate = Gate::open(&rig.simulator.address().to_string(), "POST /v2/service/key");
    rig.api = gate.url();
    let pty = rig.confirmed("");
    gate.wait_until_it_holds_one(|| pty.text());
    kill("KILL", pty.pid());
    assert_ne!(pty.exit_code(), 0, "it was killed");
    gate.hold_no_more();
    rig.shows_it_unfinished("it may exist: not found in");
    assert_eq!((rig.posts(), rig.keys()), (0, 0));
}

#[test]
fn k4_unawaited_request_created_nothing_and_is_kept() {
    let rig = ConsoleRig::new();
    rig.simulator.push_fault(Fault::new(POST, Act::Hang).commit(Commit::Never));
    let pty = rig.confirmed("");
    rig.wait_for_the_request(&pty);
    kill("KILL", pty.pid());
    rig.shows_it_unfinished("it may exist: not found in");
    assert_eq!((rig.posts(), rig.keys()), (1, 0));
}

#[test]
fn k4_key_with_lost_reply_is_found_by_tag_and_shown_first() {
    let rig = ConsoleRig::new();
    rig.simulator.push_fault(Fault::new(POST, Act::Hang).commit(Commit::Before));
    let pty = rig.confirmed("");
    rig.wait_for_the_request(&pty);
    kill("KILL", pty.pid());
    rig.shows_the_key_first("Created before the restart");
    rig.keeps_no_key();
}

#[test]
fn k5_and_k6_a_key_that_was_made_and_not_shown_is_shown_first() {
    for point in ["K5", "K6"] {
        let rig = ConsoleRig::new();
        rig.killed_at(point);
        rig.shows_the_key_first("Created before the restart");
        rig.keeps_no_key();
    }
}

#[test]
fn k7_key_with_an_unclosed_card_is_shown_again() {
    let rig = ConsoleRig::new();
    let pty = rig.confirmed("");
    pty.wait_for_text("Key created");
    kill("KILL", pty.pid());
    assert_ne!(pty.exit_code(), 0);
    rig.shows_the_key_first("Created before the restart");
    rig.keeps_no_key();
}

#[test]
fn k8_a_death_while_the_terminal_is_given_back_loses_nothing() {
    let rig = ConsoleRig::new();
    let mut pty = rig.confirmed("K8");
    pty.wait_for_text("Key created");
    hand_over(&mut pty);
    pty.wait_for("the views", |screen| !screen.contents().contains("Key created"));
    pty.send("q");
    assert_ne!(pty.exit_code(), 0, "it was killed");
    rig.has_nothing_unfinished();
    assert_eq!((rig.posts(), rig.keys()), (1, 1));
}

#[test]
fn k8_a_card_that_was_open_then_is_shown_again() {
    let rig = ConsoleRig::new();
    let pty = rig.confirmed("K8");
    pty.wait_for_text("Key created");
    kill("TERM", pty.pid());
    assert_ne!(pty.exit_code(), 0, "it was killed");
    rig.shows_the_key_first("Created before the restart");
    rig.keeps_no_key();
}

/// Returns a console that disables the first key of the list.
fn switching_off(rig: &ConsoleRig) -> Pty {
    let mut pty = rig.console("");
    pty.wait_for_text("service keys. 127.0.0.1");
    pty.send("3g");
    pty.wait_for_text("D disable");
    pty.send("D");
    pty.wait_for_text("Disable?");
    pty.wait_for_text("y = confirm");
    pty.send("y");
    pty
}

fn puts(rig: &ConsoleRig) -> usize {
    rig.simulator.count("PUT", "/v2/service/key")
}

#[test]
fn unconfirmed_change_is_shown_first_with_the_present_key() {
    for (commit, now) in [(Commit::Before, "Now: disabled"), (Commit::Never, "Now: active")] {
        let rig = ConsoleRig::new();
        rig.simulator.push_fault(Fault::new("PUT /v2/service/key", Act::Hang).commit(commit));
        let pty = switching_off(&rig);
        pty.wait_for_text("sent; waiting for the reply");
        let mut patience = 2_000;
        while puts(&rig) == 0 {
            pty.pause(std::time::Duration::from_millis(5));
            patience -= 1;
            assert!(patience > 0, "no request came. The screen:\n{}", pty.text());
        }
        kill("KILL", pty.pid());
        let mut pty = rig.console("");
        pty.wait_for_text("Unfinished work");
        pty.wait_for_text("requested: active → disabled");
        pty.wait_for_text(now);
        pty.send("\r");
        pty.wait_for_text("Seen and closed:");
        pty.send("q");
        assert_eq!(pty.exit_code(), 0);
        rig.has_nothing_unfinished();
        assert_eq!(puts(&rig), 1, "nothing is sent again by itself");
    }
}
