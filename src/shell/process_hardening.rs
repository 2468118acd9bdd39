//! Protects this process from being read by other programs and from writing core dumps.

/// Keeps the memory of this process from other programs of the same user and from core
/// dumps, and its files from other users. Called before any secret is read.
///
/// Each is done as far as the system lets it: a sandbox that refuses one must
/// not keep the program from starting. `onramp doctor` shows what holds.
pub fn harden_process() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit, umask};
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        let _refused = setrlimit(Resource::Core, none);
        umask(rustix::fs::Mode::from_raw_mode(0o077));
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _refused = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Returns whether other programs of the same user cannot read this one's memory, and
/// no core dump is written. `None` if this system cannot report it.
pub fn is_hardened() -> Option<bool> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};
        let sealed = dumpable_behavior().ok()? == DumpableBehavior::NotDumpable;
        Some(sealed && getrlimit(Resource::Core).current == Some(0))
    }
    #[cfg(not(target_os = "linux"))]
    None
}
