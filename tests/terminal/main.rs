//! The program in a terminal: one journey, every way it can end, what it
//! writes, and the tape of the demo.
//!
//! Rules that somebody paid for: the output is read without pause on a thread
//! of its own; a test waits on a condition and never sleeps; it waits for what
//! only the new state shows.
#![cfg(unix)]

#[path = "../stage/mod.rs"]
mod stage;

#[path = "../stage/server.rs"]
mod server;

use stage::canary;

mod answers;
mod audit;
mod command_line;
mod copy;
mod ends;
mod gate;
mod headless;
mod hostile;
mod journey;
mod killed;
mod lists;
mod log;
mod meter;
mod neighbours;
mod offline;
mod real_api;
mod regions;
mod resize;
mod struck;
mod support;
mod suspended;
mod tape;
mod tmux;
