//! Whole journeys: keys in, effects and frames out.

use std::time::Duration;

use onramp::{
    api::{
        Cause, Event, Failure, Listing, Mode, Reply, Request, RequestId, Unread, VlanAnswer, Write,
    },
    domain::{
        intent::IntentId,
        inventory::Keys,
        issuance::Doubt,
        key_order::KeyOrder,
        preset::Preset,
        service_key::{ServiceKey, Validity},
        tag::Seed,
        units::Mbps,
        vlan::VlanId,
        vlan_policy::Block,
    },
    engine::effect::Effect as EngineEffect,
    ui::{
        model::msg::{Effect, Msg},
        state::key::{Code, char, ctrl, plain},
    },
};

use crate::{
    pairs::RELEASED,
    support::{Console, NOW, account, all, key},
};

const SIZE: (u16, u16) = (80, 24);

/// Long enough for a review to be armed.
const QUIET: Duration = Duration::from_millis(500);

const NEW: &str = "106e38ae-eb59-415f-ac81-526a5299851d";

fn failure(doubt: Doubt) -> Failure {
    Failure {
        cause: Cause::ConnectionLost,
        happened: "The line dropped after the request had left".into(),
        advice: "The key may exist.".into(),
        trace: Some("5f2c0000aaaa".into()),
        doubt,
    }
}

/// Returns a console whose review of a key on Los Angeles 1 is clear and armed.
fn reviewed() -> Console {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njnACME-4471 blue\n");
    console.answer_all();
    console.wait(QUIET);
    console
}

fn posts(console: &Console) -> usize {
    let is_post = |effect: &&Effect| matches!(effect, Effect::Engine(EngineEffect::Send(_)));
    console.effects.iter().filter(is_post).count()
}

fn sent(console: &mut Console) -> (RequestId, KeyOrder) {
    match console.written.pop() {
        Some((id, Write::CreateKey { intent, .. })) => (id, intent.order),
        other => panic!("no key was ordered: {other:?}"),
    }
}

/// Returns the key that `reviewed` orders, as the vendor would list it.
fn made() -> ServiceKey {
    ServiceKey { created: Some(NOW), ..key(NEW, "la-1", 100, &label()) }
}

/// Returns the label of that key as it is sent: the first tag that the seed gives.
fn label() -> String {
    let tag = IntentId(Seed::new(7).draw()).tag();
    format!("ACME-4471 blue {tag}")
}

fn answer_look(console: &mut Console, fresh: Vec<ServiceKey>) {
    let (id, request) = console.take_request(|request| matches!(request, Request::KeysOf(_)));
    let Request::KeysOf(of) = request else { unreachable!("just matched") };
    let older = account().1.into_iter().filter(|key| key.on_ramp == of);
    let listed = all(older.chain(fresh).collect());
    console.reply(id, Ok(Reply::KeysOf(of, listed)));
}

#[test]
fn a_newcomer_drills_down_and_makes_a_first_key() {
    let mut console = Console::loaded(SIZE);
    console.keys("jjjj\nj\nj\n"); // USA, Los Angeles, US-West
    assert!(console.frame().contains("USA > Los Angeles > US-West"));
    assert_eq!(console.model.browse.rows().len(), 2);
    console.keys("j\n"); // Los Angeles 2, opened
    assert!(console.frame().contains("Circuits 2"));
    console.keys("nACME-4471 red\tAcme Pty\t4471\n");
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    let (id, order) = sent(&mut console);
    assert_eq!(order.on_ramp().as_str(), "la-2");
    let label = order.label().as_str();
    assert!(label.starts_with("ACME-4471 red #"), "{label}");
    console.reply(id, Ok(Reply::Created(Box::new(key(NEW, "la-2", 101, label)))));
    let frame = console.frame();
    assert!(frame.contains("Key created") && frame.contains(NEW), "{frame}");
    assert!(frame.contains("Acme Pty") && frame.contains("4471"), "{frame}");
    console.keys("\n");
    assert!(console.frame().contains(NEW), "a key typed as the card opens does not close it");
    console.wait(QUIET);
    console.keys("\n");
    let frame = console.frame();
    assert!(!frame.contains(NEW) && frame.contains("106e…851d"), "masked again: {frame}");
    console.keys("\tg\n");
    let frame = console.frame();
    assert!(frame.contains("Service key") && !frame.contains(NEW), "its card, masked: {frame}");
    console.keys(".");
    assert!(console.frame().contains(NEW), "revealed");
    console.wait(Duration::from_secs(30));
    assert!(!console.frame().contains(NEW), "to show for 30 s");
}

