//! A console in a pseudo-terminal, and the player of `demo.tape`.
//!
//! Shared by the terminal tests and by the example that takes the pictures.
//! Nothing in here sleeps: it waits on conditions, with a deadline.

pub(crate) mod canary;
pub(crate) mod player;
pub(crate) mod pty;
pub(crate) mod tape;
