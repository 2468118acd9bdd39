//! Random input in any order: no panic, one open request and one key for an intent,
//! nothing sent that is not on the disk, nothing sent at all when read-only, nothing
//! lost.

mod machine;
mod megaport;
mod stable;
mod traces;

use std::{cell::Cell, time::Duration};

use machine::{Counts, Machine};
use onramp::ui::state::key::{Code, Key, char, ctrl, plain};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

/// One random event.
#[derive(Debug, Clone)]
enum Happens {
    /// A key.
    Press(Key),
    /// Keys faster than anything is drawn.
    Flood(Vec<Key>),
    /// Keys that lead somewhere, as fast.
    Types(&'static str),
    Paste(String),
    Resize(u16, u16),
    /// Time passes, and a frame is drawn.
    Wait(u64),
    /// Time passes, and nothing is drawn.
    Stall(u64),
    /// One of the requests is answered, in one of several ways.
    Answer(usize, u8),
    /// One of the requests to create a key ends, in one of several ways.
    End(usize, u8),
    /// An answer comes a second time, however late.
    Again(usize),
    /// An answer to no request.
    Stray(u64),
    /// The disk answers, or fails.
    Disk(usize, bool),
    /// Lines of the journal turn out to be unreadable.
    Damage(usize),
    /// A delayed request arrives.
    Land,
    /// Everything is answered but the requests to create a key.
    Settle,
    /// Everything is answered, the keyboard is quiet, and `y` is pressed.
    Confirm,
    /// Everything that leads to a key, or to a pair of them.
    Make(&'static str),
    /// The steps that disable the first listed key.
    SwitchOff,
    /// Everything that leads to sending the first unfinished one once more.
    SendAgain,
    /// Every planned read is due, one after the other, and is answered.
    LookOn,
    /// The console is killed and started again; a request in flight arrives, or not.
    Restart(bool),
}

/// From anywhere to the review of a key.
const ONE: &str = "\x1b\x1b\x1b\x1b\x1bG\n\n\ngnABC\n";

/// From anywhere to the review of a pair.
const PAIR: &str = "\x1b\x1b\x1b\x1b\x1bgNusw\nABC\n";

/// Ways to where things happen.
const WAYS: [&str; 15] = [
    ONE, PAIR, "nABC\n", "NABC\n", "!\n", "!\nj\n", "s", "\n", "x", "cgone\n", ":ro\n", ":rw\ny",
    "r", "1", "uy",
];

fn keys() -> impl Strategy<Value = Key> {
    let letters = prop::sample::select(
        "nNyyyjkhlgGsscSr/?!qx12+-dABC45:rowVXuYz.tm".chars().collect::<Vec<_>>(),
    );
    let codes = [
        Code::Enter,
        Code::Esc,
        Code::Tab,
        Code::BackTab,
        Code::Up,
        Code::Down,
        Code::Left,
        Code::Right,
        Code::Backspace,
        Code::PageDown,
        Code::Home,
        Code::End,
        Code::F(1),
        Code::F(2),
    ];
    prop_oneof![
        5 => letters.prop_map(char),
        3 => prop::sample::select(codes.to_vec()).prop_map(plain),
        1 => prop::sample::select(vec![ctrl('u'), ctrl('d'), ctrl('l')]),
    ]
}

fn sizes() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![
        6 => (60u16..140, 16u16..50),
        1 => Just((80, 24)),
        1 => (0u16..60, 0u16..16),
        1 => prop::sample::select(vec![(0, 0), (1, 1), (500, 200)]),
    ]
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        6 => keys().prop_map(Happens::Press),
        1 => prop::collection::vec(keys(), 20..60).prop_map(Happens::Flood),
        6 => prop::sample::select(WAYS.to_vec()).prop_map(Happens::Types),
        1 => ".{0,8}".prop_map(Happens::Paste),
        1 => sizes().prop_map(|(columns, rows)| Happens::Resize(columns, rows)),
        2 => (0u64..90_000).prop_map(Happens::Wait),
        1 => (0u64..90_000).prop_map(Happens::Stall),
        4 => (any::<usize>(), 0u8..10).prop_map(|(at, how)| Happens::Answer(at, how)),
        5 => (any::<usize>(), 0u8..10).prop_map(|(at, how)| Happens::End(at, how)),
        2 => any::<usize>().prop_map(Happens::Again),
        1 => (0u64..40).prop_map(Happens::Stray),
        3 => (any::<usize>(), prop::bool::weighted(0.1)).prop_map(|(a, f)| Happens::Disk(a, f)),
        1 => prop::sample::select(vec![0, 0, 0, 2]).prop_map(Happens::Damage),
        1 => Just(Happens::Land),
        3 => Just(Happens::Settle),
        3 => Just(Happens::Confirm),
        3 => prop::sample::select(vec![ONE, ONE, PAIR]).prop_map(Happens::Make),
        2 => Just(Happens::SwitchOff),
        2 => Just(Happens::SendAgain),
        1 => Just(Happens::LookOn),
        1 => any::<bool>().prop_map(Happens::Restart),
    ]
}

