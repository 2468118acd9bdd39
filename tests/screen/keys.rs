//! The keys view: every state with what it rests on, watching, approvals.

use std::time::Duration;

use onramp::{
    api::{Event, Listing, Mode, Reply, Request, RequestId, Unread, Write},
    domain::{
        export::{FileFormat, Value},
        id::ConnectionId,
        issuance::Doubt,
        service_key::{KeyUse, ServiceKey, Validity},
        status::Status,
        time::Timestamp,
        vlan::VlanTag,
        vxc::Vxc,
    },
    engine::{Input, effect::Effect as EngineEffect},
    ui::{
        model::msg::{Effect, Msg},
        state::key::{Code, plain},
    },
};

use crate::{
    pairs::{FIRST, QUIET, RELEASED, SECOND, both_made, by_name, failure, made},
    support::{Console, NOW, all, key, on_ramp_mut, vxc},
};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn ago(span: Duration) -> Timestamp {
    NOW - span
}

/// Returns a key of la-2, created two days ago.
fn plain_key(uid: &str, vlan: i64, label: &str) -> ServiceKey {
    ServiceKey { created: Some(ago(2 * DAY)), ..key(uid, "la-2", vlan, label) }
}

fn until(end: Timestamp) -> Validity {
    Validity { start: None, end: Some(end) }
}

/// Returns a key of each state.
fn zoo() -> Vec<ServiceKey> {
    let one = |n: u32, vlan, label: &str| plain_key(&format!("{n:08x}-zoo"), vlan, label);
    vec![
        one(1, 120, "unused"),
        ServiceKey { validity: Some(until(NOW + DAY)), ..one(2, 121, "ends soon") },
        ServiceKey { active: false, ..one(3, 122, "disabled") },
        ServiceKey { expired: true, validity: Some(until(ago(DAY))), ..one(4, 123, "over") },
        ServiceKey { last_used: Some(ago(DAY)), ..one(5, 124, "used by word") },
        one(6, 125, "used by circuit"),
        ServiceKey { valid: Some(false), ..one(7, 126, "not valid") },
        ServiceKey { usage: KeyUse::Multi, last_used: Some(ago(DAY)), ..one(8, 0, "mesh") },
        ServiceKey {
            validity: Some(Validity { start: Some(NOW + DAY), end: None }),
            valid: Some(false),
            ..one(9, 127, "not yet")
        },
        ServiceKey { created: Some(ago(DAY)), ..key("0000000a-zoo", "closed-down", 5, "orphan") },
    ]
}

/// Returns a circuit that was ordered yesterday.
fn circuit(uid: &str, name: &str, vlan: i64) -> Vxc {
    Vxc { created: Some(ago(DAY)), ..vxc(uid, name, 500, vlan) }
}

fn console(size: (u16, u16)) -> Console {
    let mut console = Console::started(size);
    console.account.1 = zoo();
    on_ramp_mut(&mut console, "la-2").vxcs.extend([circuit("v-6", "Six Ltd prod", 125)]);
    console.answer_all();
    console.keys("3");
    console
}

#[test]
fn every_state_has_a_word_and_its_evidence() {
    for (columns, rows) in [(120, 36), (80, 24)] {
        let console = console((columns, rows));
        insta::assert_snapshot!(format!("keys {columns}x{rows}"), console.frame());
    }
    let mut console = console((80, 24));
    console.keys("/circuit\n");
    insta::assert_snapshot!("key used by a circuit", console.frame());
}

#[test]
fn the_filter_the_marks_and_the_cursor_stay_on_their_keys() {
    let mut console = console((120, 36));
    console.keys("/used by\n");
    assert!(console.frame().contains("Keys 2 of 10"), "{}", console.frame());
    console.keys("**");
    assert!(!console.frame().contains("marked"));
    console.keys("*");
    assert!(console.frame().contains("2 marked"));
    console.keys("\x1b");
    let frame = console.frame();
    assert!(frame.contains("Keys 10, 2 marked"), "Esc drops the filter first: {frame}");
    console.keys("/not valid\n");
    assert!(console.frame().contains("▸   INVALID"));
    // A new key above it does not move the cursor off its key.
    console.account.1.push(plain_key("00000000-new", 130, "aaa not valid either"));
    console.keys("r");
    console.answer_all();
    assert!(console.frame().contains("▸   INVALID"), "{}", console.frame());
}

/// Takes the changes that were sent.
fn changed(console: &mut Console) -> Vec<(RequestId, Write)> {
    std::mem::take(&mut console.written)
}

