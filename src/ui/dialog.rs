//! Dialogs: a stack of values, each with its whole state.
//!
//! The last one has the focus and takes every key. One file per dialog holds
//! its state, its keys and its drawing.

pub mod accounts;
pub mod allow_writes;
pub mod alone;
pub mod aloud;
pub mod approval;
pub mod card;
pub mod card_view;
pub mod change;
pub mod change_view;
pub mod copy_as;
pub mod customer_zone;
pub mod damage;
pub mod dry_run;
pub mod entry;
pub mod form_view;
pub mod frame;
pub mod help;
pub mod issuing_view;
pub mod leave;
pub mod lifetime;
pub mod log;
pub mod log_view;
pub mod mapping;
pub mod mapping_view;
pub mod new_key;
pub mod offers_view;
pub mod pair_form;
pub mod pair_form_view;
pub mod pair_review_view;
pub mod prompt;
pub mod read_back;
pub mod reason;
pub mod region_map;
pub mod review;
pub mod review_view;
pub(super) mod second_keys;
pub mod secret_box;
pub mod sign_in;
pub mod sign_in_view;
pub mod text_box;
pub mod timeline;
pub mod troubles;
pub mod unfinished;
pub mod vlan_picker;
pub mod vlan_picker_view;
