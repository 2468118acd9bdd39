//! The demo's journey, key by key.

use crate::support::{demo, is_uuid};

#[test]
fn new_user_drills_down_and_creates_a_key_in_the_demo() {
    let mut pty = demo((100, 30));
    pty.send("G"); // USA
    pty.wait_for_text("[DEMO] RW  USA");
    pty.send("\rj"); // Los Angeles
    pty.wait_for_text("USA > Los Angeles");
    pty.send("\rj"); // US-West
    pty.wait_for_text("USA > Los Angeles > US-West");
    pty.send("\rj"); // the second on-ramp of the table
    pty.wait_for_text("┌ Los Angeles 2 Port");
    pty.send("\r");
    pty.wait_for_text("┌ Circuits 4");
    pty.send("n");
    pty.wait_for_text("New service key");
    pty.send("ACME-4471 red\r");
    pty.wait_for_text("y = create key");
    pty.send("y");
    pty.wait_for_text("Key created");
    pty.wait_for("a whole key on the card", |screen| {
        screen.contents().split_whitespace().any(is_uuid)
    });
    pty.wait_for_text("Enter close");
    pty.send("y");
    pty.wait_for_text("Sent to your terminal");
    pty.send("\r");
    pty.wait_for_text("Tab other list");
    pty.send("\t");
    pty.wait_for("the new key in the list", |screen| {
        let text = screen.contents();
        !text.contains("Key created")
            && text.contains("Service keys 4")
            && text.contains("ACME-4471")
    });
    pty.send("\x1b");
    pty.wait_for_text("┌ On-ramps 2");
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
}
