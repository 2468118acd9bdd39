//! Stops the program for a while, as Ctrl-Z does in a shell.
//!
//! The signal that stops by default is caught, so that the terminal can be
//! given back first; the stop itself is the one that cannot be caught. That one
//! has no mercy where nobody could wake the program again, so it is used only
//! where a shell with job control waits for it.

use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::{
    Pid, Signal, getpgid, getpgrp, getpid, getppid, getsid, kill_current_process_group,
    kill_process,
};

/// Whether the next SIGTSTP is the one that this program sends to its group.
static OURS: AtomicBool = AtomicBool::new(false);

/// Whether a SIGTSTP that has arrived was sent by [`stop`].
pub(super) fn is_ours() -> bool {
    OURS.swap(false, Ordering::SeqCst)
}

/// Whether a shell would notice that the program has stopped, and could let it
/// go on: some process above it is of the same session and of another group.
pub(super) fn is_possible() -> bool {
    let (group, session) = (getpgrp(), getsid(None).ok());
    let mut above = getppid();
    while let Some(pid) = above {
        if getpgid(Some(pid)).ok() != Some(group) {
            return session.is_some() && getsid(Some(pid)).ok() == session;
        }
        above = parent(pid);
    }
    false
}

/// The parent of another process, where this system tells it.
#[cfg(target_os = "linux")]
fn parent(pid: Pid) -> Option<Pid> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    // The name before it may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    Pid::from_raw(rest.split_whitespace().nth(1)?.parse().ok()?)
}

#[cfg(not(target_os = "linux"))]
const fn parent(_: Pid) -> Option<Pid> {
    None
}

/// Stops the whole group, as a shell expects it of a job. The terminal has to
/// be given back before; that this goes on is told by SIGCONT.
pub(super) fn stop() {
    OURS.store(true, Ordering::SeqCst);
    if kill_current_process_group(Signal::TSTP).is_err() {
        OURS.store(false, Ordering::SeqCst);
    }
    // Where it is refused the program just goes on.
    let _refused = kill_process(getpid(), Signal::STOP);
}
