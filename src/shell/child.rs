//! Programs that this one runs: by their absolute path, without a shell, without our
//! credentials, and away from our terminal.
//!
//! A child that shared the terminal could take the keys that are typed into the
//! console, draw over it, or stop it with a signal of the terminal. So each one has a
//! session of its own, which has no terminal at all. A program that asks the user does
//! so by a window or an agent of its own.

use std::{ffi::OsString, process::Stdio};

use process_wrap::{std::CommandWrap, tokio::CommandWrap as AsyncCommandWrap};

/// Returns a child that is waited for by a thread.
pub(super) fn command(program: &str, arguments: &[String]) -> CommandWrap {
    let mut command = CommandWrap::with_new(program, |command| {
        isolate_child(command.args(arguments));
    });
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessSession);
    command
}

/// Returns a child that is waited for by a task, and ends with it.
pub(super) fn async_command(program: &std::path::Path, arguments: &[&str]) -> AsyncCommandWrap {
    let mut command = AsyncCommandWrap::with_new(program, |command| {
        isolate_child(command.args(arguments).kill_on_drop(true).as_std_mut());
    });
    #[cfg(unix)]
    command.wrap(process_wrap::tokio::ProcessSession);
    command
}

/// Detaches a child: its error output may quote a secret, and it must not get our
/// credentials.
fn isolate_child(command: &mut std::process::Command) {
    command.stderr(Stdio::null()).current_dir("/");
    let vendors = |(name, _): &(OsString, _)| {
        name.to_string_lossy().to_ascii_uppercase().starts_with("MEGAPORT_")
    };
    for (name, _) in std::env::vars_os().filter(vendors) {
        command.env_remove(name);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// The number of the session that a process is in, by its own word.
    const SESSION: &str = "ps -o sid= -p $$ 2>/dev/null || cut -d' ' -f6 /proc/$$/stat";

    #[test]
    fn a_child_has_a_session_of_its_own_and_no_terminal() {
        let says = format!("{SESSION}; ( : < /dev/tty ) 2>/dev/null || echo none");
        let mut child = command("/bin/sh", &["-c".to_owned(), says]);
        child.command_mut().stdin(Stdio::null()).stdout(Stdio::piped());
        let child = child.spawn().expect("a shell");
        let id = child.id().to_string();
        let said = child.wait_with_output().expect("it ends").stdout;
        let said = String::from_utf8_lossy(&said).into_owned();
        let words: Vec<_> = said.split_whitespace().collect();
        assert_eq!(words, [id.as_str(), "none"], "the leader of its session, without a terminal");
    }
}
