//! The key card: what the customer gets, the key over the telephone, undo.

use std::time::Duration;

use onramp::{
    api::{
        Mode, Reply, Request, Write,
        account::Secret,
        clipboard::{Clipboard, Outcome, Verdict},
    },
    domain::{
        audit::Act, delivery::MessageTemplate, issuance::Doubt, key_order::KeyOrder,
        service_key::ServiceKey,
    },
    engine::effect::Effect as EngineEffect,
    ui::{
        model::msg::{Effect, Msg},
        state::key::{Code, plain},
    },
};

use crate::{
    pairs::{FIRST, QUIET, RELEASED, SECOND, both_made, copied, failure, made, reviewed},
    support::Console,
    unfinished,
};

/// Returns the text that a copy puts into the clipboard, as it is compared.
fn text(text: &str) -> Clipboard {
    Clipboard::Copy(Secret::new(text))
}

#[test]
fn one_card_has_both_keys_and_what_the_customer_gets() {
    for (columns, rows) in [(120, 36), (80, 24), (60, 16)] {
        let mut console = both_made((120, 36));
        console.handle_msg(Msg::Resize(columns, rows));
        insta::assert_snapshot!(format!("card of a pair {columns}x{rows}"), console.frame());
    }
    let mut console = both_made((120, 36));
    for name in ["mail", "chat", "ticket"] {
        console.keys("\t");
        insta::assert_snapshot!(format!("card with {name}"), console.frame());
    }
}

#[test]
fn ends_are_given_in_the_customers_time_zone_too() {
    let mut console = both_made((80, 24));
    console.keys("zsyd\n");
    let frame = console.frame();
    assert!(frame.contains("times in Australia/Sydney"), "{frame}");
    console.handle_msg(Msg::Resize(120, 50));
    let frame = console.frame();
    assert!(frame.contains("24 Dec 2026, 01:02 in Sydney"), "{frame}");
    console.keys("z\n");
    assert!(console.frame().contains("times in UTC"), "empty is UTC alone");
}

#[test]
fn a_masked_card_shows_no_key_and_copies_them_whole() {
    let mut console = both_made((120, 36));
    console.keys(".");
    let frame = console.frame();
    assert!(!frame.contains(FIRST) && !frame.contains(SECOND), "{frame}");
    assert!(frame.contains("106e…851d"), "the text is masked too: {frame}");
    console.keys("Yk");
    assert_eq!(copied(&console).1, text(&format!("{FIRST}\n{SECOND}")));
    console.keys(".");
    assert!(console.frame().contains(FIRST));
    assert!(console.model.next_tick().is_some(), "it counts down");
    console.wait(Duration::from_secs(30));
    assert!(!console.frame().contains(FIRST), "masked again by itself");
}

#[test]
fn each_form_is_copied_as_its_name_says() {
    let mut console = both_made((120, 36));
    console.model.settings.delivery.templates[0].body =
        Ok("{% for key in keys %}{{ key.zone }}={{ key.key }};{% endfor %}".to_owned());
    console.keys("Yc");
    assert_eq!(copied(&console).1, text(&format!("BLUE={FIRST};RED={SECOND};")));
    console.keys("Yl");
    let lines =
        format!("{FIRST}  Los Angeles 1 (BLUE, VLAN 102)\n{SECOND}  Los Angeles 2 (RED, VLAN 102)");
    assert_eq!(copied(&console).1, text(&lines));
    let before = console.effects.len();
    console.keys("Y\x1b");
    assert_eq!(console.effects.len(), before, "Esc copies nothing");
}

#[test]
fn faulty_custom_template_reports_its_line_and_copies_nothing() {
    let mut console = both_made((80, 24));
    for (body, says) in [
        ("Dear\n{{ custommer }}", "phone, line 2"),
        ("{% for n in range(90000) %}{{ n }}{% endfor %}", "it runs too long"),
        ("{% if %}", "phone, line 1"),
    ] {
        let body = Ok(body.to_owned());
        console
            .model
            .settings
            .delivery
            .set_template(MessageTemplate { name: "phone".to_owned(), body });
        assert!(console.frame().contains(says), "{says}: {}", console.frame());
        let before = console.effects.len();
        console.keys("Yc");
        assert_eq!(console.effects.len(), before);
        assert!(console.frame().contains("Not copied: phone"), "{}", console.frame());
    }
}

