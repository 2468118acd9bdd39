//! Accounts: choosing one, signing in.

pub mod accounts;
pub(in crate::ui) mod commands;
pub mod sign_in;
pub mod sign_in_view;
