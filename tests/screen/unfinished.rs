//! The open work of an earlier session, and the effect of disk failures on this one.

use std::{collections::BTreeSet, time::Duration};

use onramp::{
    api::{
        Cause, Failure, Mode, Reply, Request, Write, audit,
        journal::{Event, Opened, Others},
    },
    domain::{
        fingerprint::Fingerprint,
        intent::{ForWhom, Intent, IntentId, Realm},
        issuance::Doubt,
        key_order::{KeyOrder, OrderUse, Terms},
        ledger::{JournalStep, Ledger, Record, State},
        place::Zone,
        service_key::{ServiceKey, Validity},
        units::Mbps,
        vlan::VlanId,
        vxc::Vxc,
    },
    engine::{background::BackgroundReads, effect::Effect as EngineEffect},
    ui::model::msg::{Effect, Msg},
};

use crate::support::{Console, NOW, account, all, id, key, vxc};

const SIZE: (u16, u16) = (80, 24);
const QUIET: Duration = Duration::from_millis(500);
pub(crate) const KEY: &str = "106e38ae-eb59-415f-ac81-526a5299851d";

/// Returns when the earlier session confirmed its key: an hour ago.
fn then() -> onramp::domain::time::Timestamp {
    NOW - Duration::from_secs(3600)
}

/// Returns a single-use key on VLAN 142 of Los Angeles 1.
pub(crate) fn intent(number: u64) -> Intent {
    let vlan = u16::try_from(141 + number).expect("small");
    let name = IntentId(number);
    let order = KeyOrder::restore(Terms {
        on_ramp: id("la-1"),
        label: format!("ACME-{number} blue {}", name.tag()).as_str().into(),
        usage: OrderUse::Single(VlanId::new(vlan).expect("legal")),
        rate: Mbps::new(500),
        validity: Some(Validity {
            start: Some(then()),
            end: Some(NOW + Duration::from_secs(86_400)),
        }),
        active: true,
        pre_approved: false,
    });
    Intent {
        id: name,
        realm: Realm { environment: "DEMO".into(), host: "127.0.0.1:8080".into() },
        order: order.expect("legal"),
        on_ramp_name: "Los Angeles 1".into(),
        zone: Zone::Blue,
        for_whom: ForWhom { customer: "Acme Pty".into(), reference: "4471".into() },
        before: BTreeSet::new(),
        prepared_at: then(),
        part: None,
    }
}

/// Returns the key of an intent, as the vendor lists it.
pub(crate) fn made(number: u64) -> ServiceKey {
    let intent = intent(number);
    let vlan = intent.vlan().map_or(0, |vlan| i64::from(vlan.get()));
    ServiceKey { created: Some(then()), ..key(KEY, "la-1", vlan, intent.order.label().as_str()) }
}

/// Returns a journal in which one intent took these steps.
fn left(steps: &[JournalStep]) -> Ledger {
    ledger(&[(1, steps)])
}

fn ledger(intents: &[(u64, &[JournalStep])]) -> Ledger {
    let mut ledger = Ledger::default();
    for (number, steps) in intents {
        let prepared = JournalStep::Prepared(Box::new(intent(*number)));
        for step in [prepared].iter().chain(*steps) {
            let record = Record::new(IntentId(*number), then(), step.clone());
            ledger.apply_record(&record).expect("a legal step");
        }
    }
    ledger
}

/// Returns the request of an attempt at an intent.
fn create(number: u64, attempt: u32) -> Write {
    Write::CreateKey { intent: Box::new(intent(number)), attempt }
}

/// Returns a console that has read the account and this key besides.
fn console(journal: Ledger, besides: &[ServiceKey]) -> Console {
    let mut console = Console::finding(SIZE, Mode::ReadWrite, journal);
    answer(&mut console, besides);
    console
}

/// Returns a console with a request of an earlier session, before its first read, with
/// an active user.
pub(crate) fn waiting() -> Console {
    let mut console = Console::finding(SIZE, Mode::ReadWrite, left(&[JournalStep::Sending]));
    console.model.engine.read_by_itself(BackgroundReads::lively(7, NOW));
    console
}