#[test]
fn marked_keys_are_disabled_after_one_question_listing_all() {
    let mut console = console((80, 24));
    console.keys("/unused\n*\x1b/ends\n D");
    let frame = console.frame();
    for label in ["unused", "ends soon"] {
        assert!(frame.contains(label), "also what the filter hides: {frame}");
    }
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(changed(&mut console).len(), 1, "one after the other");
    drop(console.model.engine.set_mode(Mode::ReadOnly, "by the test"));
}

/// Reads the lists again, as long after the last time as it takes to count.
fn read_again(console: &mut Console) {
    console.wait(Duration::from_secs(6));
    console.keys("r");
    console.answer_all();
}

#[test]
fn suddenly_empty_list_forgets_no_key_and_claims_no_use() {
    let mut console = console((80, 24));
    console.account.1.clear();
    console.keys("r");
    console.answer_all();
    let frame = console.frame();
    assert!(frame.contains("Keys 10") && !frame.contains("GONE"), "not believed yet: {frame}");
    assert!(frame.contains("list lacks 10 keys listed before"), "{frame}");
    read_again(&mut console);
    let frame = console.frame();
    assert!(frame.contains("27be559b"), "two readings agree on the used ones: {frame}");
    assert!(!frame.contains("GONE"), "which stay used: {frame}");
    assert!(frame.contains("UNUSED"), "and not on the others: {frame}");
    read_again(&mut console);
    let frame = console.frame();
    assert!(frame.contains("left Megaport's list without a known reason"), "{frame}");
    assert!(frame.contains("Keys 10"), "{frame}");
    assert!(frame.contains("GONE ? 5") && frame.contains("USED 3"), "{frame}");
    console.keys("/circuit\n");
    let frame = console.frame();
    assert!(frame.contains("USED  "), "one has a circuit on its VLAN: {frame}");
    assert!(frame.contains("Six Ltd prod is on its VLAN 125"), "{frame}");
}

#[test]
fn unreadable_entry_is_counted_and_missing_key_not_called_gone() {
    let mut console = console((80, 24));
    console.keys("r");
    let (id, _) = console.take_request(|request| matches!(request, Request::Keys));
    let entries = zoo().into_iter().skip(1).collect();
    let unread = vec![Unread { position: 0, why: "no key".into() }];
    console.reply(
        id,
        Ok(Reply::Keys(Listing { entries, unread, other: std::collections::BTreeMap::new() })),
    );
    console.answer_all();
    let frame = console.frame();
    assert!(frame.contains("1 entry of Megaport's lists could not be read"), "{frame}");
    assert!(frame.contains("Keys 10") && !frame.contains("GONE"), "{frame}");
}

/// 312 keys, of which the first cannot be read by now.
fn one_of_312_is_unread() -> Console {
    let mut console = console((80, 24));
    let more = (0..302).map(|n| plain_key(&format!("more-{n:03}"), 400 + n, "one of many"));
    let every: Vec<_> = zoo().into_iter().chain(more).collect();
    assert_eq!(every.len(), 312);
    console.account.1 = every;
    console.keys("r");
    console.answer_all();
    assert!(console.frame().contains("Keys 312"), "{}", console.frame());
    console.keys("r");
    let (id, _) = console.take_request(|request| matches!(request, Request::Keys));
    let entries = console.account.1.iter().skip(1).cloned().collect();
    let unread = vec![Unread { position: 0, why: "no key".into() }];
    console.reply(
        id,
        Ok(Reply::Keys(Listing { entries, unread, other: std::collections::BTreeMap::new() })),
    );
    console.answer_all();
    console
}

#[test]
fn of_312_keys_311_are_read_and_the_other_one_is_counted() {
    let console = one_of_312_is_unread();
    let frame = console.frame();
    assert!(frame.contains("1 entry of Megaport's lists could not be read"), "{frame}");
    assert!(frame.contains("Keys 312"), "the one that was read before may be that: {frame}");
}

#[test]
fn none_of_312_keys_is_forgotten_on_a_suddenly_empty_list() {
    let mut console = one_of_312_is_unread();
    console.account.1.clear();
    for _ in 0..4 {
        read_again(&mut console);
        assert!(console.frame().contains("Keys 312"), "{}", console.frame());
    }
    assert_eq!(
        console.model.engine.inventory().key_count(),
        0,
        "and yet the list counts in the end"
    );
}

/// Returns a new pair, with the cursor in the keys view.
fn pair() -> Console {
    let mut console = both_made((120, 36));
    console.keys("\n3");
    console
}

