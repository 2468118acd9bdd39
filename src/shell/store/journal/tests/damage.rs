//! Cut and corrupted journals.

use super::*;

/// Returns the intents that may have an unseen key, or may still lead to one.
fn open(ledger: &Ledger) -> Vec<IntentId> {
    let mut open: Vec<_> = ledger.open().map(|standing| standing.intent.id).collect();
    open.extend(ledger.lost());
    open
}

#[test]
fn a_journal_is_read_back_as_it_was_written() {
    let ledger = Disk::new(&twenty()).ledger();
    let states: Vec<_> = ledger.all().map(|standing| standing.state.clone()).collect();
    let expected = [
        State::Acknowledged(Fingerprint(1)),
        State::Created(Fingerprint(2)),
        State::Unknown,
        State::Refused,
        State::NotSent,
        State::Sending,
        State::Sending,
    ];
    assert_eq!(states, expected);
    for id in 1..=7 {
        assert_eq!(ledger.get(IntentId(id)).expect("known").intent, intent(id), "to the letter");
    }
}

#[test]
fn last_line_cut_anywhere_keeps_old_state_and_stays_separate() {
    let whole = twenty();
    let before = whole[..whole.len() - 1].iter().rposition(|b| *b == b'\n').expect("a line") + 1;
    for end in before..whole.len() {
        let disk = Disk::new(&whole[..end]);
        let mut book = disk.open(Mode::ReadWrite);
        assert_eq!(book.damaged(), 0, "cut at {end}: torn is not damaged");
        let state = |book: &JournalFile| book.ledger().get(IntentId(5)).map(|s| s.state.clone());
        assert_eq!(state(&book), Some(State::Sending), "cut at {end}: the step before");
        assert_eq!(book.record(&record(6, JournalStep::Unknown)), Ok(false));
        let again = disk.open(Mode::ReadOnly);
        assert_eq!((again.damaged(), state(&again)), (0, Some(State::Sending)), "cut at {end}");
        assert_eq!(disk.state(6), Some(State::Unknown));
        assert_eq!(disk.platter().torn, &whole[before..end], "and what was cut off is kept");
    }
}

#[test]
fn one_flipped_bit_is_reported_and_changes_no_intent() {
    let whole = twenty();
    let honest = Disk::new(&whole).ledger();
    for at in 0..whole.len() {
        let mut bent = whole.clone();
        bent[at] ^= 1 << (at % 8);
        let disk = Disk::new(&bent);
        let mut book = disk.open(Mode::ReadWrite);
        assert!(book.damaged() > 0, "byte {at} was bent, and nobody says so");
        let (found, known) = (open(book.ledger()), open(&honest));
        let created = |id: &IntentId| honest.get(*id).is_some_and(|s| s.attempts > 0);
        for id in known {
            assert!(found.contains(&id), "byte {at} hides {id}");
        }
        assert!(found.iter().all(created), "byte {at} invents an intent");
        let refused = book.begin_attempt(&intent(9), 1, THEN).expect_err("no request leaves");
        assert!(refused.why.contains("damaged"), "{refused}");
    }
}

#[test]
fn acknowledged_damage_allows_requests_until_new_damage() {
    let mut bent = twenty();
    let at = bent.len() / 2;
    bent[at] ^= 1;
    let disk = Disk::new(&bent);
    let mut book = disk.open(Mode::ReadWrite);
    book.accept_damage(THEN).expect("written");
    assert_eq!(book.damaged(), 0);
    book.begin_attempt(&intent(9), 1, THEN).expect("written");
    assert_eq!(disk.open(Mode::ReadOnly).damaged(), 0, "and at the next start");
    let mut worse = disk.bytes();
    worse[3] ^= 1;
    assert_eq!(Disk::new(&worse).open(Mode::ReadOnly).damaged(), 1);
}

#[test]
fn missing_line_is_damage_even_if_all_others_are_whole() {
    let whole = twenty();
    let ends: Vec<_> = whole.iter().enumerate().filter(|(_, b)| **b == b'\n').collect();
    for pair in ends.windows(2) {
        let without = [&whole[..=pair[0].0], &whole[pair[1].0 + 1..]].concat();
        let last = pair[1].0 + 1 == whole.len();
        let damaged = Disk::new(&without).open(Mode::ReadOnly).damaged();
        assert_eq!(damaged, usize::from(!last), "the last one leaves no gap");
    }
}

#[test]
fn garbage_of_any_kind_is_read_without_a_panic() {
    fastrand::seed(58);
    for length in [0, 1, 3, 4, 5, 100, 5_000] {
        for _ in 0..50 {
            let bytes: Vec<u8> = (0..length).map(|_| fastrand::u8(..)).collect();
            let mut book = Disk::new(&bytes).open(Mode::ReadWrite);
            assert!(open(book.ledger()).is_empty(), "nothing is invented");
            drop(book.accept_damage(THEN));
        }
    }
}