#[test]
fn untagged_is_a_choice_that_wants_the_on_ramp_for_itself() {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njn\t\t\t");
    let frame = console.frame();
    assert!(frame.contains("▸ Type") && frame.contains("● single ○ multi ○ untagged"), "{frame}");
    console.press(plain(Code::Left));
    let frame = console.frame();
    assert!(frame.contains("○ multi ● untagged") && !frame.contains("VLAN       *"), "{frame}");
    assert!(frame.contains("this on-ramp already has a"), "{frame}");
    let on_ramp = console.account.0.iter_mut().find(|o| o.id.as_str() == "la-1").expect("la-1");
    on_ramp.vxcs.clear();
    console.account.1.retain(|key| key.on_ramp.as_str() != "la-1");
    for _ in 0..3 {
        console.keys("\x1br");
        console.answer_all();
        console.wait(Duration::from_secs(6));
    }
    console.keys("nACME\t\t\t");
    console.press(plain(Code::Left));
    console.keys("\n");
    console.answer_all();
    console.wait(QUIET);
    let frame = console.frame();
    assert!(frame.contains("untagged: the circuit takes the whole on-ramp"), "{frame}");
    assert!(frame.contains("On-ramp: read again, nothing is on it"), "{frame}");
    console.keys("y");
    assert_eq!(sent(&mut console).1.usage(), onramp::domain::key_order::OrderUse::Untagged);
}

#[test]
fn fifty_presses_of_y_send_one_request() {
    let mut console = reviewed();
    console.keys(&"y".repeat(50));
    assert_eq!(posts(&console), 1);
}

#[test]
fn held_or_pasted_y_before_the_quiet_time_sends_nothing() {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njnACME\n");
    console.answer_all();
    for _ in 0..100 {
        console.wait(Duration::from_millis(33));
        console.keys("y");
    }
    console.handle_msg(Msg::Paste("y\ny\n".to_owned()));
    assert_eq!(posts(&console), 0);
    console.wait(RELEASED);
    console.keys("y");
    assert_eq!(posts(&console), 1, "a fresh y after a quiet moment counts");
}

#[test]
fn a_y_right_behind_another_key_sends_nothing() {
    let mut console = reviewed();
    console.keys("jy");
    assert_eq!(posts(&console), 0);
    console.wait(RELEASED);
    console.keys("y");
    assert_eq!(posts(&console), 1);
}

#[test]
fn covered_review_is_redrawn_before_it_counts() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    // While the answer is waited for, another one is put together.
    console.keys("\x1bNOTHER\n");
    console.answer_all();
    console.wait(QUIET);
    assert!(console.frame().contains("y = create both keys"), "{}", console.frame());
    console.reply(id, Ok(Reply::Created(Box::new(made()))));
    console.wait(QUIET);
    assert!(console.frame().contains(NEW), "its card lies on top: {}", console.frame());
    console.keys("\ny");
    assert_eq!(posts(&console), 1, "the y was for the card");
    console.wait(RELEASED);
    console.keys("y");
    assert_eq!(posts(&console), 2);
}

#[test]
fn a_y_typed_ahead_of_a_stalled_screen_sends_nothing() {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njnACME\n");
    console.answer_all();
    console.stall(Duration::from_secs(5)); // the connection takes no bytes, or ^Z and fg
    console.keys("yyy");
    assert_eq!(posts(&console), 0, "nobody has seen the review yet");
    console.wait(RELEASED);
    console.keys("y");
    assert_eq!(posts(&console), 1);
}

#[test]
fn enter_escape_and_n_mean_no() {
    for no in [plain(Code::Enter), plain(Code::Esc), char('n'), char('q')] {
        let mut console = reviewed();
        console.press(no);
        assert_eq!(posts(&console), 0, "{no}");
        assert!(console.frame().contains("New service key"), "back in the form after {no}");
    }
}

#[test]
fn lost_reply_leads_to_a_search_that_finds_the_key() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    let frame = console.frame();
    assert!(frame.contains("The key may exist") && frame.contains("5f2c0000aaaa"), "{frame}");
    assert!(!frame.to_lowercase().contains("failed"), "{frame}");
    answer_look(&mut console, vec![]);
    assert!(console.frame().contains("Not in the list after 1 check"), "{}", console.frame());
    console.wait(Duration::from_secs(3)); // the next look is due
    answer_look(&mut console, vec![made()]);
    let frame = console.frame();
    assert!(frame.contains(NEW) && frame.contains("The reply was lost"), "{frame}");
    assert_eq!(posts(&console), 1);
}

