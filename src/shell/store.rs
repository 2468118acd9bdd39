//! Files that outlive a session: the journal, the audit, cached lists, the region map, the
//! log, exports.
//!
//! Each store that can block has a thread of its own, because a disk can hang and the
//! screen must not. A store reports through a function that it is given; it knows neither
//! the console nor a command, and it prints nothing.

pub mod audit;
pub(in crate::shell) mod cache;
pub(in crate::shell) mod exports;
pub(in crate::shell) mod journal;
pub mod log;
pub(in crate::shell) mod permissions;
pub mod regions;
pub(in crate::shell) mod state_dir;
