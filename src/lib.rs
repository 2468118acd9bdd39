

pub mod api;
pub mod domain;
pub mod simulator;
pub mod ui;
