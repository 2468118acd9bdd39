//! Checks this host: the terminal, the process, the configuration, the secret stores.

use std::{io::IsTerminal as _, path::Path};

use crate::{
    domain::{
        refresh_policy::{Feed, REQUESTS_PER_WINDOW, RESERVE, UserActivity},
        text::SafeText,
    },
    shell::{
        account::{
            self,
            config::{self, Config, Store},
            credentials::StoreError,
        },
        console::capabilities,
        exit::ExitError,
        process_hardening,
        store::permissions::path_text,
    },
};

use super::report::{Mark, Report};

#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Reports the terminal, as far as it states its capabilities.
pub(super) fn check_terminal(report: &mut Report) {
    let theme = capabilities::theme(false);
    let term = variable("TERM").unwrap_or_else(|| "TERM is not set".to_owned());
    let mut says = vec![SafeText::clean(&term).to_string()];
    says.push(if theme.colour { "colours" } else { "no colours" }.to_owned());
    says.push(if theme.ascii { "ASCII only" } else { "UTF-8" }.to_owned());
    if let Ok((columns, rows)) = crossterm::terminal::size() {
        says.push(format!("{columns}x{rows}"));
    }
    if variable("SSH_CONNECTION").is_some() {
        says.push("over SSH".to_owned());
    }
    let is_one = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !is_one {
        says.push("input or output is not a terminal here".to_owned());
    }
    report.add(if is_one { Mark::Well } else { Mark::Note }, "terminal", says.join(", "));
}

/// Reports what other processes can read of this one.
pub(super) fn check_process(report: &mut Report) {
    let (mark, says) = match process_hardening::is_hardened() {
        Some(true) => (Mark::Well, "no core dumps, memory closed to programs of the same user"),
        Some(false) => (Mark::Bad, "this system lets other programs read the memory of onramp"),
        None => (Mark::Note, "this system does not report who can read the memory of onramp"),
    };
    report.add(mark, "process", says);
}

/// Reports how often the console sends requests unasked.
pub(super) fn report_request_budget(report: &mut Report) {
    let every = |presence| {
        Feed::Products.period(presence).map_or(0, |period: std::time::Duration| period.as_secs())
    };
    let (looking, idle) = (every(UserActivity::Looking), every(UserActivity::Idle));
    let by_itself = REQUESTS_PER_WINDOW - RESERVE;
    let says = format!(
        "at most {REQUESTS_PER_WINDOW} a minute, {by_itself} of them in the background; on-ramps \
         every {looking} s while the user is active, every {idle} s when idle, then none"
    );
    report.add(Mark::Note, "requests", says);
}

/// Reports `config.toml` and its permissions.
pub(super) fn check_config(report: &mut Report, config: &Result<Config, ExitError>) {
    let Some(path) = config::path() else {
        return report.add(Mark::Bad, "config", "no directory for it: set ONRAMP_CONFIG_DIR");
    };
    match config {
        Err(error) => report.add(Mark::Bad, "config", error.to_string()),
        Ok(_) if !path.exists() => {
            report.add(Mark::Note, "config", format!("{} does not exist yet", path_text(&path)));
        }
        Ok(config) => {
            let profiles = match config.profiles.len() {
                1 => "1 profile".to_owned(),
                count => format!("{count} profiles"),
            };
            let says = format!("{}{}, {profiles}", path_text(&path), mode_text(&path));
            report.add(Mark::Well, "config", says);
        }
    }
}

#[cfg(unix)]
pub(super) fn mode_text(path: &Path) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let of = |path: &Path| path.metadata().map_or(0, |facts| facts.permissions().mode() & 0o7777);
    let above = path.parent().map_or(0, of);
    format!(" ({:04o} in {above:04o})", of(path))
}

#[cfg(not(unix))]
pub(super) fn mode(_: &Path) -> String {
    String::new()
}

/// Reports the stores that could keep a secret, tested by writing.
pub(super) async fn check_stores(report: &mut Report) {
    let stores = [(Store::Keyring, "keyring"), (Store::Kernel, "kernel")];
    for (store, label) in stores {
        let tried = match account::open_vault(&store) {
            Ok(vault) => account::wait_for_store(&vault, vault.probe()).await,
            Err(trouble) => Err(trouble),
        };
        match tried {
            Ok(()) => report.add(Mark::Well, label, "unlocked, can store secrets"),
            Err(trouble) => report.add(Mark::Note, label, describe_error(&trouble)),
        }
    }
}

/// Describes the outcome by its word, with the store's message.
pub(super) fn describe_error(trouble: &StoreError) -> String {
    match trouble {
        StoreError::Absent(why) | StoreError::Denied(why) => format!("{}: {why}", trouble.word()),
        StoreError::Locked | StoreError::NoEntry | StoreError::TimedOut => {
            trouble.word().to_owned()
        }
    }
}
