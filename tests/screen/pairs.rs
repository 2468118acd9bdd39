//! Diverse pairs: the proposed ones, the texts of the form, and the requests.

use std::time::Duration;

use onramp::{
    api::{
        Cause, Failure, Mode, Reply, RequestId, Write,
        account::Secret,
        clipboard::{Clipboard, Outcome, Verdict},
    },
    domain::{
        intent::Intent,
        issuance::Doubt,
        key_order::OrderUse,
        ledger::{JournalStep, Record},
        service_key::ServiceKey,
    },
    engine::effect::Effect as EngineEffect,
    ui::{
        model::msg::{Effect, Msg},
        state::key::{Code, ctrl, plain},
    },
};

use crate::support::{Console, key};

/// Returns the form, opened by region name.
pub(crate) fn by_name(size: (u16, u16)) -> Console {
    let mut console = Console::loaded(size);
    console.keys("Nusw\n");
    console
}

#[test]
fn region_is_found_by_letters_and_its_best_pair_proposed() {
    for (columns, rows) in [(120, 36), (80, 24), (60, 16)] {
        let mut console = by_name((columns, rows));
        console.keys("ACME-4471");
        insta::assert_snapshot!(format!("pair form {columns}x{rows}"), console.frame());
    }
}

#[test]
fn pair_from_an_on_ramp_knows_its_place_and_starts_at_label() {
    let mut console = Console::loaded((80, 24));
    console.keys("\t\t\tjjN");
    let frame = console.frame();
    assert!(frame.contains("▸ Label") && frame.contains("[US-West"), "{frame}");
    assert!(frame.contains("DIVERSE: different sites and zones (BLUE / RED)."), "{frame}");
    console.keys("ACME");
    assert!(console.frame().contains("= ACME blue, ACME red"), "{}", console.frame());
}

#[test]
fn missing_pair_is_reported_with_reason_and_goes_no_further() {
    let mut console = Console::loaded((80, 24));
    console.keys("Nus-e\nACME\n");
    let frame = console.frame();
    assert!(frame.contains("No pair: only 1 of 1 on-ramps here can take a key"), "{frame}");
    assert!(frame.contains("▸ Where"), "the focus goes to what has to change: {frame}");
    console.press(ctrl('u'));
    console.keys("atlantis");
    assert!(console.frame().contains("no such region, metro or country"), "{}", console.frame());
}

#[test]
fn both_sides_get_one_vlan_and_its_neighbours_are_free_on_both() {
    let mut console = by_name((80, 24));
    let frame = console.frame();
    assert!(frame.contains("VLAN 1     *[102__"), "100 and 101 are taken on one of them: {frame}");
    assert!(frame.contains("VLAN 2     *[102__"), "{frame}");
    console.keys("ACME\t\t\t\t+");
    assert!(console.frame().contains("VLAN 2     *[103__"), "{}", console.frame());
    console.press(ctrl('u'));
    console.keys("101");
    let frame = console.frame();
    assert!(frame.contains("taken: circuit Aurora Render prod"), "{frame}");
    console.keys("\t");
    console.press(ctrl('u'));
    console.keys("105\ta");
    console.press(plain(Code::BackTab));
    console.press(plain(Code::BackTab));
    console.keys("a");
    assert!(console.frame().contains("VLAN 2     *[102__"), "auto takes both again");
}

#[test]
fn side_can_be_swapped_and_a_non_diverse_pair_not_reviewed() {
    let mut console = Console::loaded((80, 24));
    console.keys("Nusa\nACME");
    console.press(plain(Code::Up));
    assert!(console.frame().contains("▸ On-ramp 2"), "{}", console.frame());
    console.keys(" ");
    let frame = console.frame();
    assert!(frame.contains("Chosen by you."), "{frame}");
    console.press(plain(Code::Left));
    assert!(console.frame().contains("DIVERSE"), "{}", console.frame());
}

#[test]
fn a_rate_that_one_side_does_not_take_proposes_other_sides() {
    let mut console = Console::loaded((80, 24));
    console.keys("Nusa\nACME\t\t\t");
    assert!(console.frame().contains("▸ Rate each"), "{}", console.frame());
    console.press(ctrl('u'));
    console.keys("20000\t");
    assert!(console.frame().contains("No pair: only 1 of 3"), "{}", console.frame());
}

#[test]
fn a_closed_form_comes_back_with_what_was_typed() {
    let mut console = by_name((80, 24));
    console.keys("ACME\x1b");
    assert!(console.frame().contains("Draft saved: N reopens it."));
    console.keys("N");
    assert!(console.frame().contains("[ACME___"), "{}", console.frame());
}

#[test]
fn read_only_opens_no_form() {
    let mut console = Console::loaded((80, 24));
    console.keys(":ro\nN");
    assert!(!console.frame().contains("New diverse pair"));
    assert!(console.frame().contains("Read-only"), "{}", console.frame());
}

/// Long enough for a review to be armed.
pub(crate) const QUIET: Duration = Duration::from_millis(500);
/// The wait after which a pressed key may confirm something again.
pub(crate) const RELEASED: Duration = Duration::from_millis(1050);