#[test]
fn key_in_doubt_blocks_a_second_one_until_settled() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    answer_look(&mut console, vec![]);
    console.keys("\x1b"); // hidden, not settled
    let says = format!("The key {} may exist", label());
    assert!(console.frame().contains(&says), "{}", console.frame());
    console.keys("n");
    assert!(console.frame().contains("The key may exist"), "n shows the doubt, not a form");
    console.keys("\x1bq");
    assert!(console.frame().contains("Quit?"));
    assert!(!console.effects.contains(&Effect::Quit));
    console.keys("ny"); // stay; a y outside any question does nothing
    assert_eq!((posts(&console), console.effects.contains(&Effect::Quit)), (1, false));
    console.press(ctrl('c'));
    console.press(ctrl('c'));
    assert!(!console.effects.contains(&Effect::Quit), "it may be held");
    console.wait(RELEASED);
    console.press(ctrl('c'));
    assert!(console.effects.contains(&Effect::Quit), "twice leaves");
}

#[test]
fn a_look_at_the_end_of_all_looks_still_never_sends() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    for _ in 0..6 {
        answer_look(&mut console, vec![]);
        console.wait(Duration::from_secs(81));
    }
    answer_look(&mut console, vec![]);
    assert!(console.frame().contains("after 7 checks"), "{}", console.frame());
    console.answer_all(); // the circuits and the VLAN, last of all
    assert!(console.model.next_tick().is_none(), "nothing more happens by itself");
    console.wait(Duration::from_secs(3600));
    assert!(console.asked.is_empty() && posts(&console) == 1);
}

#[test]
fn key_without_its_label_is_offered_and_never_assumed() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    answer_look(&mut console, vec![ServiceKey { label: "".into(), ..made() }]);
    let frame = console.frame();
    assert!(frame.contains("Is one of these yours?") && !frame.contains(NEW), "{frame}");
    console.keys("1");
    assert!(console.frame().contains(NEW));
}

#[test]
fn refused_and_unsent_requests_report_that_no_key_exists() {
    for doubt in [Doubt::Refused, Doubt::NotSent] {
        let mut console = reviewed();
        console.keys("y");
        let (id, _) = sent(&mut console);
        console.reply(id, Err(failure(doubt)));
        if doubt == Doubt::Refused {
            let frame = console.frame();
            assert!(frame.contains("The refusal is accepted only"), "not yet: {frame}");
            answer_look(&mut console, vec![]);
            let frame = console.frame();
            assert!(frame.contains("No key is listed"), "a list may lag: {frame}");
            for span in [5, 15] {
                console.wait(Duration::from_secs(span));
                answer_look(&mut console, vec![]);
            }
        } else {
            assert!(console.frame().contains("No key was created"), "{}", console.frame());
        }
        assert!(console.frame().contains("Nothing was created"), "{}", console.frame());
        assert!(console.asked.is_empty(), "nothing to look for");
        console.keys("\n");
        assert!(console.model.engine.attempts().is_empty());
        assert!(console.frame().contains("[ACME-4471 blue"), "back in the form as it was");
    }
}

#[test]
fn unprocessed_order_is_resent_after_3_lists_and_a_free_vlan() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::NotProcessed)));
    for span in [0, 5, 15] {
        console.wait(Duration::from_secs(span));
        let frame = console.frame();
        assert!(frame.contains("Megaport did not process it"), "{frame}");
        assert!(!frame.contains("s sends the same order once more"), "{frame}");
        answer_look(&mut console, vec![]);
    }
    assert!(!console.frame().contains("s sends the same order once more"), "the VLAN is not known");
    console.answer_all();
    let frame = console.frame();
    assert!(frame.contains("s sends the same order once more"), "{frame}");
    assert!(frame.contains("Megaport reports VLAN 100 as free"), "what was seen: {frame}");
    assert!(!frame.contains("Nothing was created"), "{frame}");
}