#[test]
fn filter_finds_the_customer_and_reference_in_the_pane() {
    let mut console = by_name((120, 36));
    console.keys("ACME-4471\tWellington Bank\tINC-4711\n");
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    made(&mut console, FIRST);
    console.answer_all();
    made(&mut console, SECOND);
    console.wait(QUIET);
    console.keys("\n3");
    let all = console.model.key_list.len();
    for typed in ["wellington", "inc-4711", "acme inc-47"] {
        console.keys(&format!("/{typed}\n"));
        let frame = console.frame();
        assert!(frame.contains(&format!("Keys 2 of {all}")), "{typed}: {frame}");
        assert!(frame.contains("For Wellington Bank INC-4711."), "{typed}: {frame}");
        console.keys("\x1b");
    }
}

/// Answers a check of the keys, and its other requests.
fn look(console: &mut Console, after: u64) {
    console.wait(Duration::from_secs(after));
    console.answer_all();
}

#[test]
fn used_key_is_news_with_circuit_and_partner_is_followed_up() {
    let mut console = pair();
    assert!(console.frame().contains("watching 2, next check "), "{}", console.frame());
    let before = console.effects.len();
    console.wait(Duration::from_secs(10));
    assert_eq!(console.asked.len(), 0, "not before it is due");
    let made = Vxc {
        created: Some(console.model.now()),
        status: Status::Live,
        ..vxc("v-9", "acme-blue", 500, 102)
    };
    on_ramp_mut(&mut console, "la-1").vxcs.push(made);
    console.keys("1");
    look(&mut console, 5);
    let effect_sent = console.effects[before..].iter().find_map(|effect| match effect {
        Effect::Notify(says) => Some(says.clone()),
        _ => None,
    });
    let effect_sent = effect_sent.expect("somebody is effect_sent");
    assert!(
        effect_sent.starts_with("ACME-4471 blue")
            && effect_sent.contains("used: circuit acme-blue"),
        "{effect_sent}"
    );
    let frame = console.frame();
    assert!(frame.contains("used: circuit acme-blue on VLAN 102. 3: keys"), "{frame}");
    console.keys("j");
    assert!(console.frame().contains("3: keys"), "it stays until somebody has read it");
    console.keys("3");
    let frame = console.frame();
    assert!(!frame.contains(". 3: keys"), "{frame}");
    assert!(frame.contains("BLUE used"), "{frame}");
    insta::assert_snapshot!("half of a pair is used", frame);
}

#[test]
fn vanished_single_use_key_is_used_with_its_circuit() {
    let mut console = pair();
    let made = Vxc { created: Some(console.model.now()), ..vxc("v-9", "acme-blue", 500, 102) };
    on_ramp_mut(&mut console, "la-1").vxcs.push(made);
    console.account.1.retain(|key| key.id.reveal() != FIRST);
    look(&mut console, 15);
    assert!(!console.frame().contains("GONE"), "one reading proves nothing");
    look(&mut console, 15);
    let frame = console.frame();
    assert!(frame.contains("530e3520") && !frame.contains("GONE"), "{frame}");
    console.keys("/used\n");
    assert!(
        console.frame().contains("Circuit acme-blue is on its VLAN 102"),
        "{}",
        console.frame()
    );
    // One that vanishes without a circuit is a question, not a use.
    console.account.1.retain(|key| key.id.reveal() != SECOND);
    for _ in 0..3 {
        look(&mut console, 15);
    }
    console.keys("\x1b/red\n");
    assert!(console.frame().contains("GONE ?"), "{}", console.frame());
}

#[test]
fn watching_can_be_stopped_and_then_nothing_is_asked() {
    let mut console = pair();
    console.keys("/acme\n");
    console.keys("t");
    console.press(plain(Code::Down));
    console.keys("t");
    assert!(!console.frame().contains("watching"), "{}", console.frame());
    console.wait(Duration::from_secs(3600));
    assert_eq!(console.asked.len(), 0);
    assert_eq!(console.model.next_tick(), None, "and nothing ticks");
    console.keys("t");
    assert!(console.frame().contains("watching 1"));
}

#[test]
fn expiry_follows_megaport_even_if_our_clock_is_a_day_off() {
    for hours in [-26_i64, 26] {
        let mut console = console((120, 36));
        let skew = hours * 3600 * 1000;
        let now = console.model.now().shifted(skew);
        drop(console.model.engine.handle(Input::Tick(now)));
        drop(console.model.engine.handle(Input::ClockOffset(-skew)));
        console.keys("r");
        console.answer_all();
        console.keys("/ends\n");
        let frame = console.frame();
        assert!(frame.contains("EXPIRING") && frame.contains("in 24 h"), "{hours}: {frame}");
    }
}

