//! Which way a copied text would take to the user's clipboard.
//!
//! `choice` decides from facts and does nothing; `facts` finds them.

mod choice;
mod facts;

pub(super) use choice::{Facts, SetClipboard, Tmux, Tool, choose};
pub(super) use facts::find;