#[test]
fn key_of_a_refused_request_stops_the_same_order_before_y() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Refused)));
    answer_look(&mut console, vec![]);
    console.keys("\n\n");
    console.answer_all();
    console.wait(QUIET);
    let frame = console.frame();
    assert!(frame.contains("order may still have created a key"), "{frame}");
    console.keys("y");
    assert_eq!(posts(&console), 1, "it waits: {}", console.frame());
    console.wait(Duration::from_secs(5));
    answer_look(&mut console, vec![made()]);
    let frame = console.frame();
    assert!(frame.contains("Megaport refused the request but created"), "{frame}");
    assert!(frame.contains("Key created") && frame.contains(NEW), "{frame}");
    assert!(!frame.contains("Create this key?"), "{frame}");
    assert_eq!(posts(&console), 1);
}

#[test]
fn a_new_order_goes_on_once_the_refused_request_was_looked_for() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Refused)));
    answer_look(&mut console, vec![]);
    for span in [5, 15] {
        console.wait(Duration::from_secs(span));
        answer_look(&mut console, vec![]);
    }
    console.keys("\n\n");
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(posts(&console), 2, "{}", console.frame());
}

#[test]
fn foreign_key_in_a_reply_is_checked_and_never_delivered() {
    let other = |change: fn(ServiceKey) -> ServiceKey| change(made());
    let strangers = [
        other(|key| ServiceKey { label: "GIGA-7 #zzzzzz".into(), ..key }),
        other(|key| ServiceKey { on_ramp: crate::support::id("la-2"), ..key }),
        ServiceKey { label: "".into(), ..account().1.into_iter().next().expect("a key") },
    ];
    for stranger in strangers {
        let mut console = reviewed();
        console.keys("y");
        let (id, _) = sent(&mut console);
        let text = stranger.id.reveal().to_owned();
        console.reply(id, Ok(Reply::Created(Box::new(stranger))));
        let frame = console.frame();
        assert!(frame.contains("The key may exist") && !frame.contains(&text), "{frame}");
        answer_look(&mut console, vec![made()]);
        let frame = console.frame();
        assert!(frame.contains("Key created") && frame.contains(NEW), "{frame}");
    }
}

#[test]
fn key_not_listed_yet_is_created_with_a_note() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Ok(Reply::Created(Box::new(made()))));
    answer_look(&mut console, vec![]);
    let frame = console.frame();
    assert!(frame.contains("Key created"), "{frame}");
    assert!(frame.contains("Megaport's list does not show it yet"), "{frame}");
    console.wait(Duration::from_secs(2));
    let over = ServiceKey { valid: Some(false), ..made() };
    answer_look(&mut console, vec![over]);
    let frame = console.frame();
    assert!(!frame.contains("does not show it yet"), "{frame}");
    assert!(frame.contains("Megaport reports it as not valid"), "{frame}");
}

#[test]
fn a_vlan_that_megaport_says_is_taken_can_not_be_sent() {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njnACME\n");
    let (id, _) = console.take_request(|request| matches!(request, Request::CheckVlan(..)));
    let free = VlanId::new(131).expect("legal");
    console.reply(id, Ok(Reply::Vlan(VlanAnswer::Taken(vec![free]))));
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(posts(&console), 0);
    assert!(
        console.frame().contains("VLAN: taken (checked with Megaport). Free: 131"),
        "{}",
        console.frame()
    );
}

#[test]
fn a_vlan_that_a_colleague_took_meanwhile_can_not_be_sent() {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njnACME\n");
    answer_look(
        &mut console,
        vec![key("aaaa0000-0000-4000-8000-00000000aaaa", "la-1", 100, "RIVAL")],
    );
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(posts(&console), 0);
    assert!(console.frame().contains("taken: unused key RIVAL"), "{}", console.frame());
}

#[test]
fn checks_over_a_minute_old_are_repeated_before_sending() {
    let mut console = reviewed();
    console.wait(Duration::from_secs(61));
    console.keys("y");
    assert_eq!(posts(&console), 0);
    console.answer_all();
    console.wait(RELEASED);
    console.keys("y");
    assert_eq!(posts(&console), 1);
}

#[test]
fn a_reply_that_differs_from_the_order_is_an_alarm_on_the_card() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Ok(Reply::Created(Box::new(key(NEW, "la-1", 101, &label())))));
    assert!(console.frame().contains("ordered VLAN 100, listed 101"), "{}", console.frame());
}

#[test]
fn a_closed_form_comes_back_as_it_was() {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njnACME\x1b");
    console.keys("n");
    assert!(console.frame().contains("[ACME"), "{}", console.frame());
}

