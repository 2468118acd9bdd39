//! The program in a terminal: one journey, every exit, its output, and the tape
//! of the demo.
//!
//! Rules learned from failures: the output is read without pause on a thread of its own;
//! a test waits on a condition and never sleeps; it waits for text that only the new
//! state shows.
#![cfg(unix)]

#[path = "../harness/mod.rs"]
mod harness;

#[path = "../harness/server.rs"]
mod server;

use harness::canary;

mod audit;
mod command_line;
mod copy;
mod crash_recovery;
mod create_key;
mod exit_codes;
mod gate;
mod headless;
mod hostile_input;
mod journey;
mod lists;
mod log;
mod neighbours;
mod offline;
mod output_size;
mod real_api;
mod regions;
mod resize;
mod signals;
mod support;
mod suspended;
mod tape;
mod terminal_replies;
mod tmux;