#[test]
fn half_a_pair_says_so_in_every_text() {
    let mut console = reviewed((120, 36));
    console.keys("y");
    made(&mut console, FIRST);
    drop(console.model.engine.set_mode(Mode::ReadOnly, "by the test"));
    console.answer_all();
    console.keys("\x1b");
    console.wait(QUIET);
    for _ in 0..4 {
        let frame = console.frame();
        let says = ["the first of two keys", "First of two keys", "HALF PAIR: the second"];
        assert!(says.iter().any(|one| frame.contains(one)), "{frame}");
        console.keys("\t");
    }
}

#[test]
fn dictated_key_is_checked_group_by_group_on_read_back() {
    let mut console = both_made((80, 24));
    console.keys("s");
    let frame = console.frame();
    assert!(frame.contains("▸ 106e    One   Zero   Six   Echo"), "{frame}");
    assert!(!frame.contains("38ae    "), "nobody reads on: {frame}");
    console.keys("  ");
    assert!(
        console.frame().contains("▸ eb59    Echo   Bravo   Five   Nine"),
        "{}",
        console.frame()
    );
    console.keys("\t");
    assert!(console.frame().contains("▸ 7b1f    Seven   Bravo   One   Foxtrot"));
    console.keys("b7B1F 0c53");
    let frame = console.frame();
    assert!(frame.contains("group 1  ok"), "{frame}");
    assert!(frame.contains("group 2  DIFFERENT  should be 0c52: zero Charlie five two"), "{frame}");
    console.press(plain(Code::Backspace));
    console.handle_msg(Msg::Paste("2-0d0e-4a39-9a64-c1f2e0b81f4e".to_owned()));
    assert!(console.frame().contains("All groups match."), "{}", console.frame());
    console.keys("\x1b\x1b");
    assert!(console.frame().contains("2 keys created"), "back on the card");
}

#[test]
fn keys_stand_alone_on_their_lines_for_a_mouse() {
    let mut console = both_made((80, 24));
    console.keys("v");
    let frame = console.frame();
    assert!(frame.lines().any(|line| line == FIRST), "{frame}");
    assert!(frame.lines().any(|line| line == SECOND), "{frame}");
    console.keys("v");
    assert!(console.frame().contains("2 keys created"));
}

#[test]
fn leaving_with_a_key_that_was_never_handed_over_asks_once() {
    let asks = |console: &mut Console| {
        console.keys("\nq");
        console.frame().contains("never copied")
    };
    let mut console = both_made((80, 24));
    assert!(asks(&mut console));
    console.keys("y");
    assert_eq!(console.effects.last(), Some(&Effect::Quit));

    let mut console = both_made((80, 24));
    console.keys("y");
    let (id, _) = copied(&console);
    console.handle_msg(Msg::Clipboard(
        id,
        Verdict::new(Outcome::Not, "not copied: nowhere to put it"),
    ));
    assert!(asks(&mut console), "it was not copied");

    let mut console = both_made((80, 24));
    console.keys("1");
    let (id, _) = copied(&console);
    console.handle_msg(Msg::Clipboard(id, Verdict::new(Outcome::Done, "copied")));
    assert!(asks(&mut console), "the second one was not");

    let mut console = both_made((80, 24));
    console.keys("y");
    let (id, _) = copied(&console);
    console.handle_msg(Msg::Clipboard(id, Verdict::new(Outcome::Sent, "sent")));
    assert!(!asks(&mut console));
    assert_eq!(console.effects.last(), Some(&Effect::Quit));

    let mut console = both_made((80, 24));
    console.keys("s       \t       \x1b");
    assert!(!asks(&mut console), "both were read aloud to their ends");
}

/// Takes the one change that was sent.
fn changed(console: &mut Console) -> (onramp::api::RequestId, onramp::api::KeyChange) {
    assert_eq!(console.written.len(), 1, "one after the other");
    let (id, Write::UpdateKey(change, _)) = console.written.remove(0) else { panic!("a change") };
    (id, change)
}

/// Disables a key at Megaport, as a change does.
fn switch_off(console: &mut Console, uid: &str) -> ServiceKey {
    let key = console.account.1.iter_mut().find(|key| key.id.reveal() == uid).expect("a key");
    key.active = false;
    key.clone()
}

