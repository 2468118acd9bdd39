//! The client against the simulator, over real sockets on the real clock.
//!
//! Nothing here sleeps: every test waits for an event, and every wait in the client is
//! made tiny by its configuration. `cfg(test)` is always on here; it makes clippy allow
//! unwraps in helpers, too.

#[cfg(test)]
#[path = "../harness/tls.rs"]
mod tls;

#[cfg(test)]
mod bench;
#[cfg(test)]
mod calls;
mod feeds;
#[cfg(test)]
mod reads;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod trust;
#[cfg(test)]
mod writes;
