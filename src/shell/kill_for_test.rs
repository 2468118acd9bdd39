//! Kills the process at a named point, for the tests that nothing is lost by it.
//!
//! Only in builds with debug assertions: a release has no such points.

use rustix::process::{Signal, getpid, kill_process};

/// Kills this process if `ONRAMP_KILL_FOR_TEST` names this `point`.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
pub(super) fn kill_at(point: &str) {
    if std::env::var("ONRAMP_KILL_FOR_TEST").as_deref() == Ok(point) {
        let _ = kill_process(getpid(), Signal::KILL);
        // It takes effect before this returns; if ever not, nothing goes on.
        loop {
            std::thread::park();
        }
    }
}
