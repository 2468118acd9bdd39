//! Layer 3: the screen, as a function of the model.
//!
//! `update(&mut Model, Msg) -> Vec<Effect>` and `view::draw(&Model, &mut Frame)`. No
//! I/O, no clock, no async: replies, keys and time come in as messages, effects go out
//! as values. Split by feature, not by layer.

pub mod account;
pub mod activity;
pub mod attempt;
mod browse;
pub mod card;
pub mod change;
pub mod commands;
mod events;
mod input;
pub mod issue;
pub mod keys;
mod message_line;
pub mod model;
mod open;
mod present;
pub mod regions;
mod replies;
pub mod saved_lists;
pub mod screen;
mod session;
mod stale_banner;
pub mod state;
pub mod system;
pub mod update;
pub mod view;
pub mod widget;
