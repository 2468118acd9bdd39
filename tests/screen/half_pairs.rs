//! Pairs without their second key: they stay, and are completed later, even after a
//! restart.

use std::time::Duration;

use onramp::{
    api::{self, Cause, Failure, Mode},
    domain::{
        fingerprint::Fingerprint,
        issuance::Doubt,
        ledger::{JournalStep, Ledger, Record},
        vlan::VlanId,
    },
    ui::model::msg::{Effect, Msg},
};

use crate::{
    pairs::{FIRST, QUIET, SECOND, copied, failure, made, reviewed, written},
    support::Console,
};

/// The journal of a refused second request, after its confirmation.
const SECOND_REFUSED: [JournalStep; 2] = [JournalStep::Sending, JournalStep::Refused];

/// The first key of a pair is created, and the second request has ended like this.
fn half(doubt: Doubt) -> Console {
    let mut console = reviewed((80, 24));
    console.keys("y");
    made(&mut console, FIRST);
    console.answer_all();
    let (id, _) = written(&mut console);
    console.reply(id, Err(Failure { cause: Cause::Refused, ..failure(doubt) }));
    console.answer_all();
    console
}

/// Confirms the review on the screen.
fn confirm(console: &mut Console) {
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
}

/// Asserts that no sentence denies a key while the first one exists.
fn says_truly(console: &Console) {
    let frame = console.frame().to_lowercase();
    for untrue in
        ["no key was created", "nothing was created", "was not created", "nothing is created"]
    {
        assert!(!frame.contains(untrue), "{frame}");
    }
}

#[test]
fn refused_second_key_keeps_its_vlan_and_is_resent_by_the_user() {
    let mut console = half(Doubt::Refused);
    says_truly(&console);
    let frame = console.frame();
    assert!(frame.contains("from 14:02:51 UTC"), "{frame}");
    console.keys("s");
    assert!(console.frame().contains("Not sent yet: s works from"), "{}", console.frame());
    let id = console.model.engine.attempts()[1].standing.intent.order.on_ramp().clone();
    let map = console.model.engine.vlans(&id).expect("its on-ramp is listed");
    assert!(map.holder(VlanId::new(102).expect("legal")).is_some(), "its VLAN stays reserved");
    for _ in 0..3 {
        console.wait(Duration::from_secs(20));
        console.answer_all();
    }
    assert!(console.frame().contains("s: review and send."), "{}", console.frame());
    console.keys("s");
    confirm(&mut console);
    made(&mut console, SECOND);
    let frame = console.frame();
    assert!(frame.contains("2 keys created") && frame.contains(FIRST), "{frame}");
}

#[test]
fn unsent_second_key_can_be_sent_at_once_or_discarded() {
    for discards in [false, true] {
        let mut console = half(Doubt::NotSent);
        says_truly(&console);
        assert!(console.frame().contains("s: review and send."), "{}", console.frame());
        if discards {
            console.keys("c");
            console.keys("the customer needs one only\n");
            assert_eq!(console.model.engine.attempts().len(), 1, "only the first is left");
            assert_eq!(console.journal.open().count(), 1, "on the disk, too");
        } else {
            console.keys("s");
            confirm(&mut console);
            made(&mut console, SECOND);
            assert!(console.frame().contains("2 keys created"), "{}", console.frame());
        }
    }
}

#[test]
fn second_key_waits_until_credentials_are_tested() {
    let mut console = half(Doubt::NotSent);
    let waits = api::Event::SignInWaits(Duration::from_secs(240));
    console.handle_msg(Msg::Api(waits));
    let frame = console.frame();
    assert!(frame.contains("14:06:31 UTC (in 4"), "{frame}");
    console.keys("s");
    assert!(console.frame().contains("Not sent yet"), "{}", console.frame());
    console.wait(Duration::from_secs(240));
    console.keys("s");
    confirm(&mut console);
    made(&mut console, SECOND);
    assert!(console.frame().contains("2 keys created"), "{}", console.frame());
}

#[test]
fn pair_completed_after_restart_is_whole_in_every_view() {
    let console = half(Doubt::Refused);
    let mut ledger = Ledger::default();
    let print = Fingerprint::of_text(FIRST);
    let first = [JournalStep::Sending, JournalStep::Created(print), JournalStep::Acknowledged];
    for (one, steps) in console.model.engine.attempts().iter().zip([&first[..], &SECOND_REFUSED]) {
        let intent = &one.standing.intent;
        let prepared = JournalStep::Prepared(Box::new(intent.clone()));
        for step in [&prepared].into_iter().chain(steps) {
            let record = Record::new(intent.id, intent.prepared_at, step.clone());
            ledger.apply_record(&record).expect("legal");
        }
    }
    let mut again = Console::finding((120, 36), Mode::ReadWrite, ledger);
    again.account = console.account;
    again.answer_all();
    let frame = again.frame();
    assert!(frame.contains("key 2 of 2; the other one, on Los Angeles 1, is created"), "{frame}");
    again.keys("\n");
    says_truly(&again);
    again.keys("s");
    confirm(&mut again);
    made(&mut again, SECOND);
    again.answer_all();
    let frame = again.frame();
    assert!(frame.contains("2 keys created") && frame.contains("DIVERSE"), "{frame}");
    assert!(frame.contains("These are two Megaport service keys for US-West"), "{frame}");
    again.wait(QUIET);
    again.keys("y");
    let text = format!("{:?}", copied(&again).1);
    assert!(!text.contains("HALF PAIR"), "{text}");
    again.keys("\n3\n");
    let frame = again.frame();
    assert!(frame.contains("DIVERSE") && frame.contains("two Megaport service keys"), "{frame}");
    again.keys("\n:shift-report\n");
    let handed = again.effects.iter().rev().find_map(|effect| match effect {
        Effect::HandOver(_, text) => Some(text.clone()),
        _ => None,
    });
    let handed = handed.expect("it was written");
    assert!(handed.contains("## Half pairs\n\nNone."), "{handed}");
}
