//! Whole journeys: keys in, effects and frames out.

use std::time::Duration;

use onramp::{
    api::{Cause, Failure, Reply, Request, RequestId, VlanAnswer},
    domain::{issuance::Doubt, key_order::KeyOrder, service_key::ServiceKey, vlan::VlanId},
    ui::{
        key::{Code, char, ctrl, plain},
        msg::{Effect, Msg},
    },
};

use crate::support::{Console, account, all, key};

const SIZE: (u16, u16) = (80, 24);

/// Long enough for a review to be armed.
const QUIET: Duration = Duration::from_millis(500);

const NEW: &str = "106e38ae-eb59-415f-ac81-526a5299851d";

fn failure(doubt: Doubt) -> Failure {
    Failure {
        cause: Cause::Line,
        happened: "The line dropped after the request had left".into(),
        advice: "The key may exist.".into(),
        trace: Some("5f2c0000aaaa".into()),
        doubt,
    }
}

/// A console whose review of a key on Los Angeles 1 is clear and armed.
fn reviewed() -> Console {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njnACME-4471 blue\n");
    console.answer_all();
    console.wait(QUIET);
    console
}

fn posts(console: &Console) -> usize {
    let is_post = |effect: &&Effect| matches!(effect, Effect::Ask(_, Request::CreateKey(_)));
    console.effects.iter().filter(is_post).count()
}

fn sent(console: &mut Console) -> (RequestId, KeyOrder) {
    match console.take(|request| matches!(request, Request::CreateKey(_))) {
        (id, Request::CreateKey(order)) => (id, order),
        other => panic!("not a POST: {other:?}"),
    }
}

/// The key that `reviewed` orders, as the vendor would list it.
fn made() -> ServiceKey {
    key(NEW, "la-1", 100, "ACME-4471 blue")
}

fn answer_look(console: &mut Console, fresh: Vec<ServiceKey>) {
    let (id, request) = console.take(|request| matches!(request, Request::KeysOf(_)));
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
    assert_eq!(order.label().as_str(), "ACME-4471 red");
    console.reply(id, Ok(Reply::Created(Box::new(key(NEW, "la-2", 101, "ACME-4471 red")))));
    let frame = console.frame();
    assert!(frame.contains("Key made") && frame.contains(NEW), "{frame}");
    assert!(frame.contains("Acme Pty") && frame.contains("4471"), "{frame}");
    console.keys("\n");
    assert!(console.frame().contains(NEW), "a key typed as the card opens does not close it");
    console.wait(QUIET);
    console.keys("\n");
    let frame = console.frame();
    assert!(!frame.contains(NEW) && frame.contains("106e…851d"), "masked again: {frame}");
    console.keys("\tg\n");
    assert!(console.frame().contains(NEW), "the list shows its card again");
}

#[test]
fn fifty_presses_of_y_send_one_request() {
    let mut console = reviewed();
    console.keys(&"y".repeat(50));
    assert_eq!(posts(&console), 1);
}

#[test]
fn a_y_that_was_held_or_pasted_before_the_review_is_quiet_sends_nothing() {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njnACME\n");
    console.answer_all();
    for _ in 0..100 {
        console.wait(Duration::from_millis(33));
        console.keys("y");
    }
    console.hear(Msg::Paste("y\ny\n".to_owned()));
    assert_eq!(posts(&console), 0);
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(posts(&console), 1, "a fresh y after a quiet moment counts");
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
fn a_lost_reply_says_may_exist_looks_and_finds_the_key_and_sends_nothing_again() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    let frame = console.frame();
    assert!(frame.contains("The key may exist") && frame.contains("5f2c0000aaaa"), "{frame}");
    assert!(!frame.to_lowercase().contains("failed"), "{frame}");
    answer_look(&mut console, vec![]);
    assert!(console.frame().contains("Not in the list after 1 look"), "{}", console.frame());
    console.wait(Duration::from_secs(3)); // the next look is due
    answer_look(&mut console, vec![made()]);
    let frame = console.frame();
    assert!(frame.contains(NEW) && frame.contains("The reply was lost"), "{frame}");
    assert_eq!(posts(&console), 1);
}

#[test]
fn a_key_in_doubt_bars_the_way_to_a_second_one_until_it_is_settled() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    answer_look(&mut console, vec![]);
    console.keys("\x1b"); // hidden, not settled
    assert!(console.frame().contains("One key is unfinished"), "{}", console.frame());
    console.keys("n");
    assert!(console.frame().contains("The key may exist"), "n shows the doubt, not a form");
    console.keys("\x1bq");
    assert!(console.frame().contains("Leave now?"));
    assert!(!console.effects.contains(&Effect::Quit));
    console.keys("ny"); // stay; a y outside any question is nothing
    assert_eq!((posts(&console), console.effects.contains(&Effect::Quit)), (1, false));
    console.press(ctrl('c'));
    console.press(ctrl('c'));
    assert!(console.effects.contains(&Effect::Quit), "twice leaves at once");
}

