//! `onramp handover`: a file for the next shift.

use std::path::{Path, PathBuf};

use crate::{
    domain::{
        drift,
        handover::Shift,
        key_usage::{Remembered, Survey},
        text::SafeText,
        time::Timestamp,
    },
    shell::{
        account::AccountSelection,
        exit::Ending,
        journal,
        private::{self, shown},
        say,
        say::words_of,
        state,
    },
};

use super::asker::{Asker, failed};

/// Writes the hand-over into `out`, or into a new file in the state directory,
/// and prints its path.
pub async fn handover(wanted: &AccountSelection, out: Option<&Path>) -> Result<(), Ending> {
    let mut asker = Asker::open(wanted).await?;
    let (inventory, unread) = asker.everything().await.map_err(|failure| failed(&failure))?;
    let journal = journal::read(&asker.journal);
    let made = Remembered::of_ledger(&journal.ledger);
    let drifted = drift::of_ledger(&inventory, &journal.ledger);
    let complete = unread.ending(journal.trouble);
    let shift = Shift {
        whose: asker.whose.clone(),
        survey: Survey {
            inventory: &inventory,
            remembered: &made,
            drifted: &drifted,
            unread: unread.keys,
            now: asker.now(),
        },
        made: made.values().collect(),
        open: journal.ledger.open().collect(),
        changes: journal.ledger.changes(),
        lost: journal.ledger.lost().len(),
        missing: complete.as_ref().err().map(|why| SafeText::clean(&why.to_string())),
    };
    let path = keep(out, &shift.markdown(), asker.now())?;
    say::print(&format!("{}\n", shown(&path)))?;
    complete
}

/// Writes `text` into a file that was not there; its path.
pub fn keep(out: Option<&Path>, text: &str, now: Timestamp) -> Result<PathBuf, Ending> {
    let path = match out {
        Some(path) => path.to_owned(),
        None => state::open().map_err(Ending::Failed)?.join(name("handover", now, "md")),
    };
    create(path, text)
}

/// Writes `text` into a new file that only this user may read.
pub(super) fn create(path: PathBuf, text: &str) -> Result<PathBuf, Ending> {
    match private::create(&path, text) {
        Ok(()) => Ok(path),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(Ending::Failed(format!("{} is there already, and stays as it is", shown(&path))))
        }
        Err(error) => Err(Ending::Failed(format!("{}: {}", shown(&path), words_of(&error)))),
    }
}

/// `handover-20261124-130900.md`.
pub(super) fn name(what: &str, now: Timestamp, end: &str) -> String {
    let digits = crate::domain::words::iso(now).unwrap_or_default();
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let (day, time) = digits.split_at(digits.len().min(8));
    format!("{what}-{day}-{time}.{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_for_this_user_only_and_never_over_another_one() {
        let directory = tempfile::tempdir().expect("a directory");
        let (path, link) = (directory.path().join("a.md"), directory.path().join("link.md"));
        let now = Timestamp::from_millis(1_752_109_200_000);
        assert_eq!(name("handover", now, "md"), "handover-20250710-010000.md");
        assert_eq!(keep(Some(&path), "one", now).expect("written"), path);
        let again = keep(Some(&path), "two", now).expect_err("there already");
        assert!(again.to_string().contains("stays as it is"), "{again}");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "one");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            std::os::unix::fs::symlink(directory.path().join("elsewhere"), &link).expect("a link");
            assert!(keep(Some(&link), "three", now).is_err(), "no link is followed");
            assert!(!directory.path().join("elsewhere").exists());
        }
    }
}
