//! Signing in and changing accounts, keys in, frames and effects out.

use onramp::{
    api::{
        Cause, Failure, Mode, Reply, Request, RequestId, VlanAnswer, Write,
        account::{
            Answer, Api, Ask, Environment, EnvironmentKind, Listed, Opened, Profile, Session,
            Store, Target,
        },
    },
    domain::{
        issuance::Doubt,
        ledger::{JournalStep, Ledger, Record},
        preset::Settings,
        service_key::ServiceKey,
    },
    engine::{attempt::Attempt, effect::Effect as EngineEffect},
    ui::{
        account::accounts::Accounts,
        commands::INTERFACE,
        model::{
            Access, Model, Start,
            msg::{Effect, Msg},
        },
        state::key::{Code, ctrl, plain},
        widget::theme::Theme,
    },
};

use crate::support::{Console, NOW, key, regions};

fn lab(store: Store) -> Profile {
    Profile {
        name: "lab".into(),
        api: Api::Environment(Environment::Staging),
        client_id: Some("an-id".into()),
        store,
        mode: Mode::ReadOnly,
        ca_file: None,
    }
}

fn listed(profile: &Profile) -> Listed {
    Listed {
        target: Target::Profile(profile.name.clone()),
        environment: EnvironmentKind::Vendor(Environment::Staging),
        host: "api-staging.megaport.com".into(),
        profile: Some(profile.clone()),
        usual: true,
    }
}

fn demo() -> Listed {
    let (target, environment) = (Target::Demo, EnvironmentKind::Demo);
    Listed { target, environment, host: "this program".into(), profile: None, usual: false }
}

fn opened(says: Option<&str>) -> Answer {
    Answer::Opened(Box::new(Opened {
        session: staging(),
        mode: Mode::ReadOnly,
        regions: regions(),
        settings: Settings::default(),
        says: says.map(Into::into),
    }))
}

fn staging() -> Session {
    let environment = EnvironmentKind::Vendor(Environment::Staging);
    let host = "api-staging.megaport.com".into();
    Session { environment, host, profile: Some("lab".into()), ..Session::nowhere() }
}

/// Returns a console that was started in this way, before any reply.
fn begun(start: Start, size: (u16, u16)) -> Console {
    let mut model = Model::signed_out(Theme::default(), NOW, &INTERFACE);
    model.size = size;
    let effects = model.begin(start);
    let mut console = Console::new(model, Ledger::default());
    console.effects = effects;
    console
}

/// Returns the last question about accounts that `wanted` picks.
fn asked(console: &Console, wanted: impl Fn(&Ask) -> bool) -> (RequestId, Ask) {
    let of = |effect: &Effect| match effect {
        Effect::Account(id, ask) if wanted(ask) => Some((*id, ask.clone())),
        _ => None,
    };
    console.effects.iter().rev().find_map(of).expect("such a question")
}

fn tell(console: &mut Console, wanted: impl Fn(&Ask) -> bool, answer: Answer) {
    let (id, _) = asked(console, wanted);
    console.handle_msg(Msg::Account(id, answer));
}

const fn opens(ask: &Ask) -> bool {
    matches!(ask, Ask::Open(_))
}

const fn signs_in(ask: &Ask) -> bool {
    matches!(ask, Ask::SignIn(..))
}

fn probes(store: Store) -> impl Fn(&Ask) -> bool {
    move |ask| *ask == Ask::Probe(store.clone())
}

/// Returns the form, with what a jump host's stores say.
fn form(size: (u16, u16)) -> Console {
    let mut console = begun(Start::SignIn(None), size);
    let no_bus = Answer::Probed(Store::Keyring, Err("it is not there (no session bus)".into()));
    tell(&mut console, probes(Store::Keyring), no_bus);
    tell(&mut console, probes(Store::Kernel), Answer::Probed(Store::Kernel, Ok(())));
    console
}

#[test]
fn form_opens_unasked_and_explains_each_store() {
    for (columns, rows) in [(120, 36), (80, 24), (60, 16)] {
        let console = form((columns, rows));
        insta::assert_snapshot!(format!("sign in {columns}x{rows}"), console.frame());
    }
}

