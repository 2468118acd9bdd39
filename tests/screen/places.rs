//! Getting to a place by its name, and the flat list.

use crate::support::Console;

#[test]
fn a_few_letters_of_a_region_go_there_across_metros() {
    let mut console = Console::loaded((120, 36));
    console.keys(":usw");
    assert!(console.frame().contains("→ US-West"), "{}", console.frame());
    console.keys("\n");
    let frame = console.frame();
    assert!(frame.contains("US-West") && frame.contains("On-ramps 2"), "{frame}");
    assert!(frame.contains("US-West: 2 on-ramps."), "{frame}");
    console.keys(":atlantis\n");
    assert!(console.frame().contains("No such command or place."), "{}", console.frame());
    console.keys(":ro\n");
    assert!(console.frame().contains("Read-only now"), "commands come first");
}

#[test]
fn the_flat_list_has_every_on_ramp_and_narrows_by_columns() {
    let mut console = Console::loaded((120, 36));
    console.keys(":usw\n2");
    let frame = console.frame();
    assert!(frame.contains("On-ramps 6") && !frame.contains("Country"), "{frame}");
    console.keys("/zone:red open:yes\n");
    let frame = console.frame();
    insta::assert_snapshot!("flat list", frame);
    console.keys("\x1b/la2\n");
    assert!(console.frame().contains("On-ramps 1 of 6"), "{}", console.frame());
    console.keys("\x1b\x1b");
    assert!(console.frame().contains("Country"), "Esc brings the panes back");
    console.keys("2\t");
    assert!(console.frame().contains("Country"), "and so does Tab");
}
