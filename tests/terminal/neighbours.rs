//! Two consoles of one user, each in a terminal of its own, on one journal.
#![cfg(all(debug_assertions, target_os = "linux"))]

use onramp::simulator::{Act, Commit, Fault};

use crate::{crash_recovery::ConsoleRig, harness::pty::kill, support::READ};

#[test]
fn work_of_another_console_is_reserved_until_it_ends() {
    let rig = ConsoleRig::new();
    let hang = Fault::new("POST /v2/service/key", Act::Hang).commit(Commit::Before);
    rig.simulator.push_fault(hang);
    // The second one is there first, and has nothing to show.
    let mut second = rig.console("");
    second.wait_for_text(READ);
    let first = rig.confirmed("");
    rig.wait_for_the_request(&first);

    second.wait_for_text("1 key unfinished");
    second.send("!");
    second.wait_for_text("another console is working on it");
    second.send("\r");
    second.wait_for_text("that console waits for the reply");
    second.wait_for("the process and its terminal", |screen| names(screen, first.pid()));
    // Neither sent again nor given up from here.
    second.send("s");
    second.send("c");
    second.settle();
    assert!(second.text().contains("that console waits for the reply"), "{}", second.text());
    second.send("\x1b");
    second.wait_for_text("Unfinished work");
    second.send("\x1b");
    second.wait_for("no list", |screen| !screen.contents().contains("Unfinished work"));
    second.send("/los angeles 2\r");
    second.wait_for_text("On-ramps 1 of");
    second.wait_for_text("1 reserved by requests");
    second.wait_for_text("next free 101");

    kill("KILL", first.pid());
    // Nobody has asked: it is looked for at once, and its card opens.
    second.wait_for_text("Key created");
    assert_eq!((rig.posts(), rig.keys()), (1, 1));
}

/// Returns whether the screen names the process and its host, across line ends.
fn names(screen: &vt100::Screen, pid: u32) -> bool {
    let text = screen.contents();
    let named = [format!("process {pid}"), format!("kill {pid}")];
    text.contains("/dev/") && named.iter().any(|name| text.contains(name))
}