/// Answers everything, with these keys besides those of the account.
pub(crate) fn answer(console: &mut Console, besides: &[ServiceKey]) {
    let keys = account().1.into_iter().chain(besides.iter().cloned());
    console.account.1 = keys.collect();
    console.answer_all();
}

/// Lets every planned read pass without a trace of the key.
fn look_in_vain(console: &mut Console) {
    for _ in 0..8 {
        console.wait(Duration::from_secs(81));
        answer(console, &[]);
    }
}

fn sends(console: &Console) -> usize {
    console
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Engine(EngineEffect::Send(_))))
        .count()
}

fn state(console: &Console, number: u64) -> State {
    console.journal.get(IntentId(number)).expect("known").state.clone()
}

fn dropped(doubt: Doubt) -> Failure {
    let (happened, advice) = ("The line dropped".into(), "Look again.".into());
    Failure { cause: Cause::ConnectionLost, happened, advice, trace: None, doubt }
}

#[test]
fn what_is_unfinished_opens_before_anything_was_read() {
    let console = Console::finding(SIZE, Mode::ReadWrite, left(&[JournalStep::Sending]));
    let frame = console.frame();
    assert!(frame.contains("Unfinished") && frame.contains("ACME-1 blue #"), "{frame}");
    assert!(frame.contains("Los Angeles 1  VLAN 142  23 Nov 2026 13:02 UTC  Acme Pty"), "{frame}");
}

#[test]
fn key_created_before_restart_is_shown_first_until_closed() {
    for steps in [vec![JournalStep::Sending], vec![JournalStep::Sending, JournalStep::Unknown]] {
        let mut console = console(left(&steps), &[made(1)]);
        let frame = console.frame();
        assert!(frame.contains("Created before the restart") && frame.contains(KEY), "{frame}");
        assert_eq!(state(&console, 1), State::Created(Fingerprint::of_key(&made(1).id)));
        console.wait(QUIET);
        console.keys("\n");
        assert_eq!(state(&console, 1), State::Acknowledged(Fingerprint::of_key(&made(1).id)));
        assert!(!console.frame().contains("Unfinished"), "{}", console.frame());
        assert_eq!(sends(&console), 0);
    }
}

#[test]
fn journaled_key_is_found_by_fingerprint_without_its_label() {
    let print = Fingerprint::of_key(&made(1).id);
    let blank = ServiceKey { label: "".into(), ..made(1) };
    let console = console(left(&[JournalStep::Sending, JournalStep::Created(print)]), &[blank]);
    let frame = console.frame();
    assert!(frame.contains("Created before the restart") && frame.contains(KEY), "{frame}");
}

/// Refuses the lists of everything, and answers what is asked of one on-ramp.
fn answer_only_looks(console: &mut Console, besides: &[ServiceKey]) {
    console.account.1 = account().1.into_iter().chain(besides.iter().cloned()).collect();
    while let Some(at) = console.asked.iter().position(|(_, request)| is_whole(request)) {
        let (id, _) = console.asked.remove(at);
        console.reply(id, Err(dropped(Doubt::NotSent)));
    }
    console.answer_all();
}

fn is_whole(request: &Request) -> bool {
    matches!(request, Request::Products | Request::Keys)
}

#[test]
fn a_key_is_found_though_the_on_ramps_could_not_be_read() {
    let print = Fingerprint::of_key(&made(1).id);
    for steps in
        [vec![JournalStep::Sending], vec![JournalStep::Sending, JournalStep::Created(print)]]
    {
        let mut console = Console::finding(SIZE, Mode::ReadWrite, left(&steps));
        answer_only_looks(&mut console, &[made(1)]);
        let frame = console.frame();
        assert!(frame.contains("Created before the restart") && frame.contains(KEY), "{frame}");
        assert!(console.model.engine.inventory().on_ramps().is_empty(), "nothing else is known");
    }
}

#[test]
fn while_the_on_ramps_could_not_be_read_nothing_is_sent_again() {
    let mut console = Console::finding(SIZE, Mode::ReadWrite, left(&[JournalStep::Sending]));
    for _ in 0..8 {
        answer_only_looks(&mut console, &[]);
        console.wait(Duration::from_secs(81));
    }
    answer_only_looks(&mut console, &[]);
    console.keys("\n");
    let frame = console.frame();
    assert!(frame.contains("The key may exist") && !frame.contains("s sends"), "{frame}");
}

