//! The journey inside a real tmux: a terminal by other authors.

use std::{
    env,
    process::{Command, Output},
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

use crate::support::{ONRAMP, is_uuid};

/// The interval between two reads of the screen: tmux cannot report changes.
const LOOK: Duration = Duration::from_millis(30);

/// The number of reads before a test gives up: some 20 s.
const LOOKS: usize = 600;

/// A tmux server of its own, with one window.
struct Tmux {
    socket: String,
}

impl Tmux {
    /// Starts the demo in a window of `columns` by `rows`.
    fn start((columns, rows): (u16, u16)) -> Self {
        Self::running("demo", "off", (columns, rows))
    }

    /// Starts `onramp` with `words` under this `set-clipboard` option.
    fn running(words: &str, clipboard: &str, (columns, rows): (u16, u16)) -> Self {
        let name = words.split(' ').next().unwrap_or_default();
        let socket = format!("onramp-{}-{name}-{clipboard}-{columns}x{rows}", std::process::id());
        let tmux = Self { socket };
        let (columns, rows) = (columns.to_string(), rows.to_string());
        // Remains readable after the console has ended.
        let line = format!("'{ONRAMP}' {words}; echo EXIT $?; read wait");
        // The configuration of the user who runs this does not count.
        let args = [
            "-f",
            "/dev/null",
            "start-server",
            ";",
            "set",
            "-g",
            "status",
            "off",
            ";",
            "set",
            "-s",
            "set-clipboard",
            clipboard,
            ";",
        ];
        let window = ["new-session", "-d", "-x", &columns, "-y", &rows, &line];
        let output = tmux.run(&[&args[..], &window[..]].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        tmux
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new("tmux");
        command.args(["-u", "-L", &self.socket]).args(args);
        // Inside of the user's tmux this is another one.
        command.env_remove("TMUX").env_remove("NO_COLOR").env("SHELL", "/bin/sh");
        command.env("LANG", "C.UTF-8").env("ONRAMP_CONFIG_DIR", "/nonexistent/onramp");
        command.output().expect("tmux runs")
    }

    fn screen(&self) -> String {
        String::from_utf8_lossy(&self.run(&["capture-pane", "-p"]).stdout).into_owned()
    }

    fn send(&self, keys: &str) {
        self.run(&["send-keys", "-l", keys]);
    }

    fn press(&self, key: &str) {
        self.run(&["send-keys", key]);
    }

    fn wait_for(&self, what: &str, done: impl Fn(&str) -> bool) {
        let (nobody, never) = (Mutex::new(()), Condvar::new());
        for _ in 0..LOOKS {
            if done(&self.screen()) {
                return;
            }
            let held = nobody.lock().unwrap_or_else(PoisonError::into_inner);
            drop(never.wait_timeout(held, LOOK));
        }
        panic!("waited in vain for {what}. The screen:\n{}", self.screen());
    }

    fn wait_for_text(&self, text: &str) {
        self.wait_for(&format!("{text:?}"), |screen| screen.contains(text));
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

/// Returns whether tmux is there. Where the tests have to prove something it must be.
#[expect(clippy::print_stdout, reason = "a test that proves nothing should say so")]
#[expect(clippy::disallowed_methods, reason = "CI says so in the environment")]
fn is_there() -> bool {
    let there = Command::new("tmux").arg("-V").output().is_ok();
    if !there {
        println!("skipped: tmux is not installed (apt-get install tmux)");
        assert!(env::var_os("CI").is_none(), "tmux has to be installed here");
    }
    there
}

fn journey(size: (u16, u16)) {
    if !is_there() {
        return;
    }
    let tmux = Tmux::start(size);
    tmux.wait_for_text("15 service keys");
    tmux.send("G");
    tmux.wait_for_text("[DEMO] RW  USA");
    tmux.press("Enter");
    tmux.send("j");
    tmux.wait_for_text("USA > Los Angeles");
    tmux.press("Enter");
    tmux.send("j");
    tmux.wait_for_text("USA > Los Angeles > US-West");
    tmux.press("Enter");
    tmux.press("Down");
    tmux.wait_for_text("┌ Los Angeles 2 Port");
    tmux.press("Enter");
    tmux.wait_for_text("┌ Circuits 4");
    tmux.send("n");
    tmux.wait_for_text("New service key");
    tmux.send("ACME-4471 red");
    tmux.press("Enter");
    tmux.wait_for_text("y = create key");
    tmux.send("y");
    tmux.wait_for_text("Key created");
    tmux.wait_for("a whole key on the card", |screen| screen.split_whitespace().any(is_uuid));
    tmux.wait_for_text("Enter close");
    tmux.send("y");
    tmux.wait_for_text("opied to tmux only");
    tmux.press("Enter");
    tmux.wait_for_text("Tab other list");
    tmux.press("Tab");
    tmux.wait_for_text("Service keys 4");
    // Alone: tmux holds an escape back until it knows that nothing follows.
    tmux.press("Escape");
    tmux.wait_for_text("┌ On-ramps 2");
    tmux.send("q");
    tmux.wait_for_text("EXIT 0");
    assert!(!tmux.screen().contains('│'), "nothing of the console is left:\n{}", tmux.screen());
}

#[test]
fn the_doctor_asks_tmux_what_it_does_with_a_clipboard() {
    if !is_there() {
        return;
    }
    for (set, says) in [("external", "set-clipboard external"), ("off", "set-clipboard is off")] {
        let nowhere = "doctor --api-url http://127.0.0.1:1 --token-url http://127.0.0.1:1/t";
        let tmux = Tmux::running(nowhere, set, (160, 50));
        tmux.wait_for_text("EXIT ");
        let screen = tmux.screen();
        let line = |label: &str| {
            let is = |line: &&str| line.starts_with(&format!("--   {label} "));
            screen.lines().find(is).unwrap_or_else(|| panic!("no {label}:\n{screen}"))
        };
        assert!(line("tmux").contains(&format!("set-clipboard {set}, allow-passthrough")));
        let both = format!("{}\n{}", line("tmux"), line("clipboard"));
        assert!(both.contains(says) && both.contains("opied to tmux only"), "{both}");
    }
}

#[test]
fn the_journey_works_in_tmux_at_80x24() {
    journey((80, 24));
}

#[test]
fn the_journey_works_in_tmux_at_120x36() {
    journey((120, 36));
}
