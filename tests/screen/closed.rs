//! A change, or an answer to a circuit, whose dialog closes while it is in progress. No
//! key closes it then, but its outcome must not depend on that.

use std::time::Duration;

use onramp::{
    api::{Failure, Reply, Write, journal::Event},
    domain::{
        audit::{Act, Reached},
        intent::ForWhom,
        issuance::Doubt,
        ledger::JournalStep,
    },
    engine::effect::{Effect as EngineEffect, Origin},
    ui::{
        card::key_card::{Card, CardKey},
        model::msg::{Effect, Msg},
        state::key::char,
    },
};

use crate::{
    changes::line_dropped,
    pairs::QUIET,
    support::{Console, key},
};

/// The moment when the dialog is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closed {
    /// While it is recorded.
    Recording,
    /// While the request is out.
    Sent,
    /// While its outcome is read.
    Reading,
}

/// The end of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// Megaport has taken it, and done it.
    Done,
    /// Megaport has taken it, and a list does not show it.
    TakenInVain,
    /// The reply is lost, and it was done.
    LostAndDone,
    /// The reply is lost, and it was not done.
    Lost,
    /// Megaport has refused it.
    Refused,
}

const CLOSED: [Closed; 3] = [Closed::Recording, Closed::Sent, Closed::Reading];

const ENDS: [Ends; 5] =
    [Ends::Done, Ends::TakenInVain, Ends::LostAndDone, Ends::Lost, Ends::Refused];

fn changing() -> Console {
    let mut console = Console::loaded((120, 36));
    console.keys("3D");
    console
}

fn approving() -> Console {
    let mut console = Console::started((120, 36));
    console.account.0[0].vxcs[0].awaits_approval = true;
    console.answer_all();
    console.keys("/los angeles 1\n\na");
    console
}

/// Megaport does what was asked for.
fn carry_out(console: &mut Console, write: &Write) {
    match write {
        Write::UpdateKey(change, _) => {
            let mut keys = console.account.1.iter_mut();
            let key = keys.find(|key| key.id == change.key).expect("one of the account");
            key.active = change.active.expect("it switches off");
        }
        Write::Decide { .. } => console.account.0[0].vxcs[0].awaits_approval = false,
        Write::CreateKey { .. } => panic!("no key is created"),
    }
}

fn end(console: &mut Console, ends: Ends) {
    let (id, write) = console.written.remove(0);
    if matches!(ends, Ends::Done | Ends::LostAndDone) {
        carry_out(console, &write);
    }
    let result = match (ends, &write) {
        (Ends::Refused, _) => Err(Failure { doubt: Doubt::Refused, ..line_dropped() }),
        (Ends::Lost | Ends::LostAndDone, _) => Err(line_dropped()),
        (_, Write::UpdateKey(change, _)) => {
            let mut keys = console.account.1.iter();
            let key = keys.find(|key| key.id == change.key).expect("one of the account").clone();
            Ok(Reply::Updated(Box::new(key)))
        }
        (_, Write::Decide { circuit, .. }) => Ok(Reply::Decided(circuit.clone())),
        (_, Write::CreateKey { .. }) => panic!("no key is created"),
    };
    console.reply(id, result);
}

/// Returns whether the journal or the audit records it as done.
fn claims_done(console: &Console) -> bool {
    use onramp::domain::alteration::ChangeStep;
    console.effects.iter().any(|effect| match effect {
        Effect::Engine(EngineEffect::Record(record)) => {
            record.step == JournalStep::Change(ChangeStep::Done)
        }
        Effect::Engine(EngineEffect::Audit(_, act)) => matches!(
            **act,
            Act::Changed { reached: Reached::Done, .. }
                | Act::Answered { reached: Reached::Done, .. }
        ),
        _ => false,
    })
}

fn play(mut console: Console, closed: Closed, ends: Ends) -> Console {
    console.disk_answers = false;
    console.wait(QUIET);
    console.press(char('y'));
    assert_eq!(console.journal.changes().len(), 1, "it is in the journal");
    if closed == Closed::Recording {
        console.model.modals.clear();
    }
    let wrote = |effect: &Effect| match effect {
        Effect::Engine(EngineEffect::Write(id, ..)) => Some(*id),
        _ => None,
    };
    let id = console.effects.iter().find_map(wrote).expect("it is to be recorded");
    console.disk_answers = true;
    console.handle_msg(Msg::Journal(Event::Begun(id)));
    if closed == Closed::Sent {
        console.model.modals.clear();
    }
    end(&mut console, ends);
    if closed == Closed::Reading {
        console.model.modals.clear();
    }
    for _ in 0..100 {
        console.answer_all();
        console.wait(Duration::from_secs(1));
    }
    console
}

#[test]
fn change_with_a_closed_dialog_settles_or_stays_unfinished() {
    for (what, open) in [("change", changing as fn() -> Console), ("approval", approving)] {
        for (closed, ends) in CLOSED.into_iter().flat_map(|at| ENDS.map(|ends| (at, ends))) {
            let case = format!("{what}, closed: {closed:?}, ends: {ends:?}");
            let mut console = play(open(), closed, ends);
            let is_done = matches!(ends, Ends::Done | Ends::LostAndDone);
            assert!(is_done || !claims_done(&console), "{case}: what is not done is claimed");
            assert!(
                console.model.engine.altering().is_none(),
                "{case}: it blocks every other change"
            );
            let open = console.journal.changes().len();
            assert_eq!(console.model.engine.journal().changes.len(), open, "{case}: it is lost");
            if open == 1 {
                let frame = console.frame();
                assert!(frame.contains("! 1 change unfinished"), "{case}\n{frame}");
                // The user sees the present state, which settles it.
                console.keys("r");
                console.answer_all();
                console.keys("!\n");
                assert!(console.frame().contains("Seen: "), "{case}\n{}", console.frame());
            }
            assert!(console.journal.changes().is_empty(), "{case}: it has no end");
            assert!(console.written.is_empty(), "{case}: it was sent again");
        }
    }
}

#[test]
fn change_under_another_question_is_not_marked_read() {
    let mut console = changing();
    console.wait(QUIET);
    console.press(char('y'));
    // A key that was found meanwhile shows its card, and is to be disabled, too.
    let other = key("2f0c1d5e-77aa-4b1c-9e52-6a0d4c8e9b11", "la-1", 131, "Other");
    let face = CardKey { intent: None, number: 1, key: other, differs: vec![] };
    let card = Card::new(vec![face], ForWhom::default(), Some(Origin::Found), console.model.now());
    console.model.modals.push(card);
    console.wait(QUIET);
    console.keys("u");
    end(&mut console, Ends::TakenInVain);
    console.answer_all();
    assert!(!claims_done(&console), "it was read as before");
    assert_eq!(console.journal.changes().len(), 1, "it is searched");
}
