//! The activity view, and the acts in the audit.

use std::time::Duration;

use onramp::{
    api::{
        Cause, Failure, Mode, Reply, RequestId, Write,
        audit::{Event, Page, State},
        clipboard::{Outcome, Verdict},
        journal,
    },
    domain::{
        audit::{Act, Entry, Value},
        intent::Part,
        issuance::Doubt,
        ledger::{JournalStep, Ledger, Record},
        text::SafeText,
        vxc::Vxc,
    },
    engine::effect::Effect as EngineEffect,
    ui::{
        model::msg::{Effect, Msg},
        state::key::{Code, plain},
    },
};

use crate::{
    pairs::{FIRST, QUIET, SECOND, both_made, copied, failure, made, reviewed},
    support::{Console, NOW, on_ramp_mut, vxc},
    unfinished::intent,
};

const SIZES: [(u16, u16); 2] = [(120, 36), (80, 24)];

/// Returns all acts audited so far, as they would be read back.
fn heard(console: &Console) -> Vec<Entry> {
    let acts = console.effects.iter().filter_map(|effect| match effect {
        Effect::Engine(EngineEffect::Audit(at, act)) => Some((*at, &**act)),
        _ => None,
    });
    let text = |value: Value| match value {
        Value::Text(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => if flag { "yes" } else { "no" }.to_owned(),
        Value::At(at) => onramp::ui::widget::text::date_time(at),
    };
    let entry = |(number, (at, act)): (u64, (_, &Act))| {
        let own = act.facts().into_iter().map(|(name, value)| (name, text(value)));
        let who = [("user", "anna"), ("ssh_from", "192.0.2.7"), ("environment", "DEMO")];
        let who = who.map(|(name, value)| (name, value.to_owned()));
        let facts = own.chain(who).map(|(name, value)| (name.into(), SafeText::clean(&value)));
        Entry { number, at, act: act.word().into(), facts: facts.collect() }
    };
    (1..).zip(acts).map(entry).collect()
}

fn words(console: &Console) -> Vec<String> {
    heard(console).iter().map(|entry| entry.act.to_string()).collect()
}

/// Returns the last request of the view.
fn asked(console: &Console) -> RequestId {
    let of = |effect: &Effect| if let Effect::ReadAudit(id) = effect { Some(*id) } else { None };
    console.effects.iter().rev().find_map(of).expect("the audit is read back")
}

pub(crate) fn read(console: &mut Console, page: Page) {
    let id = asked(console);
    console.handle_msg(Msg::Audit(Event::Read(id, Box::new(page))));
}

/// Opens the view with all acts audited so far.
pub(crate) fn opened(mut console: Console) -> Console {
    console.keys("4");
    let path = Some("/home/anna/.local/state/onramp/audit.jsonl".into());
    let page = Page { path, entries: heard(&console), ..Page::default() };
    read(&mut console, page);
    console
}

/// Returns a pair of which only the first key is created; that one was seen.
fn half(size: (u16, u16)) -> Console {
    let mut console = reviewed(size);
    console.keys("y");
    made(&mut console, FIRST);
    console.answer_all();
    let (id, _) = console.written.remove(0);
    console.reply(id, Err(failure(Doubt::Refused)));
    console.answer_all();
    console.keys("\n");
    console.wait(QUIET);
    console.keys("\n");
    console
}

#[test]
fn activity_lists_a_pair_from_confirmation_to_copies() {
    let mut console = both_made((80, 24));
    console.keys("y");
    let (id, _) = copied(&console);
    console.handle_msg(Msg::Clipboard(id, Verdict::new(Outcome::Sent, "sent to your terminal")));
    console.keys("X");
    let (id, _) = copied(&console);
    console.handle_msg(Msg::Clipboard(id, Verdict::new(Outcome::Not, "nothing to clear it with")));
    console.keys("v\x1bs\x1b..\n");
    assert_eq!(
        words(&console),
        [
            "session.started",
            "key.prepared",
            "key.prepared",
            "key.sent",
            "key.created",
            "key.sent",
            "key.created",
            "key.revealed",
            "key.copied",
            "clipboard.cleared",
            "key.revealed",
            "key.revealed",
            "key.revealed",
            "key.seen",
            "key.seen",
        ]
    );
    let heard = heard(&console);
    let fact = |at: usize, name: &str| heard[at].fact(name).unwrap_or_default().to_owned();
    assert_eq!((fact(4, "key"), fact(4, "part")), ("…851d".to_owned(), "1 of 2".to_owned()));
    assert_eq!((fact(6, "key"), fact(6, "part")), ("…1f4e".to_owned(), "2 of 2".to_owned()));
    assert_eq!((fact(8, "key"), fact(8, "outcome")), ("…851d, …1f4e".into(), "sent".into()));
    assert_eq!(fact(9, "outcome"), "not cleared");
    let how: Vec<_> = [7, 10, 11, 12].map(|at| fact(at, "how")).into();
    assert_eq!(how, ["on its card", "alone", "to be read aloud", "on its card"]);
    let text = format!("{heard:?}");
    assert!(!text.contains(FIRST) && !text.contains(SECOND), "no key in clear");
}

#[test]
fn a_pair_and_half_a_pair_show_among_the_keys_of_today() {
    for size in SIZES {
        let name = |what: &str| format!("{what} {}x{}", size.0, size.1);
        let mut console = both_made(size);
        console.keys("\n");
        let console = opened(console);
        assert!(console.frame().contains("today, 23 Nov 2026 UTC: 2"), "{}", console.frame());
        insta::assert_snapshot!(name("activity of a pair"), console.frame());
        let console = opened(half(size));
        let frame = console.frame();
        assert!(frame.contains("2026 UTC: 1, 1 half pair"), "{frame}");
        assert!(frame.contains("half pair"), "{frame}");
        insta::assert_snapshot!(name("activity of half a pair"), frame);
    }
}

#[test]
fn activity_shows_the_same_unfinished_work_as_the_inbox() {
    let mut ledger = Ledger::default();
    for id in [1, 2] {
        let mut intent = intent(id);
        intent.part = Some(Part { order: 1, number: u8::try_from(id).expect("small"), of: 2 });
        let (id, at) = (intent.id, NOW);
        let prepared = JournalStep::Prepared(Box::new(intent));
        ledger.apply_record(&Record::new(id, at, prepared)).expect("legal");
    }
    let first = intent(1).id;
    ledger.apply_record(&Record::new(first, NOW, JournalStep::Sending)).expect("legal");
    let mut console = Console::finding((80, 24), Mode::ReadOnly, ledger);
    console.answer_all();
    console.keys("\x1b");
    let console = opened(console);
    let frame = console.frame();
    assert!(frame.contains("Unfinished: 2 keys (! shows them)"), "{frame}");
    assert!(frame.contains("may exist") && frame.contains("never sent"), "{frame}");
    let mut console = console;
    console.keys("!");
    assert!(console.frame().contains("Unfinished work"), "{}", console.frame());
    console.keys("\x1b\n");
    assert!(console.frame().contains("may exist"), "Enter opens it: {}", console.frame());
    console.keys("\x1b");
    assert_eq!(console.model.place, onramp::ui::state::view_id::ViewId::Activity, "and comes back");
}

#[test]
fn enter_shows_an_act_whole_and_what_it_does_not_know_too() {
    for size in SIZES {
        let mut console = both_made(size);
        console.keys("\n4");
        let mut entries = heard(&console);
        let last = entries.last_mut().expect("some");
        last.facts.push(("seal".into(), "of a later version".into()));
        read(&mut console, Page { entries, ..Page::default() });
        console.keys("\n");
        console.keys("jjjjjjjjjjjjjjjjjjjj");
        let frame = console.frame();
        assert!(frame.contains("seal         of a later version"), "{frame}");
        assert!(frame.contains("anna"), "{frame}");
        console.keys("\x1b");
        assert!(!console.frame().contains("Log entry"));
        console.keys("j\n");
        insta::assert_snapshot!(format!("one act {}x{}", size.0, size.1), console.frame());
    }
}

#[test]
fn an_act_of_another_version_is_shown_by_its_own_word() {
    let mut console = Console::loaded((80, 24));
    console.keys("4");
    let facts = vec![("user".into(), "anna".into())];
    let entry = Entry { number: 9, at: NOW, act: "moon.landed".into(), facts };
    read(&mut console, Page { entries: vec![entry], ..Page::default() });
    assert!(console.frame().contains("moon.landed"), "{}", console.frame());
}

#[test]
fn an_audit_that_is_empty_broken_unreadable_or_cut_says_so() {
    let says = |page: Page| {
        let mut console = Console::loaded((80, 24));
        console.keys("4");
        assert!(console.frame().contains("Reading the audit log."), "{}", console.frame());
        read(&mut console, page);
        console.frame()
    };
    let frame = says(Page::default());
    assert!(frame.contains("No entry for this account yet"), "{frame}");
    let frame = says(Page { others: 3, ..Page::default() });
    assert!(frame.contains("3 entries of other accounts"), "{frame}");
    let frame = says(Page { trouble: Some("audit.jsonl: it is a link".into()), ..Page::default() });
    assert!(frame.contains("! The audit log could not be read: audit.jsonl: it is"), "{frame}");
    assert!(!frame.contains("No entry for this account yet"), "{frame}");
    let broken = Some("line 4: it was changed after it was written".into());
    let frame = says(Page { broken, ..Page::default() });
    assert!(frame.contains("! The audit log was changed"), "{frame}");
    assert!(frame.contains("Line 4: it was"), "{frame}");
    assert!(frame.contains("No entry of this account could be read."), "{frame}");
    let path = Some("/x/audit.jsonl".into());
    let frame = says(Page { path, more: true, ..Page::default() });
    assert!(frame.contains("From /x/audit.jsonl; older entries are only in"), "{frame}");
}

#[test]
fn a_filter_finds_whatever_was_written_and_esc_drops_it() {
    let mut console = opened(half((120, 36)));
    console.keys("/refused");
    let frame = console.frame();
    assert!(frame.contains("refused") && !frame.contains("session starts"), "{frame}");
    console.keys("\n");
    console.keys("\x1b");
    assert!(console.frame().contains("session starts"), "{}", console.frame());
    console.keys("/nowhere");
    assert!(console.frame().contains("No entry matches."), "{}", console.frame());
    console.keys("\x1b1");
    assert!(!console.frame().contains("All activity"), "{}", console.frame());
}

#[test]
fn cursor_skips_headings_and_stays_on_its_entry() {
    let mut console = opened(half((80, 24)));
    console.keys("jjj");
    let before = console.reversed();
    console.handle_msg(Msg::Audit(Event::Wrote));
    let mut entries = heard(&console);
    let mut new = entries[0].clone();
    new.number = 999;
    entries.push(new);
    read(&mut console, Page { entries, ..Page::default() });
    assert_eq!(console.reversed(), before);
    console.keys("G");
    assert!(console.frame().contains("session starts"), "{}", console.frame());
    console.keys("g");
    assert!(console.frame().contains("Keys created today"), "the heading comes back too");
}

#[test]
fn lines_written_during_a_read_are_read_once_afterwards() {
    let reads = |console: &Console| {
        console.effects.iter().filter(|effect| matches!(effect, Effect::ReadAudit(_))).count()
    };
    let mut console = Console::loaded((80, 24));
    console.handle_msg(Msg::Audit(Event::Wrote));
    assert_eq!(reads(&console), 0, "nobody looks at it");
    console.keys("4");
    console.handle_msg(Msg::Audit(Event::Wrote));
    console.handle_msg(Msg::Audit(Event::Wrote));
    assert_eq!(reads(&console), 1, "one at a time");
    read(&mut console, Page::default());
    assert_eq!(reads(&console), 2);
    read(&mut console, Page::default());
    assert_eq!(reads(&console), 2);
    assert!(console.model.waiting.is_empty(), "at rest it does not tick");
}

fn full(required: bool) -> Msg {
    let trouble = Some("audit.jsonl: no space left".into());
    Msg::Audit(Event::State(State { required, trouble, unwritten: 2, remark: None }))
}

#[test]
fn failed_optional_audit_is_shown_and_blocks_nothing() {
    let mut console = Console::loaded((80, 24));
    console.handle_msg(full(false));
    let frame = console.frame();
    assert!(frame.contains("RW !audit"), "{frame}");
    assert!(frame.contains("! Problem with the audit log. !: more"), "{frame}");
    console.keys("!");
    let frame = console.frame();
    assert!(
        frame.contains("2 entries could not be written to the audit log: audit.jsonl:"),
        "{frame}"
    );
    console.keys("\x1b\n\n\njn");
    assert!(console.frame().contains("New service key"), "{}", console.frame());
    console.keys("\x1b");
    console.handle_msg(Msg::Audit(Event::State(State::default())));
    assert!(!console.frame().contains("!audit"), "{}", console.frame());
}

#[test]
fn where_it_is_required_no_key_is_made_and_the_screen_says_why() {
    let mut console = Console::loaded((80, 24));
    console.handle_msg(full(true));
    console.keys("\n\n\njn");
    let frame = console.frame();
    assert!(frame.contains("No key can be created: the audit log"), "{frame}");
    let mut console = reviewed((80, 24));
    console.handle_msg(full(true));
    console.keys("y");
    assert!(
        !console
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Engine(EngineEffect::Write(..))))
    );
    console.keys("!");
}

