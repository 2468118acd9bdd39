//! The rules of the ledger, as properties.

use super::{
    super::{
        alteration::Subject,
        fingerprint::Fingerprint,
        intent::{
            Intent, Part,
            samples::{THEN, intent},
        },
        issuance::Doubt,
        key_values::KeyValues,
    },
    *,
};
use proptest::prelude::*;

const KEY: Fingerprint = Fingerprint(0x1234_5678);

fn steps() -> impl Strategy<Value = JournalStep> {
    prop::sample::select(vec![
        JournalStep::Sending,
        JournalStep::Sending,
        JournalStep::Created(KEY),
        JournalStep::Created(Fingerprint(1)),
        JournalStep::Refused,
        JournalStep::NotSent,
        JournalStep::Unknown,
        JournalStep::Acknowledged,
        JournalStep::Closed("no".into()),
        JournalStep::Prepared(Box::new(intent(1))),
    ])
}

fn record(id: u64, step: JournalStep) -> Record {
    Record::new(IntentId(id), THEN, step)
}

fn prepared(id: u64) -> Record {
    record(id, JournalStep::Prepared(Box::new(intent(id))))
}

fn state_after(steps: &[JournalStep]) -> Result<State, InvalidStep> {
    let mut standing = IntentStatus::new(intent(1));
    for step in steps {
        standing.apply_record(&record(1, step.clone()))?;
    }
    Ok(standing.state)
}

#[test]
fn the_straight_way_leads_from_prepared_to_acknowledged() {
    let steps = [JournalStep::Sending, JournalStep::Created(KEY), JournalStep::Acknowledged];
    assert_eq!(state_after(&steps), Ok(State::Acknowledged(KEY)));
}

#[test]
fn a_refusal_after_a_doubtful_attempt_settles_nothing() {
    for step in [JournalStep::Refused, JournalStep::NotSent] {
        let steps = [JournalStep::Sending, JournalStep::Unknown, JournalStep::Sending, step];
        assert_eq!(state_after(&steps), Err(InvalidStep::Doubted));
    }
    let mut standing = IntentStatus::new(intent(1));
    standing.doubted = true;
    assert_eq!(standing.end(Doubt::Refused), JournalStep::Unknown);
    assert_eq!(standing.end(Doubt::NotSent), JournalStep::Unknown);
}

#[test]
fn a_key_that_appears_opens_what_was_closed() {
    let closed = JournalStep::Closed("not there after an hour".into());
    let steps =
        [JournalStep::Sending, JournalStep::Unknown, closed.clone(), JournalStep::Created(KEY)];
    assert_eq!(state_after(&steps), Ok(State::Created(KEY)));
    assert_eq!(
        state_after(&[closed, JournalStep::Created(KEY)]),
        Err(InvalidStep::Order),
        "never sent"
    );
}

#[test]
fn an_open_intent_keeps_its_vlan_from_the_next_one() {
    let mut ledger = Ledger::replay(&[prepared(1)]);
    assert!(matches!(ledger.allows(&prepared(2)), Err(InvalidStep::Reserved(_))));
    ledger.apply_record(&record(1, JournalStep::Closed("discarded".into()))).expect("legal");
    assert_eq!(ledger.allows(&prepared(2)), Ok(()));
}

#[test]
fn unreadable_line_leaves_no_request_provably_unsent() {
    let mut ledger = Ledger::replay(&[prepared(1)]);
    ledger.damage();
    assert_eq!(ledger.get(IntentId(1)).map(|s| &s.state), Some(&State::Unknown));
    ledger.apply_record(&record(7, JournalStep::Created(KEY))).expect("taken in");
    assert_eq!(ledger.lost().len(), 1, "a key was made, and the order is lost");
    ledger.apply_record(&record(7, JournalStep::Acknowledged)).expect("taken in");
    assert_eq!(ledger.lost().len(), 0, "and somebody has seen it");
}

