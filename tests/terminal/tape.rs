//! The tape of the demo is a test: what the README shows does happen.

use std::{collections::BTreeSet, path::Path};

use crate::{
    harness::{player::play, tape::Tape},
    support::ONRAMP,
};

const TAPE: &str = include_str!("../../demo.tape");

#[test]
fn the_demo_tape_plays_to_its_end() {
    let tape = Tape::read(TAPE).expect("a legal tape");
    assert_eq!(tape.requires, ["onramp"]);
    let mut pictures = BTreeSet::new();
    let mut pty = play(&tape, Path::new(ONRAMP), |path, screen| {
        assert!(screen.alternate_screen(), "{path} shows the console");
        assert!(Path::new(path).starts_with("assets"), "{path} lies with the other pictures");
        assert!(pictures.insert(path.to_owned()), "{path} is taken once");
    });
    assert_eq!(pictures.len(), 4);
    pty.send("exit $?\r");
    assert_eq!(pty.exit_code(), 0, "the console was left in good order");
}

#[test]
fn a_word_the_player_does_not_know_is_refused_with_its_line() {
    let complaint = |text| Tape::read(text).expect_err("not a legal tape");
    assert!(complaint("Type \"a\"\nJump 3").starts_with("line 2: "));
    assert!(complaint("Set Colour \"red\"").contains("setting"));
    assert!(complaint("Type unquoted").contains("quotes"));
    assert!(complaint("Wait+Screen /a.*b/").contains("plain text"));
    assert!(complaint("Down twice").contains("times"));
}

#[test]
fn keys_come_as_a_terminal_sends_them() {
    use crate::harness::tape::Step::Keys;
    let tape =
        Tape::read("# columns=100 rows=30\nType@10ms 'it'\nDown 2\nCtrl+C\n").expect("legal");
    assert_eq!(tape.size, (100, 30));
    let keys = |bytes: &str| Keys(bytes.to_owned());
    assert_eq!(tape.steps, [keys("it"), keys("\x1b[B\x1b[B"), keys("\x03")]);
}
