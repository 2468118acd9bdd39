//! The console without a terminal: what is on the screen, and whole journeys.

mod accounts;
mod activity;
mod armed;
mod cards;
mod changes;
mod closed;
mod events;
mod feeds;
mod frames;
mod half_pairs;
mod held;
mod keys;
mod offers;
mod pairs;
mod places;
mod regions;
mod second_keys;
mod stale;
mod stories;
mod storm;
mod strokes;
mod support;
mod typed;
mod unfinished;
mod vlans;
mod wide;
