//! `onramp doctor`: one block that can be pasted into a ticket. It shows no
//! secret, and only the end of a client id.

mod account;
mod clipboard;
mod files;
mod here;
mod line;
mod report;

use report::Report;

use crate::shell::{
    account::{AccountSelection, config::Config},
    exit::ExitError,
    stdio,
};

/// Looks at everything the console needs, and says how it is.
pub async fn doctor(wanted: &AccountSelection) -> Result<(), ExitError> {
    let mut report = Report::default();
    let config = Config::load();
    here::terminal(&mut report);
    let own = config.as_ref().is_ok_and(|config| config.copy_command.is_some());
    clipboard::look(&mut report, own).await;
    here::process(&mut report);
    here::politeness(&mut report);
    here::config(&mut report, &config);
    files::look(&mut report, config.as_ref().ok());
    here::stores(&mut report).await;
    if let Ok(config) = &config {
        let found = account::look(&mut report, wanted, config).await;
        line::look(&mut report, config, found).await;
    }
    stdio::print_stdout(&report.text())?;
    report.verdict()
}
