//! Commands that count only on an armed question, in every scope of the keymap: a
//! question is armed once it was drawn, complete, and with a quiet keyboard.
//!
//! The snapshot has the first key of each command of each scope once, as the key
//! table of docs/keys.md has it:
//!
//! - `armed`: it counts only once the question was drawn and the keyboard is quiet;
//! - `quiet`: it counts only with a quiet keyboard, drawn or not;
//! - `at once`: it counts in any case;
//! - `off`: it does not count in this example.
//!
//! A key does not count where the console ends as after a moment in the background,
//! which makes every question wait again and does nothing else. A change of when a
//! command counts shows here.

use std::{collections::BTreeSet, thread, time::Duration};

use onramp::{
    api::{Mode, Reply, Write},
    domain::ledger::Ledger,
    ui::{
        attempt::damage::Damage,
        commands::{INTERFACE, KEYMAP},
        model::{
            Model, Start,
            command::{Binding, Scope},
            keymap::Keymap,
            msg::Msg,
        },
        state::key::{Code, ctrl, plain},
        widget::theme::Theme,
    },
};

use crate::support::{Console, NOW, key};

/// Longer than any question needs the keyboard quiet, and any card ignores keys.
const QUIET: Duration = Duration::from_secs(3);

fn after(keys: &str) -> Console {
    let mut console = Console::loaded((120, 40));
    type_in(&mut console, keys);
    console
}

/// Types keys; each reply that they ask for comes at once.
fn type_in(console: &mut Console, keys: &str) {
    for key in keys.chars() {
        console.keys(&key.to_string());
        console.answer_all();
    }
}

/// Returns the same with a circuit that awaits our approval.
fn approval() -> Console {
    let mut console = Console::started((120, 40));
    console.account.0[0].vxcs[0].awaits_approval = true;
    console.answer_all();
    type_in(&mut console, "/los angeles 1\n\na");
    console
}

fn rejection() -> Console {
    let mut console = approval();
    console.wait(QUIET);
    console.keys("R");
    console
}

/// Returns a key that is being created.
fn issuing() -> Console {
    let mut console = after("\n\n\njnACME\n");
    console.wait(QUIET);
    console.keys("y");
    console
}

/// Returns the card of a key that was created just now.
fn new_card() -> Console {
    let mut console = issuing();
    let (id, write) = console.written.remove(0);
    let Write::CreateKey { intent, .. } = write else { panic!("a key is created") };
    let uid = "5a5a0000-0000-4000-8000-00000000beef";
    let vlan = intent.vlan().map_or(0, |vlan| i64::from(vlan.get()));
    let made = key(uid, intent.order.on_ramp().as_str(), vlan, intent.order.label().as_str());
    console.reply(id, Ok(Reply::Created(Box::new(made))));
    console
}

/// Returns a console whose reply was lost, and whose search found nothing.
fn in_doubt() -> Console {
    let mut console = issuing();
    let (id, _) = console.written.remove(0);
    console.reply(id, Err(crate::changes::line_dropped()));
    for _ in 0..12 {
        console.wait(Duration::from_secs(10));
        console.answer_all();
    }
    console
}

fn reason() -> Console {
    let mut console = in_doubt();
    console.keys("c");
    console
}

fn set_aside() -> Console {
    let mut console = in_doubt();
    console.keys("x\x1b\x1b\x1b!");
    console
}

fn damage() -> Console {
    let mut console = after("");
    let opened = console.opened(2);
    console.handle_msg(Msg::Journal(opened));
    if console.model.modals.on_top::<Damage>().is_none() {
        console.keys("!");
    }
    console
}

fn leave() -> Console {
    let mut console = issuing();
    console.keys("\x1b");
    console.wait(QUIET);
    console.press(ctrl('c'));
    console
}

fn allow_writes() -> Console {
    let mut console = Console::finding((120, 40), Mode::ReadOnly, Ledger::default());
    console.answer_all();
    type_in(&mut console, ":rw\n");
    console
}

fn sign_in() -> Console {
    let mut model = Model::signed_out(Theme::default(), NOW, &INTERFACE);
    model.size = (120, 40);
    let effects = model.begin(Start::SignIn(None));
    let mut console = Console::new(model, Ledger::default());
    console.effects = effects;
    console
}

fn dry_run() -> Console {
    let mut console = after("\n\n\njnACME\n");
    console.press(plain(Code::F(3)));
    console.handle_msg(Msg::Rehearsed(vec![]));
    console
}

fn help() -> Console {
    let mut console = after("");
    console.press(plain(Code::F(1)));
    console
}

fn entry() -> Console {
    let mut console = crate::activity::opened(after(""));
    console.keys("\n");
    console
}

fn troubles() -> Console {
    let mut console = after("");
    console.keys("r");
    let (id, _) = console.take_request(|_| true);
    console.reply(id, Err(crate::changes::line_dropped()));
    console.keys("!");
    console
}

fn after_a_card(keys: &str) -> Console {
    let mut console = after("3\n");
    console.wait(QUIET);
    type_in(&mut console, keys);
    console
}

/// An example in which a scope is live.
type Example = (&'static str, &'static str, fn() -> Console);