#[test]
fn a_wrong_field_takes_the_cursor_and_says_what_is_wrong() {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njn\n");
    assert!(console.frame().contains("a label is required"), "{}", console.frame());
    console.keys("ACME\t\t\t\t");
    console.press(ctrl('u'));
    console.keys("99999\n");
    assert!(console.frame().contains("at most 10 Gbps"), "{}", console.frame());
    assert!(console.asked.is_empty(), "nothing was asked");
}

#[test]
fn an_on_ramp_that_takes_no_key_does_not_open_the_form() {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\nGn");
    let frame = console.frame();
    assert!(
        !frame.contains("New service key") && frame.contains("no: new circuits are not permitted")
    );
}

#[test]
fn a_refresh_keeps_the_selection_though_a_row_appears_above_it() {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njj");
    let before = console.model.browse.on_ramp.clone();
    console.keys("r");
    let (mut on_ramps, _) = account();
    on_ramps.push(crate::support::on_ramp(
        "aaa",
        "Aachen",
        (1, "X", "Aachen", "Germany"),
        onramp::domain::place::Zone::Red,
        1000,
    ));
    let (id, _) = console.take_request(|request| *request == Request::Products);
    console.reply(id, Ok(Reply::Products(all(on_ramps))));
    assert_eq!(console.model.browse.on_ramp, before);
    assert!(
        console.reversed().iter().any(|l| l.contains("Los Angeles 2")),
        "{:?}",
        console.reversed()
    );
}

#[test]
fn failures_show_in_the_frame_and_r_tries_again() {
    let mut console = Console::started(SIZE);
    let (id, _) = console.take_request(|request| *request == Request::Products);
    console.reply(id, Err(failure(Doubt::NotSent)));
    let frame = console.frame();
    assert!(frame.contains("The line dropped") && frame.contains("r tries again"), "{frame}");
    console.keys("r");
    console.answer_all();
    assert!(console.frame().contains("On-ramps 6"));
}

#[test]
fn old_data_stays_when_a_refresh_fails() {
    let mut console = Console::loaded(SIZE);
    console.keys("r");
    let (id, _) = console.take_request(|request| *request == Request::Products);
    console.reply(id, Err(failure(Doubt::NotSent)));
    let (id, _) = console.take_request(|request| *request == Request::Keys);
    console.reply(id, Err(failure(Doubt::NotSent)));
    let frame = console.frame();
    assert!(
        frame.contains("On-ramps 6") && frame.contains("On-ramps and keys: The line dropped"),
        "{frame}"
    );
}

#[test]
fn a_reply_nobody_waits_for_changes_nothing() {
    let mut console = Console::loaded(SIZE);
    let before = console.frame();
    console.reply(RequestId(999), Ok(Reply::Products(all(vec![]))));
    assert_eq!(console.frame(), before);
}

#[test]
fn the_filter_narrows_while_typing_and_escape_drops_it() {
    let mut console = Console::loaded(SIZE);
    console.keys("/la red");
    assert_eq!(console.model.browse.rows().len(), 1);
    console.keys("\n");
    assert!(console.frame().contains("On-ramps 1 of 6"), "{}", console.frame());
    console.keys("\x1b");
    assert_eq!(console.model.browse.rows().len(), 6);
}

#[test]
fn at_rest_the_console_asks_for_no_tick() {
    assert_eq!(Console::loaded(SIZE).model.next_tick(), None);
}

#[test]
fn every_size_draws_every_dialog_without_a_panic() {
    let journeys = ["", "\n\n\n\n", "?", "/zzz", "\n\n\njn", "\n\n\njnACME\n", "G\n\nj"];
    for (columns, rows) in
        [(0, 0), (1, 1), (59, 16), (60, 15), (60, 16), (83, 20), (84, 29), (500, 200)]
    {
        for keys in journeys {
            let mut console = Console::loaded((120, 36));
            console.keys(keys);
            console.handle_msg(Msg::Resize(columns, rows));
            console.keys("jk");
            let _ = console.frame();
        }
    }
}

#[test]
fn review_larger_than_the_screen_cannot_be_confirmed() {
    let mut console = reviewed();
    console.handle_msg(Msg::Resize(40, 10));
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(posts(&console), 0);
    console.handle_msg(Msg::Resize(80, 24));
    console.wait(RELEASED);
    console.keys("y");
    assert_eq!(posts(&console), 1);
}

