//! Two consoles on one journal: each receives the other's lines.

use std::{
    path::Path,
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use crate::{
    api::{
        RequestId, Write,
        journal::{Event, Followed},
    },
    domain::ledger::{JournalStep, State},
    shell::store::journal::*,
};

use super::{FilesIn, created, intent};

/// The timeout for an event that is sure to come: it only ends failing tests.
const PATIENCE: Duration = Duration::from_secs(20);

/// A console's journal, and what it reports.
struct Console {
    journal: Journal,
    reports: Receiver<JournalReport>,
}

impl Console {
    fn open(directory: &Path, mode: Mode) -> Self {
        let (sender, reports) = channel();
        let (directory, account) = (directory.to_owned(), "demo".to_owned());
        let files = FilesIn { directory, account, watch: |file| file };
        let journal = Journal::start_with(files, 1, move |report| drop(sender.send(report)));
        journal.open(mode);
        let mut console = Self { journal, reports };
        console.wait(|event| matches!(event, Event::Opened(_)).then_some(()));
        console
    }

    /// Waits for an event.
    fn wait<T>(&mut self, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        loop {
            match self.reports.recv_timeout(PATIENCE).expect("it is told") {
                JournalReport::Event(event) => {
                    if let Some(found) = wanted(event) {
                        return found;
                    }
                }
                JournalReport::Begun(receipt) => drop(receipt),
            }
        }
    }

    /// Waits until the followed state is as `wanted`.
    fn follow(&mut self, wanted: impl Fn(&Followed) -> bool) -> Followed {
        self.wait(|event| match event {
            Event::Followed(followed) if wanted(&followed) => Some(*followed),
            _ => None,
        })
    }

    fn begin(&self, id: u64) {
        let (intent, attempt) = (Box::new(intent(id)), 1);
        self.journal.begin(
            RequestId(id),
            Write::CreateKey { intent, attempt },
            crate::shell::store::journal::tests::THEN,
        );
    }
}

#[test]
fn what_one_console_writes_the_other_hears_and_that_it_ends() {
    for mode in [Mode::ReadWrite, Mode::ReadOnly] {
        let top = tempfile::tempdir().expect("a directory");
        let one = Console::open(top.path(), Mode::ReadWrite);
        let mut other = Console::open(top.path(), mode);
        one.begin(1);
        let sending =
            |followed: &Followed| followed.standings.iter().any(|one| one.state == State::Sending);
        let followed = other.follow(sending);
        let [standing] = followed.standings.as_slice() else { panic!("{followed:?}") };
        let writer = standing.writer.expect("it is named");
        let running = followed.others.get(&writer).expect("it runs");
        assert_eq!(running.process, i32::try_from(std::process::id()).ok());

        one.journal.record(created(1));
        let is_created = |followed: &Followed| {
            followed.standings.iter().any(|one| matches!(one.state, State::Created(_)))
        };
        let followed = other.follow(is_created);
        assert_eq!(followed.expected.len(), 1, "how its key is to be");
        drop(one);
        let ended = other.follow(|followed| followed.others.is_empty());
        let nothing = ended.standings.is_empty() && ended.expected.is_empty();
        assert!(nothing, "what was told is not told again: {ended:?}");
    }
}

#[test]
fn what_a_console_writes_itself_is_no_news_to_it() {
    let top = tempfile::tempdir().expect("a directory");
    let mut one = Console::open(top.path(), Mode::ReadWrite);
    let other = Console::open(top.path(), Mode::ReadWrite);
    one.begin(1);
    other.begin(2);
    let followed = one.follow(|_| true);
    let ids: Vec<_> = followed.standings.iter().map(|one| one.intent.id).collect();
    assert_eq!(ids, [crate::domain::intent::IntentId(2)]);
}

#[test]
fn removed_journal_is_reported_before_the_next_write() {
    let top = tempfile::tempdir().expect("a directory");
    let mut one = Console::open(top.path(), Mode::ReadWrite);
    one.begin(1);
    one.journal.record(crate::shell::store::journal::tests::record(1, JournalStep::Unknown));
    std::fs::remove_file(top.path().join("journal-v2-demo")).expect("gone");
    one.wait(|event| match event {
        Event::Unusable(why) => why.as_str().contains("was removed").then_some(()),
        _ => None,
    });
}