#[test]
fn undo_disables_keys_one_by_one_and_reads_each_back() {
    let mut console = both_made((80, 24));
    console.keys("uy");
    assert!(console.written.is_empty(), "not before it was on the screen for a moment");
    console.wait(RELEASED);
    console.keys("yyy");
    let (id, change) = changed(&mut console);
    assert_eq!((change.key.reveal(), change.active), (FIRST, Some(false)));
    let key = switch_off(&mut console, FIRST);
    console.reply(id, Ok(Reply::Updated(Box::new(key))));
    assert!(console.written.is_empty(), "first the key is read back");
    console.answer_all();
    let (id, change) = changed(&mut console);
    assert_eq!(change.key.reveal(), SECOND);
    // The reply is lost: only the key itself shows the outcome.
    switch_off(&mut console, SECOND);
    console.reply(id, Err(failure(Doubt::Unknown)));
    assert!(console.frame().contains("the key may have been changed"), "{}", console.frame());
    console.answer_all();
    insta::assert_snapshot!("both switched off", console.frame());
    console.keys("\n");
    let frame = console.frame();
    assert!(frame.contains("DISABLED, until"), "{frame}");
    assert!(frame.contains("These keys have been disabled and cannot be used."), "{frame}");
    console.keys("\nq");
    assert_eq!(console.effects.last(), Some(&Effect::Quit), "nothing is left to hand over");
}

#[test]
fn change_not_made_is_reported_and_can_be_retried() {
    let mut console = both_made((80, 24));
    console.keys("u2");
    console.wait(QUIET);
    console.keys("y");
    let (id, _) = changed(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    console.answer_all();
    let frame = console.frame();
    assert!(
        frame.contains("not known yet whether the key was changed"),
        "one read proves nothing: {frame}"
    );
    for _ in 0..81 {
        console.wait(Duration::from_secs(1));
        console.answer_all();
    }
    let frame = console.frame();
    assert!(frame.contains("The line dropped. Look for it."), "{frame}");
    assert!(console.written.is_empty(), "nothing is sent again by itself");
    console.wait(QUIET);
    console.keys("y");
    let (id, change) = changed(&mut console);
    assert_eq!(change.key.reveal(), FIRST);
    let key = switch_off(&mut console, FIRST);
    console.reply(id, Ok(Reply::Updated(Box::new(key))));
    console.answer_all();
    assert!(console.written.is_empty(), "the second one was not marked");
    assert!(console.frame().contains("was active, now disabled"), "{}", console.frame());
}

#[test]
fn read_only_changes_nothing() {
    let mut console = both_made((80, 24));
    drop(console.model.engine.set_mode(Mode::ReadOnly, "by the test"));
    console.keys("u");
    console.wait(QUIET);
    console.keys("y");
    assert!(console.written.is_empty());
    assert!(!console.frame().contains("Disable?"));
}

#[test]
fn dry_run_shows_the_request_and_disarms_the_review() {
    let mut console = reviewed((80, 24));
    console.press(plain(Code::F(3)));
    let asked = console.effects.iter().rev().find_map(|effect| match effect {
        Effect::Rehearse(orders) => Some(orders.clone()),
        _ => None,
    });
    let orders: Vec<KeyOrder> = asked.expect("both orders");
    assert_eq!(orders.len(), 2);
    assert!(orders[0].label().as_str().starts_with("ACME-4471 blue #"));
    console.keys("\x1by");
    assert!(console.written.is_empty(), "the question was covered up");
    console.wait(RELEASED);
    console.keys("y");
    assert_eq!(console.written.len(), 1);
    assert!(console.asked.iter().all(|(_, request)| !matches!(request, Request::Products)));
}

#[test]
fn card_opened_without_recent_key_press_is_masked() {
    for (silence, is_masked) in [(60, false), (600, true)] {
        let mut console = unfinished::waiting();
        console.keys("\x1b");
        console.wait(Duration::from_secs(silence));
        unfinished::answer(&mut console, &[unfinished::made(1)]);
        let frame = console.frame();
        assert!(frame.contains("Created before the restart"), "{frame}");
        assert_eq!(!frame.contains(unfinished::KEY), is_masked, "{silence} s: {frame}");
        assert_eq!(reveals(&console), usize::from(!is_masked), "in the audit");
        if is_masked {
            console.wait(QUIET);
            console.keys(".");
            assert!(console.frame().contains(unfinished::KEY), "{}", console.frame());
            assert_eq!(reveals(&console), 1, "in the audit");
        }
    }
}

/// Returns how often shown keys were audited.
fn reveals(console: &Console) -> usize {
    let is_shown = |effect: &&Effect| matches!(effect, Effect::Engine(EngineEffect::Audit(_, act)) if matches!(**act, Act::Revealed { .. }));
    console.effects.iter().filter(is_shown).count()
}
