//! The simulator proves its rules over real HTTP.
//!
//! Tests move the server's clock instead of waiting. `cfg(test)` is always on here; it
//! makes clippy allow unwraps in helpers, too.

#[cfg(test)]
mod api_user;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod events;
mod faults;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod locations;
mod orders;
#[cfg(test)]
mod products;
#[cfg(test)]
mod start;
#[cfg(test)]
mod telemetry;
mod tokens;
#[cfg(test)]
mod vlans;
