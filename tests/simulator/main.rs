//! The simulator proves its rules over real HTTP.
//!
//! Tests move the server's clock instead of waiting.

mod desk;
mod faults;
mod generated;
mod keys;
mod orders;
mod products;
mod start;
mod tokens;
mod vlans;