proptest! {
    #[test]
    fn request_is_sent_only_when_no_other_can_be_in_flight(
        tried in prop::collection::vec(steps(), 0..40),
    ) {
        let mut standing = IntentStatus::new(intent(1));
        let mut in_doubt = false;
        for step in &tried {
            let before = standing.clone();
            let taken = standing.apply_record(&record(1, step.clone()));
            if taken.is_err() {
                prop_assert_eq!(&standing, &before, "an illegal step changes nothing");
                continue;
            }
            match step {
                JournalStep::Sending => {
                    prop_assert!(matches!(before.state, State::Prepared | State::Unknown));
                    prop_assert_eq!(standing.attempts, before.attempts + 1);
                }
                JournalStep::Unknown => in_doubt = true,
                JournalStep::Refused | JournalStep::NotSent => prop_assert!(!in_doubt, "doubt is not undone"),
                JournalStep::Closed(_) => prop_assert_ne!(before.state, State::Sending),
                _ => {}
            }
        }
    }

    #[test]
    fn a_replay_is_the_same_in_one_go_and_in_pieces(
        tried in prop::collection::vec((1u64..4, steps()), 0..40), cut in 0usize..40,
    ) {
        let mut records: Vec<_> = (1..4).map(prepared).collect();
        records.extend(tried.into_iter().map(|(id, step)| record(id, step)));
        let cut = cut.min(records.len());
        let mut pieces = Ledger::replay(&records[..cut]);
        for record in &records[cut..] {
            let allowed = pieces.allows(record);
            let known = pieces.get(record.intent).is_some();
            prop_assert_eq!(pieces.apply_record(record).is_ok(), allowed.is_ok() || !known);
        }
        prop_assert_eq!(pieces, Ledger::replay(&records));
    }

    #[test]
    fn damage_never_hides_a_request_that_may_have_left(
        tried in prop::collection::vec(steps(), 1..20), lost in 0usize..20,
    ) {
        let mut whole = IntentStatus::new(intent(1));
        let legal: Vec<_> =
            tried.into_iter().filter(|step| whole.apply_record(&record(1, step.clone())).is_ok()).collect();
        prop_assume!(!legal.is_empty());
        let lost = lost % legal.len();
        let mut ledger = Ledger::replay(&[prepared(1)]);
        for (at, step) in legal.iter().enumerate() {
            if at == lost {
                ledger.damage();
            } else {
                ledger.apply_record(&record(1, step.clone())).expect("taken in, whatever is missing");
            }
        }
        let seen = ledger.get(IntentId(1)).expect("known");
        if whole.state.is_open() && whole.attempts > 0 {
            let ended = matches!(legal[lost], JournalStep::Created(_));
            prop_assert!(seen.state.is_open() || ended, "{:?} hides {:?}", seen.state, whole.state);
        }
    }
}

#[test]
fn refused_second_key_stays_open_until_resent_or_closed() {
    let second = |order| Part { order, number: 2, of: 2 };
    for end in [JournalStep::Refused, JournalStep::NotSent] {
        let mut standing = IntentStatus::new(Intent { part: Some(second(1)), ..intent(1) });
        let mut take = |step: JournalStep| {
            standing.apply_record(&record(1, step)).map(|()| standing.is_open())
        };
        assert_eq!(take(JournalStep::Sending), Ok(true));
        assert_eq!(take(end.clone()), Ok(true), "its first key exists");
        assert_eq!(take(JournalStep::Sending), Ok(true), "a person sends it again");
        assert_eq!(take(end.clone()), Ok(true));
        assert_eq!(take(JournalStep::Closed("discarded".into())), Ok(false));
        assert_eq!(take(JournalStep::Created(KEY)), Ok(true), "a key that appears is evidence");
        let single = [JournalStep::Sending, end, JournalStep::Sending];
        assert_eq!(state_after(&single), Err(InvalidStep::Order), "a single key is ordered anew");
    }
}

#[test]
fn a_key_is_expected_as_ordered_or_as_it_was_changed_here_last() {
    let ordered = KeyValues::of_order(&intent(1));
    let changed = KeyValues { active: !ordered.active, ..ordered.clone() };
    let begin = |to: Option<&KeyValues>| {
        let (subject, to) = (Subject::Key(KEY), to.cloned().map(Box::new));
        let change = Alteration { id: IntentId(2), subject, name: "".into(), what: "".into(), to };
        record(2, JournalStep::Change(ChangeStep::Begun(Box::new(change))))
    };
    for (to, end, expected) in [
        (Some(&changed), ChangeStep::Done, Some(&changed)),
        (Some(&changed), ChangeStep::NotDone, Some(&ordered)),
        // The user has seen the present state, which may differ from every record.
        (Some(&changed), ChangeStep::Seen, None),
        // An older version did not journal the values that a change gives a key.
        (None, ChangeStep::Done, None),
    ] {
        let created = [record(1, JournalStep::Sending), record(1, JournalStep::Created(KEY))];
        let mut records = vec![prepared(1)];
        records.extend(created);
        records.extend([begin(to), record(2, JournalStep::Change(end.clone()))]);
        assert_eq!(Ledger::replay(&records).expected().get(&KEY), expected, "{end:?}");
    }
}