fn key_of(c: char) -> Key {
    match c {
        '\n' => plain(Code::Enter),
        '\x1b' => plain(Code::Esc),
        c => char(c),
    }
}

fn type_in(machine: &mut Machine, keys: &str) {
    keys.chars().for_each(|c| machine.press(key_of(c)));
}

fn confirm(machine: &mut Machine) {
    machine.settle();
    machine.wait(Duration::from_millis(500));
    machine.press(char('y'));
}

fn look_on(machine: &mut Machine) {
    for _ in 0..8 {
        machine.stall(Duration::from_secs(81));
        machine.settle();
    }
}

fn play(machine: &mut Machine, happens: Happens) {
    match happens {
        Happens::Press(key) => machine.press(key),
        Happens::Flood(keys) => keys.into_iter().for_each(|key| machine.press(key)),
        Happens::Types(keys) => type_in(machine, keys),
        Happens::Paste(text) => machine.paste(text),
        Happens::Resize(columns, rows) => machine.resize((columns, rows)),
        Happens::Wait(millis) => machine.wait(Duration::from_millis(millis)),
        Happens::Stall(millis) => machine.stall(Duration::from_millis(millis)),
        Happens::Answer(at, how) => machine.answer(at, how),
        Happens::End(at, how) => machine.end(at, how),
        Happens::Again(at) => machine.again(at),
        Happens::Stray(number) => machine.stray(number),
        Happens::Disk(at, fails) => machine.disk(at, fails),
        Happens::Damage(lines) => machine.damage(lines),
        Happens::Land => machine.land(),
        Happens::Settle => machine.settle(),
        Happens::Confirm => confirm(machine),
        Happens::LookOn => look_on(machine),
        Happens::Make(keys) => {
            // No key is started on old data.
            type_in(machine, "\x1b\x1b\x1b\x1b\x1br");
            machine.settle();
            type_in(machine, keys);
            confirm(machine);
        }
        Happens::SwitchOff => {
            type_in(machine, "\x1b\x1b\x1b\x1b\x1b3gD");
            confirm(machine);
        }
        Happens::SendAgain => {
            look_on(machine);
            type_in(machine, "\x1b\x1b\x1b!\ns");
            confirm(machine);
        }
        Happens::Restart(arrives) => machine.restart(arrives),
    }
}

#[test]
fn random_input_never_panics_sends_twice_or_loses_a_key() {
    let config = Config { cases: 240, failure_persistence: None, ..Config::default() };
    let storms = (prop::collection::vec(happens(), 0..160), any::<bool>());
    let all = Cell::new(Counts::default());
    let weather = |(storm, enforces): (Vec<Happens>, bool)| {
        let mut machine = Machine::new(enforces, (80, 24));
        for happening in storm {
            play(&mut machine, happening.clone());
            if let Some(wrong) = machine.wrong() {
                return Err(TestCaseError::fail(format!("{wrong}, after {happening:?}")));
            }
        }
        machine.wait(Duration::ZERO);
        all.set(all.get() + machine.counts);
        Ok(())
    };
    if let Err(found) = TestRunner::new(config).run(&storms, weather) {
        panic!("{found}");
    }
    // A run in which nothing happens proves nothing.
    let counts = all.get();
    let Counts { sent, second_halves, sent_again, found, restarts_with_some_open, changes } =
        counts;
    assert!(sent > 100 && second_halves > 10, "{counts:?}");
    assert!(sent_again > 3 && found > 20 && restarts_with_some_open > 20, "{counts:?}");
    assert!(changes > 3, "{counts:?}");
}