#[test]
fn a_key_that_was_made_and_is_gone_from_the_list_says_so() {
    let print = Fingerprint::of_key(&made(1).id);
    let mut console = console(left(&[JournalStep::Sending, JournalStep::Created(print)]), &[]);
    console.keys("\n");
    let frame = console.frame();
    assert!(frame.contains("no longer in the on-ramp"), "{frame}");
    console.keys("\x1b");
    assert_eq!(state(&console, 1), State::Acknowledged(print));
    assert!(console.model.engine.attempts().is_empty());
}

#[test]
fn what_was_never_sent_is_sent_only_after_a_review_and_a_y() {
    let mut console = console(left(&[]), &[]);
    assert!(console.frame().contains("confirmed, never sent"), "{}", console.frame());
    console.keys("\n");
    assert!(console.frame().contains("Not sent yet"), "{}", console.frame());
    console.keys("yys");
    console.answer_all();
    assert!(console.frame().contains("Send this request?"), "{}", console.frame());
    assert_eq!(sends(&console), 0);
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(sends(&console), 1);
    let (request, write) = console.written.pop().expect("sent");
    assert_eq!(write, create(1, 1), "the same intent, to the letter");
    console.reply(request, Ok(Reply::Created(Box::new(made(1)))));
    assert!(console.frame().contains(KEY), "{}", console.frame());
}

#[test]
fn what_was_never_sent_can_be_discarded_and_frees_its_vlan() {
    let mut console = console(left(&[]), &[]);
    let on_ramp = id("la-1");
    let vlan = VlanId::new(142).expect("legal");
    let held = |console: &Console| {
        console.model.engine.vlans(&on_ramp).expect("listed").holder(vlan).is_some()
    };
    assert!(held(&console), "kept while it is unfinished");
    console.keys("\nc");
    assert!(console.frame().contains("[discarded"), "{}", console.frame());
    console.keys("\n");
    assert_eq!(state(&console, 1), State::Closed("discarded".into()));
    assert!(!held(&console) && console.model.engine.attempts().is_empty());
}

#[test]
fn order_found_nowhere_can_be_resent_with_same_vlan_and_tag() {
    let mut console = console(left(&[JournalStep::Sending]), &[]);
    console.keys("\ns");
    assert!(console.frame().contains("The key may exist"), "not yet: {}", console.frame());
    look_in_vain(&mut console);
    let frame = console.frame();
    assert!(frame.contains("s sends the same order once more"), "{frame}");
    assert_eq!(sends(&console), 0, "nothing by itself");
    console.keys("s");
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(sends(&console), 1);
    let (request, write) = console.written.pop().expect("sent");
    assert_eq!(write, create(1, 2));
    // "VLAN in use" may mean: by your own first attempt.
    console.reply(request, Err(dropped(Doubt::Refused)));
    assert_eq!(state(&console, 1), State::Unknown);
    assert!(console.frame().contains("The key may exist"), "{}", console.frame());
    assert!(!console.frame().contains("Nothing was created"), "{}", console.frame());
}

#[test]
fn order_found_nowhere_can_be_closed_and_a_late_key_is_shown() {
    let mut console = console(left(&[JournalStep::Sending]), &[]);
    look_in_vain(&mut console);
    console.keys("\nc\n");
    assert!(console.frame().contains("Close this request?"), "a reason is needed");
    console.keys("customer hung up\n");
    assert_eq!(state(&console, 1), State::Closed("customer hung up".into()));
    assert!(console.model.engine.attempts().is_empty());
    console.keys("r");
    answer(&mut console, &[made(1)]);
    let frame = console.frame();
    assert!(frame.contains("The request was closed in doubt"), "{frame}");
    assert!(frame.contains(KEY), "{frame}");
}

