//! Disks that fail, and consoles that write side by side.

use crate::domain::{
    alteration::{Alteration, ChangeStep, Subject},
    id::{ConnectionId, OnRampId},
    key_values::{Basis, KeyValues},
    service_key::{KeyUse, Validity},
    units::Mbps,
    vlan::VlanTag,
};

use super::*;

/// Plays one key: confirmed, sent if allowed, created, seen. Returns whether it was
/// sent.
fn one_key(book: &mut JournalFile) -> bool {
    let sent = book.begin_attempt(&intent(1), 1, THEN).is_ok();
    if sent {
        drop(book.record(&created(1)));
        drop(book.record(&record(1, JournalStep::Acknowledged)));
    }
    sent
}

#[test]
fn failed_disk_operation_never_lets_unsynced_request_leave() {
    for lasting in [false, true] {
        for nth in 1..40 {
            let disk = Disk::default();
            disk.platter().fails = Some((nth, lasting));
            let mut book = disk.open(Mode::ReadWrite);
            let sent = one_key(&mut book);
            disk.platter().fails = None;
            let known = disk.ledger();
            let standing = known.get(IntentId(1));
            let attempts = standing.map_or(0, |standing| standing.attempts);
            let what = format!("operation {nth}, lasting {lasting}: {standing:?}");
            assert_eq!(disk.open(Mode::ReadOnly).damaged(), 0, "{what}");
            if sent {
                assert!(attempts > 0, "sent, and not on the disk: {what}");
            } else {
                // A record that could not be withdrawn may look sent: the safe side.
                let in_doubt = matches!(standing.map(|s| &s.state), Some(State::Sending));
                assert!(attempts == 0 || in_doubt, "{what}");
            }
        }
    }
}

#[test]
fn key_not_journaled_is_written_with_the_next_step() {
    let disk = Disk::default();
    let mut book = disk.open(Mode::ReadWrite);
    book.begin_attempt(&intent(1), 1, THEN).expect("written");
    let now = disk.platter().operations;
    disk.platter().fails = Some((now + 2, false)); // the append, not the read before
    assert!(book.record(&created(1)).is_err(), "it is said");
    assert_eq!(disk.state(1), Some(State::Sending), "a restart looks for it");
    assert_eq!(book.record(&record(1, JournalStep::Acknowledged)), Ok(true), "nothing is owed now");
    assert_eq!(disk.state(1), Some(State::Acknowledged(Fingerprint(1))));
}

#[test]
fn failed_sync_is_never_retried_and_sending_stops() {
    let disk = Disk::default();
    let mut book = disk.open(Mode::ReadWrite);
    book.check_writable().expect("fine");
    let now = disk.platter().operations;
    disk.platter().fails = Some((now + 4, false)); // read, reserve, append, sync
    assert!(book.begin_attempt(&intent(1), 1, THEN).is_err());
    assert!(book.trouble().is_some());
    assert!(
        book.begin_attempt(&intent(2), 1, THEN).is_err(),
        "the disk is well again, and not believed"
    );
    assert_eq!(disk.bytes(), b"", "what was not synced does not stay");
}

#[test]
fn two_consoles_side_by_side_know_of_each_other() {
    let disk = Disk::default();
    let (mut one, mut other) = (disk.open(Mode::ReadWrite), disk.open(Mode::ReadWrite));
    for id in 1..20 {
        one.begin_attempt(&intent(id), 1, THEN).expect("written");
        let mut same = intent(id + 100);
        same.order = on_vlan(&same, u16::try_from(100 + id).expect("small"));
        let refused = other.begin_attempt(&same, 1, THEN).expect_err("the VLAN is kept");
        assert!(refused.why.contains("VLAN reserved by an unfinished request,"), "{refused}");
        assert_eq!(other.record(&record(id, JournalStep::Unknown)), Ok(false));
        assert_eq!(one.record(&created(id)), Ok(false), "found by the first one");
        assert_eq!(other.record(&created(id)), Ok(false), "and by the second one");
        assert_eq!(one.record(&record(id, JournalStep::Acknowledged)), Ok(false));
    }
    assert_eq!(disk.open(Mode::ReadOnly).damaged(), 0);
    assert_eq!(disk.ledger().open().count(), 0);
}

/// Plays a console that was killed after its request was sent.
fn killed_while_sending(disk: &Disk) {
    let mut gone = disk.open(Mode::ReadWrite);
    gone.begin_attempt(&intent(1), 1, THEN).expect("written");
}

