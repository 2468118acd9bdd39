//! A program of the user's that prints the secret: `op`, `pass`, `vault`.

use std::{io::Read as _, path::Path, process::Stdio, sync::mpsc, time::Duration};

use process_wrap::std::ChildWrapper;
use secrecy::{SecretString, zeroize::Zeroizing};

use crate::{
    api::account::Store,
    shell::{child, stdio::error_text},
};

use super::{SecretName, SecretStore, StoreError};

/// The most that is read of its output.
const OUTPUT_MAX_BYTES: u64 = 64 << 10;

/// A program and its arguments, run without a shell. The first line it prints
/// is the secret.
#[derive(Debug, Clone)]
pub struct Command {
    words: Vec<String>,
    patience: Duration,
}

impl Command {
    /// Returns a command by its words; the first one is an absolute path.
    pub fn new(words: &[String]) -> Result<Self, &'static str> {
        match words.first() {
            Some(program) if Path::new(program).is_absolute() => {
                Ok(Self { words: words.to_vec(), patience: Store::PROGRAM_PATIENCE })
            }
            Some(_) => Err("expected an absolute path: onramp does not search PATH for a program"),
            None => Err("expected a program and its arguments"),
        }
    }

    fn start(&self) -> Result<Box<dyn ChildWrapper>, StoreError> {
        let Some((program, arguments)) = self.words.split_first() else {
            return Err(StoreError::absent("no command"));
        };
        let mut process = child::command(program, arguments);
        process.command_mut().stdin(Stdio::null()).stdout(Stdio::piped());
        process.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                StoreError::absent(&format!("{program}: {}", error_text(&error)))
            }
            _ => StoreError::denied(&format!("{program}: {}", error_text(&error))),
        })
    }
}

/// Reports that only the user can change it.
fn not_writable<T>() -> Result<T, StoreError> {
    Err(StoreError::denied("the secret is stored by the program that prints it"))
}

impl SecretStore for Command {
    fn name(&self) -> &'static str {
        "a command"
    }

    fn meaning(&self) -> &'static str {
        "stored by your own program; onramp stores nothing"
    }

    fn patience(&self) -> Duration {
        // The thread of the call ends the program; this is for the rest.
        self.patience + Duration::from_secs(1)
    }

    fn get(&self, _: &SecretName) -> Result<SecretString, StoreError> {
        let mut child = self.start()?;
        let out = child.stdout().take();
        let (send, receive) = mpsc::channel();
        let read = move || {
            let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
            let read = out.map(|out| out.take(OUTPUT_MAX_BYTES).read_to_end(&mut bytes));
            drop(send.send(read.is_some_and(|read| read.is_ok()).then_some(bytes)));
        };
        let reader = std::thread::Builder::new().name("secret-command".into()).spawn(read);
        let bytes = match reader {
            Ok(_) => receive.recv_timeout(self.patience),
            Err(_) => Err(mpsc::RecvTimeoutError::Disconnected),
        };
        let Ok(Some(bytes)) = bytes else {
            drop(child.kill());
            drop(child.wait());
            return Err(StoreError::TimedOut);
        };
        let status = child.wait().map_err(|error| StoreError::denied(&error_text(&error)))?;
        if !status.success() {
            return Err(StoreError::denied(&format!(
                "the command ended with {status}; run it by hand"
            )));
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| StoreError::denied("not UTF-8 text"))?;
        let line = text.lines().next().unwrap_or_default().trim();
        if line.is_empty() { Err(StoreError::NoEntry) } else { Ok(SecretString::from(line)) }
    }

    fn set(&self, _: &SecretName, _: &SecretString) -> Result<(), StoreError> {
        not_writable()
    }

    fn delete(&self, _: &SecretName) -> Result<(), StoreError> {
        not_writable()
    }

    fn probe(&self) -> Result<(), StoreError> {
        self.get(&SecretName::probe()).map(drop)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    fn run(words: &[&str], patience: Duration) -> Result<String, StoreError> {
        let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        let mut command = Command::new(&words).expect("an absolute path");
        command.patience = patience;
        command.get(&SecretName::probe()).map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn first_output_line_is_the_secret_and_no_shell_is_used() {
        assert_eq!(
            run(&["/bin/echo", "$HOME; a"], Store::PROGRAM_PATIENCE),
            Ok("$HOME; a".to_owned())
        );
        assert_eq!(
            run(&["/usr/bin/printf", "one\\ntwo\\n"], Store::PROGRAM_PATIENCE),
            Ok("one".to_owned())
        );
    }

    #[test]
    fn failing_missing_silent_and_hanging_programs_differ() {
        assert_eq!(run(&["/bin/true"], Store::PROGRAM_PATIENCE), Err(StoreError::NoEntry));
        let failed = run(&["/bin/false"], Store::PROGRAM_PATIENCE);
        assert!(matches!(&failed, Err(StoreError::Denied(why)) if why.as_str().contains('1')));
        let missing = run(&["/nonexistent/program"], Store::PROGRAM_PATIENCE);
        assert!(matches!(missing, Err(StoreError::Absent(_))));
        let hung = run(&["/bin/sh", "-c", "exec tail -f /dev/null"], Duration::from_millis(50));
        assert_eq!(hung, Err(StoreError::TimedOut));
    }

    #[test]
    fn a_program_is_named_by_an_absolute_path() {
        assert!(Command::new(&["pass".to_owned()]).is_err());
        assert!(Command::new(&["./pass".to_owned()]).is_err());
        assert!(Command::new(&[]).is_err());
    }
}