#[test]
fn a_write_that_the_audit_holds_back_was_not_sent_and_says_why() {
    let mut console = reviewed((80, 24));
    console.disk_answers = false;
    console.keys("y");
    let of = |effect: &Effect| match effect {
        Effect::Engine(EngineEffect::Write(id, Write::CreateKey { .. }, _)) => Some(*id),
        _ => None,
    };
    let id = console.effects.iter().find_map(of).expect("asked for");
    let why = "the audit cannot be written, and it is required: no space left".into();
    console.handle_msg(Msg::Journal(journal::Event::NotBegun(id, why, None)));
    let frame = console.frame();
    assert!(frame.contains("nothing was sent") && frame.contains("the audit can"), "{frame}");
    let last = heard(&console);
    let not_sent = last.iter().find(|entry| entry.act.as_str() == "key.not-sent").expect("heard");
    assert!(not_sent.fact("reason").is_some_and(|why| why.contains("no space left")));
}

#[test]
fn activity_shows_modes_and_refusals_with_reason_and_trace() {
    let mut console = reviewed((80, 24));
    console.keys("y");
    let (id, _) = console.written.remove(0);
    let refused = Failure {
        cause: Cause::Forbidden,
        happened: "Megaport refused".into(),
        advice: "Ask for the role.".into(),
        trace: Some("uuid-9".into()),
        doubt: Doubt::Refused,
    };
    console.reply(id, Err(refused));
    console.answer_all();
    let heard = heard(&console);
    let of = |word: &str| {
        let entry = heard.iter().find(|entry| entry.act.as_str() == word).expect(word);
        let fact = |name: &str| entry.fact(name).unwrap_or_default().to_owned();
        (fact("reason"), fact("trace_id"))
    };
    assert_eq!(of("key.refused"), ("Megaport refused".to_owned(), "uuid-9".to_owned()));
    assert_eq!(of("mode.changed").0, "Megaport refused a write with this API key");
    assert_eq!(of("key.closed").0, "the first key of the pair was not created");
}

