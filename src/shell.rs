//! Layer 4: connects the parts and holds no business rules.
//!
//! The event loop, the executor, the terminal, the clock, files and the
//! environment. A rule that turns up here belongs in a layer below.

pub mod account;
pub mod audit;
mod authority;
mod cache;
mod child;
mod clipboard;
mod clock;
pub mod config;
pub mod console;
pub mod credentials;
pub mod doctor;
mod event_loop;
mod executor;
pub mod exit;
pub mod headless;
pub mod hygiene;
mod inbox;
mod ink;
mod input;
mod journal;
#[cfg(all(debug_assertions, unix))]
mod kill_for_test;
pub mod log;
pub mod login;
mod look;
mod notify;
#[cfg(debug_assertions)]
mod panic_for_test;
pub mod panics;
mod paper;
mod ports;
mod private;
mod prompt;
mod proxies;
pub mod regions;
pub mod say;
mod sign_in;
mod signals;
pub mod simulator;
mod spot;
mod state;
mod suspend;
mod terminal;
mod way;

// Every layer at once, against a simulator that goes wrong: here, because only
// this layer may change the line while it is in use.
#[cfg(test)]
#[path = "../tests/faults/mod.rs"]
mod faults;