#[test]
fn attempt_of_an_ended_console_is_resent_by_one_console_only() {
    let disk = Disk::default();
    killed_while_sending(&disk);
    let (mut one, mut other) = (disk.open(Mode::ReadWrite), disk.open(Mode::ReadWrite));
    let in_doubt = record(1, JournalStep::Unknown).about(1);
    assert_eq!(one.record(&in_doubt), Ok(false));
    one.begin_attempt(&intent(1), 2, THEN).expect("a person asked for it");
    // What the other one believes is of the first attempt.
    assert_eq!(other.record(&in_doubt), Ok(false));
    assert_eq!(disk.state(1), Some(State::Sending), "the second attempt is out");
    let refused = other.begin_attempt(&intent(1), 2, THEN).expect_err("it has left");
    assert!(refused.why.contains("attempt 2") && refused.why.contains("4711"), "{refused}");
    assert_eq!(refused.standing.map(|standing| standing.attempts), Some(2));
    // And once the second is in doubt, too, its number has to be known.
    assert_eq!(one.record(&record(1, JournalStep::Unknown).about(2)), Ok(false));
    assert!(other.begin_attempt(&intent(1), 2, THEN).is_err());
    other.begin_attempt(&intent(1), 3, THEN).expect("a person asked for that");
}

#[test]
fn only_the_sending_console_settles_while_it_runs() {
    for step in [JournalStep::Unknown, JournalStep::NotSent, JournalStep::Refused] {
        let disk = Disk::default();
        let mut sender = disk.open(Mode::ReadWrite);
        sender.begin_attempt(&intent(1), 1, THEN).expect("written");
        let mut other = disk.open(Mode::ReadWrite);
        let ended = record(1, step).about(1);
        let before = disk.bytes();
        assert_eq!(other.record(&ended), Ok(false), "left out");
        assert_eq!((disk.bytes(), disk.state(1)), (before, Some(State::Sending)));
        let refused = other.begin_attempt(&intent(1), 2, THEN).expect_err("it may be on its way");
        assert!(refused.why.contains("4711"), "{refused}");
        let closed = record(1, JournalStep::Closed("no".into())).about(1);
        assert!(other.record(&closed).is_err(), "and a person hears that it did not count");
        drop(sender);
        assert_eq!(other.record(&ended), Ok(false));
        assert_ne!(disk.state(1), Some(State::Sending), "its lock is free");
    }
}

#[test]
fn key_seen_by_another_console_counts_for_any_sender() {
    let disk = Disk::default();
    let mut sender = disk.open(Mode::ReadWrite);
    sender.begin_attempt(&intent(1), 1, THEN).expect("written");
    assert_eq!(disk.open(Mode::ReadWrite).record(&created(1)), Ok(false));
    assert_eq!(disk.state(1), Some(State::Created(Fingerprint(1))));
}

#[test]
fn two_consoles_never_send_one_intent_at_the_same_time() {
    let disk = Disk::default();
    let (mut one, mut other) = (disk.open(Mode::ReadWrite), disk.open(Mode::ReadWrite));
    one.begin_attempt(&intent(1), 1, THEN).expect("written");
    assert!(other.begin_attempt(&intent(1), 1, THEN).is_err(), "it is on its way");
    assert_eq!(one.record(&record(1, JournalStep::Unknown)), Ok(false));
    other.begin_attempt(&intent(1), 2, THEN).expect("a person asked for it");
    assert!(one.begin_attempt(&intent(1), 2, THEN).is_err(), "now it is on its way again");
    assert_eq!(other.record(&created(1)), Ok(false));
    assert!(one.begin_attempt(&intent(1), 3, THEN).is_err(), "it was made");
}

#[test]
fn a_read_only_console_writes_nothing_and_forgets_nothing() {
    let disk = Disk::new(&twenty());
    let before = disk.bytes();
    let mut book = disk.open(Mode::ReadOnly);
    assert!(book.begin_attempt(&intent(9), 1, THEN).is_err());
    assert_eq!(book.record(&record(2, JournalStep::Acknowledged)), Ok(false));
    assert_eq!(disk.bytes(), before);
    let mut book_to_write = disk.open(Mode::ReadWrite);
    for owed in book.into_unwritten().0 {
        assert_eq!(book_to_write.record(&owed), Ok(false));
    }
    assert_eq!(disk.state(2), Some(State::Acknowledged(Fingerprint(2))));
}

#[test]
fn a_request_that_is_too_long_for_its_line_does_not_leave() {
    let mut long = intent(1);
    long.realm.host = "h".repeat(5_000);
    let refused = Disk::default().open(Mode::ReadWrite).begin_attempt(&long, 1, THEN);
    assert!(refused.expect_err("too long").why.contains("too long"));
}