#[test]
fn activity_shows_approval_sent_and_read_back() {
    let mut console = Console::started((80, 24));
    console.account.0[0].vxcs[0].awaits_approval = true;
    console.answer_all();
    console.keys("/los angeles 1\n\na");
    console.wait(QUIET);
    console.keys("y");
    let (id, write) = console.written.remove(0);
    let Write::Decide { circuit, .. } = write else { panic!("an answer") };
    console.account.0[0].vxcs[0].awaits_approval = false;
    console.reply(id, Ok(Reply::Decided(circuit)));
    console.answer_all();
    let heard = heard(&console);
    let answered = heard.iter().filter(|entry| entry.act.as_str() == "circuit.answered");
    let said: Vec<_> = answered.map(|one| (one.fact("outcome"), one.fact("label"))).collect();
    let name = Some("Aurora Render prod");
    assert_eq!(said, [(Some("confirmed"), name), (Some("sent"), name), (Some("done"), name)]);
}

#[test]
fn a_change_of_a_key_is_heard_of_before_and_after_in_words() {
    let mut console = Console::loaded((80, 24));
    console.keys("3");
    console.keys("D");
    console.wait(Duration::from_millis(500));
    console.keys("y");
    let (id, write) = console.written.remove(0);
    let Write::UpdateKey(change, _) = write else { panic!("a change") };
    let mut after = None;
    for key in console.account.1.iter_mut().filter(|key| key.id == change.key) {
        key.active = false;
        after = Some(key.clone());
    }
    console.reply(id, Ok(Reply::Updated(Box::new(after.expect("one of the account")))));
    console.answer_all();
    let heard = heard(&console);
    let changed = heard.iter().filter(|entry| entry.act.as_str() == "key.changed");
    let said: Vec<_> = changed.map(|entry| (entry.fact("outcome"), entry.fact("change"))).collect();
    assert_eq!(
        said,
        [
            (Some("confirmed"), Some("active → disabled")),
            (Some("sent"), Some("active → disabled")),
            (Some("done"), Some("was active, now disabled")),
        ]
    );
    console.press(plain(Code::Esc));
}

#[test]
fn timeline_joins_own_actions_record_and_observations() {
    let mut console = both_made((120, 36));
    console.keys("y");
    let (id, _) = copied(&console);
    console.handle_msg(Msg::Clipboard(id, Verdict::new(Outcome::Sent, "sent to your terminal")));
    console.keys("\n3");
    let ordered = Vxc { created: Some(console.model.now()), ..vxc("v-9", "acme-blue", 500, 102) };
    on_ramp_mut(&mut console, "la-1").vxcs.push(ordered);
    console.wait(Duration::from_secs(15));
    console.answer_all();
    console.keys("/blue\nd");
    assert!(
        console.frame().contains("Reading the audit log"),
        "it waits for the audit, and says so"
    );
    let page = Page { entries: heard(&console), ..Page::default() };
    read(&mut console, page);
    let frame = console.frame();
    let order = ["you confirmed", "request sent", "key created", "copied", "update"]
        .map(|word| frame.find(word));
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{order:?}\n{frame}");
    assert!(frame.contains("circuit acme-blue ordered"), "{frame}");
    insta::assert_snapshot!("timeline 120x36", frame);
}
