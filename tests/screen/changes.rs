//! Changing a key: the form, what differs before and after, what Megaport
//! drops.

use std::time::Duration;

use onramp::{
    api::{Cause, Failure, KeyChange, Reply, Request, RequestId, Write},
    domain::{
        intent::ForWhom,
        issuance::Doubt,
        service_key::{KeyUse, ServiceKey, Validity},
        units::Mbps,
        vlan::{VlanId, VlanTag},
    },
    ui::{
        dialog::{
            Dialog,
            card::{Card, Face, Origin},
        },
        journal::{Readiness, Told},
        key::{Code, ctrl, plain},
        msg::{Effect, Msg},
    },
};

use crate::{
    pairs::QUIET,
    support::{Console, NOW, key},
};

const KEY: &str = "106e38ae-eb59-415f-ac81-526a5299851d";

/// A console with the cursor on a key of Los Angeles 1, on VLAN 125.
fn on_a_key(size: (u16, u16)) -> Console {
    let mut console = Console::started(size);
    let validity = Some(Validity { start: Some(NOW), end: Some(NOW + QUIET * 2 * 86_400 * 10) });
    let made = key(KEY, "la-1", 125, "ACME-4471 blue #k7f3q9");
    console.account.1.retain(|key| key.on_ramp.as_str() != "la-1");
    console.account.1.push(ServiceKey { validity, created: Some(NOW), ..made });
    console.answer_all();
    console.keys("/los angeles 1\n\n\t");
    console
}

fn changed(console: &mut Console) -> (RequestId, KeyChange) {
    assert_eq!(console.written.len(), 1);
    let (id, Write::UpdateKey(change, _)) = console.written.remove(0) else { panic!("a change") };
    (id, change)
}

#[test]
fn what_will_differ_is_shown_before_and_what_differs_after() {
    let mut console = on_a_key((80, 24));
    console.keys("e");
    insta::assert_snapshot!("change form", console.frame());
    // Rate, VLAN and end; the label and its tag stay.
    console.keys("\t");
    console.press(ctrl('u'));
    console.keys("200\t");
    console.press(ctrl('u'));
    console.keys("130\t\t");
    console.press(ctrl('u'));
    console.keys("60d\n");
    console.wait(QUIET);
    insta::assert_snapshot!("change review", console.frame());
    console.keys("y");
    let (id, change) = changed(&mut console);
    assert_eq!((change.active, change.label), (None, None), "what is not changed is not named");
    assert_eq!(change.rate, Some(Mbps::new(200)));
    assert_eq!(change.vlan, VlanId::new(130).ok());
    let end = change.validity.flatten().and_then(|window| window.end);
    assert_eq!(end, Some(NOW + QUIET * 2 * 86_400 * 60));
    // Megaport drops the label, as it is known to.
    let at = console.account.1.iter_mut().find(|key| key.id.reveal() == KEY).expect("the key");
    (at.rate, at.label) = (Some(Mbps::new(200)), "".into());
    at.usage = KeyUse::Single(VlanTag::read(Some(130)));
    at.validity = change.validity.flatten();
    let key = at.clone();
    console.reply(id, Ok(Reply::Updated(Box::new(key))));
    console.answer_all();
    let frame = console.frame();
    assert!(frame.contains("rate limit: 500 Mbps → 200 Mbps"), "{frame}");
    assert!(frame.contains("Megaport dropped its label, ACME-4471 blue #k7f3q9"), "{frame}");
}

#[test]
fn a_key_does_not_stand_in_its_own_way_and_others_do() {
    let mut console = on_a_key((80, 24));
    console.keys("e\n");
    assert!(console.frame().contains("Nothing differs"), "{}", console.frame());
    console.keys("\t\t");
    console.press(ctrl('u'));
    console.keys("101");
    assert!(console.frame().contains("taken: VXC Aurora Render prod"), "{}", console.frame());
    console.keys("\n");
    assert!(console.frame().contains("Change this key"), "it is not reviewed like that");
    console.press(plain(Code::Esc));
    assert!(!console.frame().contains("Draft kept"), "a change is no draft of a new key");
}

#[test]
fn a_new_label_keeps_the_tag_and_switching_is_one_key() {
    let mut console = on_a_key((80, 24));
    console.keys("e");
    console.press(ctrl('u'));
    console.keys("ACME renamed\n");
    console.wait(QUIET);
    console.keys("y");
    let (_, change) = changed(&mut console);
    assert_eq!(
        change.label.as_ref().map(onramp::domain::text::SafeText::as_str),
        Some("ACME renamed #k7f3q9")
    );

    let mut console = on_a_key((80, 24));
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(changed(&mut console).1.active, Some(false));
    let mut console = on_a_key((80, 24));
    console.keys(":ro\nD");
    console.wait(QUIET);
    console.keys("ye\n");
    assert!(console.written.is_empty(), "read-only changes nothing");
}

/// A console that has asked for `KEY` to be switched off, and whose disk does
/// not answer by itself.
fn switching_off() -> (Console, RequestId) {
    let mut console = on_a_key((80, 24));
    console.disk_answers = false;
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    let written = console.effects.iter().rev().find_map(|effect| match effect {
        Effect::Write(id, ..) => Some(*id),
        _ => None,
    });
    (console, written.expect("it is to be written down"))
}

