//! `onramp doctor`: one block that can be pasted into a ticket. It shows no
//! secret, and only the end of a client id.

mod account;
mod clipboard;
mod files;
mod host;
mod network;
mod report;

use report::Report;

use crate::shell::{
    account::{AccountSelection, config::Config},
    exit::ExitError,
    stdio,
};

/// Checks everything the console needs, and reports its state.
pub async fn run_doctor(wanted: &AccountSelection) -> Result<(), ExitError> {
    let mut report = Report::default();
    let config = Config::load();
    host::check_terminal(&mut report);
    let own = config.as_ref().is_ok_and(|config| config.copy_command.is_some());
    clipboard::check_clipboard(&mut report, own).await;
    host::check_process(&mut report);
    host::report_request_budget(&mut report);
    host::check_config(&mut report, &config);
    files::check_files(&mut report, config.as_ref().ok());
    host::check_stores(&mut report).await;
    if let Ok(config) = &config {
        let found = account::check_account(&mut report, wanted, config).await;
        network::check_network(&mut report, config, found).await;
    }
    stdio::print_stdout(&report.text())?;
    report.exit_result()
}
