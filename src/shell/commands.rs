//! The commands of the command line: all work without a screen.
//!
//! `cli` turns arguments into options and calls one function here. A command opens the
//! account itself, prints its result on standard output and everything else on standard
//! error, and ends with an [`ExitError`](crate::shell::exit::ExitError) whose code
//! scripts can rely on.
//!
//! `keys create` and `keys reconcile --resend` are the only commands that write: they ask
//! the engine, which the console asks too. All others only read from Megaport: none of them asks for a permit, so by
//! type none can create or change anything. The console uses no command. A new command is
//! a file here and its arguments in `cli`; no other part of the program has to know it.

mod audit;
mod audit_once;
mod choose_on_ramp;
mod create_key;
pub mod doctor;
mod engine_session;
mod key_file;
mod key_outcome;
mod key_refusal;
mod key_review;
mod list;
pub mod login;
mod not_now;
mod reconcile;
mod regions;
mod session;
mod shift_report;
mod simulator;
mod text_table;
mod watch;
mod watch_set;

pub use crate::domain::watch::Until;
pub use audit::verify_audit;
pub use choose_on_ramp::PlaceOption;
pub use create_key::{Confirmation, CreateOptions, VlanOption, create_key};
pub use list::{OutputFormat, list_keys, list_on_ramps};
pub use reconcile::{Decision, ReconcileOptions, reconcile_keys};
pub use regions::check_regions_file;
pub use shift_report::write_shift_report;
pub use simulator::serve_simulator;
pub use watch::{WatchOptions, watch_keys};