#[test]
fn a_look_at_the_end_of_all_looks_still_never_sends() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Err(failure(Doubt::Unknown)));
    for _ in 0..7 {
        answer_look(&mut console, vec![]);
        console.wait(Duration::from_secs(81));
    }
    assert!(console.frame().contains("after 7 looks"), "{}", console.frame());
    assert!(console.model.next_tick().is_none(), "nothing more happens by itself");
    console.wait(Duration::from_secs(3600));
    assert!(console.asked.is_empty() && posts(&console) == 1);
}

#[test]
fn a_key_that_lost_its_label_is_offered_and_not_taken_by_itself() {
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
fn a_refusal_and_a_request_that_never_left_say_that_nothing_was_made() {
    for doubt in [Doubt::Refused, Doubt::NotSent, Doubt::NotProcessed] {
        let mut console = reviewed();
        console.keys("y");
        let (id, _) = sent(&mut console);
        console.reply(id, Err(failure(doubt)));
        assert!(console.frame().contains("No key was made"), "{}", console.frame());
        assert!(console.asked.is_empty(), "nothing to look for");
        console.keys("\n");
        assert!(console.model.issuing.is_none());
        assert!(console.frame().contains("[ACME-4471 blue"), "back in the form as it was");
    }
}

#[test]
fn a_vlan_that_megaport_says_is_taken_can_not_be_sent() {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njnACME\n");
    let (id, _) = console.take(|request| matches!(request, Request::CheckVlan(..)));
    let free = VlanId::new(131).expect("legal");
    console.reply(id, Ok(Reply::Vlan(VlanAnswer::Taken(vec![free]))));
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(posts(&console), 0);
    assert!(console.frame().contains("taken, says Megaport. Free are 131"), "{}", console.frame());
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
fn checks_that_are_over_a_minute_old_are_made_again_before_anything_is_sent() {
    let mut console = reviewed();
    console.wait(Duration::from_secs(61));
    console.keys("y");
    assert_eq!(posts(&console), 0);
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(posts(&console), 1);
}

#[test]
fn a_reply_that_differs_from_the_order_is_an_alarm_on_the_card() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Ok(Reply::Created(Box::new(key(NEW, "la-1", 101, "ACME-4471 blue")))));
    assert!(console.frame().contains("asked for VLAN 100, got 101"), "{}", console.frame());
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
    assert!(console.frame().contains("a label is needed"), "{}", console.frame());
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
    assert!(!frame.contains("New service key") && frame.contains("no: no new VXCs permitted"));
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
    let (id, _) = console.take(|request| *request == Request::Products);
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
    let (id, _) = console.take(|request| *request == Request::Products);
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
    let (id, _) = console.take(|request| *request == Request::Products);
    console.reply(id, Err(failure(Doubt::NotSent)));
    let (id, _) = console.take(|request| *request == Request::Keys);
    console.reply(id, Err(failure(Doubt::NotSent)));
    let frame = console.frame();
    assert!(frame.contains("On-ramps 6") && frame.contains("! The line dropped"), "{frame}");
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
            console.hear(Msg::Resize(columns, rows));
            console.keys("jk");
            let _ = console.frame();
        }
    }
}

#[test]
fn a_review_that_does_not_fit_on_the_screen_can_not_be_confirmed() {
    let mut console = reviewed();
    console.hear(Msg::Resize(40, 10));
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(posts(&console), 0);
    console.hear(Msg::Resize(80, 24));
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(posts(&console), 1);
}

#[test]
fn a_card_says_done_only_when_it_takes_keys() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    console.reply(id, Ok(Reply::Created(Box::new(made()))));
    assert!(console.frame().contains("Key made"), "{}", console.frame());
    assert!(!console.frame().contains("Enter done"), "{}", console.frame());
    assert!(console.model.next_tick().is_some(), "it asks to be drawn again");
    console.wait(QUIET);
    assert!(console.frame().contains("Enter done"), "{}", console.frame());
}

#[test]
fn a_review_of_which_a_line_is_hidden_can_not_be_confirmed() {
    let mut console = Console::loaded((60, 16));
    let label = "ACME-4471 blue ".repeat(4);
    console.keys(&format!("\n\n\njn{label}\tA customer with quite a long name\t4471\n"));
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    let frame = console.frame();
    assert_eq!(posts(&console), 0, "{frame}");
    assert!(frame.contains("Not all of it fits on this terminal"), "{frame}");
    console.hear(Msg::Resize(80, 24));
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(posts(&console), 1);
}

#[test]
fn nobody_is_told_to_try_again_what_may_have_been_carried_out() {
    let mut console = reviewed();
    console.keys("y");
    let (id, _) = sent(&mut console);
    let advice = "Try again in a moment.".into();
    console.reply(id, Err(Failure { advice, ..failure(Doubt::Unknown) }));
    assert!(!console.frame().to_lowercase().contains("try again"), "{}", console.frame());
}
