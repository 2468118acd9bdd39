//! Writes one act into the audit, for commands: before the act, and waiting for the disk.

use std::time::Duration;

use tokio::{sync::mpsc, time::timeout};

use crate::{
    api::RequestId,
    domain::{audit::Act, time::Timestamp},
    shell::{
        exit::ExitError,
        stdio,
        store::audit::{Audit, AuditAccount, AuditReport, AuditSetting},
    },
};

/// The timeout of the disk.
const DISK_TIMEOUT: Duration = Duration::from_secs(10);

/// Audits `act` before it is done. If that fails and the audit is required, it must not
/// be done; else the failure is reported on standard error.
pub(in crate::shell) async fn record_act(
    place: AuditAccount,
    setting: AuditSetting,
    at: Timestamp,
    act: Act,
) -> Result<(), ExitError> {
    let (sender, mut reports) = mpsc::unbounded_channel();
    let audit = Audit::start(place, setting, 0, move |report| drop(sender.send(report)));
    audit.write(at, Box::new(act));
    audit.clear(RequestId(0));
    let answer = async {
        while let Some(report) = reports.recv().await {
            match report {
                AuditReport::Clear(_) => return Ok(()),
                AuditReport::NotClear(_, why) => return Err(why.to_string()),
                AuditReport::Event(_) => {}
            }
        }
        Err("the disk did not respond".to_owned())
    };
    let silent = || Err(format!("the disk did not respond within {} s", DISK_TIMEOUT.as_secs()));
    let written = timeout(DISK_TIMEOUT, answer).await.unwrap_or_else(|_| silent());
    audit.end("a list was requested");
    let Err(why) = written else { return Ok(()) };
    if setting.required {
        let says = format!("the audit log is required and cannot be written: {why}");
        return Err(ExitError::Failed(says));
    }
    stdio::print_stderr(&format!("onramp: the audit log cannot be written: {why}.\n"));
    Ok(())
}
