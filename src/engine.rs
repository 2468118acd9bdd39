//! The life of keys, independent of the front end: creating, doubt, pairs, changes,
//! approvals, watching, and background reads.
//!
//! This layer is pure: values in, values out, no I/O, no clock, no screen. It uses
//! `api` and `domain` only. Messages from outside go in as an [`Input`], decisions of the
//! user as calls; effects to carry out and events to show come out as one ordered list.
//! The console shows it, and a driver without a screen runs it in the tests.
//!
//! # The life of a request to create a key
//!
//! ```text
//! user         engine                   journal                audit            client
//!   y ───────▶ Waiting → Writing ─────▶ prepared, sending(n)
//! Confirmed    │                        synced
//!              ◀──── a receipt ─────────┘ (a required audit is written before it)
//!              still wanted, still read-write?  no ──▶ not sent
//!              Sending ──────────────────────────────────────────────────────▶ one POST
//!   NotMade ◀─ nothing was sent
//!   Made    ◀─ a reply names a key that is new, on our on-ramp, and carries our tag
//!   Looking ◀─ anything else
//!     ├ refused (4xx): a whole list without our tag ──▶ NotMade, searched at 5 and 20 s
//!     ├ not processed (401, 429): reads at 0, 5, 20 s
//!     └ lost: reads at 0 2 5 10 20 40 80 s (160 s where no VLAN can be checked)
//!         tag found ──▶ Made      tag twice ──▶ Several      alike ──▶ Maybe (the user decides)
//!         not there, list whole, circuits read, VLAN free ──▶ the user may send attempt n+1
//! ```
//!
//! 10 s without the disk: not sent. A restart in Sending: Looking; in Waiting: the user
//! decides. Of a pair, the second key is checked again and sent only after the first one
//! is Made in the same session.

pub mod answer;
mod approvals;
pub mod attempt;
pub mod background;
mod background_reads;
mod background_replies;
pub mod change_run;
mod change_runs;
pub mod change_search;
mod change_searches;
mod changed_elsewhere;
mod checks;
mod create;
pub mod drift;
pub mod effect;
mod followed;
mod input;
pub mod journal;
mod journal_events;
pub mod key_change;
mod late_look;
mod late_looks;
mod lists;
pub mod load;
pub mod not_now;
pub mod open_change;
mod open_changes;
pub mod pair;
pub mod plan;
mod plan_warnings;
pub mod question;
mod reconcile;
mod refusal;
mod reply_check;
mod requests;
mod state;
mod submit;
mod watch;

pub use input::Input;
pub use state::Engine;

#[cfg(test)]
mod tests;
