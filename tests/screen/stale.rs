//! Old data: reported, marked, still browsable, and no basis for a new key.

use std::time::Duration;

use onramp::{
    api::{
        Cause, Failure, Reply, Request, RequestId,
        account::{Environment, EnvironmentKind},
        cache::CachedLists,
    },
    domain::{issuance::Doubt, snapshot::Snapshot},
    engine::{Input, background::BackgroundReads},
    ui::model::msg::{Effect, Msg},
};

use crate::support::{Console, NOW, all};

const MINUTE: Duration = Duration::from_secs(60);

fn timeout() -> Failure {
    Failure {
        cause: Cause::ConnectionLost,
        happened: "no answer from api.megaport.com in 30 s".into(),
        advice: "Try again in a moment.".into(),
        trace: None,
        doubt: Doubt::Refused,
    }
}

/// Returns a console with background reads that has read everything; the next two reads
/// fail.
fn failing(size: (u16, u16)) -> Console {
    let mut console = Console::loaded(size);
    console.model.engine.read_by_itself(BackgroundReads::lively(7, console.model.now()));
    console.wait(2 * MINUTE);
    console.keys("r");
    fail(&mut console);
    assert!(!console.frame().contains("STALE"), "one failure makes nothing old");
    console.keys("r");
    fail(&mut console);
    console.wait(Duration::from_secs(1));
    console
}

fn fail(console: &mut Console) {
    for wanted in [Request::Products, Request::Keys] {
        if console.asked.iter().any(|(_, request)| *request == wanted) {
            let (id, _) = console.take_request(|request| *request == wanted);
            console.reply(id, Err(timeout()));
        }
    }
}

/// Returns a console that has just started, and what it asks its cache by.
fn recalling(size: (u16, u16)) -> (Console, RequestId) {
    let mut console = Console::started(size);
    console.model.session.environment = EnvironmentKind::Vendor(Environment::Production);
    let effects = console.model.start();
    let recall = effects.iter().find_map(|effect| match effect {
        Effect::Recall(id) => Some(*id),
        _ => None,
    });
    (console, recall.expect("it asks for what was kept"))
}

fn kept(console: &Console) -> CachedLists {
    let on_ramps = console.account.0.clone();
    let read_at = NOW - 14 * MINUTE;
    let snapshot = Snapshot { on_ramps, read_at, locations: None, events: None };
    CachedLists { snapshot: Some(Box::new(snapshot)), trouble: None }
}

#[test]
fn unreadable_data_is_marked_with_its_age_and_still_browsable() {
    for (size, name) in [((120, 36), "stale 120x36"), ((80, 24), "stale 80x24")] {
        let mut console = failing(size);
        insta::assert_snapshot!(name, console.frame());
        let frame = console.frame();
        assert!(frame.contains("! Data is 2 min old: new keys are disabled"), "{frame}");
        assert!(frame.contains("94%?") && frame.contains("yes?"), "{frame}");
        console.keys("2/angeles\n");
        assert!(console.frame().contains("On-ramps 2 of"), "{}", console.frame());
    }
}

#[test]
fn stale_data_blocks_new_keys_and_pairs_with_reason() {
    let mut console = failing((120, 36));
    console.keys("2jn");
    let frame = console.frame();
    assert!(frame.contains("No key can be created: the on-ramps could not be"), "{frame}");
    assert!(console.model.modals.is_empty(), "no form");
    console.keys("N");
    assert!(console.model.modals.is_empty(), "no pair");
    console.keys("r");
    console.answer_all();
    assert!(!console.frame().contains("STALE"), "{}", console.frame());
    console.keys("n");
    assert!(console.frame().contains("New service key"), "{}", console.frame());
}

/// Returns the whole text of the banner.
fn banner(console: &Console) -> String {
    let frame = console.frame();
    let line = frame.lines().find(|line| line.contains("! Data is"));
    line.unwrap_or_else(|| panic!("no banner: {frame}")).trim().to_owned()
}

