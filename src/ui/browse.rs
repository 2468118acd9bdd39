//! The browse view and the opened on-ramp.

pub(in crate::ui) mod chart;
pub(in crate::ui) mod commands;
pub(in crate::ui) mod detail;
pub(in crate::ui) mod on_ramp_columns;
pub(in crate::ui) mod on_ramp_view;
pub(in crate::ui) mod panes;
pub(in crate::ui) mod round_trips;
pub(in crate::ui) mod table;