/// Returns the review of the pair for ACME, with every check answered.
pub(crate) fn reviewed(size: (u16, u16)) -> Console {
    let mut console = by_name(size);
    console.keys("ACME-4471\n");
    console.answer_all();
    console.wait(QUIET);
    console
}

/// Returns a pair whose keys are both created and seen on their card.
pub(crate) fn both_made(size: (u16, u16)) -> Console {
    let mut console = reviewed(size);
    console.keys("y");
    made(&mut console, FIRST);
    console.answer_all();
    made(&mut console, SECOND);
    console.answer_all();
    console.wait(QUIET);
    console
}

/// Answers the request in progress with a created key.
pub(crate) fn made(console: &mut Console, uid: &str) -> ServiceKey {
    let (id, intent) = written(console);
    let order = &intent.order;
    let OrderUse::Single(vlan) = order.usage() else { panic!("a pair is single-use") };
    let vlan = i64::from(vlan.get());
    let key = key(uid, order.on_ramp().as_str(), vlan, order.label().as_str());
    let (validity, pre_approved) = (order.validity(), Some(order.pre_approved()));
    let created = Some(console.model.now());
    let key = ServiceKey { created, validity, pre_approved, rate: Some(order.rate()), ..key };
    console.account.1.push(key.clone());
    console.reply(id, Ok(Reply::Created(Box::new(key.clone()))));
    key
}

/// Returns the one request that was sent.
pub(crate) fn written(console: &mut Console) -> (RequestId, Intent) {
    assert_eq!(console.written.len(), 1, "one after the other");
    let (id, Write::CreateKey { intent, .. }) = console.written.remove(0) else {
        panic!("a new key")
    };
    (id, *intent)
}

pub(crate) fn failure(doubt: Doubt) -> Failure {
    Failure {
        cause: Cause::ConnectionLost,
        happened: "The line dropped".into(),
        advice: "Look for it.".into(),
        trace: None,
        doubt,
    }
}

pub(crate) const FIRST: &str = "106e38ae-eb59-415f-ac81-526a5299851d";
pub(crate) const SECOND: &str = "7b1f0c52-0d0e-4a39-9a64-c1f2e0b81f4e";

#[test]
fn pair_review_shows_both_requests_and_sends_none_before_y() {
    for (columns, rows) in [(120, 36), (80, 24)] {
        let console = reviewed((columns, rows));
        assert!(console.written.is_empty());
        insta::assert_snapshot!(format!("pair review {columns}x{rows}"), console.frame());
    }
    let mut console = reviewed((60, 16));
    assert!(console.frame().contains("Terminal too small"), "{}", console.frame());
    console.keys("y");
    assert!(console.written.is_empty());
}

#[test]
fn second_key_is_sent_after_the_first_is_known_and_rechecked() {
    let mut console = reviewed((80, 24));
    console.keys("y");
    let at = |wanted: fn(&Effect) -> bool| console.effects.iter().position(wanted);
    let prepared = at(|effect| {
        matches!(
            effect,
            Effect::Engine(EngineEffect::Record(Record { step: JournalStep::Prepared(_), .. }))
        )
    });
    let leaves = at(|effect| matches!(effect, Effect::Engine(EngineEffect::Send(_))));
    assert!(prepared.is_some() && prepared < leaves, "the second is written down first");
    let first = made(&mut console, FIRST);
    assert!(console.written.is_empty(), "first its VLAN and its keys are read again");
    assert!(console.frame().contains("once more"), "{}", console.frame());
    console.answer_all();
    let second = made(&mut console, SECOND);
    assert_ne!(first.on_ramp, second.on_ramp);
    assert_eq!(first.usage, second.usage, "the same VLAN on both");
    let frame = console.frame();
    assert!(
        frame.contains("2 keys created") && frame.contains("DIVERSE: different sites"),
        "{frame}"
    );
    assert!(frame.contains(FIRST) && frame.contains(SECOND), "one card has both: {frame}");
    console.wait(QUIET);
    console.keys("\n");
    assert!(console.model.engine.attempts().is_empty() && console.model.modals.is_empty());
    assert!(console.written.is_empty());
}

#[test]
fn a_first_key_that_was_refused_calls_the_second_one_off() {
    let mut console = reviewed((80, 24));
    console.keys("y");
    let (id, _) = written(&mut console);
    console.reply(id, Err(failure(Doubt::Refused)));
    assert_eq!(
        console.model.engine.attempts().len(),
        2,
        "nothing is believed before a list was read"
    );
    console.answer_all();
    assert!(console.written.is_empty());
    assert_eq!(console.model.engine.attempts().len(), 1, "only what was refused is left");
    console.keys("\n");
    let frame = console.frame();
    assert!(frame.contains("New diverse pair") && frame.contains("[ACME-4471"), "{frame}");
}