#[test]
fn the_longest_request_there_is_fits_its_line() {
    let wide = "\u{1f600}".repeat(400);
    let mut long = intent(1);
    (long.for_whom.customer, long.for_whom.reference) = (wide.clone(), wide.clone());
    long.on_ramp_name = wide.as_str().into();
    long.before = (0..64).map(Fingerprint).collect();
    long.part = Some(crate::domain::intent::Part { order: u64::MAX, number: 1, of: 2 });
    let disk = Disk::default();
    disk.open(Mode::ReadWrite).begin_attempt(&long, 1, THEN).expect("it fits");
    let ledger = disk.ledger();
    let read = &ledger.get(IntentId(1)).expect("known").intent;
    assert_eq!((&read.before, read.part), (&long.before, long.part));
}

/// Returns a change of a key, and of a circuit.
fn changes() -> [Alteration; 2] {
    let key = Subject::Key(Fingerprint(0xba78_16bf));
    let circuit = ConnectionId::new("9d6a2f0c-3c1e-4f77-8a55-0e4f0f1b7d21").expect("legal");
    let on_ramp = OnRampId::new("8611b645-ea50-46eb-b400-1c2fb858a303").expect("legal");
    let named = |id, subject, what: &str| {
        let (id, name, what) = (IntentId(id), "ACME".into(), what.into());
        Alteration { id, subject, name, what, to: None }
    };
    let to = Some(Box::new(values("ACME", on_ramp.clone())));
    let of_key = Alteration { to, ..named(70, key, "active → disabled") };
    [of_key, named(71, Subject::Circuit(circuit, on_ramp), "approve")]
}

/// Returns the values of a key, with something in each.
fn values(label: &str, on_ramp: OnRampId) -> KeyValues {
    KeyValues {
        basis: Basis::List,
        label: label.into(),
        on_ramp,
        usage: KeyUse::Single(VlanTag::Untagged),
        rate: Some(Mbps::new(500)),
        validity: Some(Validity { start: Some(THEN), end: None }),
        active: true,
        pre_approved: Some(false),
    }
}

fn turn(id: u64, turn: ChangeStep) -> Record {
    record(id, JournalStep::Change(turn))
}

#[test]
fn a_change_is_read_back_as_it_was_begun_and_ends_once() {
    let disk = Disk::default();
    let mut book = disk.open(Mode::ReadWrite);
    for change in changes() {
        book.begin_change(&change, THEN).expect("written");
        assert!(book.begin_change(&change, THEN).is_err(), "it is open already");
    }
    let ledger = disk.ledger();
    let open: Vec<_> = ledger.changes().into_iter().map(|one| one.alteration.clone()).collect();
    assert_eq!(open, changes());
    for (id, how) in [(70, ChangeStep::Done), (71, ChangeStep::NotDone)] {
        let before = disk.bytes().len();
        book.record(&turn(id, how.clone())).expect("written");
        let after = disk.bytes().len();
        book.record(&turn(id, how)).expect("another console has seen to it");
        assert!(before < after && after == disk.bytes().len(), "an end is written once");
    }
    let expected = disk.ledger().expected();
    assert_eq!(expected[&Fingerprint(0xba78_16bf)], *changes()[0].to.clone().expect("of a key"));
    assert!(disk.ledger().changes().is_empty());
    assert!(disk.ledger().open().next().is_none(), "a change is no intent");
}

#[test]
fn a_change_that_was_called_off_is_written_down_as_not_made() {
    let disk = Disk::default();
    let mut book = disk.open(Mode::ReadWrite);
    let [change, _] = changes();
    book.begin_change(&change, THEN).expect("written");
    assert_eq!(book.withdrawal(change.id, THEN), Some(turn(change.id.0, ChangeStep::NotDone)));
}

#[test]
fn the_longest_change_there_is_fits_its_line() {
    let wide = "\u{1f600}".repeat(2_000);
    let [_, change] = changes();
    let on_ramp = OnRampId::new(&"\"".repeat(64)).or(OnRampId::new(&"x".repeat(64)));
    let to = Some(Box::new(values(&wide, on_ramp.expect("legal"))));
    let (name, what) = (wide.as_str().into(), wide.as_str().into());
    let long = Alteration { name, what, to, ..change };
    let disk = Disk::default();
    disk.open(Mode::ReadWrite).begin_change(&long, THEN).expect("it fits");
    assert_eq!(disk.ledger().changes().len(), 1);
}

#[test]
fn a_damaged_journal_lets_no_change_begin() {
    let disk = Disk::new(b"00ff damaged\n");
    let [change, _] = changes();
    assert!(disk.open(Mode::ReadWrite).begin_change(&change, THEN).is_err());
    assert!(disk.ledger().changes().is_empty());
}
