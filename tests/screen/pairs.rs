//! Diverse pairs: which two are proposed, what the form says, what is sent.

use onramp::ui::key::{Code, ctrl, plain};

use crate::support::Console;

/// The form, opened by region name.
fn by_name(size: (u16, u16)) -> Console {
    let mut console = Console::loaded(size);
    console.keys("Nusw\n");
    console
}

#[test]
fn a_region_is_found_by_a_few_letters_and_its_best_pair_is_proposed_with_reasons() {
    for (columns, rows) in [(120, 36), (80, 24), (60, 16)] {
        let mut console = by_name((columns, rows));
        console.keys("ACME-4471");
        insta::assert_snapshot!(format!("pair form {columns}x{rows}"), console.frame());
    }
}

#[test]
fn from_an_on_ramp_the_place_is_known_and_the_label_comes_first() {
    let mut console = Console::loaded((80, 24));
    console.keys("\t\t\tjjN");
    let frame = console.frame();
    assert!(frame.contains("▸ Label") && frame.contains("[US-West"), "{frame}");
    assert!(frame.contains("DIVERSE: different sites and zones (BLUE / RED)."), "{frame}");
    console.keys("ACME");
    assert!(console.frame().contains("= ACME blue, ACME red"), "{}", console.frame());
}

#[test]
fn no_pair_is_said_with_its_reason_and_nothing_goes_on() {
    let mut console = Console::loaded((80, 24));
    console.keys("Nus-e\nACME\n");
    let frame = console.frame();
    assert!(frame.contains("No pair: 1 of 1 on-ramps here can take a key"), "{frame}");
    assert!(frame.contains("▸ Where"), "the focus goes to what has to change: {frame}");
    console.press(ctrl('u'));
    console.keys("atlantis");
    assert!(console.frame().contains("no such region, metro or country"), "{}", console.frame());
}

#[test]
fn both_sides_get_one_vlan_and_its_neighbours_are_free_on_both() {
    let mut console = by_name((80, 24));
    let frame = console.frame();
    assert!(frame.contains("VLAN 1     *[102__"), "100 and 101 are taken on one of them: {frame}");
    assert!(frame.contains("VLAN 2     *[102__"), "{frame}");
    console.keys("ACME\t\t\t\t+");
    assert!(console.frame().contains("VLAN 2     *[103__"), "{}", console.frame());
    console.press(ctrl('u'));
    console.keys("101");
    let frame = console.frame();
    assert!(frame.contains("taken: VXC Aurora Render prod"), "{frame}");
    console.keys("\t");
    console.press(ctrl('u'));
    console.keys("105\ta");
    console.press(plain(Code::BackTab));
    console.press(plain(Code::BackTab));
    console.keys("a");
    assert!(console.frame().contains("VLAN 2     *[102__"), "auto takes both again");
}

#[test]
fn a_side_can_be_swapped_and_a_pair_that_is_not_diverse_is_not_reviewed() {
    let mut console = Console::loaded((80, 24));
    console.keys("Nusa\nACME");
    console.press(plain(Code::Up));
    assert!(console.frame().contains("▸ On-ramp 2"), "{}", console.frame());
    console.keys(" ");
    let frame = console.frame();
    assert!(frame.contains("Chosen by you."), "{frame}");
    console.press(plain(Code::Left));
    assert!(console.frame().contains("DIVERSE"), "{}", console.frame());
}

#[test]
fn a_rate_that_one_side_does_not_take_proposes_other_sides() {
    let mut console = Console::loaded((80, 24));
    console.keys("Nusa\nACME\t\t\t");
    assert!(console.frame().contains("▸ Rate each"), "{}", console.frame());
    console.press(ctrl('u'));
    console.keys("20000\t");
    assert!(console.frame().contains("No pair: 1 of 3"), "{}", console.frame());
}

#[test]
fn a_closed_form_comes_back_with_what_was_typed() {
    let mut console = by_name((80, 24));
    console.keys("ACME\x1b");
    assert!(console.frame().contains("Draft kept: N opens it again."));
    console.keys("N");
    assert!(console.frame().contains("[ACME___"), "{}", console.frame());
}

#[test]
fn read_only_opens_no_form() {
    let mut console = Console::loaded((80, 24));
    console.keys(":ro\nN");
    assert!(!console.frame().contains("New diverse pair"));
    assert!(console.frame().contains("Read-only"), "{}", console.frame());
}
