//! The output of the console, action by action, and its silence at rest.
//!
//! `cargo test --test terminal output_size -- --nocapture` prints the figures.

use std::{fs, time::Duration};

use crate::{
    harness::pty::{Pty, command},
    support::{ONRAMP, READ, demo},
};

const SIZE: (u16, u16) = (120, 36);

/// A large account: bursts have somewhere to go.
const LARGE: [&str; 5] = ["demo", "--on-ramps", "1000", "--vxcs-per-on-ramp", "2"];

/// How long the idle console is watched.
const REST: Duration = Duration::from_secs(2);

/// Prints a figure for docs/limits.md.
#[expect(clippy::print_stdout, reason = "the figures are for reading")]
fn figure(act: &str, bytes: usize) {
    println!("{act:<48} {bytes:>6} bytes at {}x{}", SIZE.0, SIZE.1);
}

/// Returns the bytes that `keys` cost, once `done` is true of the resting screen.
fn cost(pty: &mut Pty, keys: &str, done: impl FnMut(&vt100::Screen) -> bool) -> usize {
    pty.settle();
    let before = pty.bytes();
    pty.send(keys);
    pty.wait_for(&format!("what {keys:?} brings"), done);
    pty.settle();
    pty.bytes() - before
}

/// Returns whether the cursor of the table is on row `row` of the screen.
fn on_row(row: u16) -> impl FnMut(&vt100::Screen) -> bool {
    move |screen| {
        let columns = screen.size().1.get();
        let marked = |column| screen.cell(row, column).is_some_and(|cell| cell.contents() == "▸");
        // The panes to the left have cursors of their own.
        (columns / 3..columns).any(marked)
    }
}

/// Returns a large account, with the cursor in the table.
fn in_the_table() -> Pty {
    let mut pty = Pty::start(command(ONRAMP, &LARGE), SIZE);
    pty.wait_for_text(READ);
    pty.send("\t\t\t");
    pty.wait_for_text("Enter open  h back");
    pty
}

#[test]
fn a_start_costs_little_more_than_the_screen_itself() {
    let pty = demo(SIZE);
    figure("start to the first useful screen", pty.bytes());
    assert!(pty.bytes() <= 8_000, "{} bytes", pty.bytes());
}

#[test]
fn a_cursor_move_costs_a_few_hundred_bytes() {
    let mut pty = demo(SIZE);
    pty.send("\t\t\t");
    pty.wait_for_text("Enter open  h back");
    // What the console reads by itself at its start is no cost of a move.
    pty.wait_for_text("~London");
    for _ in 0..6 {
        pty.arrives_within(REST);
    }
    // Every move also changes all of the details below.
    let mut sum = 0;
    for row in 4..8 {
        let bytes = cost(&mut pty, "j", on_row(row));
        figure(&format!("cursor down, to row {} of the table", row - 2), bytes);
        assert!(bytes <= 800, "{bytes} bytes");
        sum += bytes;
    }
    assert!(sum / 4 <= 600, "{} bytes on average", sum / 4);
}

#[test]
fn a_letter_in_a_field_costs_a_few_bytes() {
    let mut pty = demo(SIZE);
    pty.send("G\r\r\rn");
    pty.wait_for_text("New service key");
    let bytes = cost(&mut pty, "x", |screen| screen.contents().contains("[x_"));
    figure("a letter typed into the form", bytes);
    assert!(bytes <= 16, "{bytes} bytes");
}

#[test]
fn two_hundred_keys_at_once_cost_a_few_frames() {
    let mut pty = in_the_table();
    // A generated world is always the same: this is the 201st by name.
    let bytes = cost(&mut pty, &"j".repeat(200), {
        let mut last = on_row(22);
        move |screen| last(screen) && screen.contents().contains("Copenhagen 628 Port")
    });
    figure("200 keys at once, through a table of 1,000", bytes);
    assert!(bytes <= 8_192, "{bytes} bytes");
}

#[test]
fn fifty_resizes_at_once_cost_a_few_frames() {
    let pty = demo(SIZE);
    let before = pty.bytes();
    for step in 0..50 {
        pty.resize((SIZE.0 - step % 7, SIZE.1 - step % 5));
    }
    let last = (SIZE.0 - 10, SIZE.1 - 4);
    pty.resize(last);
    pty.wait_for("the footer at its new place", |screen| {
        screen.rows(0, last.0).last().is_some_and(|line| line.contains("Enter open"))
    });
    pty.settle();
    let bytes = pty.bytes() - before;
    figure("50 resizes at once", bytes);
    assert!(bytes <= 16_384, "{bytes} bytes");
}

#[test]
fn at_rest_nothing_is_written_and_no_thread_wakes_up() {
    let pty = demo(SIZE);
    // After a start the load of each on-ramp on the screen is read, one a second,
    // and some threads put their things away, once; a clock would show in every
    // span.
    for _ in 0..10 {
        let before = wake_ups(pty.pid());
        assert!(!pty.arrives_within(REST), "nothing is written at rest");
        match (before, wake_ups(pty.pid())) {
            (Some(before), Some(after)) if before == after => return,
            (Some(_), Some(_)) => {}
            _ => return skipped(),
        }
    }
    panic!("some thread wakes up every {REST:?}");
}

#[expect(clippy::print_stdout, reason = "a test that proves nothing should say so")]
fn skipped() {
    println!("skipped: wake-ups are counted in /proc, which is not here");
}

/// Returns how often the threads of a process have woken up by themselves.
fn wake_ups(pid: u32) -> Option<u64> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let mut sum = 0;
    for thread in threads {
        let status = fs::read_to_string(thread.ok()?.path().join("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
        sum += line.trim().parse::<u64>().ok()?;
    }
    Some(sum)
}
