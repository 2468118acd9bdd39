//! A Port, MCR or MVE that exists.

use crate::simulator::{documents::Document, world::Kind};

/// A Port, MCR or MVE; its document is stored without its VXCs.
#[derive(Debug)]
pub(in crate::simulator) struct Service {
    pub(in crate::simulator) uid: String,
    pub(in crate::simulator) id: u64,
    pub(in crate::simulator) name: String,
    pub(in crate::simulator) kind: Kind,
    pub(in crate::simulator) company: usize,
    pub(in crate::simulator) site: u64,
    pub(in crate::simulator) document: Document,
    pub(in crate::simulator) circuits: Vec<usize>,
    pub(in crate::simulator) keys: Vec<usize>,
}