#[test]
fn a_first_key_in_doubt_holds_the_second_until_it_is_found() {
    let mut console = reviewed((80, 24));
    console.keys("y");
    let (id, intent) = written(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    for _ in 0..3 {
        console.answer_all();
        console.wait(Duration::from_secs(10));
    }
    assert!(console.written.is_empty(), "the second waits");
    let OrderUse::Single(vlan) = intent.order.usage() else { panic!("single-use") };
    let label = intent.order.label().as_str();
    let found = key(FIRST, intent.order.on_ramp().as_str(), i64::from(vlan.get()), label);
    console.account.1.push(found);
    for _ in 0..4 {
        console.answer_all();
        console.wait(Duration::from_secs(20));
    }
    console.answer_all();
    made(&mut console, SECOND);
    assert!(console.frame().contains(FIRST), "{}", console.frame());
}

#[test]
fn half_pair_is_reported_and_its_first_key_shown() {
    let mut console = reviewed((80, 24));
    console.keys("y");
    made(&mut console, FIRST);
    console.answer_all();
    let (id, _) = written(&mut console);
    console.reply(id, Err(failure(Doubt::Refused)));
    console.answer_all();
    assert!(console.frame().contains("Half pair: the second key is not created"));
    console.keys("\n");
    let frame = console.frame();
    assert!(frame.contains(FIRST) && frame.contains("HALF PAIR"), "{frame}");
    insta::assert_snapshot!("half pair", frame);
}

#[test]
fn second_key_with_taken_vlan_waits_and_can_be_sent_later() {
    let mut console = reviewed((80, 24));
    console.keys("y");
    console.free = false;
    made(&mut console, FIRST);
    console.answer_all();
    assert!(console.written.is_empty());
    let frame = console.frame();
    assert!(frame.contains("The second key was not sent: Megaport reports"), "{frame}");
    assert!(frame.contains("The first key, on Los Angeles 1"), "{frame}");
    console.free = true;
    console.keys("s");
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    let second = made(&mut console, SECOND);
    assert!(second.label.as_str().contains("ACME-4471 red #"));
    assert!(console.frame().contains("2 keys created"), "{}", console.frame());
}

#[test]
fn esc_from_a_second_key_that_was_not_sent_shows_the_first_one() {
    let mut console = reviewed((80, 24));
    console.keys("y");
    console.free = false;
    made(&mut console, FIRST);
    console.answer_all();
    console.keys("\x1b");
    let frame = console.frame();
    assert!(frame.contains(FIRST) && frame.contains("HALF PAIR"), "{frame}");
    console.wait(QUIET);
    console.keys("\n!");
    let frame = console.frame();
    assert!(frame.contains("never sent; key 2 of 2"), "what is left is behind !: {frame}");
}

#[test]
fn a_mode_taken_back_between_the_two_sends_nothing_more() {
    let mut console = reviewed((80, 24));
    console.keys("y");
    made(&mut console, FIRST);
    drop(console.model.engine.set_mode(Mode::ReadOnly, "by the test"));
    console.answer_all();
    assert!(console.written.is_empty());
}

/// Returns the last request to the clipboard.
pub(crate) fn copied(console: &Console) -> (RequestId, Clipboard) {
    let of = |effect: &Effect| match effect {
        Effect::Clipboard(id, what) => Some((*id, what.clone())),
        _ => None,
    };
    console.effects.iter().rev().find_map(of).expect("something was copied")
}

#[test]
fn the_last_key_copies_both_and_says_honestly_how_far_it_got() {
    let mut console = reviewed((80, 24));
    console.keys("y");
    made(&mut console, FIRST);
    console.answer_all();
    made(&mut console, SECOND);
    console.keys("y");
    assert!(!console.effects.iter().any(|e| matches!(e, Effect::Clipboard(..))), "not yet");
    console.wait(QUIET);
    console.keys("y");
    let both =
        format!("{FIRST}  Los Angeles 1 (BLUE, VLAN 102)\n{SECOND}  Los Angeles 2 (RED, VLAN 102)");
    let (id, what) = copied(&console);
    assert_eq!(what, Clipboard::Copy(Secret::new(&both)));
    assert!(!format!("{what:?}").contains(FIRST), "and no debug text shows it");
    let says = "sent to your terminal; it cannot confirm";
    console.handle_msg(Msg::Clipboard(id, Verdict::new(Outcome::Sent, says)));
    assert!(console.frame().contains("Sent to your terminal; it cannot confirm."));
    console.keys("2");
    assert_eq!(copied(&console).1, Clipboard::Copy(Secret::new(SECOND)));
    console.keys("X");
    assert_eq!(copied(&console).1, Clipboard::Clear);
}

#[test]
fn half_a_pair_says_so_in_what_is_copied() {
    let mut console = reviewed((80, 24));
    console.keys("y");
    made(&mut console, FIRST);
    console.answer_all();
    let (id, _) = written(&mut console);
    console.reply(id, Err(failure(Doubt::Refused)));
    console.answer_all();
    console.keys("\n");
    console.wait(QUIET);
    console.keys("y");
    let half = format!("HALF PAIR: 1 of 2 keys\n{FIRST}  Los Angeles 1 (BLUE, VLAN 102)");
    assert_eq!(copied(&console).1, Clipboard::Copy(Secret::new(&half)));
}
