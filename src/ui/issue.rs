//! Creating keys and pairs: forms, VLAN map, best fit, review, dry run.

pub(in crate::ui) mod best_fit;
pub mod best_fit_view;
pub(in crate::ui) mod commands;
pub mod dry_run;
pub(in crate::ui) mod dry_run_commands;
pub(in crate::ui) mod edit;
pub mod form;
pub mod form_view;
pub mod lifetime;
pub(in crate::ui) mod pair_commands;
pub mod pair_form;
pub mod pair_form_view;
pub mod pair_review_view;
pub mod review;
pub mod review_view;
pub(in crate::ui) mod vlan_commands;
pub mod vlan_map;
pub mod vlan_map_view;
