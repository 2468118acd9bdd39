

pub mod api;
pub mod client;
pub mod domain;
pub mod simulator;
pub mod ui;
pub mod wire;
