//! Stops the program for a while, as Ctrl-Z does in a shell.
//!
//! The signal that stops by default is caught, so that the terminal can be restored
//! first; the stop itself is the one that cannot be caught. Without a parent to
//! continue the program it would never wake again, so it is used only where a shell
//! with job control waits for it.

use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::{Signal, getpid, kill_current_process_group, kill_process};

/// Whether the next SIGTSTP is the one that this program sends to its group.
static STOPPED_BY_US: AtomicBool = AtomicBool::new(false);

/// The number of a process, a group or a session, as this process sees it.
/// Zero stands for one that it cannot see: a container shows nothing of what
/// is outside. The types of `rustix` have no such number, so its calls that
/// ask about other processes cannot be used here.
type ProcessId = u32;

/// The parent, group and session of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ProcessFamily {
    parent: ProcessId,
    group: ProcessId,
    session: ProcessId,
}

/// Returns whether a SIGTSTP that has arrived was sent by [`stop_process`].
pub(in crate::shell) fn is_ours() -> bool {
    STOPPED_BY_US.swap(false, Ordering::SeqCst)
}

/// Returns whether a shell would notice that the program has stopped, and could let it
/// go on: some process above it is of the same session and of another group.
pub(in crate::shell) fn is_possible() -> bool {
    own_family().is_some_and(|ours| is_waited_for(ours, family))
}

/// Implements [`is_possible`] for a process; `family` returns the facts about others.
fn is_waited_for(ours: ProcessFamily, family: impl Fn(ProcessId) -> Option<ProcessFamily>) -> bool {
    if ours.group == 0 || ours.session == 0 {
        return false;
    }
    let mut above = ours.parent;
    while above != 0 {
        let Some(other) = family(above) else { return false };
        if other.group != ours.group {
            return other.group != 0 && other.session == ours.session;
        }
        above = other.parent;
    }
    false
}

/// Reads the family of this process. The numbers are those of the namespace that
/// mounted `/proc`, as in the rest of it: this process may know itself by another
/// number.
#[cfg(target_os = "linux")]
fn own_family() -> Option<ProcessFamily> {
    parse(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

#[cfg(target_os = "linux")]
fn family(process: ProcessId) -> Option<ProcessFamily> {
    parse(&std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

/// Reads a line of `/proc/…/stat`.
#[cfg(target_os = "linux")]
fn parse(stat: &str) -> Option<ProcessFamily> {
    // The name before it may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut words = rest.split_whitespace().skip(1).map(|word| word.parse().ok());
    let mut next = || words.next().flatten();
    Some(ProcessFamily { parent: next()?, group: next()?, session: next()? })
}

#[cfg(not(target_os = "linux"))]
fn own_family() -> Option<Family> {
    family(std::process::id())
}

/// Systems without `/proc` have no containers that hide a process either.
#[cfg(not(target_os = "linux"))]
fn family(process: Number) -> Option<Family> {
    use rustix::process::{Pid, getpgid, getppid, getsid};

    let pid = Pid::from_raw(process.try_into().ok()?)?;
    let number = |pid: Pid| pid.as_raw_nonzero().get().unsigned_abs();
    // A process can only read its own parent this way.
    let parent = if pid == getpid() { getppid().map_or(0, number) } else { 0 };
    Some(Family {
        parent,
        group: number(getpgid(Some(pid)).ok()?),
        session: number(getsid(Some(pid)).ok()?),
    })
}

/// Stops the whole group, as a shell expects it of a job. The terminal must be restored
/// before; SIGCONT reports that the program continues.
pub(in crate::shell) fn stop_process() {
    STOPPED_BY_US.store(true, Ordering::SeqCst);
    if kill_current_process_group(Signal::TSTP).is_err() {
        STOPPED_BY_US.store(false, Ordering::SeqCst);
    }
    // Where it is refused the program just goes on.
    let _refused = kill_process(getpid(), Signal::STOP);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns whether process 9 is waited for, given these processes only: number,
    /// parent, group, session.
    fn waited_for(known: &[(ProcessId, ProcessId, ProcessId, ProcessId)]) -> bool {
        let family = |process| {
            let found = known.iter().find(|(number, ..)| *number == process)?;
            let (_, parent, group, session) = *found;
            Some(ProcessFamily { parent, group, session })
        };
        family(9).is_some_and(|ours| is_waited_for(ours, family))
    }

    #[test]
    fn a_shell_of_the_same_session_waits_for_its_job() {
        assert!(waited_for(&[(9, 5, 9, 5), (5, 1, 5, 5)]));
        assert!(waited_for(&[(9, 7, 7, 5), (7, 5, 7, 5), (5, 1, 5, 5)]), "through a script");
        assert!(!waited_for(&[(9, 5, 9, 9), (5, 1, 5, 5)]), "a session of its own");
        assert!(!waited_for(&[(9, 1, 9, 9), (1, 0, 9, 9)]), "the first of all is of its group");
    }

    #[test]
    fn process_without_a_visible_parent_group_is_not_waited_for() {
        assert!(!waited_for(&[(9, 5, 9, 9), (5, 0, 5, 0)]), "the session above is outside");
        assert!(!waited_for(&[(9, 5, 9, 0), (5, 0, 5, 0)]), "both sessions are");
        assert!(!waited_for(&[(9, 5, 0, 5), (5, 0, 5, 5)]), "its own group is");
        assert!(!waited_for(&[(9, 5, 9, 5), (5, 0, 0, 5)]), "the group above is");
        assert!(!waited_for(&[(9, 0, 9, 9)]), "the parent is");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_may_hold_anything() {
        let expected = ProcessFamily { parent: 7, group: 8, session: 0 };
        assert_eq!(parse("9 (a) S 1 2) S 7 8 0 34816 9 4194560"), Some(expected));
        assert_eq!(parse("9 (sh) S 7 8"), None);
        assert_eq!(parse(""), None);
    }
}