#[test]
fn background_lists_count_as_searches_while_dialog_is_open() {
    let mut console = console(left(&[JournalStep::Sending]), &[]);
    console.keys("\n");
    look_in_vain(&mut console);
    console.model.engine.read_by_itself(BackgroundReads::lively(7, console.model.now()));
    assert!(console.frame().contains("s sends the same order once more"), "{}", console.frame());
    console.account.1.push(made(1));
    for _ in 0..8 {
        console.wait(Duration::from_secs(60));
        console.answer_all();
    }
    assert!(console.frame().contains(KEY), "{}", console.frame());
    assert_eq!(sends(&console), 0);
}

#[test]
fn list_lacking_known_keys_allows_no_other_attempt() {
    let mut console = console(left(&[JournalStep::Sending]), &[]);
    console.keys("\n");
    console.account.1.clear();
    for span in [0, 2, 3, 5, 10, 20] {
        console.wait(Duration::from_secs(span));
        console.answer_all();
    }
    look_in_vain(&mut console);
    assert!(
        console.frame().contains("s sends the same order once more"),
        "the lists are whole again"
    );
    console.account.1.clear();
    console.keys("l");
    console.answer_all();
    let frame = console.frame();
    assert!(!frame.contains("s sends the same order once more"), "{frame}");
    assert!(frame.contains("keys listed before"), "{frame}");
}

#[test]
fn circuits_or_a_vlan_that_could_not_be_read_license_nothing() {
    let mut console = console(left(&[JournalStep::Sending]), &[]);
    console.keys("\n");
    look_in_vain(&mut console);
    for wanted in ["circuits", "vlan"] {
        console.keys("l");
        let (asked, _) = console.take_request(|request| matches!(request, Request::KeysOf(_)));
        let listed = account().1.into_iter().filter(|key| key.on_ramp == id("la-1"));
        let listed = all(listed.collect());
        console.reply(asked, Ok(Reply::KeysOf(id("la-1"), listed)));
        let (asked, _) = console.take_request(|request| match request {
            Request::OnRamp(_) => wanted == "circuits",
            Request::CheckVlan(..) => wanted == "vlan",
            _ => false,
        });
        console.reply(asked, Err(dropped(Doubt::Unknown)));
        let frame = console.frame();
        assert!(!frame.contains("s sends the same order once more"), "{wanted}: {frame}");
        console.answer_all();
        console.keys("l");
        console.answer_all();
        assert!(console.frame().contains("s sends the same order once more"), "{wanted}");
    }
}

#[test]
fn circuit_on_the_vlan_may_be_its_use_and_blocks_resending() {
    let mut console = Console::finding(SIZE, Mode::ReadWrite, left(&[JournalStep::Sending]));
    let circuit = vxc("v9", "Acme edge", 500, 142);
    console.account.0[0].vxcs.push(Vxc { created: Some(NOW), ..circuit });
    console.answer_all();
    look_in_vain(&mut console);
    let frame = console.frame();
    assert!(frame.contains("may already be in use, by circuit Acme edge"), "{frame}");
    console.keys("\ns");
    let frame = console.frame();
    assert!(frame.contains("the customer may already use the"), "{frame}");
    assert_eq!(sends(&console), 0);
}

#[test]
fn megaport_saying_that_the_vlan_is_taken_bars_another_attempt() {
    let mut console = console(left(&[JournalStep::Sending]), &[]);
    console.free = false;
    look_in_vain(&mut console);
    console.keys("\n");
    let frame = console.frame();
    assert!(frame.contains("Megaport reports its VLAN as taken"), "{frame}");
    console.keys("s");
    assert!(!console.frame().contains("Send this request?"), "{}", console.frame());
}

#[test]
fn an_intent_whose_validity_is_over_is_not_sent_any_more() {
    let mut late = intent(1);
    let terms = Terms {
        on_ramp: id("la-1"),
        label: late.order.label().clone(),
        usage: late.order.usage(),
        rate: late.order.rate(),
        validity: Some(Validity { start: Some(then()), end: Some(NOW) }),
        active: true,
        pre_approved: false,
    };
    late.order = KeyOrder::restore(terms).expect("legal");
    let mut ledger = Ledger::default();
    let step = JournalStep::Prepared(Box::new(late));
    ledger.apply_record(&Record::new(IntentId(1), then(), step)).expect("legal");
    let mut console = console(ledger, &[]);
    console.keys("\ns");
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(sends(&console), 0);
    assert!(console.frame().contains("the end is in the past"), "{}", console.frame());
}

