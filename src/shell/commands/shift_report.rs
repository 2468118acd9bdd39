//! `onramp report shift`: a file for the next shift.

use std::path::Path;

use crate::{
    domain::{
        drift,
        key_usage::{Remembered, Survey},
        shift_report::Shift,
        text::SafeText,
    },
    shell::{
        account::AccountSelection,
        exit::ExitError,
        stdio::{self},
        store::{exports::write_text, journal, permissions::path_text},
    },
};

use super::session::{ReadSession, exit_error};

/// Writes the shift report into `out`, or into a new file in the state directory, and
/// prints its path.
pub async fn write_shift_report(
    wanted: &AccountSelection,
    out: Option<&Path>,
) -> Result<(), ExitError> {
    let mut session = ReadSession::open(wanted).await?;
    let (inventory, unread) =
        session.read_inventory().await.map_err(|failure| exit_error(&failure))?;
    let journal = journal::read(&session.journal);
    let made = Remembered::of_ledger(&journal.ledger);
    let drifted = drift::of_ledger(&inventory, &journal.ledger);
    let complete = unread.into_exit(journal.trouble);
    let shift = Shift {
        whose: session.whose.clone(),
        survey: Survey {
            inventory: &inventory,
            remembered: &made,
            drifted: &drifted,
            unread: unread.keys,
            now: session.now(),
        },
        made: made.values().collect(),
        open: journal.ledger.open().collect(),
        changes: journal.ledger.changes(),
        lost: journal.ledger.lost().len(),
        missing: complete.as_ref().err().map(|why| SafeText::clean(&why.to_string())),
    };
    let path = write_text(out, &shift.markdown(), session.now())?;
    stdio::print_stdout(&format!("{}\n", path_text(&path)))?;
    complete
}
