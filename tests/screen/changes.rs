//! Changing a key: the form, what differs before and after, what Megaport
//! drops.

use std::time::Duration;

use onramp::{
    api::{Cause, Failure, KeyChange, Reply, Request, RequestId, Write, journal::Event},
    domain::{
        audit::{Act, Reached},
        intent::ForWhom,
        issuance::Doubt,
        service_key::{KeyUse, ServiceKey, Validity},
        units::Mbps,
        vlan::VlanTag,
    },
    engine::effect::{Effect as EngineEffect, Origin},
    ui::{
        card::key_card::{Card, CardKey},
        model::msg::{Effect, Msg},
        state::key::{Code, ctrl, plain},
    },
};

use crate::{
    pairs::{QUIET, RELEASED},
    support::{Console, NOW, key},
};

const KEY: &str = "106e38ae-eb59-415f-ac81-526a5299851d";

/// Returns a console with the cursor on a key of Los Angeles 1, on VLAN 125.
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
    assert_eq!(change.usage, Some(KeyUse::Single(VlanTag::from_wire(Some(130)))));
    let end = change.validity.flatten().and_then(|window| window.end);
    assert_eq!(end, Some(NOW + QUIET * 2 * 86_400 * 60));
    // Megaport drops the label, as it is known to.
    let at = console.account.1.iter_mut().find(|key| key.id.reveal() == KEY).expect("the key");
    (at.rate, at.label) = (Some(Mbps::new(200)), "".into());
    at.usage = KeyUse::Single(VlanTag::from_wire(Some(130)));
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
    assert!(console.frame().contains("Nothing changed"), "{}", console.frame());
    console.keys("\t\t");
    console.press(ctrl('u'));
    console.keys("101");
    assert!(console.frame().contains("taken: circuit Aurora Render prod"), "{}", console.frame());
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

/// Returns a console that has sent a request to disable `KEY`, and whose disk does not
/// answer by itself.
fn switching_off() -> (Console, RequestId) {
    let mut console = on_a_key((80, 24));
    console.disk_answers = false;
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    let written = console.effects.iter().rev().find_map(|effect| match effect {
        Effect::Engine(EngineEffect::Write(id, ..)) => Some(*id),
        _ => None,
    });
    (console, written.expect("it is to be written down"))
}

fn sent(console: &Console) -> bool {
    console.effects.iter().any(|effect| matches!(effect, Effect::Engine(EngineEffect::Send(_))))
}

#[test]
fn a_change_leaves_only_once_it_is_written_down() {
    let (mut console, id) = switching_off();
    assert!(!sent(&console));
    assert!(console.frame().contains("recording; nothing has been sent"));
    console.handle_msg(Msg::Journal(Event::Begun(id)));
    assert!(sent(&console));
    assert!(console.frame().contains("sent; waiting for the reply"));
}

#[test]
fn change_not_journaled_is_never_sent_and_reported() {
    let (mut console, id) = switching_off();
    console.handle_msg(Msg::Journal(Event::NotBegun(id, "the disk is full".into(), None)));
    assert!(console.frame().contains("Cannot record safely; nothing was sent"));
    // The disk answers after all, too late.
    console.handle_msg(Msg::Journal(Event::Begun(id)));
    assert_eq!(console.effects.last(), Some(&Effect::Engine(EngineEffect::Withdraw(id))));

    let (mut console, id) = switching_off();
    console.wait(Duration::from_secs(11));
    assert!(console.frame().contains("the disk did not respond within"), "{}", console.frame());
    console.handle_msg(Msg::Journal(Event::Begun(id)));
    assert_eq!(console.effects.last(), Some(&Effect::Engine(EngineEffect::Withdraw(id))));

    let (mut console, _) = switching_off();
    console.handle_msg(Msg::Journal(console.opened(1)));
    console.handle_msg(Msg::Journal(Event::NotBegun(RequestId(9_999), "not ours".into(), None)));
    assert!(!sent(&console));
}

#[test]
fn a_journal_that_is_not_well_lets_no_change_begin() {
    let mut console = on_a_key((80, 24));
    console.handle_msg(Msg::Journal(Event::Unusable("it is full".into())));
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    let writes = console
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Engine(EngineEffect::Write(..))));
    assert_eq!(writes.count(), 0);
    assert!(console.frame().contains("Nothing was changed"), "{}", console.frame());
}