#[test]
fn a_card_says_done_only_when_it_takes_keys() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Ok(Reply::Created(Box::new(made()))));
    assert!(console.frame().contains("Key created"), "{}", console.frame());
    assert!(!console.frame().contains("Enter close"), "{}", console.frame());
    assert!(console.model.next_tick().is_some(), "it asks to be drawn again");
    console.wait(QUIET);
    assert!(console.frame().contains("Enter close"), "{}", console.frame());
}

#[test]
fn a_review_of_which_a_line_is_hidden_can_not_be_confirmed() {
    let mut console = Console::loaded((60, 16));
    let label = "ACME-4471 blue ".repeat(3);
    console.keys(&format!(
        "\n\n\njn{label}\tA customer with quite a long name indeed\tand a long reference 4471\n"
    ));
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    let frame = console.frame();
    assert_eq!(posts(&console), 0, "{frame}");
    assert!(frame.contains("Terminal too small"), "{frame}");
    console.handle_msg(Msg::Resize(80, 24));
    console.wait(RELEASED);
    console.keys("y");
    assert_eq!(posts(&console), 1);
}

#[test]
fn request_in_doubt_never_suggests_a_retry() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    let advice = "Try again in a moment.".into();
    console.reply(id, Err(Failure { advice, ..failure(Doubt::Unknown) }));
    assert!(!console.frame().to_lowercase().contains("try again"), "{}", console.frame());
}

#[test]
fn looks_that_fail_are_not_counted_as_looks() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    for _ in 0..8 {
        if let Some(at) = console.asked.iter().position(|(_, r)| matches!(r, Request::KeysOf(_))) {
            let (id, _) = console.asked.remove(at);
            console.reply(id, Err(failure(Doubt::NotSent)));
        }
        console.wait(Duration::from_secs(81));
    }
    let frame = console.frame();
    assert!(frame.contains("could not be read completely yet"), "{frame}");
    assert!(!frame.contains("Not in the list"), "{frame}");
    console.keys("xc");
    assert!(
        console.model.engine.active_attempt().is_some(),
        "nothing was read: it cannot be given up"
    );
}

#[test]
fn looking_by_hand_takes_no_planned_look_away() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    for _ in 0..9 {
        answer_look(&mut console, vec![]);
        console.keys("lll");
        assert_eq!(console.asked.len(), 1, "one look at a time");
    }
    answer_look(&mut console, vec![]);
    assert!(console.model.next_tick().is_some(), "the planned looks are still to come");
}

#[test]
fn an_entry_that_could_not_be_read_may_be_the_key() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    let (id, request) = console.take_request(|request| matches!(request, Request::KeysOf(_)));
    let Request::KeysOf(of) = request else { unreachable!("just matched") };
    console.reply(id, Ok(Reply::KeysOf(of, unread())));
    let frame = console.frame();
    assert!(frame.contains("1 entry of the list could not be read"), "{frame}");
    assert!(!frame.contains("Not in the list"), "{frame}");
}

/// Returns a list of which nothing could be read.
fn unread() -> Listing<ServiceKey> {
    let unread = vec![Unread { position: 0, why: "no key".into() }];
    Listing { entries: vec![], unread, other: std::collections::BTreeMap::new() }
}

#[test]
fn what_a_late_look_finds_is_not_put_on_another_on_ramp() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    answer_look(&mut console, vec![ServiceKey { label: "".into(), ..made() }]);
    console.keys("l"); // searches once more, without waiting for the reply
    let (late, _) = console.take_request(|request| matches!(request, Request::KeysOf(_)));
    console.keys("1");
    let known = console.model.engine.inventory().key_count();
    let nothing = Reply::KeysOf(crate::support::id("la-1"), all(vec![]));
    console.reply(late, Ok(nothing));
    assert_eq!(console.model.engine.inventory().key_count(), known);
}

#[test]
fn two_keys_for_one_request_are_an_alarm() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    let other = key("206e38ae-eb59-415f-ac81-526a52998999", "la-1", 100, &label());
    answer_look(&mut console, vec![made(), other]);
    assert!(console.frame().contains("Two keys for one request"), "{}", console.frame());
}

