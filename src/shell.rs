//! Layer 4: connects the layers below with this host, and holds no business rules. A rule
//! that turns up here belongs in a layer below.
//!
//! | folder | purpose |
//! |---|---|
//! | `commands` | everything without a screen: lists, watching, login, doctor |
//! | `console` | the event loop with a screen; the only folder that uses `ui` |
//! | `ports` | performs the engine's effects, for every front end |
//! | `account` | configuration, profiles, secret stores, the opened account |
//! | `terminal`, `clipboard` | the terminal's bytes; the methods to reach the user's clipboard |
//! | `store` | files that outlive a session: journal, audit, cache, regions, log |
//!
//! No import runs up that table, and the console uses no command: a store or an account
//! never knows the console, its event queue or a command. They are given a function and
//! report through it. The files beside the folders (`clock`, `exit`, `stdio`, `child`, …)
//! may be used by all of them.

pub mod account;
mod child;
mod clipboard;
mod clock;
pub mod commands;
pub mod console;
#[cfg(test)]
pub(crate) mod examples_for_test;
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

// Tests of all layers together, against a faulty simulator: here, because only this
// layer may change the connection while it is in use.
#[cfg(test)]
#[path = "../tests/faults/mod.rs"]
mod faults;