#[test]
fn a_clock_that_steps_in_the_middle_of_a_session_moves_no_end() {
    for hours in [-2_i64, 2] {
        let mut console = console((120, 36));
        console.keys("/ends\n");
        assert!(console.frame().contains("in 24 h"), "{}", console.frame());
        let step = hours * 3600 * 1000;
        let stepped = console.model.now().shifted(step);
        console.handle_msg(Msg::Tick(stepped));
        console.keys("r");
        let (id, _) = console.take_request(|request| matches!(request, Request::Keys));
        let entries = console.account.1.clone();
        let result = Ok(Reply::Keys(Listing {
            entries,
            unread: vec![],
            other: std::collections::BTreeMap::new(),
        }));
        let clock_offset = Some(-step);
        console.handle_msg(Msg::Api(Event::Done { id, result, clock_offset }));
        console.answer_all();
        let frame = console.frame();
        assert!(frame.contains("EXPIRING") && frame.contains("in 24 h"), "{hours}: {frame}");
        let asked = console.asked.len();
        console.wait(Duration::from_secs(1));
        assert_eq!(console.asked.len(), asked, "{hours}: nothing is asked over and over");
    }
}

/// Returns a circuit of the key `unused` that awaits our approval.
fn waiting() -> Console {
    let mut console = console((80, 24));
    let status = Status::Deployable;
    let waits = Vxc { awaits_approval: true, status, ..circuit("v-1", "One Ltd", 120) };
    on_ramp_mut(&mut console, "la-2").vxcs.push(waits);
    console.keys("r");
    console.answer_all();
    console.keys("/unused one ltd\n");
    console.keys("\x1b/120\n");
    console
}

fn decided(console: &mut Console) -> (RequestId, ConnectionId, bool) {
    assert_eq!(console.written.len(), 1);
    let (id, Write::Decide { circuit, approve, .. }) = console.written.remove(0) else {
        panic!("an answer")
    };
    (id, circuit, approve)
}

#[test]
fn a_circuit_that_waits_is_approved_once_and_read_back() {
    let mut console = waiting();
    assert!(console.frame().contains("awaiting our approval"), "{}", console.frame());
    console.keys("ay");
    assert!(console.written.is_empty(), "not before it was read");
    console.wait(RELEASED);
    insta::assert_snapshot!("approval", console.frame());
    console.keys("yyR");
    let (id, circuit, approve) = decided(&mut console);
    assert_eq!((circuit.as_str(), approve), ("v-1", true));
    // The reply is lost: the on-ramp shows the outcome.
    console.reply(id, Err(failure(Doubt::Unknown)));
    let at = on_ramp_mut(&mut console, "la-2").vxcs.iter_mut().find(|v| v.id.as_str() == "v-1");
    at.expect("there").awaits_approval = false;
    console.answer_all();
    assert!(console.frame().contains("The circuit is approved."), "{}", console.frame());
}

#[test]
fn an_answer_that_failed_leaves_it_waiting_and_says_so() {
    let mut console = waiting();
    console.keys("a");
    console.wait(QUIET);
    console.keys("R");
    console.wait(QUIET);
    console.keys("y");
    let (id, _, approve) = decided(&mut console);
    assert!(!approve);
    console.reply(id, Err(failure(Doubt::Refused)));
    console.answer_all();
    assert!(
        console.frame().contains("The circuit still awaits our approval. The line dropped"),
        "{}",
        console.frame()
    );
    console.wait(RELEASED);
    console.keys("R");
    assert!(console.frame().contains("Reject this circuit?"), "{}", console.frame());
    console.wait(QUIET);
    console.keys("y");
    assert!(!decided(&mut console).2, "a second try asks twice, too");
}

#[test]
fn read_only_answers_no_circuit() {
    let mut console = waiting();
    console.keys(":ro\na");
    assert!(!console.frame().contains("Approve this circuit?"), "read-only answers nothing");
}

#[test]
fn a_rejection_asks_again_and_only_a_plain_y_rejects() {
    let mut console = waiting();
    console.keys("a");
    console.wait(QUIET);
    for other in ["n", "\n", "\x1b", "R", "q", "a", "?", " ", "x"] {
        console.keys("R");
        insta::allow_duplicates! { insta::assert_snapshot!("rejection early", console.frame()) };
        console.keys("y");
        assert!(console.written.is_empty(), "y counts once the question was read");
        console.wait(RELEASED);
        insta::allow_duplicates! { insta::assert_snapshot!("rejection", console.frame()) };
        console.keys(other);
        let frame = console.frame();
        assert!(frame.contains("Approve this circuit?"), "{other:?} goes back: {frame}");
        console.wait(RELEASED);
        assert!(console.written.is_empty(), "{other:?} rejects nothing");
    }
    console.keys("R");
    console.handle_msg(Msg::Paste("y".to_owned()));
    assert!(console.frame().contains("Approve this circuit?"), "a paste goes back");
    console.wait(RELEASED);
    console.keys("R");
    console.wait(QUIET);
    console.keys("y");
    assert!(!decided(&mut console).2, "rejected");
}

