//! The fault rows of the reliability document, played as scenario files.
//!
//! Everything but the terminal is real: `ui::update`, the executor, the client, a
//! journal in a file, and the simulator on loopback. A scenario states the actions of
//! the server, another agent, the disk and the connection, the keys pressed, and the
//! expected outcome; after every one the same oracles check the invariants.
//!
//! Time is the model's own: it is moved, together with the server's, and
//! nothing here sleeps.
#![cfg(unix)]

#[path = "../harness/canary.rs"]
mod canary;
mod claims;
mod console;
mod disk;
mod driver;
mod environment;
mod frame;
mod front_end;
mod oracles;
mod order;
mod play;
mod rows;
mod script;
mod sentences;
#[expect(dead_code, reason = "others use the rest of it")]
#[path = "../harness/tls.rs"]
mod tls;
