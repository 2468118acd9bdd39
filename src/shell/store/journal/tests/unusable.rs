//! Journals that cannot be used: what is in them is shown all the same, and
//! nothing is sent.

use std::{
    fs, io,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    sync::mpsc::channel,
};

use crate::{
    api::{RequestId, Write},
    domain::ledger::State,
    shell::store::journal::{format::Newer, storage::Storage, *},
};

use super::{FilesIn, THEN, intent};

const NAME: &str = "journal-v2-demo";

/// Returns the ledger of a console started on the journal of this directory, and
/// whether it may send anything.
fn start(directory: &Path, mode: Mode, watch: fn(Box<dyn Storage>) -> Box<dyn Storage>) -> Opened {
    let (sender, reports) = channel();
    let (directory, account) = (directory.to_owned(), "demo".to_owned());
    let files = FilesIn { directory, account, watch };
    let journal = Journal::start_with(files, 1, move |report| drop(sender.send(report)));
    journal.open(mode);
    let (intent, attempt) = (Box::new(intent(9)), 1);
    journal.begin(RequestId(9), Write::CreateKey { intent, attempt }, THEN);
    drop(journal);
    let mut opened = None;
    for report in reports {
        match report {
            JournalReport::Event(Event::Opened(content)) => opened = Some(*content),
            JournalReport::Begun(_) => panic!("nothing may be sent: {opened:?}"),
            JournalReport::Event(_) => {}
        }
    }
    opened.expect("it is told")
}

/// Returns a directory with a journal in which request 1 was sent and never settled.
fn left_open() -> tempfile::TempDir {
    let top = tempfile::tempdir().expect("a directory");
    let mut files = FilesIn {
        directory: top.path().to_owned(),
        account: "demo".to_owned(),
        watch: |file: Box<dyn Storage>| file,
    };
    let (media, session) = (files.media(Mode::ReadWrite), files.session());
    let mut book = JournalFile::open(media.expect("opened"), session.ok(), Mode::ReadWrite);
    book.begin_attempt(&intent(1), 1, THEN).expect("written");
    top
}

/// Asserts that a console shows unfinished work, reports why it cannot write, and sends
/// nothing.
fn assert_shown(directory: &Path, mode: Mode, why: &str, what: &str) {
    let before = fs::read(directory.join(NAME)).expect("it can be read");
    let opened = start(directory, mode, |file| file);
    let says = opened.unusable.as_ref().map_or("", |why| why.as_str());
    assert!(says.contains(why), "{what}, {mode:?}: {says}");
    let state = opened.ledger.get(IntentId(1)).map(|one| one.state.clone());
    assert_eq!(state, Some(State::Sending), "{what}, {mode:?}");
    assert!(opened.is_read, "{what}, {mode:?}");
    assert_eq!(fs::read(directory.join(NAME)).expect("it is there"), before, "{what}");
}

#[test]
fn linked_or_public_journal_is_shown_and_not_written_to() {
    for mode in [Mode::ReadWrite, Mode::ReadOnly] {
        let top = left_open();
        let (path, other) = (top.path().join(NAME), top.path().join("elsewhere"));
        for bits in [0o644, 0o620, 0o606] {
            fs::set_permissions(&path, fs::Permissions::from_mode(bits)).expect("ours");
            assert_shown(top.path(), mode, "is accessible to other users", "bits");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("ours");
        fs::hard_link(&path, &other).expect("linked");
        assert_shown(top.path(), mode, "has another name", "a second name");
        fs::remove_file(&path).expect("gone");
        symlink(&other, &path).expect("linked");
        assert_shown(top.path(), mode, "is a link", "a link");
    }
}

#[test]
fn where_the_older_journal_is_a_link_both_are_shown() {
    let top = left_open();
    fs::write(top.path().join("elsewhere"), "").expect("written");
    symlink("elsewhere", top.path().join("journal-demo")).expect("linked");
    for mode in [Mode::ReadWrite, Mode::ReadOnly] {
        assert_shown(top.path(), mode, "is a link", "an older one");
    }
}

#[test]
fn a_journal_that_cannot_be_read_may_hide_unfinished_requests() {
    let top = tempfile::tempdir().expect("a directory");
    fs::create_dir(top.path().join(NAME)).expect("made");
    for mode in [Mode::ReadWrite, Mode::ReadOnly] {
        let opened = start(top.path(), mode, |file| file);
        assert!(opened.unusable.is_some() && !opened.is_read, "{opened:?}");
    }
}

/// A file on a file system without locks.
struct NoLocks(Box<dyn Storage>);

impl Storage for NoLocks {
    fn lock(&mut self) -> Result<(), String> {
        Err("No locks available".to_owned())
    }

    fn unlock(&mut self) {}

    fn check_place(&self) -> Result<(), String> {
        self.0.check_place()
    }

    fn read(&mut self, at: u64) -> io::Result<Vec<u8>> {
        self.0.read(at)
    }

    fn reserve(&mut self) -> io::Result<()> {
        self.0.reserve()
    }

    fn append(&mut self, _: &[u8]) -> io::Result<()> {
        panic!("without a lock nothing is written")
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync()
    }

    fn cut(&mut self, _: u64, _: &[u8]) -> io::Result<()> {
        panic!("without a lock nothing is written")
    }

    fn name(&self) -> String {
        self.0.name()
    }

    fn newer(&mut self) -> Option<Newer> {
        self.0.newer()
    }
}

#[test]
fn without_locks_nothing_is_sent_and_intents_are_shown() {
    let top = left_open();
    let opened = start(top.path(), Mode::ReadWrite, |file| Box::new(NoLocks(file)));
    let says = opened.unusable.as_ref().map_or("", |why| why.as_str());
    assert!(says.contains("No locks available"), "{says}");
    assert_eq!(opened.ledger.open().count(), 1);
    assert!(opened.is_read && opened.others.is_empty(), "{opened:?}");
}
