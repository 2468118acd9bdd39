//! Real files, and what may be in their place.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use crate::shell::store::journal::{file::unix::media, session::file};

use super::*;

const ACCOUNT: &str = "demo";
const NAME: &str = "journal-v2-demo";

fn top() -> tempfile::TempDir {
    tempfile::tempdir().expect("a directory")
}

fn write(directory: &Path) -> Result<JournalFile, String> {
    let media = media(directory, ACCOUNT, Mode::ReadWrite)?;
    let session = file::File::start(directory, NAME)?;
    Ok(JournalFile::open(media, Some(Box::new(session)), Mode::ReadWrite))
}

#[test]
fn journal_is_private_to_its_user_and_holds_only_its_lines() {
    let top = top();
    let mut book = write(top.path()).expect("made");
    book.begin_attempt(&intent(1), 1, THEN).expect("written");
    let path = top.path().join(NAME);
    let facts = fs::metadata(&path).expect("there");
    assert_eq!(facts.permissions().mode() & 0o7777, 0o600);
    let text = fs::read_to_string(&path).expect("text");
    assert_eq!(text.lines().count(), 3, "room kept ahead is not content: {text}");
    assert!(text.lines().next().is_some_and(|line| line.contains(r#""version":2"#)), "{text}");
    assert!(text.contains(r#""step":"prepared""#), "a person can read it: {text}");
}

#[test]
fn what_is_no_plain_file_of_ours_is_refused_and_named() {
    type Plant = fn(&Path);
    let plants: [(Plant, &str); 6] = [
        (|path| symlink("/etc/passwd", path).expect("planted"), "is a link"),
        (|path| symlink("/nonexistent/x", path).expect("planted"), "is a link"),
        (|path| fs::create_dir(path).expect("planted"), "directory"),
        (
            |path| {
                let other = path.with_extension("other");
                fs::write(&other, "").expect("planted");
                fs::set_permissions(&other, Permissions::from_mode(0o600)).expect("ours");
                fs::hard_link(other, path).expect("planted");
            },
            "another name (hard link, 2 links)",
        ),
        (
            |path| {
                let mut mkfifo = std::process::Command::new("mkfifo");
                let made = mkfifo.args(["-m", "600"]).arg(path).status();
                assert!(made.expect("mkfifo").success());
            },
            "is not a file",
        ),
        (
            |path| {
                fs::write(path, "").expect("planted");
                fs::set_permissions(path, Permissions::from_mode(0o620)).expect("ours");
            },
            "is accessible to other users (020): chmod 600 it",
        ),
    ];
    for (plant, says) in plants {
        let top = top();
        let path = top.path().join(NAME);
        plant(&path);
        let refused = write(top.path()).map(drop).expect_err("refused");
        assert!(refused.contains(says) && refused.contains(NAME), "{refused}");
    }
}

#[test]
fn torn_line_is_set_aside_and_the_next_one_is_whole() {
    let top = top();
    write(top.path()).expect("made").begin_attempt(&intent(1), 1, THEN).expect("written");
    let path = top.path().join(NAME);
    let whole = fs::read(&path).expect("read");
    fs::write(&path, &whole[..whole.len() - 9]).expect("cut");
    let mut book = write(top.path()).expect("opened");
    assert_eq!(book.ledger().get(IntentId(1)).map(|s| &s.state), Some(&State::Prepared));
    book.begin_attempt(&intent(2), 1, THEN).expect("written");
    assert_eq!(write(top.path()).expect("opened").damaged(), 0);
    let kept = fs::read(path.with_extension("torn")).expect("kept");
    assert!(kept.starts_with(b"00") && kept.len() > 20, "the start of the line");
}

#[test]
fn two_consoles_append_to_one_file_without_a_lost_line() {
    let top = top();
    let work = |from: u64| {
        let mut book = write(top.path()).expect("opened");
        for id in from..from + 40 {
            book.begin_attempt(&intent(id), 1, THEN).expect("written");
            assert!(book.record(&created(id)).is_ok());
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| work(1));
        scope.spawn(|| work(101));
    });
    let book = write(top.path()).expect("opened");
    assert_eq!((book.damaged(), book.ledger().all().count()), (0, 80));
    assert!(book.ledger().all().all(|one| matches!(one.state, State::Created(_))));
}

#[test]
fn a_file_that_something_else_has_cut_short_is_not_written_to() {
    let top = top();
    let mut book = write(top.path()).expect("made");
    book.begin_attempt(&intent(1), 1, THEN).expect("written");
    fs::write(top.path().join(NAME), "").expect("cut");
    let refused = book.begin_attempt(&intent(2), 1, THEN).expect_err("it is not what it was");
    assert!(refused.why.contains("has truncated it"), "{refused}");
}

#[test]
fn reading_makes_nothing() {
    let top = top();
    let media = media(top.path(), ACCOUNT, Mode::ReadOnly).expect("an empty journal");
    assert_eq!(JournalFile::open(media, None, Mode::ReadOnly).ledger().all().count(), 0);
    assert_eq!(fs::read_dir(top.path()).expect("listed").count(), 0);
}

/// A manipulation of a journal's files under a running console.
type Act = fn(&Path);

#[test]
fn removed_journal_is_not_written_to() {
    let acts: [(&str, Act, &str); 6] = [
        ("unlinked", |top| fs::remove_file(top.join(NAME)).expect("gone"), "was removed"),
        (
            "replaced with the same bytes",
            |top| {
                let (path, other) = (top.join(NAME), top.join("other"));
                fs::copy(&path, &other).expect("copied");
                fs::rename(&other, &path).expect("renamed");
            },
            "replaced by another file",
        ),
        (
            "renamed",
            |top| fs::rename(top.join(NAME), top.join("b")).expect("renamed"),
            "was removed",
        ),
        (
            "replaced by a link to it",
            |top| {
                fs::rename(top.join(NAME), top.join("b")).expect("renamed");
                std::os::unix::fs::symlink(top.join("b"), top.join(NAME)).expect("linked");
            },
            "replaced by another file",
        ),
        (
            "given a second name",
            |top| fs::hard_link(top.join(NAME), top.join("b")).expect("linked"),
            "another name (hard link",
        ),
        ("its directory removed", |top| fs::remove_dir_all(top).expect("gone"), "was removed"),
    ];
    for (what, act, says) in acts {
        let top = top();
        let mut book = write(top.path()).expect("made");
        book.begin_attempt(&intent(1), 1, THEN).expect("written");
        let bytes = fs::read(top.path().join(NAME)).expect("read");
        act(top.path());
        let refused = book.begin_attempt(&intent(2), 1, THEN).expect_err(what);
        assert!(refused.why.contains(says), "{what}: {refused}");
        assert!(book.record(&created(1)).is_err(), "{what}");
        // Restoring it does not make up for lines that may have been missed.
        assert!(book.trouble().is_some_and(|why| why.contains(says)), "{what}");
        for name in [NAME, "b"] {
            let now = fs::read(top.path().join(name)).unwrap_or_else(|_| bytes.clone());
            assert_eq!(now, bytes, "{what}: it was written to");
        }
    }
}

#[test]
fn console_invisible_to_others_writes_nothing() {
    let top = top();
    let mut book = write(top.path()).expect("made");
    book.begin_attempt(&intent(1), 1, THEN).expect("written");
    let files = fs::read_dir(top.path()).expect("listed").map(|file| file.expect("a file").path());
    let is_session = |path: &std::path::PathBuf| path.to_string_lossy().contains("session-");
    fs::remove_file(files.into_iter().find(is_session).expect("it is there")).expect("gone");
    let refused = book.begin_attempt(&intent(2), 1, THEN).expect_err("others would send it again");
    assert!(refused.why.contains("was removed"), "{refused}");
}
