//! Runs a program that copies: by its absolute path, without a shell, without
//! our credentials, and never for long.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use process_wrap::tokio::CommandWrap;
use secrecy::zeroize::Zeroizing;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout,
};

use crate::shell::{child, stdio::error_text};

/// The timeout of a program of this host.
pub(super) const RUN_TIMEOUT: Duration = Duration::from_secs(2);

/// The most that is read of what a program prints.
const OUTPUT_MAX_BYTES: u64 = 256 << 10;

/// Returns a program on the path, by its absolute name only: nothing is run from the
/// directory one happens to be in.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
pub(super) fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .filter(|directory| directory.is_absolute())
        .map(|directory| directory.join(name))
        .find(|file| file.is_file())
}

/// A program, its arguments, and how long it may take.
#[derive(Debug, Clone)]
pub(super) struct Program<'a> {
    /// Its absolute path.
    pub(super) path: &'a Path,
    /// Its arguments: never a text to copy, which every process could read.
    pub(super) arguments: &'a [&'a str],
    /// After this it is ended.
    pub(super) limit: Duration,
}

impl Program<'_> {
    /// Gives it `input` and waits for its end; returns why it failed, if it did. Its
    /// output is discarded: a program that stays in the background to serve the text
    /// would keep a pipe open.
    pub(super) async fn run_with_input(&self, input: &str) -> Result<(), String> {
        let mut command = self.command(Stdio::piped(), Stdio::null());
        let work = async {
            let mut child = command.spawn().map_err(|error| self.failed(&error))?;
            if let Some(mut pipe) = child.stdin().take() {
                // A program that does not read to the end reports that by its exit
                // code.
                let _unread = pipe.write_all(input.as_bytes()).await;
            }
            let status = child.wait().await.map_err(|error| self.failed(&error))?;
            if status.success() {
                Ok(())
            } else {
                Err(format!("{} ended with {status}", self.name()))
            }
        };
        timeout(self.limit, work).await.unwrap_or_else(|_| Err(self.too_long()))
    }

    /// Returns its whole output; `None` if it fails or does not end.
    pub(super) async fn run_for_output(&self) -> Option<Zeroizing<Vec<u8>>> {
        let mut command = self.command(Stdio::null(), Stdio::piped());
        let work = async {
            let mut child = command.spawn().ok()?;
            let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
            child.stdout().take()?.take(OUTPUT_MAX_BYTES).read_to_end(&mut bytes).await.ok()?;
            child.wait().await.ok()?.success().then_some(bytes)
        };
        timeout(self.limit, work).await.ok()?
    }

    fn command(&self, stdin: Stdio, stdout: Stdio) -> CommandWrap {
        let mut command = child::async_command(self.path, self.arguments);
        command.command_mut().stdin(stdin).stdout(stdout);
        command
    }

    fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        name.to_string_lossy().into_owned()
    }

    fn failed(&self, error: &std::io::Error) -> String {
        format!("{} could not be run: {}", self.name(), error_text(&error))
    }

    fn too_long(&self) -> String {
        format!("{} took longer than {} s", self.name(), self.limit.as_secs())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn sh<'a>(arguments: &'a [&'a str], limit: Duration) -> Program<'a> {
        Program { path: Path::new("/bin/sh"), arguments, limit }
    }

    #[tokio::test]
    async fn program_gets_text_without_credentials_and_exit_code_counts() {
        let exact = "test \"$(cat; echo .)\" = 'the key.' && ! env | grep -q ^MEGAPORT_";
        assert_eq!(sh(&["-c", exact], RUN_TIMEOUT).run_with_input("the key").await, Ok(()));
        let ended = sh(&["-c", "exit 3"], RUN_TIMEOUT).run_with_input("the key").await;
        assert!(ended.is_err_and(|why| why.starts_with("sh ended with") && why.contains('3')));
        let missing =
            Program { path: Path::new("/nonexistent/copy"), arguments: &[], limit: RUN_TIMEOUT };
        assert!(
            missing.run_with_input("").await.is_err_and(|why| why.contains("could not be run"))
        );
    }

    #[tokio::test]
    async fn hanging_program_is_killed_and_background_one_not_awaited() {
        let limit = Duration::from_millis(100);
        let hangs = sh(&["-c", "exec tail -f /dev/null"], limit);
        assert!(hangs.run_with_input("the key").await.is_err_and(|why| why.contains("longer")));
        assert!(hangs.run_for_output().await.is_none());
        let stays =
            ["-c", "cat > /dev/null; (exec 9>&1; exec tail -f /dev/null --pid $$) & exit 0"];
        assert_eq!(sh(&stays, RUN_TIMEOUT).run_with_input("the key").await, Ok(()));
    }

    #[tokio::test]
    async fn what_a_program_prints_is_read_whole() {
        let said = sh(&["-c", "printf 'a\\nb'"], RUN_TIMEOUT).run_for_output().await;
        assert_eq!(said.as_deref().map(Vec::as_slice), Some(&b"a\nb"[..]));
        assert!(sh(&["-c", "echo a; exit 1"], RUN_TIMEOUT).run_for_output().await.is_none());
    }
}
