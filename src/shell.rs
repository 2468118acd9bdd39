//! Floor 4: wires everything and decides nothing.
//!
//! The event loop, the executor, the terminal, the clock, files and the
//! environment. A rule that turns up here belongs a floor further down.

mod clock;
pub mod console;
pub mod credentials;
mod event_loop;
mod executor;
pub mod exit;
mod inbox;
mod ink;
mod input;
mod look;
#[cfg(debug_assertions)]
mod panic_for_test;
mod paper;
pub mod regions;
mod signals;
pub mod simulator;
mod terminal;