#[test]
fn on_ramp_closed_or_gone_during_review_gets_no_key() {
    for lose in [true, false] {
        let mut console = reviewed();
        console.keys("n"); // back, so that r reaches the view
        console.keys("\x1brn");
        let (mut on_ramps, _) = account();
        if lose {
            on_ramps.remove(0);
        } else {
            on_ramps[0].admin_locked = true;
        }
        let (id, _) = console.take_request(|request| *request == Request::Products);
        console.keys("\n");
        let checks: Vec<_> = console.asked.iter().map(|(_, r)| r.clone()).collect();
        assert!(checks.iter().any(|r| matches!(r, Request::KeysOf(_))), "reviewing: {checks:?}");
        console.reply(id, Ok(Reply::Products(all(on_ramps))));
        console.answer_all();
        console.wait(QUIET);
        console.keys("y");
        assert_eq!(posts(&console), 0, "{}", console.frame());
        assert!(console.frame().contains("Changed meanwhile"), "{}", console.frame());
    }
}

#[test]
fn keys_are_judged_by_the_servers_clock() {
    let mut console = Console::started(SIZE);
    let (mut id, _) = console.take_request(|request| *request == Request::Products);
    console.reply(id, Ok(Reply::Products(all(account().0))));
    let mut ending = key("aaaa0000-0000-4000-8000-00000000aaaa", "la-1", 140, "ENDS SOON");
    let soon = NOW - Duration::from_secs(1800);
    ending.validity = Some(Validity { start: None, end: Some(soon) });
    (id, _) = console.take_request(|request| *request == Request::Keys);
    // This host is an hour fast: by the server's clock the key has 30 minutes.
    let (result, clock_offset) = (Ok(Reply::Keys(all(vec![ending]))), Some(-3_600_000));
    console.handle_msg(Msg::Api(Event::Done { id, result, clock_offset }));
    let place =
        console.model.engine.inventory().place(&crate::support::id("la-1")).expect("listed");
    assert_eq!(console.model.engine.inventory().summary(place).keys.map(Keys::live), Some(1));
}

#[test]
fn what_keys_hold_is_not_claimed_before_the_keys_were_read() {
    let mut console = Console::started(SIZE);
    let (id, _) = console.take_request(|request| *request == Request::Products);
    console.reply(id, Ok(Reply::Products(all(account().0))));
    let (id, _) = console.take_request(|request| *request == Request::Keys);
    console.reply(id, Err(failure(Doubt::NotSent)));
    let frame = console.frame();
    assert!(frame.contains("reserved by keys are not known yet"), "{frame}");
    assert!(frame.contains("! r: try again, !: more. Keys:"), "{frame}");
    console.keys("!");
    let frame = console.frame();
    assert!(
        frame.contains("Trace id 5f2c0000aaaa") && frame.contains("The key may exist."),
        "{frame}"
    );
}

#[test]
fn terminal_resized_before_its_event_is_drawn_without_panic() {
    for keys in ["", "\n\n\n\n", "\n\n\njn", "?"] {
        let mut console = Console::loaded((120, 36));
        console.keys(keys);
        for size in [(119, 36), (120, 35), (20, 5), (200, 60)] {
            assert_eq!(console.frame_on(size).trim(), "", "nothing until the message is here");
        }
    }
}

#[test]
fn read_only_says_why_and_rw_asks_once() {
    let mut console = Console::loaded(SIZE);
    console.keys(":ro\n");
    assert_eq!(
        console.effects.last(),
        Some(&Effect::Engine(EngineEffect::SetMode(Mode::ReadOnly)))
    );
    assert!(console.frame().contains("[DEMO] RO"), "{}", console.frame());
    console.keys("\n\n\njn");
    let frame = console.frame();
    assert!(frame.contains("Read-only: nothing is created. :rw allows"), "{frame}");
    console.keys(":rw\n");
    assert!(console.frame().contains("Allow creating keys?"), "{}", console.frame());
    console.keys("\n");
    assert!(console.frame().contains("[DEMO] RO"), "Enter is no");
    console.keys(":rw\ny");
    assert_eq!(
        console.effects.last(),
        Some(&Effect::Engine(EngineEffect::SetMode(Mode::ReadWrite)))
    );
    console.keys("n");
    assert!(console.frame().contains("New service key"), "{}", console.frame());
}

#[test]
fn a_key_pair_that_may_not_write_makes_the_console_read_only() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    let forbidden = Failure { cause: Cause::Forbidden, ..failure(Doubt::Refused) };
    console.reply(id, Err(forbidden));
    answer_look(&mut console, vec![]);
    assert!(console.frame().contains("Megaport refused the key"), "{}", console.frame());
    assert!(console.effects.contains(&Effect::Engine(EngineEffect::SetMode(Mode::ReadOnly))));
}