#[test]
fn api_key_pair_is_tested_and_secret_never_shown() {
    let mut console = form((120, 36));
    console.press(plain(Code::Right));
    console.keys("\t\tan-id\t");
    console.handle_msg(Msg::Paste("  canary-secret\n".into()));
    assert!(!console.frame().contains("canary"), "{}", console.frame());
    assert!(console.frame().contains("[*************_"), "{}", console.frame());
    console.keys("\n");
    let (id, ask) = asked(&console, signs_in);
    let Ask::SignIn(profile, secret) = ask else { unreachable!("picked above") };
    assert_eq!(*profile, Profile { name: "staging".into(), ..lab(Store::Session) });
    assert_eq!(secret, Some(onramp::api::account::Secret::new("canary-secret")));
    assert!(console.frame().contains("Testing this API key at STAGING"));
    console.keys("x\n\t");
    assert_eq!(asked(&console, signs_in).0, id, "while it is tried nothing else is");
    tell(&mut console, signs_in, Answer::Failed("refused: try production?".into()));
    insta::assert_snapshot!("sign in refused", console.frame());
    console.keys("\n");
    tell(&mut console, signs_in, opened(Some("Signed in to STAGING as lab.")));
    assert!(console.model.modals.is_empty(), "the form is gone");
    assert!(console.frame().contains("[STAGING lab] RO"));
    assert!(console.frame().contains("Signed in to STAGING as lab."));
    assert!(console.effects.contains(&Effect::Engine(EngineEffect::SetMode(Mode::ReadOnly))));
}

#[test]
fn trying_can_be_stopped_and_a_late_answer_opens_nothing() {
    let mut console = form((120, 36));
    console.keys("\t\tan-id\tsecret\n");
    console.press(plain(Code::Esc));
    assert!(console.effects.contains(&Effect::CancelOpening));
    tell(&mut console, signs_in, opened(None));
    assert_eq!(console.model.access, Access::Closed(None));
    assert!(console.frame().contains("[NOT SIGNED IN]"));
}

#[test]
fn account_opens_after_first_frame_and_failure_lists_others() {
    let mut console = begun(Start::Open(Target::Profile("lab".into()), staging(), None), (120, 36));
    assert!(console.frame().contains("Opening profile lab"));
    tell(&mut console, opens, Answer::Failed("the desktop keyring is locked".into()));
    let list = vec![listed(&lab(Store::Keyring)), demo()];
    tell(&mut console, |ask| *ask == Ask::Accounts, Answer::Accounts(list));
    insta::assert_snapshot!("accounts locked", console.frame());
    assert!(console.model.access.failure().is_some());
}

#[test]
fn unsaved_secret_is_requested_with_all_else_filled_in() {
    let mut console = begun(Start::Open(Target::Profile("lab".into()), staging(), None), (80, 24));
    let profile = Box::new(lab(Store::Session));
    tell(&mut console, opens, Answer::Missing(profile, "no such entry".into()));
    assert!(console.frame().contains("Sign in as lab") && console.frame().contains("an-id"));
    assert!(!console.frame().contains("no such entry"), "that a session has ended is no trouble");
    console.keys("\n");
    assert!(!console.effects.iter().any(|e| matches!(e, Effect::Account(_, Ask::SignIn(..)))));
    console.keys("typed\n");
    let (_, ask) = asked(&console, signs_in);
    let typed = Some(onramp::api::account::Secret::new("typed"));
    assert_eq!(ask, Ask::SignIn(Box::new(lab(Store::Session)), typed));
}

#[test]
fn old_accounts_data_disappears_before_the_new_one_opens() {
    let mut console = Console::loaded((120, 36));
    console.keys("p");
    let list = vec![listed(&lab(Store::Keyring)), demo()];
    tell(&mut console, |ask| *ask == Ask::Accounts, Answer::Accounts(list));
    let late = console.asked.len();
    console.keys("r");
    assert!(console.frame().contains("lab *"));
    console.keys("\n");
    let frame = console.frame();
    assert!(!frame.contains("Los Angeles") && !frame.contains("Aurora"), "{frame}");
    assert!(frame.contains("[STAGING lab] RO") && frame.contains("Opening profile lab"), "{frame}");
    assert!(
        console.effects.contains(&Effect::CloseAccount),
        "the old account is not asked any more"
    );
    assert_eq!(console.asked.len(), late);
    tell(&mut console, opens, opened(None));
    assert!(console.frame().contains("[STAGING lab] RO"));
    console.answer_all();
    assert!(console.frame().contains("6 on-ramps"));
}

#[test]
fn a_reply_of_the_account_before_is_dropped() {
    let mut console = Console::started((120, 36));
    let before = std::mem::take(&mut console.asked);
    console.keys("p");
    tell(&mut console, |ask| *ask == Ask::Accounts, Answer::Accounts(vec![demo()]));
    console.keys("\n");
    tell(&mut console, opens, opened(None));
    let after = std::mem::replace(&mut console.asked, before);
    console.answer_all();
    assert!(!console.model.engine.has_inventory(), "that was another account's");
    console.asked = after;
    console.answer_all();
    assert!(console.model.engine.has_inventory());
}