#[test]
fn a_second_key_of_a_request_that_was_sent_twice_is_an_alarm() {
    let first =
        ServiceKey { id: key("aaaa0000-0000-4000-8000-00000000aaaa", "la-1", 1, "").id, ..made(1) };
    let print = Fingerprint::of_key(&first.id);
    let steps = [
        JournalStep::Sending,
        JournalStep::Unknown,
        JournalStep::Sending,
        JournalStep::Created(print),
        JournalStep::Acknowledged,
    ];
    let mut console = console(left(&steps), std::slice::from_ref(&first));
    assert!(console.model.engine.journal().second.is_empty());
    console.keys("r");
    answer(&mut console, &[first.clone(), made(1)]);
    crate::second_keys::says_both(&mut console);
    console.keys("\x1br");
    answer(&mut console, &[first, ServiceKey { active: false, ..made(1) }]);
    assert!(console.model.engine.journal().second.is_empty(), "it was switched off");
}

#[test]
fn several_are_listed_and_each_opens_what_it_is() {
    let print = Fingerprint::of_key(&made(3).id);
    let journal = ledger(&[
        (1, &[]),
        (2, &[JournalStep::Sending, JournalStep::Unknown]),
        (3, &[JournalStep::Sending, JournalStep::Created(print)]),
    ]);
    let mut console = console(journal, &[made(3)]);
    assert!(console.frame().contains(KEY), "the one that was made comes first");
    console.wait(QUIET);
    console.keys("\n");
    let frame = console.frame();
    assert!(frame.contains("> ACME-1 blue") && frame.contains("  ACME-2 blue"), "{frame}");
    console.keys("j\n");
    assert!(console.frame().contains("The key may exist"), "{}", console.frame());
    console.keys("\x1b\x1b");
    assert!(console.frame().contains("! 2 keys unfinished"), "{}", console.frame());
    console.keys("!!");
    assert!(console.frame().contains("Problems"), "{}", console.frame());
}

#[test]
fn earlier_key_in_doubt_keeps_its_vlan_and_blocks_no_other() {
    let mut console = console(left(&[JournalStep::Sending]), &[]);
    console.keys("\x1b\n\n\njnOTHER\n");
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(sends(&console), 1, "{}", console.frame());
}

#[test]
fn pending_sync_sends_nothing_and_neither_does_a_late_one() {
    let mut console = Console::loaded(SIZE);
    console.disk_answers = false;
    console.keys("\n\n\njnACME\n");
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    assert!(console.frame().contains("Nothing has left this host"), "{}", console.frame());
    console.wait(Duration::from_secs(11));
    let frame = console.frame();
    assert!(frame.contains("Cannot record safely; nothing was sent"), "{frame}");
    let request = console.effects.iter().find_map(|effect| match effect {
        Effect::Engine(EngineEffect::Write(request, ..)) => Some(*request),
        _ => None,
    });
    let request = request.expect("it was to be written");
    console.handle_msg(Msg::Journal(Event::Begun(request)));
    assert_eq!(sends(&console), 0);
    assert_eq!(console.effects.last(), Some(&Effect::Engine(EngineEffect::Withdraw(request))));
    console.keys("\n");
    assert!(console.frame().contains("[ACME"), "back in the form: {}", console.frame());
}

#[test]
fn a_full_disk_sends_nothing_and_says_why() {
    let mut console = Console::loaded(SIZE);
    console.disk_answers = false;
    console.keys("\n\n\njnACME\n");
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    let Some(Effect::Engine(EngineEffect::Write(request, ..))) = console.effects.last() else {
        panic!("no write")
    };
    let event = Event::NotBegun(*request, "/state/journal: no space left".into(), None);
    console.handle_msg(Msg::Journal(event));
    let frame = console.frame();
    assert!(frame.contains("Cannot record safely; nothing was sent: /state/journal"), "{frame}");
    assert_eq!(sends(&console), 0);
}

