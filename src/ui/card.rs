//! The card of a key, and its delivery to a customer.

pub mod bare_keys;
pub mod card_view;
pub(in crate::ui) mod commands;
pub(in crate::ui) mod copy;
pub mod copy_as;
pub mod customer_zone;
pub mod dictation;
pub(in crate::ui) mod facts;
pub mod key_card;
pub(in crate::ui) mod open;
pub mod read_back;
pub(in crate::ui) mod template;