#[test]
fn unanswered_change_stays_open_until_key_state_is_seen() {
    let mut console = on_a_key((80, 24));
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    let (id, _) = changed(&mut console);
    let lost = |doubt| Failure {
        cause: Cause::ConnectionLost,
        happened: "the line broke".into(),
        advice: "Try again.".into(),
        trace: None,
        doubt,
    };
    console.reply(id, Err(lost(Doubt::Unknown)));
    let (id, _) = console.take_request(|request| matches!(request, Request::Key(_)));
    console.reply(id, Err(lost(Doubt::Refused)));
    assert_eq!(console.journal.changes().len(), 1, "it is open on the disk");
    console.keys("\x1b\x1b");
    assert!(console.frame().contains("! 1 change unfinished"), "{}", console.frame());
    console.keys("!\n");
    assert!(console.frame().contains("next check 14:02:33 UTC"), "{}", console.frame());
    console.wait(Duration::from_secs(1));
    console.keys("r");
    console.answer_all();
    insta::assert_snapshot!("change unfinished", console.frame());
    console.keys("\n");
    assert!(console.frame().contains("Seen and closed: ACME-4471 blue #k7f3q9 is active"), "seen");
    assert_eq!(console.journal.changes().len(), 0, "it is settled on the disk");
}

pub(crate) fn line_dropped() -> Failure {
    Failure {
        cause: Cause::ConnectionLost,
        happened: "the line broke".into(),
        advice: "Try again.".into(),
        trace: None,
        doubt: Doubt::Unknown,
    }
}

/// Returns the audited progress of changes.
fn reached(console: &Console) -> Vec<Reached> {
    let acts = console.effects.iter().filter_map(|effect| match effect {
        Effect::Engine(EngineEffect::Audit(_, act)) => Some(act),
        _ => None,
    });
    acts.filter_map(|act| match **act {
        Act::Changed { reached, .. } | Act::Answered { reached, .. } => Some(reached),
        _ => None,
    })
    .collect()
}

/// Returns a console whose request to disable `KEY` was lost, while the list still
/// shows it enabled.
fn lost() -> Console {
    let mut console = on_a_key((80, 24));
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    let (id, _) = changed(&mut console);
    console.reply(id, Err(line_dropped()));
    console.answer_all();
    console
}

/// Lets so many seconds pass; returns how many reads of the key were started and
/// answered from the list.
fn pass(console: &mut Console, seconds: u64) -> usize {
    let mut reads = 0;
    for _ in 0..seconds {
        console.wait(Duration::from_secs(1));
        let is_read = |(_, request): &&(_, Request)| matches!(request, Request::Key(_));
        reads += console.asked.iter().filter(is_read).count();
        console.answer_all();
    }
    reads
}

#[test]
fn a_lost_change_is_settled_by_the_first_read_that_shows_it() {
    let mut console = lost();
    assert!(console.frame().contains("not known yet"), "{}", console.frame());
    assert_eq!(console.journal.changes().len(), 1, "one read that says otherwise proves nothing");
    assert_eq!(reached(&console), [Reached::Confirmed, Reached::Sent, Reached::Unknown]);
    assert_eq!(pass(&mut console, 9), 2, "after 2 and 5 s");
    assert_eq!(console.journal.changes().len(), 1);
    // The list catches up.
    let key = console.account.1.iter_mut().find(|key| key.id.reveal() == KEY).expect("the key");
    key.active = false;
    assert_eq!(pass(&mut console, 2), 1, "after 10 s");
    assert!(console.journal.changes().is_empty(), "it is settled on the disk");
    assert_eq!(reached(&console).last(), Some(&Reached::Done));
    assert!(!reached(&console).contains(&Reached::Failed));
    assert!(console.frame().contains("was active, now disabled"), "{}", console.frame());
    assert_eq!(pass(&mut console, 90), 0, "and nothing is read any more");
}

#[test]
fn lost_change_counts_as_not_made_only_after_every_read() {
    let mut console = lost();
    assert_eq!(pass(&mut console, 79), 5, "after 2, 5, 10, 20 and 40 s");
    assert_eq!(console.journal.changes().len(), 1);
    assert!(!reached(&console).contains(&Reached::Failed));
    assert_eq!(pass(&mut console, 2), 1, "after 80 s");
    assert!(console.journal.changes().is_empty());
    assert_eq!(reached(&console).last(), Some(&Reached::Failed));
    assert!(console.frame().contains("the line broke. Try again."), "{}", console.frame());
}

#[test]
fn lost_change_with_failed_last_read_stays_open_until_a_read() {
    let mut console = lost();
    pass(&mut console, 79);
    console.wait(Duration::from_secs(2));
    let (id, _) = console.take_request(|request| matches!(request, Request::Key(_)));
    console.reply(id, Err(line_dropped()));
    assert_eq!(console.journal.changes().len(), 1, "nobody knows");
    assert!(!reached(&console).contains(&Reached::Failed));
    console.keys("\x1b\x1b!");
    assert!(console.frame().contains("not known yet, r refreshes it"), "{}", console.frame());
    console.wait(Duration::from_secs(1));
    console.keys("\x1br");
    console.answer_all();
    assert!(console.journal.changes().is_empty(), "a whole list tells");
    assert_eq!(reached(&console).last(), Some(&Reached::Failed));
}