fn sent(console: &Console) -> bool {
    console.effects.iter().any(|effect| matches!(effect, Effect::Send(_)))
}

#[test]
fn a_change_leaves_only_once_it_is_written_down() {
    let (mut console, id) = switching_off();
    assert!(!sent(&console));
    assert!(console.frame().contains("being written down; nothing has left"));
    console.hear(Msg::Journal(Told::Begun(id)));
    assert!(sent(&console));
    assert!(console.frame().contains("sent; waiting for the answer"));
}

#[test]
fn a_change_that_can_not_be_written_down_never_leaves_and_says_so() {
    let (mut console, id) = switching_off();
    console.hear(Msg::Journal(Told::NotBegun(id, "the disk is full".into(), None)));
    assert!(console.frame().contains("Cannot record safely; nothing was sent"));
    // The disk answers after all, too late.
    console.hear(Msg::Journal(Told::Begun(id)));
    assert_eq!(console.effects.last(), Some(&Effect::Withdraw(id)));

    let (mut console, id) = switching_off();
    console.wait(Duration::from_secs(11));
    assert!(console.frame().contains("the disk gave no answer in 10 s"), "{}", console.frame());
    console.hear(Msg::Journal(Told::Begun(id)));
    assert_eq!(console.effects.last(), Some(&Effect::Withdraw(id)));

    let (mut console, _) = switching_off();
    console.model.journal.readiness = Readiness::Damaged(1);
    console.hear(Msg::Journal(Told::NotBegun(RequestId(9_999), "not ours".into(), None)));
    assert!(!sent(&console));
}

#[test]
fn a_journal_that_is_not_well_lets_no_change_begin() {
    let mut console = on_a_key((80, 24));
    console.model.journal.readiness = Readiness::Unusable("it is full".into());
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    let writes = console.effects.iter().filter(|effect| matches!(effect, Effect::Write(..)));
    assert_eq!(writes.count(), 0);
    assert!(console.frame().contains("Nothing was changed"), "{}", console.frame());
}

#[test]
fn a_change_nobody_heard_of_stays_open_until_somebody_has_seen_how_the_key_is() {
    let mut console = on_a_key((80, 24));
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    let (id, _) = changed(&mut console);
    let lost = |doubt| Failure {
        cause: Cause::Line,
        happened: "the line broke".into(),
        advice: "Try again.".into(),
        trace: None,
        doubt,
    };
    console.reply(id, Err(lost(Doubt::Unknown)));
    let (id, _) = console.take(|request| matches!(request, Request::Key(_)));
    console.reply(id, Err(lost(Doubt::Refused)));
    assert_eq!(console.journal.changes().len(), 1, "it is open on the disk");
    console.keys("\x1b\x1b");
    assert!(console.frame().contains("! 1 change unfinished"), "{}", console.frame());
    console.keys("!\n");
    assert!(console.frame().contains("not read since"), "{}", console.frame());
    console.wait(Duration::from_secs(1));
    console.keys("r");
    console.answer_all();
    insta::assert_snapshot!("change unfinished", console.frame());
    console.keys("\n");
    assert!(console.frame().contains("Seen: ACME-4471 blue #k7f3q9 is active"), "seen");
    assert_eq!(console.journal.changes().len(), 0, "it is settled on the disk");
}

#[test]
fn a_change_of_an_earlier_session_opens_first() {
    let mut console = on_a_key((80, 24));
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    let mut next = Console::started((80, 24));
    next.account = console.account.clone();
    next.journal = console.journal.clone();
    next.hear(Msg::Journal(next.opened(0)));
    assert!(next.frame().contains("Unfinished business"), "{}", next.frame());
    assert!(next.frame().contains("asked for: active → inactive"), "{}", next.frame());
    next.answer_all();
    assert!(next.frame().contains("Now: active"), "{}", next.frame());
}

#[test]
fn one_change_at_a_time_also_over_the_card_of_another_key() {
    let mut console = on_a_key((80, 24));
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    let first = changed(&mut console);
    // A key that was found meanwhile shows its card over the change.
    let key = key("2f0c1d5e-77aa-4b1c-9e52-6a0d4c8e9b11", "la-1", 131, "Other");
    let face = Face { intent: None, number: 1, key, differs: vec![] };
    let card = Card::of(vec![face], ForWhom::default(), Origin::Found, console.model.now);
    console.model.dialogs.push(Dialog::Card(Box::new(card)));
    console.wait(QUIET);
    console.keys("u");
    console.wait(QUIET);
    console.keys("y");
    assert!(console.written.is_empty(), "the first one is not read back yet");
    assert!(console.frame().contains("One change at a time"), "{}", console.frame());
    let key = console.account.1.iter_mut().find(|key| key.id.reveal() == KEY).expect("the key");
    key.active = false;
    let key = key.clone();
    console.reply(first.0, Ok(Reply::Updated(Box::new(key))));
    console.answer_all();
    assert!(console.journal.changes().is_empty(), "the first one ended as itself");
    assert!(console.written.is_empty(), "and the second one does not go by itself");
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(console.written.len(), 1, "but with a new yes");
}
