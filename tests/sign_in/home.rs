//! A user's home with nothing in it, and programs run in it.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use crate::{harness::pty, server::Server};

/// The program under test.
pub(crate) const ONRAMP: &str = env!("CARGO_BIN_EXE_onramp");

/// A home, and what is set in it.
pub(crate) struct Home {
    directory: TempDir,
    variables: Vec<(String, String)>,
}

/// The result of a program.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) errors: String,
}

impl Home {
    /// Returns a home without a desktop.
    pub(crate) fn bare() -> Self {
        let directory = TempDir::new().expect("a directory");
        let path = variable("PATH");
        let mut home = Self { directory, variables: vec![] };
        for name in ["home", "run"] {
            std::fs::create_dir(home.path(name)).expect("made");
        }
        let run = home.path("run").display().to_string();
        std::process::Command::new("chmod").args(["700", &run]).status().expect("chmod");
        home.set("PATH", &path);
        home.set("LANG", "C.UTF-8");
        home.set("HOME", &home.path("home").display().to_string());
        home.set("XDG_RUNTIME_DIR", &run);
        home.set("ONRAMP_STATE_DIR", &home.path("state/onramp").display().to_string());
        home.set("ONRAMP_CACHE_DIR", &home.path("cache/onramp").display().to_string());
        home.set("ONRAMP_CONFIG_DIR", &home.config().display().to_string());
        home
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.unset(name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn unset(&mut self, name: &str) {
        self.variables.retain(|(other, _)| other != name);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.path("config/onramp")
    }

    /// Runs a program with `input` on its standard input.
    pub(crate) fn run(&self, program: &str, args: &[&str], input: &str) -> Ran {
        let mut command = Command::new(program);
        command.args(args).env_clear().envs(self.variables.iter().cloned());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        // A program that reads nothing closes it.
        drop(child.stdin.take().expect("ours").write_all(input.as_bytes()));
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ran { code: output.status.code(), out: text(&output.stdout), errors: text(&output.stderr) }
    }

    /// `onramp` with these arguments.
    pub(crate) fn onramp(&self, args: &[&str], input: &str) -> Ran {
        self.run(ONRAMP, args, input)
    }

    /// `onramp login` for the simulator, with the secret on standard input.
    pub(crate) fn login(&self, server: &Server, more: &[&str], secret: &str) -> Ran {
        let token = server.token_url();
        let mut args = vec!["login", "--profile", "lab", "--client-id", &server.id];
        args.extend(["--api-url", &server.url, "--token-url", &token]);
        args.extend(more);
        self.onramp(&args, &format!("{secret}\n"))
    }

    /// Returns the console or a prompt in a terminal.
    pub(crate) fn pty(&self, args: &[&str]) -> CommandBuilder {
        let mut command = pty::command(ONRAMP, args);
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command
    }

    /// Returns every file below, with its bytes.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fn walk(directory: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in std::fs::read_dir(directory).expect("listed") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    walk(&path, found);
                } else if path.is_file() {
                    let bytes = std::fs::read(&path).expect("read");
                    found.push((path, bytes));
                }
            }
        }
        let mut found = vec![];
        walk(self.directory.path(), &mut found);
        found
    }
}

impl Ran {
    pub(crate) fn says(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        for word in words {
            let has = self.out.contains(word) || self.errors.contains(word);
            assert!(has, "{word:?} is not said: {self:?}");
        }
    }
}

/// Returns a variable of the environment that the tests run in.
#[expect(clippy::disallowed_methods, reason = "the tests start programs and know whether CI runs")]
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// Reports that a test was skipped, and why.
#[expect(clippy::print_stderr, reason = "the test's own words")]
pub(crate) fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// A session bus, with or without a keyring on it; ends with its value.
pub(crate) struct Desktop {
    session: Child,
}

impl Desktop {
    /// Starts one in `home`. `None` where the programs are missing, which in
    /// `.ci/run` is a failure.
    pub(crate) fn start(home: &mut Home, keyring: &str) -> Option<Self> {
        for program in ["dbus-run-session", "gnome-keyring-daemon", "secret-tool"] {
            let found = home.run("sh", &["-c", &format!("command -v {program}")], "");
            if found.code != Some(0) {
                assert!(variable("CI").is_empty(), "{program} is missing");
                skipped(&format!("{program} is missing"));
                return None;
            }
        }
        let script = format!("{keyring}\necho \"$DBUS_SESSION_BUS_ADDRESS\"; exec cat >/dev/null");
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "sh", "-c", &script]);
        command.env_clear().envs(home.variables.iter().cloned());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut session = command.spawn().expect("a session");
        let mut out = BufReader::new(session.stdout.take().expect("ours"));
        let mut address = String::new();
        out.read_line(&mut address).expect("an address");
        assert!(!address.trim().is_empty(), "the session did not start");
        home.set("DBUS_SESSION_BUS_ADDRESS", address.trim());
        Some(Self { session })
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // `cat` ends at the end of its input, and the session with it.
        drop(self.session.stdin.take());
        drop(self.session.wait());
    }
}

/// A keyring that was unlocked at login.
pub(crate) const OPEN: &str = "printf open | gnome-keyring-daemon --unlock --components=secrets \
                               --daemonize >/dev/null 2>&1";

/// A locked keyring.
pub(crate) const CLOSED: &str =
    "gnome-keyring-daemon --start --components=secrets --daemonize </dev/null >/dev/null 2>&1";
