//! Ctrl-Z, `fg`, and signals that stop the console and let it go on, under
//! shells with job control.
#![cfg(target_os = "linux")]

use onramp::simulator::{Act, Commit, Fault};

use crate::{
    crash_recovery::ConsoleRig,
    harness::pty::{Pty, command, kill},
    support::{ONRAMP, READ},
};

/// Shells with job control, and how each is started without its own files.
const SHELLS: [(&str, &[&str]); 2] =
    [("bash", &["--norc", "--noprofile", "-i"]), ("dash", &["-i"])];

/// A console under each shell that is there, with everything read, and its
/// process.
fn each_shell(test: impl FnMut(&mut Pty, u32)) {
    each(&SHELLS, test);
}

fn each(shells: &[(&str, &[&str])], mut test: impl FnMut(&mut Pty, u32)) {
    for (shell, args) in shells {
        if std::process::Command::new(shell).args(["-c", ":"]).status().is_err() {
            continue;
        }
        let mut command = command(shell, args);
        command.env("PS1", "shell> ");
        let mut pty = Pty::start(command, (160, 40));
        pty.wait_for_text("shell> ");
        // The text is split so that the command line itself does not match.
        pty.send(&format!("sh -c 'echo P\"ID \"$$; exec \"{ONRAMP}\" demo'\r"));
        pty.wait_for_text(READ);
        let raw = pty.raw();
        let from = raw.rfind("PID ").expect("it is said") + 4;
        let pid = raw[from..].lines().next().expect("a line").trim().parse().expect("a number");
        test(&mut pty, pid);
        pty.send("exit\r");
        pty.exit_code();
    }
}

/// Returns whether a shell waits for a line: what comes sooner is lost.
fn is_prompt(screen: &vt100::Screen) -> bool {
    !screen.alternate_screen() && screen.contents().trim_end().ends_with("shell>")
}

/// The shell has the terminal, and it is as a shell needs it.
fn the_shell_has_it(pty: &mut Pty) {
    pty.wait_for("the shell", |screen| is_prompt(screen) && screen.contents().contains("topped"));
    assert!(!pty.screen().hide_cursor(), "{}", pty.text());
    pty.send("stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e isig | tr '\\n' '+'\r");
    // In one order of delivery, or the other.
    pty.wait_for("a cooked keyboard", |screen| {
        let text = screen.contents();
        text.contains("icanon+isig+") || text.contains("isig+icanon+")
    });
}

/// The console has it again: it is drawn whole, and its keys work.
fn the_console_has_it(pty: &mut Pty) {
    pty.wait_for("the console", |screen| {
        let text = screen.contents();
        let whole = text.contains("service keys. 127.0.0.1") && !text.contains("topped");
        screen.alternate_screen() && whole
    });
    // No Enter follows: in a cooked keyboard nothing would arrive.
    pty.send("?");
    pty.wait_for_text("Key bindings here");
    pty.send("\x1b");
    pty.wait_for("the views", |screen| !screen.contents().contains("Key bindings here"));
}

/// Ctrl-C is a key of the console's and not a signal.
fn ctrl_c_leaves(pty: &mut Pty) {
    pty.send("\x03");
    pty.wait_for("the shell", is_prompt);
    pty.send("echo E\"XIT \"$?\r");
    pty.wait_for_text("EXIT 0");
}

#[test]
fn ctrl_z_restores_the_shells_terminal_and_fg_the_consoles() {
    each_shell(|pty, _| {
        for _ in 0..2 {
            pty.send("\x1a");
            the_shell_has_it(pty);
            pty.send("clear; fg\r");
            the_console_has_it(pty);
        }
        ctrl_c_leaves(pty);
    });
}

#[test]
fn a_stop_from_elsewhere_gives_the_terminal_back_too() {
    each_shell(|pty, pid| {
        kill("TSTP", pid);
        the_shell_has_it(pty);
        pty.send("clear; fg\r");
        the_console_has_it(pty);
        ctrl_c_leaves(pty);
    });
}

#[test]
fn keyboard_is_set_up_again_after_an_uncatchable_stop() {
    // The other shell leaves the keyboard as it is, and reads no line.
    each(&SHELLS[..1], |pty, pid| {
        kill("STOP", pid);
        // It leaves the other screen as it is.
        pty.wait_for_text("topped");
        pty.settle();
        pty.send("fg\r");
        the_console_has_it(pty);
        ctrl_c_leaves(pty);
    });
}

#[test]
fn where_no_shell_waits_it_says_that_it_cannot_be_suspended() {
    let mut pty = crate::support::demo((100, 30));
    pty.send("\x1a");
    pty.wait_for_text("cannot be suspended");
    kill("TSTP", pty.pid());
    pty.send("?");
    pty.wait_for_text("Key bindings here");
    pty.send("\x1b\x03");
    assert_eq!(pty.exit_code(), 0);
}

#[cfg(debug_assertions)]
#[test]
fn while_a_request_is_out_it_is_not_suspended_and_says_why() {
    let rig = ConsoleRig::new();
    let hang = Fault::new("POST /v2/service/key", Act::Hang).commit(Commit::Before);
    rig.simulator.push_fault(hang);
    let mut pty = rig.confirmed("");
    rig.wait_for_the_request(&pty);
    pty.send("\x1a");
    pty.wait_for_text("suspend after its reply");
}
