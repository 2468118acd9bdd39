//! Layer 3: the screen, as a function of what is known.
//!
//! `update(&mut Model, Msg) -> Vec<Effect>` and `view::draw(&Model, &mut
//! Frame)`. No I/O, no clock, no async: replies, keys and time come in as
//! messages, acts go out as values. Split by feature, not by layer.

mod account;
pub mod account_label;
pub mod activity;
mod approve;
mod attempts;
mod attention;
mod audit;
pub mod browse;
mod browse_commands;
mod change;
mod chart;
pub mod commands;
mod detail;
pub mod dialog;
mod edit_key;
mod engine_step;
mod event_list;
mod export;
mod feed_text;
mod fuzzy;
mod hand_off;
mod handover;
mod issue;
pub mod key;
pub mod key_list;
pub mod layout;
mod lines;
pub mod mapping;
mod mode;
pub mod model;
pub mod msg;
mod offers;
mod open;
mod pair;
mod panes;
pub mod place;
mod rehearse;
mod replies;
pub mod saved;
mod scopes;
pub mod sort;
mod stale;
mod system;
mod table;
mod terms;
pub mod text;
pub mod theme;
mod trips;
pub mod update;
pub mod view;
pub mod visit;
mod visit_view;
mod vlans;
pub mod watch;
mod words;