#[test]
fn key_not_recorded_is_shown_with_a_note() {
    let mut console = Console::loaded(SIZE);
    console.keys("\n\n\njnACME\n");
    console.answer_all();
    console.wait(QUIET);
    console.keys("y");
    let (request, write) = console.written.pop().expect("sent");
    let Write::CreateKey { intent, .. } = write else { panic!("no key") };
    let label = intent.order.label().as_str();
    console.reply(request, Ok(Reply::Created(Box::new(key(KEY, "la-1", 100, label)))));
    console.handle_msg(Msg::Journal(Event::Unwritten(
        intent.id,
        "/state/journal: no space left".into(),
    )));
    let frame = console.frame();
    assert!(frame.contains("Created, but not recorded on this disk: /state/journal"), "{frame}");
    assert!(frame.contains(KEY), "{frame}");
    console.handle_msg(Msg::Journal(Event::Written));
    assert!(!console.frame().contains("not recorded"), "{}", console.frame());
}

#[test]
fn unwritable_journal_blocks_keys_and_shows_unfinished_work() {
    let mut console = Console::finding(SIZE, Mode::ReadWrite, Ledger::default());
    console.answer_all();
    let why = "/state can be writable by its group (g+w): chmod g-w it";
    let opened = Opened {
        ledger: left(&[JournalStep::Sending]),
        others: Others::new(),
        seed: 7,
        damaged: 0,
        is_read: true,
        unusable: Some(why.into()),
        note: None,
    };
    console.handle_msg(Msg::Journal(Event::Opened(Box::new(opened))));
    let frame = console.frame();
    assert!(frame.contains("Unfinished"), "{frame}");
    assert!(frame.contains("No key can be created") && frame.contains("chmod g-w it"), "{frame}");
    assert!(frame.contains("start onramp with ONRAMP_STATE_DIR"), "the way out: {frame}");
    assert!(!frame.contains("journal could not be read"), "it was: {frame}");
    console.keys("\n");
    let frame = console.frame();
    assert!(frame.contains("No key can be created"), "and on the request: {frame}");
    let mut asked = console.effects.iter().filter_map(|effect| match effect {
        Effect::Engine(EngineEffect::Ask(_, request)) => Some(request),
        _ => None,
    });
    assert!(asked.any(|request| matches!(request, Request::KeysOf(_))), "it is looked for");
    console.keys("\x1b\x1b\n\n\njn");
    assert!(console.frame().contains("the journal cannot be written"), "{}", console.frame());
    console.keys("!!");
    let frame = console.frame();
    assert!(frame.contains("writable by its group (g+w): chmod g-w it"), "{frame}");
}

#[test]
fn unreadable_journal_may_hide_requests_and_blocks_keys() {
    let mut console = Console::loaded(SIZE);
    let opened = Opened {
        ledger: Ledger::default(),
        others: Others::new(),
        seed: 7,
        damaged: 0,
        is_read: false,
        unusable: Some("/state/journal is no file".into()),
        note: None,
    };
    console.handle_msg(Msg::Journal(Event::Opened(Box::new(opened))));
    let trouble = Some("audit.jsonl: no space left".into());
    let audit = audit::State { trouble, unwritten: 2, ..audit::State::default() };
    let frame = console.frame();
    assert!(frame.contains("The journal cannot be read: requests may be unfinished."), "{frame}");
    console.handle_msg(Msg::Audit(audit::Event::State(audit)));
    console.keys("!");
    let frame = console.frame();
    assert!(frame.contains("journal could not be read"), "{frame}");
    assert!(frame.contains("written with the next entry"), "{frame}");
    assert!(!frame.contains("keys can be created meanwhile"), "{frame}");
}

#[test]
fn damage_blocks_new_keys_until_acknowledged() {
    let mut console = Console::loaded(SIZE);
    let opened = console.opened(2);
    console.handle_msg(Msg::Journal(opened));
    assert!(console.frame().contains("2 lines of the journal could not be read"));
    console.keys("\n"); // not now
    console.keys("\n\n\njn");
    let frame = console.frame();
    assert!(frame.contains("The journal is damaged"), "n shows it again: {frame}");
    console.keys("y");
    assert_eq!(console.effects.last(), Some(&Effect::Engine(EngineEffect::AcceptDamage)));
    console.keys("n");
    assert!(console.frame().contains("New service key"), "{}", console.frame());
}