#[test]
fn a_hundred_keys_scroll_and_the_cursor_stays_on_the_screen() {
    let mut console = Console::started((80, 24));
    let many = (0..100).map(|n| plain_key(&format!("{n:08x}-many"), 100, &format!("key {n:03}")));
    console.account.1 = many.collect();
    console.answer_all();
    console.keys("3sGk");
    let frame = console.frame();
    assert!(frame.contains("key 098") && frame.contains("by label"), "{frame}");
    console.keys("Sg");
    assert!(console.frame().contains("key 099"), "turned round");
    let tag = VlanTag::from_wire(Some(100));
    assert_eq!(console.account.1[0].usage, KeyUse::Single(tag));
    assert_eq!(all(console.account.1.clone()).entries.len(), 100);
}

#[test]
fn shift_report_is_masked_and_its_file_named() {
    let mut console = pair();
    console.keys(":handover\n");
    assert!(console.frame().contains("Writing the shift report"), "{}", console.frame());
    let Some(Effect::HandOver(at, text)) = console.effects.last() else {
        panic!("{:?}", console.effects.last())
    };
    assert_eq!(*at, console.model.server_now());
    assert!(text.contains("ACME\\-4471 blue") || text.contains("ACME-4471 blue"), "{text}");
    assert!(!text.contains(FIRST) && !text.contains(SECOND), "{text}");
    console.handle_msg(Msg::HandedOver(Ok("/home/anna/handover.md".into())));
    assert!(console.frame().contains("written to /home/anna/handover.md"), "{}", console.frame());
    let heard = console.effects.iter().any(|effect| match effect {
        Effect::Engine(EngineEffect::Audit(_, act)) => act.word() == "key.handed-over",
        _ => false,
    });
    assert!(heard, "the audit hears of it");
    console.handle_msg(Msg::HandedOver(Err("the disk is full".into())));
    assert!(console.frame().contains("No shift report was written: the disk is full."));
}

#[test]
fn before_the_keys_are_read_nothing_is_handed_over() {
    let mut console = Console::started((120, 36));
    console.keys(":handover\n");
    assert!(!console.effects.iter().any(|effect| matches!(effect, Effect::HandOver(..))));
    assert!(console.frame().contains("no report was written"), "{}", console.frame());
}

/// Returns the table that was to be written last.
fn exported(console: &Console) -> (&'static str, Vec<String>, FileFormat) {
    let Some(Effect::Export(_, name, table, form)) = console.effects.last() else {
        panic!("no table: {:?}", console.effects.last())
    };
    assert!(!table.columns.contains(&"key"), "no key in clear");
    let first = |row: &Vec<Value>| match &row[0] {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    (name, table.rows.iter().map(first).collect(), *form)
}

#[test]
fn export_matches_the_table_and_its_order_without_keys() {
    let mut console = Console::loaded((120, 36));
    console.keys(":export\n");
    let (name, all, form) = exported(&console);
    assert_eq!((name, form), ("on-ramps", FileFormat::Csv));
    assert_eq!(all.len(), 6);
    console.keys("/los angeles\n:export json\n");
    let (_, some, form) = exported(&console);
    assert_eq!((some, form), (vec!["la-1".to_owned(), "la-2".to_owned()], FileFormat::Json));
    console.keys("3:export\n");
    let (name, keys, _) = exported(&console);
    assert_eq!((name, keys.len()), ("keys", console.account.1.len()));
    let before = console.effects.len();
    console.keys("5:export\n");
    assert!(console.frame().contains("Only on-ramps and keys can be exported"), "no other table");
    let more = &console.effects[before..];
    assert!(!more.iter().any(|effect| matches!(effect, Effect::Export(..))));
    console.handle_msg(Msg::Exported(Ok("/home/anna/keys.csv".into())));
    assert!(console.frame().contains("Exported to /home/anna/keys.csv"));
    let last = console.effects.last();
    assert!(
        matches!(last, Some(Effect::Engine(EngineEffect::Audit(_, act))) if act.word() == "key.handed-over")
    );
    console.handle_msg(Msg::Exported(Err("the disk is full".into())));
    assert!(console.frame().contains("Nothing was exported: the disk is full"));
}