/// An example of every scope, by name. Those of all views are under the table.
const EXAMPLES: &[Example] = &[
    ("panes", "panes", || after("")),
    ("table", "table", || after("\n\n\n")),
    ("on-ramp", "on-ramp", || after("/los angeles 1\n\n\t")),
    ("filter", "filter", || after("\n\n\n/l")),
    ("form", "new-key", || after("\n\n\njn")),
    ("review", "review", || after("\n\n\njnACME\n")),
    ("review of a pair", "review", || after("gNusw\nABC\n")),
    ("issuing", "attempt", issuing),
    ("issuing, in doubt", "attempt", in_doubt),
    ("unfinished", "unfinished", set_aside),
    ("reason", "reason", reason),
    ("damage", "damage", damage),
    ("keys", "keys", || after("3")),
    ("activity", "activity", || after("4")),
    ("one act", "entry", entry),
    ("events", "events", || after("5")),
    ("filter of keys", "list-filter", || after("3/b")),
    ("card", "card", || after("3\n")),
    ("card of a new key", "card", new_card),
    ("copy as", "copy-as", || after_a_card("Y")),
    ("aloud", "read-aloud", || after_a_card("s")),
    ("read back", "read-back", || after_a_card("sb")),
    ("alone", "bare-keys", || after_a_card("v")),
    ("customer's zone", "customer-zone", || after_a_card("z")),
    ("change", "change", || after("3D")),
    ("change of several", "change", || after("3*D")),
    ("approval", "approval", approval),
    ("rejection", "approval", rejection),
    ("offers", "best-fit", || after("w")),
    ("timeline", "timeline", || after("3d")),
    ("dry run", "dry-run", dry_run),
    ("help", "help", help),
    ("troubles", "problems", troubles),
    ("mapping", "mapping", || after("\n\n\nm")),
    ("region map", "region-map", || after(":regions\n")),
    ("log", "log", || after(":log\n")),
    ("prompt", "prompt", || after(":r")),
    ("allow writes", "allow-writes", allow_writes),
    ("pair", "new-pair", || after("gN")),
    ("VLANs", "vlan-map", || after("\n\n\njV")),
    ("accounts", "accounts", || after("p")),
    ("sign in", "sign-in", sign_in),
    ("leave", "leave", leave),
];

/// The state of a question when a key is pressed.
#[derive(Clone, Copy)]
enum Seen {
    /// It was drawn, and a key was pressed just now.
    Drawn,
    /// The keyboard is quiet, and nothing was drawn.
    Quiet,
    /// It was drawn, and the keyboard is quiet.
    Both,
}

const SEEN: [Seen; 3] = [Seen::Drawn, Seen::Quiet, Seen::Both];

/// The effects, the place and the screen of a console after a key.
type Outcome = (Vec<String>, Vec<&'static str>, String);

fn outcome(example: &Example, seen: Seen, msg: Msg) -> Outcome {
    let mut console = example.2();
    match seen {
        Seen::Drawn => console.wait(Duration::ZERO),
        Seen::Quiet => console.stall(QUIET),
        Seen::Both => console.wait(QUIET),
    }
    let before = console.effects.len();
    console.handle_msg(msg);
    let wanted = console.effects[before..].iter().map(|effect| format!("{effect:?}")).collect();
    (wanted, live(&console.model), console.frame())
}

fn live(model: &Model) -> Vec<&'static str> {
    model.live_scopes().into_iter().map(|scope| scope.id).collect()
}

/// Returns the rows of these scopes, as the key table has them.
fn in_table_order(shown: &[&'static Scope]) -> impl Iterator<Item = &'static Binding> {
    let is_shown = |scope: &&&'static Scope| shown.iter().any(|one| one.id == scope.id);
    KEYMAP.scopes().iter().filter(is_shown).flat_map(|scope| Keymap::bindings(scope))
}

/// Returns when the keys of an example count, as in the snapshot.
fn row(example: &Example) -> String {
    let (name, scope, open) = example;
    let live = open().model.live_scopes();
    let shown = if *scope == "table" { &live[..] } else { &live[..1] };
    let without = SEEN.map(|seen| outcome(example, seen, Msg::Suspended(true)));
    let mut kinds = ["armed", "quiet", "at once", "off", "other"].map(|kind| (kind, vec![]));
    for binding in in_table_order(shown) {
        let key = binding.keys[0];
        let counts = [0, 1, 2].map(|at| outcome(example, SEEN[at], Msg::Key(key)) != without[at]);
        let kind = match counts {
            [false, false, true] => 0,
            [false, true, true] => 1,
            [true, true, true] => 2,
            [false, false, false] => 3,
            _ => 4,
        };
        kinds[kind].1.push(key.to_string());
    }
    let lines = kinds.into_iter().filter(|(_, keys)| !keys.is_empty());
    let lines = lines.map(|(kind, keys)| format!("  {kind}: {}", keys.join(" ")));
    format!("{name}\n{}", lines.collect::<Vec<_>>().join("\n"))
}

#[test]
fn commands_that_need_an_armed_question_are_unchanged() {
    let rows: Vec<_> = thread::scope(|scope| {
        let half = EXAMPLES.len() / 2;
        let halves = [&EXAMPLES[..half], &EXAMPLES[half..]];
        let started = halves.map(|half| scope.spawn(|| half.iter().map(row).collect::<Vec<_>>()));
        started.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    insta::assert_snapshot!("when commands count", rows.join("\n"));
}

#[test]
fn every_scope_of_the_keymap_has_an_example() {
    let mut wrong = vec![];
    for (name, scope, open) in EXAMPLES {
        let console = open();
        if live(&console.model).first() != Some(scope) {
            wrong.push(format!("{name} is not so:\n{}", console.frame()));
        }
    }
    let exampled: BTreeSet<_> = EXAMPLES.iter().map(|(_, scope, _)| *scope).collect();
    let in_every_view = ["views", "always"];
    for Scope { id, title, .. } in KEYMAP.scopes() {
        if !exampled.contains(id) && !in_every_view.contains(id) {
            wrong.push(format!("{title} has no example"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
