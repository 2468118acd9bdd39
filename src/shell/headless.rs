//! What the program does without a screen: lists, watching, the hand-over.
//!
//! It only reads at Megaport. No permit is ever asked for here, so by type there is no way
//! to change anything.

mod asker;
mod handover;
mod list;
mod plain;
mod trail;
mod vigil;
mod watch;

pub use crate::domain::watch::Until;
pub use handover::{handover, keep};
pub use list::{Form, export, keys, on_ramps};
pub use watch::{Plan, watch};