#[test]
fn accounts_can_be_viewed_and_edited_without_switching() {
    let mut console = Console::loaded((120, 36));
    console.keys("p");
    let list = vec![demo(), listed(&lab(Store::Keyring))];
    tell(&mut console, |ask| *ask == Ask::Accounts, Answer::Accounts(list));
    insta::assert_snapshot!("accounts", console.frame());
    console.keys("e");
    assert!(console.frame().contains("Sign in as lab"));
    assert!(console.frame().contains("empty: keep the"));
    console.keys("\x1b\x1b");
    assert!(console.frame().contains("Los Angeles 1"));
    console.press(ctrl('c'));
    assert_eq!(console.effects.last(), Some(&Effect::Quit));
}

/// Returns the client's failure when the pair is refused.
fn refused() -> Failure {
    Failure {
        cause: Cause::Credentials,
        happened: "the API refused these credentials".into(),
        advice: "Check id and secret.".into(),
        trace: None,
        doubt: Doubt::NotSent,
    }
}

#[test]
fn a_rotated_secret_is_read_again_once_and_what_is_shown_stays() {
    let mut console = begun(Start::Open(Target::Profile("lab".into()), staging(), None), (120, 36));
    tell(&mut console, opens, opened(None));
    console.answer_all();
    console.keys("r");
    for (id, _) in std::mem::take(&mut console.asked) {
        console.reply(id, Err(refused()));
    }
    let count = |console: &Console| {
        let opens = |effect: &&Effect| matches!(effect, Effect::Account(_, Ask::Open(_)));
        console.effects.iter().filter(opens).count()
    };
    assert_eq!(count(&console), 2, "at the start, and once after the refusal");
    assert!(console.frame().contains("Los Angeles 1"), "what was read stays");
    let before = console.effects.len();
    tell(&mut console, opens, opened(None));
    assert!(
        console.effects[before..].contains(&Effect::Engine(EngineEffect::SetMode(Mode::ReadOnly)))
    );
    assert!(console.frame().contains("Los Angeles 1"));
    for (id, _) in std::mem::take(&mut console.asked) {
        console.reply(id, Err(refused()));
    }
    assert_eq!(count(&console), 2, "not over and over");
    assert!(console.frame().contains("refused these credentials"));
}

/// The work in progress when the account is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Out {
    /// The request that creates a key.
    Key,
    /// The request that changes one.
    Change,
    /// A question about a VLAN.
    Vlan,
}

/// Returns a console of which this is out, and the reply that is still to come.
fn with_out(out: Out) -> (Console, RequestId, Reply) {
    let mut console = Console::loaded((120, 36));
    match out {
        Out::Key => {
            console.keys("\n\n\njnACME-4471\n");
            console.answer_all();
            console.wait(crate::pairs::QUIET);
            console.keys("y");
            let (id, write) = console.written.remove(0);
            let Write::CreateKey { intent, .. } = write else { panic!("a key is created") };
            // The journal's lines before the request was sent.
            let prepared = Record::new(intent.id, NOW, JournalStep::Prepared(intent.clone()));
            let sending = Record::new(intent.id, NOW, JournalStep::Sending).about(1);
            for record in [prepared, sending] {
                console.journal.apply_record(&record).expect("it follows");
            }
            let (on_ramp, label) = (intent.order.on_ramp().as_str(), intent.order.label().as_str());
            let vlan = intent.vlan().map_or(0, |vlan| i64::from(vlan.get()));
            let made = key("5a5a0000-0000-4000-8000-00000000beef", on_ramp, vlan, label);
            (console, id, Reply::Created(Box::new(made)))
        }
        Out::Change => {
            console.keys("3D");
            console.wait(crate::pairs::QUIET);
            console.keys("y");
            let (id, write) = console.written.remove(0);
            let Write::UpdateKey(change, _) = write else { panic!("a key is changed") };
            let of = |key: &&ServiceKey| key.id == change.key;
            let found = console.account.1.iter().find(of).expect("one of the account").clone();
            (console, id, Reply::Updated(Box::new(ServiceKey { active: false, ..found })))
        }
        Out::Vlan => {
            console.keys("\n\n\njnACME-4471\n");
            let (id, _) = console.take_request(|request| matches!(request, Request::CheckVlan(..)));
            (console, id, Reply::Vlan(VlanAnswer::Free))
        }
    }
}

/// Returns every number that a request was given.
fn numbers(console: &Console) -> Vec<RequestId> {
    let of = |effect: &Effect| match effect {
        Effect::Engine(EngineEffect::Ask(id, _) | EngineEffect::Write(id, ..))
        | Effect::Account(id, _)
        | Effect::Recall(id)
        | Effect::ReadAudit(id)
        | Effect::Clipboard(id, _) => Some(*id),
        _ => None,
    };
    console.effects.iter().filter_map(of).collect()
}

