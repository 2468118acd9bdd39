//! The region map: mapping places to regions.

pub(in crate::ui) mod commands;
pub mod mapping;
pub mod mapping_view;
pub(in crate::ui) mod receive;
pub mod region_map;
