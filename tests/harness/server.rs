//! The simulator as a program of its own, for the tests of the program.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

/// `onramp simulator`, on a free port.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts it with more arguments.
    pub(crate) fn start_with(more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onramp"));
        command.args(["simulator", "--listen", "127.0.0.1:0"]).args(more).env_clear();
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the simulator starts");
        let out = child.stdout.take().expect("its output is ours");
        let mut lines = BufReader::new(out).lines();
        let mut line = || lines.next().expect("a line").expect("in UTF-8");
        let (url, id, secret) = (line(), line(), line());
        Self { child, url, id, secret }
    }

    /// Stops it, and frees its port.
    pub(crate) fn stop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    pub(crate) fn token_url(&self) -> String {
        format!("{}/oauth2/token", self.url)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