#[test]
fn a_mode_taken_back_during_the_review_sends_nothing() {
    let mut console = reviewed();
    drop(console.model.engine.set_mode(Mode::ReadOnly, "by the test"));
    console.keys("y");
    assert_eq!(posts(&console), 0);
}

#[test]
fn unknown_command_changes_nothing_and_lists_the_known() {
    let mut console = Console::loaded(SIZE);
    console.keys(":delete all\n");
    assert!(console.frame().contains("Commands: ro, rw, refresh,"), "{}", console.frame());
}

#[test]
fn key_set_aside_keeps_its_vlan_until_listed() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    for _ in 0..7 {
        answer_look(&mut console, vec![]);
        console.wait(Duration::from_secs(81));
    }
    console.keys("x");
    let frame = console.frame();
    assert!(frame.contains("Set aside: its VLAN stays reserved"), "{frame}");
    console.keys("!");
    assert!(console.frame().contains("Los Angeles 1  VLAN 100"), "{}", console.frame());
    console.keys("\x1bn");
    assert!(console.frame().contains("the on-ramps were read 9 min ago"), "{}", console.frame());
    console.keys("r");
    let (id, _) = console.take_request(|request| *request == Request::Products);
    console.reply(id, Ok(Reply::Products(all(account().0))));
    console.keys("n");
    assert!(console.frame().contains("[102_"), "100 is kept: {}", console.frame());
    console.keys("\x1b");
    let (id, _) = console.take_request(|request| *request == Request::Keys);
    let listed = account().1.into_iter().chain([made()]).collect();
    console.reply(id, Ok(Reply::Keys(all(listed))));
    let frame = console.frame();
    assert!(frame.contains(NEW) && frame.contains("The reply was lost"), "{frame}");
    console.wait(QUIET);
    console.keys("\n");
    assert!(console.model.engine.attempts().is_empty(), "and somebody has seen it");
}

#[test]
fn sorting_cycles_through_the_visible_columns() {
    for size in [(60, 16), SIZE, (120, 36), (200, 60)] {
        let mut console = Console::loaded(size);
        for presses in 0..12 {
            let frame = console.frame();
            assert!(frame.contains('▲'), "{presses} presses at {size:?}: {frame}");
            console.keys("s");
        }
    }
}

#[test]
fn presets_fill_the_form_and_any_validity_can_be_typed() {
    let mut console = Console::loaded((80, 24));
    let trial = Preset {
        name: "trial".into(),
        rate: Mbps::new(50_000),
        lifetime: Some(Duration::from_secs(36 * 3600)),
        active: false,
        ..Preset::default()
    };
    console.model.settings.presets.push(trial);
    console.keys("\t\t\tjnACME");
    assert!(console.frame().contains("41% allocated, 46% after this key"));
    console.press(plain(Code::Up));
    console.keys(" ");
    insta::assert_snapshot!("form preset", console.frame());
    let frame = console.frame();
    assert!(frame.contains("[10000__"), "the rate is cut to what the on-ramp takes: {frame}");
    assert!(frame.contains("[ACME___"), "what was typed stays: {frame}");
    console.press(plain(Code::Up));
    console.press(plain(Code::Up));
    console.press(plain(Code::Up));
    assert!(console.frame().contains("▸ until or for"), "{}", console.frame());
    console.press(ctrl('u'));
    console.keys("2026-11-22\n");
    assert!(console.frame().contains("ends before it starts"), "{}", console.frame());
    console.press(ctrl('u'));
    console.keys("soon\n");
    assert!(console.frame().contains("36h, 30d, 6w"), "{}", console.frame());
    console.press(ctrl('u'));
    console.keys("2026-12-24 18:00\n");
    assert!(console.frame().contains("24 Dec 2026 18:00 UTC"), "{}", console.frame());
}

#[test]
fn a_proposed_vlan_comes_from_the_customers_block() {
    let mut console = Console::loaded((80, 24));
    let vlan = |n| VlanId::new(n).expect("legal");
    let block = Block { customer: "acme".into(), first: vlan(300), last: vlan(301) };
    console.model.settings.vlans.blocks.push(block);
    console.keys("\t\t\tjn\tAcme Pty\t\t\t\ta");
    assert!(console.frame().contains("[300___"), "{}", console.frame());
}
