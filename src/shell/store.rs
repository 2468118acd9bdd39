//! Files that outlive a session: the journal, the audit, saved lists, the region
//! map, the log. Each reports through a function that it is given, and knows neither
//! the console nor a command.

pub mod audit;
pub(in crate::shell) mod cache;
pub(in crate::shell) mod exports;
pub(in crate::shell) mod journal;
pub mod log;
pub(in crate::shell) mod permissions;
pub mod regions;
pub(in crate::shell) mod state_dir;
