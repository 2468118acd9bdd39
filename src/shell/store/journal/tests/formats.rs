//! Programs of two formats on one account.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, flock};

use crate::shell::store::journal::{file::unix::media, line, session::file};

use super::*;

const ACCOUNT: &str = "demo";

/// Lines of format 1, as the first edition wrote them: intent 1 was sent twice
/// and is in doubt, intent 2 was confirmed and never sent, intent 3 is made and
/// seen.
fn lines_of_format_1() -> Vec<String> {
    let prepared = |id: u64| {
        let text = record_text(&record(id, JournalStep::Prepared(Box::new(intent(id)))));
        assert!(!text.contains("session") && !text.contains("attempt"), "{text}");
        text
    };
    let step =
        |id: u64, rest: &str| format!(r#"{{"at":1796253060000,"intent":"{id:016x}",{rest}}}"#);
    vec![
        prepared(1),
        step(1, r#""step":"sending""#),
        step(1, r#""step":"unknown""#),
        step(1, r#""step":"sending""#),
        prepared(2),
        prepared(3),
        step(3, r#""step":"sending""#),
        step(3, r#""step":"created","key":"00000003""#),
        step(3, r#""step":"acknowledged""#),
    ]
}

fn record_text(record: &Record) -> String {
    crate::shell::store::journal::record::write(
        &crate::shell::store::journal::record::Entry::Record(record.clone()),
        record.at,
    )
}

fn bytes(lines: &[String]) -> Vec<u8> {
    (1..).zip(lines).flat_map(|(n, json)| line::format_line(n, json).expect("short")).collect()
}

/// Writes a file of the account, and returns its path.
fn write_file(directory: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let path = directory.join(name);
    fs::write(&path, bytes).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("ours");
    path
}

fn open(directory: &Path, mode: Mode) -> JournalFile {
    let media = media(directory, ACCOUNT, mode).expect("opened");
    let start = || file::File::start(directory, "journal-v2-demo").expect("started");
    let session = (mode == Mode::ReadWrite).then(|| Box::new(start()) as Box<dyn Sessions>);
    JournalFile::open(media, session, mode)
}

#[test]
fn unfinished_intents_of_the_old_format_move_to_a_new_file() {
    let top = tempfile::tempdir().expect("a directory");
    let old = bytes(&lines_of_format_1());
    let path = write_file(top.path(), "journal-demo", &old);
    let mut book = open(top.path(), Mode::ReadWrite);
    book.check_writable().expect("it can be written to");
    let standing = |book: &JournalFile, id| {
        let standing = book.ledger().get(IntentId(id)).expect("known").clone();
        (standing.state, standing.attempts)
    };
    assert_eq!(standing(&book, 1), (State::Sending, 2), "counted in file order");
    assert_eq!(standing(&book, 2), (State::Prepared, 0));
    assert_eq!(standing(&book, 3), (State::Acknowledged(Fingerprint(3)), 1));
    assert_eq!(book.damaged(), 0);
    // It is settled, sent, and sent again in the new file only.
    assert_eq!(book.record(&record(1, JournalStep::Unknown).about(2)), Ok(false));
    assert!(book.begin_attempt(&intent(1), 2, THEN).is_err(), "attempt 2 has left already");
    book.begin_attempt(&intent(1), 3, THEN).expect("a person asked for it");
    book.begin_attempt(&intent(2), 1, THEN).expect("a person asked for that, too");
    assert_eq!(fs::read(&path).expect("read"), old, "never written to again");
    drop(book);
    let again = open(top.path(), Mode::ReadOnly);
    assert_eq!(standing(&again, 1), (State::Sending, 3));
    assert_eq!(standing(&again, 2), (State::Sending, 1));
}

#[test]
fn older_program_is_locked_out_while_this_console_runs() {
    let top = tempfile::tempdir().expect("a directory");
    let path = write_file(top.path(), "journal-demo", &bytes(&lines_of_format_1()));
    let yesterday = fs::OpenOptions::new().append(true).open(&path).expect("left open");
    let locked = || {
        let locked = flock(&yesterday, FlockOperation::NonBlockingLockExclusive).is_ok();
        let _ = flock(&yesterday, FlockOperation::Unlock);
        locked
    };
    assert!(locked());
    let reader = open(top.path(), Mode::ReadOnly);
    assert!(locked(), "a console that only reads keeps nobody out");
    drop(reader);
    let one = open(top.path(), Mode::ReadWrite);
    let mut other = open(top.path(), Mode::ReadWrite);
    other.check_writable().expect("two consoles of this format share it");
    assert!(!locked(), "it writes no line without the lock, and sends nothing without its line");
    drop((one, other));
    assert!(locked());
}

#[test]
fn older_program_started_later_is_locked_out_at_next_line() {
    let top = tempfile::tempdir().expect("a directory");
    let mut book = open(top.path(), Mode::ReadWrite);
    book.begin_attempt(&intent(9), 1, THEN).expect("written");
    let path = write_file(top.path(), "journal-demo", &bytes(&lines_of_format_1()));
    let late = fs::OpenOptions::new().append(true).open(&path).expect("opened");
    assert_eq!(book.record(&created(9)), Ok(false));
    assert!(flock(&late, FlockOperation::NonBlockingLockExclusive).is_err());
    assert!(book.begin_attempt(&intent(1), 1, THEN).is_err(), "and what it has written is known");
}

/// Returns a file of format 3 by a program of tomorrow: intent 1 is in doubt.
fn lines_of_format_3() -> Vec<String> {
    let step = r#"{"at":1796253060000,"intent":"0000000000000001","attempt":1,"session":"7","step":"sending"}"#;
    let format = r#"{"at":1796253060000,"step":"format","version":3,"program":"onramp 9.9.0"}"#;
    let strange = r#"{"at":1796253060000,"intent":"0000000000000001","step":"leased"}"#;
    let prepared = record_text(&record(1, JournalStep::Prepared(Box::new(intent(1)))));
    vec![format.to_owned(), prepared, step.to_owned(), strange.to_owned()]
}

#[test]
fn newer_journal_is_shown_and_nothing_is_written() {
    for name in ["journal-v3-demo", "journal-v2-demo"] {
        let top = tempfile::tempdir().expect("a directory");
        let newer = bytes(&lines_of_format_3());
        let path = write_file(top.path(), name, &newer);
        let mut book = open(top.path(), Mode::ReadWrite);
        let why = book.trouble().expect("nothing is written").to_owned();
        assert!(why.contains("format 3, written by onramp 9.9.0"), "{name}: {why}");
        let state = book.ledger().get(IntentId(1)).map(|standing| standing.state.clone());
        assert!(
            state.as_ref().is_some_and(State::is_open),
            "{name}: it is shown as open: {state:?}"
        );
        assert_eq!(book.begin_attempt(&intent(9), 1, THEN).expect_err("refused").why, why);
        assert!(book.record(&record(1, JournalStep::Unknown).about(1)).is_err());
        drop(book);
        assert_eq!(fs::read(&path).expect("read"), newer, "{name}");
        let names: Vec<_> = fs::read_dir(top.path()).expect("listed").flatten().collect();
        let written: Vec<_> = names.iter().filter(|one| one.path() != path).collect();
        let empty = written.iter().all(|one| one.metadata().is_ok_and(|facts| facts.len() == 0));
        assert!(empty, "{name}: {written:?}");
    }
}

#[test]
fn newer_program_started_later_stops_this_ones_writing() {
    let top = tempfile::tempdir().expect("a directory");
    let mut book = open(top.path(), Mode::ReadWrite);
    book.begin_attempt(&intent(9), 1, THEN).expect("written");
    write_file(top.path(), "journal-v3-demo", &bytes(&lines_of_format_3()));
    let refused = book.begin_attempt(&intent(8), 1, THEN).expect_err("refused");
    assert!(refused.why.contains("format 3"), "{refused}");
    assert!(book.record(&created(9)).is_err(), "it is told, and owed");
    assert_eq!(book.into_unwritten().0, vec![created(9)]);
}
