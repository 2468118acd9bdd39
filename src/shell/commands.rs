//! What the program does without a screen: lists, watching, the hand-over.
//!
//! It only reads at Megaport. No permit is ever asked for here, so by type there is no way
//! to change anything.

mod audit_once;
pub mod doctor;
mod list;
pub mod login;
mod session;
mod shift_report;
mod text_table;
mod watch;
mod watch_set;

pub use crate::domain::watch::Until;
pub use list::{OutputFormat, list_keys, list_on_ramps};
pub use shift_report::write_shift_report;
pub use watch::{WatchOptions, watch_keys};
