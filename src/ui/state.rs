//! The state of each view, and the plain types of the screen.

pub mod access;
pub mod activity;
pub mod browse;
pub mod events;
pub(in crate::ui) mod filter_query;
pub(in crate::ui) mod kept;
pub mod key;
pub mod key_news;
pub mod keys;
pub mod on_ramp;
pub(in crate::ui) mod places;
pub mod position;
pub mod regions;
pub mod sort;
pub mod view_id;
