//! onramp: a terminal console for companies that sell connections through
//! Megaport.
//!
//! ```text
//!  layer 5   main.rs             arguments -> shell, exit code out
//!  layer 4   shell               event loop, executor, terminal, clock, files; connects the parts, no business rules
//!  layer 3   ui        client        simulator
//!            no I/O    HTTP, token   axum, its own reading of the vendor's documents
//!            engine                  the state of requests, independent of the screen
//!  layer 2   api       wire          requests and replies; the vendor's JSON
//!  layer 1   domain                  domain types and rules; pure, no I/O
//!  ground    tests/contract/*.json   transcribed vendor documents: wire and simulator are held to them
//! ```
//!
//! Allowed edges, complete: `wire→domain`, `api→domain`,
//! `client→{api,wire,domain}`, `engine→{api,domain}`, `ui→{engine,api,domain}`,
//! `simulator→∅`,
//! `shell→{ui,engine,client,simulator,api,domain}`, `cli→{shell,ui,client,api,domain}`.
//! No files of a layer use one another in a circle. `tests/architecture.rs` keeps both.
//!
//! The program is a function: `ui::update(&mut Model, Msg) -> Vec<Effect>` and
//! `ui::view::draw(&Model, &mut Frame)`. Keyboard, signals, clock and replies
//! are all `Msg` on one bounded channel; the loop drains it and draws once.
//! Effects are plain values that one executor performs.

pub mod api;
pub mod cli;
pub mod client;
pub mod domain;
pub mod engine;
pub mod shell;
pub mod simulator;
pub mod ui;
pub mod wire;
