//! Input that is no fresh key press confirms nothing: a held key, reported by the
//! terminal or not, and an answer to a question that was not on the screen yet.

use std::time::Duration;

use onramp::{
    api::{Cause, Failure, Reply, Request},
    domain::issuance::Doubt,
    engine::effect::Effect as EngineEffect,
    ui::{
        model::msg::{Effect, Msg},
        state::key::{Key, char, ctrl},
    },
};

use crate::{
    pairs::{QUIET, RELEASED},
    support::{Console, all},
};

/// The longest wait of terminals before a held key repeats.
const FIRST: Duration = Duration::from_millis(660);
/// The time between two repetitions.
const NEXT: Duration = Duration::from_millis(33);

/// Holds a key for three seconds in a terminal that does not say so.
fn hold(console: &mut Console, key: Key) {
    console.press(key);
    console.wait(FIRST);
    for _ in 0..90 {
        console.press(key);
        console.wait(NEXT);
    }
}

/// Returns a console that asks whether to create a key.
fn creating() -> Console {
    let mut console = Console::loaded((80, 24));
    console.keys("\n\n\njnACME\n");
    console.answer_all();
    console
}

/// Returns a console that asks whether to disable a key.
fn changing() -> Console {
    let mut console = Console::loaded((80, 24));
    console.keys("3D");
    console
}

/// Returns a console that asks whether to approve a circuit.
fn approving() -> Console {
    let mut console = Console::started((80, 24));
    console.account.0[0].vxcs[0].awaits_approval = true;
    console.answer_all();
    console.keys("/los angeles 1\n\na");
    console
}

fn has_quit(console: &Console) -> bool {
    console.effects.contains(&Effect::Quit)
}

#[test]
fn a_key_that_is_held_creates_changes_and_approves_nothing() {
    for (mut console, key) in
        [(creating(), 'y'), (changing(), 'y'), (approving(), 'y'), (approving(), 'R')]
    {
        hold(&mut console, char(key));
        assert!(console.written.is_empty(), "{}", console.frame());
        assert!(console.frame().contains("Pause briefly"), "it is said: {}", console.frame());
        console.wait(RELEASED);
        assert!(!console.frame().contains("Pause briefly"), "{}", console.frame());
        console.press(char(key));
        if key == 'R' {
            assert!(console.frame().contains("Reject this circuit?"), "{}", console.frame());
            console.wait(QUIET);
            console.keys("y");
        }
        assert_eq!(console.written.len(), 1, "a fresh press after a second of quiet");
    }
}

#[test]
fn a_repetition_that_the_terminal_reports_confirms_nothing() {
    for mut console in [creating(), changing(), approving()] {
        console.wait(QUIET);
        console.handle_msg(Msg::Repeat(char('y')));
        assert!(console.written.is_empty(), "{}", console.frame());
        console.wait(RELEASED);
        console.keys("y");
        assert_eq!(console.written.len(), 1);
    }
    let mut console = Console::loaded((80, 24));
    for key in [char('q'), ctrl('c')] {
        console.handle_msg(Msg::Repeat(key));
        assert!(!has_quit(&console));
    }
    let before = console.frame();
    console.handle_msg(Msg::Repeat(char('j')));
    assert_ne!(console.frame(), before, "but it moves the cursor");
}

#[test]
fn a_key_that_is_held_does_not_leave_the_console() {
    let mut console = Console::loaded((80, 24));
    console.keys("2\n");
    hold(&mut console, char('q'));
    assert!(!has_quit(&console), "it went back once, and no further");
    assert!(console.frame().contains("press it again after a second"), "{}", console.frame());
    console.wait(RELEASED);
    console.keys("q");
    assert!(has_quit(&console));

    // A key may exist, so leaving is asked about.
    let mut console = creating();
    console.wait(QUIET);
    console.keys("y");
    assert_eq!(console.written.len(), 1);
    hold(&mut console, ctrl('c'));
    assert!(console.frame().contains("Quit?"), "{}", console.frame());
    assert!(!has_quit(&console));
    console.handle_msg(Msg::Repeat(char('y')));
    assert!(!has_quit(&console), "nor does a repetition answer");
    console.wait(RELEASED);
    console.press(ctrl('c'));
    assert!(has_quit(&console));
}

#[test]
fn a_key_that_is_held_while_a_change_fails_does_not_try_again() {
    let mut console = changing();
    console.wait(QUIET);
    console.keys("y");
    let (id, _) = console.written.remove(0);
    let failed = Failure {
        cause: Cause::Refused,
        happened: "Megaport refused".into(),
        advice: "Change it.".into(),
        trace: None,
        doubt: Doubt::Refused,
    };
    console.wait(2 * RELEASED);
    console.reply(id, Err(failed));
    console.keys("y");
    assert!(console.written.is_empty(), "that it failed was not on the screen yet");
    hold(&mut console, char('y'));
    assert!(console.written.is_empty(), "{}", console.frame());
    console.wait(RELEASED);
    console.keys("y");
    assert_eq!(console.written.len(), 1);
    assert!(console.asked.iter().all(|(_, request)| !matches!(request, Request::Key(_))));
}

#[test]
fn answer_to_a_question_changed_since_drawn_confirms_nothing() {
    for mut console in [creating(), changing(), approving()] {
        console.wait(QUIET);
        console.handle_msg(Msg::Drawn);
        let before = console.frame();
        for on_ramp in &mut console.account.0 {
            on_ramp.name = "Renamed".into();
        }
        let on_ramps = console.account.0.clone();
        let effects = console.model.read_products();
        let [Effect::Engine(EngineEffect::Ask(id, Request::Products))] = effects.as_slice() else {
            panic!("not one request: {effects:?}");
        };
        let id = *id;
        console.reply(id, Ok(Reply::Products(all(on_ramps))));
        assert_ne!(console.frame(), before, "another name is on the screen");
        console.keys("y");
        assert!(console.written.is_empty(), "{}", console.frame());
        console.wait(RELEASED);
        console.keys("y");
        assert_eq!(console.written.len(), 1, "{}", console.frame());
    }
}

#[test]
fn after_a_stop_the_question_has_to_be_seen_again() {
    for msg in [Msg::Suspended(true), Msg::Resumed] {
        let mut console = creating();
        console.wait(QUIET);
        console.handle_msg(msg);
        console.keys("y");
        assert!(console.written.is_empty());
    }
}

#[test]
fn it_is_suspended_but_not_while_a_request_is_out() {
    let mut console = Console::loaded((80, 24));
    console.press(ctrl('z'));
    assert_eq!(console.effects.last(), Some(&Effect::Suspend));
    console.handle_msg(Msg::Suspended(false));
    assert!(console.frame().contains("cannot be suspended"), "{}", console.frame());
    for mut console in [creating(), changing(), approving()] {
        console.wait(QUIET);
        console.keys("y");
        console.press(ctrl('z'));
        assert!(!console.effects.contains(&Effect::Suspend), "a request is out");
        assert!(console.frame().contains("suspend after its reply"), "{}", console.frame());
    }
}