/// Switches to another account with this journal; returns the journal of the account
/// before.
fn change_to(console: &mut Console, session: Session, journal: Ledger) -> Ledger {
    console.keys("\x1b\x1b\x1bp");
    if console.model.modals.on_top::<Accounts>().is_none() {
        // No key closes the dialog of a change in progress.
        console.model.modals.clear();
        console.keys("p");
    }
    let list = vec![listed(&lab(Store::Keyring))];
    tell(console, |ask| *ask == Ask::Accounts, Answer::Accounts(list));
    console.keys("\n");
    if console.model.engine.active_attempt().is_some() {
        // A key that may exist keeps its account open; the test closes it by force.
        assert!(console.frame().contains("A key may exist here"), "{}", console.frame());
        assert!(console.model.engine.has_inventory() && console.model.access == Access::Open);
        let engine = &mut console.model.engine;
        let all: Vec<_> = engine.attempts().iter().map(|one| one.standing.intent.id).collect();
        for id in all {
            engine.set_aside(id);
        }
        console.keys("\n");
    }
    console.asked.clear();
    let before = std::mem::replace(&mut console.journal, journal);
    let (regions, settings, says) = (regions(), Settings::default(), None);
    let opened = Opened { session, mode: Mode::ReadWrite, regions, settings, says };
    tell(console, opens, Answer::Opened(Box::new(opened)));
    console.answer_all();
    before
}

#[test]
fn request_in_flight_at_account_change_is_hidden_and_not_lost() {
    for out in [Out::Key, Out::Change, Out::Vlan] {
        let (mut console, id, reply) = with_out(out);
        let first = console.model.session.clone();
        let before = change_to(&mut console, staging(), Ledger::default());
        let (shown, so_far) = (console.frame(), console.effects.len());
        assert!(shown.contains("[STAGING lab] RW"), "{out:?}: {shown}");
        console.reply(id, Ok(reply));
        console.reply(id, Err(refused()));
        assert_eq!(console.frame(), shown, "{out:?}: it is on the screen of another account");
        assert_eq!(console.effects.len(), so_far, "{out:?}: something was done about it");
        let Model { engine, never_copied, .. } = &console.model;
        let nothing = engine.attempts().is_empty() && never_copied.is_empty();
        let nothing = nothing && engine.altering().is_none();
        assert!(nothing && engine.journal().changes.is_empty(), "{out:?}");
        assert_eq!(console.journal, Ledger::default(), "{out:?}: it is in another journal");
        // Its own account is opened again, and its journal has it.
        change_to(&mut console, first, before);
        let engine = &console.model.engine;
        assert_eq!(engine.attempts().len(), usize::from(out == Out::Key), "{out:?}: lost");
        assert!(engine.attempts().iter().all(Attempt::is_in_doubt), "{out:?}");
        assert_eq!(
            engine.journal().changes.len(),
            usize::from(out == Out::Change),
            "{out:?}: lost"
        );
        let mut numbers = numbers(&console);
        let given = numbers.len();
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), given, "{out:?}: a number was given twice");
    }
}

#[test]
fn secret_program_is_named_with_its_timeout() {
    let patience = Store::Command(vec!["/bin/pass".into()]).program_patience();
    let start = Start::Open(Target::Profile("lab".into()), staging(), patience);
    let mut console = begun(start, (80, 24));
    console.wait(std::time::Duration::from_secs(3));
    let says = "Opening profile lab: 3 s; waiting up to 1 min for its program";
    assert!(console.frame().contains(says), "whole at 80 columns: {}", console.frame());
}

#[test]
fn production_accounts_differ_in_header_dialog_and_title() {
    use onramp::ui::screen::account_label::title;
    let mut console = Console::loaded((80, 24));
    console.keys("/angeles 1\n\nn");
    let looks = |console: &mut Console, profile: Option<&str>, end: Option<&str>| {
        console.model.session.environment = EnvironmentKind::Vendor(Environment::Production);
        console.model.session.profile = profile.map(str::to_owned);
        console.model.session.key_end = end.map(Into::into);
        let frame = console.frame();
        let labels: Vec<_> = frame.lines().filter(|line| line.contains("[PRODUCTION")).collect();
        assert_eq!(labels.len(), 2, "the header and the form: {frame}");
        (labels.join("\n"), title(&console.model))
    };
    let all = [
        looks(&mut console, Some("acme-prod"), None),
        looks(&mut console, Some("provider-production-north-1"), None),
        looks(&mut console, Some("provider-production-north-2"), None),
        looks(&mut console, None, Some("a1b2")),
        looks(&mut console, None, Some("c3d4")),
    ];
    for (at, (labels, title)) in all.iter().enumerate() {
        for (other, said) in &all[at + 1..] {
            assert_ne!(labels, other);
            assert_ne!(title, said);
        }
    }
}