#[test]
fn accepted_change_not_listed_yet_is_searched_too() {
    let mut console = on_a_key((80, 24));
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    let (id, _) = changed(&mut console);
    let key = console.account.1.iter().find(|key| key.id.reveal() == KEY).expect("the key").clone();
    console.reply(id, Ok(Reply::Updated(Box::new(ServiceKey { active: false, ..key }))));
    console.answer_all();
    assert!(
        console.frame().contains("the list does not show the change yet"),
        "{}",
        console.frame()
    );
    // The dialog is closed, and another may be open when it is settled.
    console.keys("\x1b\x1b");
    let key = console.account.1.iter_mut().find(|key| key.id.reveal() == KEY).expect("the key");
    key.active = false;
    pass(&mut console, 3);
    assert!(console.journal.changes().is_empty());
    assert_eq!(reached(&console).last(), Some(&Reached::Done));
    assert!(console.frame().contains("done (confirmed now)"), "{}", console.frame());
}

#[test]
fn an_open_card_shows_its_key_as_it_was_read_last() {
    let mut console = on_a_key((80, 24));
    let key = console.account.1.iter_mut().find(|key| key.id.reveal() == KEY).expect("the key");
    let face = CardKey { intent: None, number: 1, key: key.clone(), differs: vec![] };
    key.active = false;
    let card = Card::new(vec![face], ForWhom::default(), Some(Origin::Found), console.model.now());
    console.model.modals.push(card);
    assert!(!console.frame().contains("DISABLED"), "{}", console.frame());
    let effects = console.model.refresh();
    for effect in effects {
        let Effect::Engine(EngineEffect::Ask(id, request)) = effect else { continue };
        console.asked.push((id, request));
    }
    console.answer_all();
    assert!(console.frame().contains("DISABLED"), "{}", console.frame());
}

#[test]
fn a_lost_answer_to_a_circuit_is_searched_on_the_same_schedule() {
    for arrives in [true, false] {
        let mut console = Console::started((80, 24));
        console.account.0[0].vxcs[0].awaits_approval = true;
        console.answer_all();
        console.keys("/los angeles 1\n\na");
        console.wait(QUIET);
        console.keys("y");
        let (id, _) = console.written.remove(0);
        console.reply(id, Err(line_dropped()));
        console.answer_all();
        assert!(console.frame().contains("Not confirmed yet"), "{}", console.frame());
        for second in 0..81 {
            console.wait(Duration::from_secs(1));
            if arrives && second == 30 {
                console.account.0[0].vxcs[0].awaits_approval = false;
            }
            console.answer_all();
            let open = if arrives { second < 39 } else { second < 79 };
            assert_eq!(console.journal.changes().len(), usize::from(open), "{arrives} {second}");
        }
        let (last, says) = if arrives {
            (Reached::Done, "The circuit is approved.")
        } else {
            (Reached::Failed, "The circuit still awaits our approval. the line broke")
        };
        assert_eq!(reached(&console).last(), Some(&last));
        assert!(console.frame().contains(says), "{}", console.frame());
    }
}

/// Returns the console started after one that ended while its change was out.
fn after_an_unfinished_change() -> Console {
    let mut console = on_a_key((80, 24));
    console.keys("D");
    console.wait(QUIET);
    console.keys("y");
    let mut next = Console::started((80, 24));
    next.account = console.account.clone();
    next.journal = console.journal.clone();
    next
}

#[test]
fn a_change_of_an_earlier_session_opens_first() {
    let mut next = after_an_unfinished_change();
    next.handle_msg(Msg::Journal(next.opened(0)));
    assert!(next.frame().contains("Unfinished work"), "{}", next.frame());
    assert!(next.frame().contains("requested: active → disabled"), "{}", next.frame());
    next.answer_all();
    assert!(next.frame().contains("Now: active"), "{}", next.frame());
}

#[test]
fn earlier_change_is_found_even_if_keys_precede_the_journal() {
    let mut next = after_an_unfinished_change();
    let (id, _) = next.take_request(|request| matches!(request, Request::Keys));
    let keys = next.account.1.clone();
    next.reply(id, Ok(Reply::Keys(crate::support::all(keys))));
    next.handle_msg(Msg::Journal(next.opened(0)));
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
    let face = CardKey { intent: None, number: 1, key, differs: vec![] };
    let card = Card::new(vec![face], ForWhom::default(), Some(Origin::Found), console.model.now());
    console.model.modals.push(card);
    console.wait(QUIET);
    console.keys("u");
    console.wait(QUIET);
    console.keys("y");
    assert!(console.written.is_empty(), "the first one is not read back yet");
    assert!(console.frame().contains("still being verified"), "{}", console.frame());
    let key = console.account.1.iter_mut().find(|key| key.id.reveal() == KEY).expect("the key");
    key.active = false;
    let key = key.clone();
    console.reply(first.0, Ok(Reply::Updated(Box::new(key))));
    console.answer_all();
    assert!(console.journal.changes().is_empty(), "the first one ended as itself");
    assert!(console.written.is_empty(), "and the second one does not go by itself");
    console.wait(RELEASED);
    console.keys("y");
    assert_eq!(console.written.len(), 1, "but with a new yes");
}
