//! Layer 4: connects the parts and holds no business rules.
//!
//! The event loop, the executor, the terminal, the clock, files and the
//! environment. A rule that turns up here belongs in a layer below.

pub mod account;
mod child;
mod clipboard;
mod clock;
pub mod commands;
pub mod console;
pub mod exit;
#[cfg(all(debug_assertions, unix))]
mod kill_for_test;
#[cfg(debug_assertions)]
mod panic_for_test;
pub mod panics;
mod ports;
pub mod process_hardening;
pub mod simulator;
mod source_location;
pub mod stdio;
pub mod store;
mod terminal;

// Every layer at once, against a simulator that goes wrong: here, because only
// this layer may change the line while it is in use.
#[cfg(test)]
#[path = "../tests/faults/mod.rs"]
mod faults;