#[test]
fn stale_banner_is_true_during_review_creation_and_card() {
    let mut console = Console::loaded((120, 36));
    console.model.engine.read_by_itself(BackgroundReads::lively(7, console.model.now()));
    console.keys("/los angeles 2\n\n");
    console.keys("nACME\n");
    console.answer_all();
    console.wait(Duration::from_secs(1));
    assert!(console.frame().contains("Create this key?"), "{}", console.frame());
    for _ in 0..2 {
        let effects = console.model.read_products();
        console.record_effects(effects);
        let (id, _) = console.asked.pop().expect("it is asked");
        console.reply(id, Err(timeout()));
    }
    console.wait(2 * MINUTE);
    let says = banner(&console);
    let closed = "Refresh waits until this is closed.";
    assert!(says.contains("only this key can be created"), "{says}");
    assert!(says.contains(closed), "{says}");
    console.keys("y");
    console.answer_all();
    console.wait(Duration::from_secs(1));
    console.keys("y");
    console.answer_all();
    console.wait(Duration::from_secs(1));
    let (id, write) = console.written.remove(0);
    let says = banner(&console);
    assert!(says.contains("a key is being created; no others now"), "{says}");
    assert!(says.contains("Refresh waits until this key is created."), "{says}");
    let key = crate::support::key("2f0c1d5e-77aa-4b1c-9e52-6a0d4c8e9b11", "la-2", 101, "ACME");
    let onramp::api::Write::CreateKey { intent, .. } = write else { panic!("a new key") };
    let key =
        onramp::domain::service_key::ServiceKey { label: intent.order.label().clone(), ..key };
    console.reply(id, Ok(Reply::Created(Box::new(key))));
    let says = banner(&console);
    assert!(!says.contains("being created"), "a finished card is open: {says}");
    assert!(says.contains("new keys are disabled.") && says.contains(closed), "{says}");
}

#[test]
fn what_fails_is_tried_again_by_itself_and_less_and_less_often() {
    let mut console = failing((120, 36));
    let mut tries = 0;
    for _ in 0..20 {
        console.stall(Duration::from_secs(15));
        tries += console.asked.iter().filter(|(_, asked)| *asked == Request::Products).count();
        fail(&mut console);
    }
    assert!((3..=8).contains(&tries), "{tries} tries in five minutes");
}

#[test]
fn what_was_kept_is_on_the_screen_at_once_and_called_so() {
    let (mut console, id) = recalling((120, 36));
    let kept = kept(&console);
    console.handle_msg(Msg::SavedListsRead(id, kept));
    let frame = console.frame();
    assert!(frame.contains("On-ramps 6") && frame.contains("saved 14 min ago"), "{frame}");
    assert!(!frame.contains("Saved data"), "a start that is quick has no banner: {frame}");
    console.keys("2jn");
    assert!(console.model.modals.is_empty(), "nothing is begun on it: {}", console.frame());
    console.wait(Duration::from_secs(4));
    insta::assert_snapshot!("saved 120x36", console.frame());
    assert!(console.frame().contains("! Saved data is 14 min old: new keys are disabled"));
    let (id, _) = console.take_request(|request| *request == Request::Products);
    let on_ramps = console.account.0.clone();
    console.reply(id, Ok(Reply::Products(all(on_ramps))));
    assert!(!console.frame().contains("SAVED"), "{}", console.frame());
}

#[test]
fn what_was_kept_does_not_cover_what_was_read_meanwhile() {
    let (mut console, id) = recalling((80, 24));
    let mut older = kept(&console);
    let (asked, _) = console.take_request(|request| *request == Request::Products);
    let on_ramps = console.account.0.clone();
    console.reply(asked, Ok(Reply::Products(all(on_ramps))));
    if let Some(snapshot) = &mut older.snapshot {
        snapshot.on_ramps.truncate(1);
    }
    console.handle_msg(Msg::SavedListsRead(id, older));
    assert!(console.model.doubt().is_none());
    assert_eq!(console.model.engine.inventory().on_ramps().len(), 6);
    let saved = console.effects.iter().any(|effect| matches!(effect, Effect::Save(_)));
    assert!(saved, "what was read is reserved for the next start");
}

#[test]
fn what_another_account_has_kept_is_for_nobody() {
    let (mut console, id) = recalling((80, 24));
    let kept = kept(&console);
    console.handle_msg(Msg::SavedListsRead(RequestId(id.0 + 1_000), kept));
    assert!(console.model.engine.inventory().on_ramps().is_empty());
}

#[test]
fn of_the_demo_nothing_is_kept() {
    let console = Console::loaded((80, 24));
    let kept = |effect: &Effect| matches!(effect, Effect::Save(_) | Effect::Recall(_));
    assert!(!console.effects.iter().any(kept));
}

#[test]
fn a_wrong_date_of_a_reply_makes_no_list_older_or_younger() {
    for step in [-3_600_000, 3_600_000] {
        let mut console = Console::loaded((120, 36));
        let header = |console: &Console| {
            let frame = console.frame();
            let line = frame.lines().next().expect("a header").trim_end();
            line.rsplit("  ").next().unwrap_or_default().to_owned()
        };
        let before = header(&console);
        drop(console.model.engine.handle(Input::ClockOffset(step)));
        let frame = console.frame();
        assert!(!frame.contains("STALE"), "read a second ago: {frame}");
        assert!(header(&console).ends_with(&before), "a time that was named stays: {frame}");
        // It becomes old exactly when its time is over.
        console.wait(6 * MINUTE);
        assert!(!console.frame().contains("STALE"), "{}", console.frame());
        console.wait(2 * MINUTE);
        assert!(console.frame().contains("! Data is 8 min old"), "{}", console.frame());
    }
}
