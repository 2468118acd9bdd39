//! A change that somebody confirmed: of a key, or of a circuit that waits for
//! us.
//!
//! Unlike a new key it may be asked for again, since it says how something
//! shall be. What must not happen is that nobody hears how one ended.

use crate::domain::{
    fingerprint::Fingerprint,
    id::{ConnectionId, OnRampId},
    intent::IntentId,
    key_values::KeyValues,
    text::SafeText,
};

/// What a change is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A service key, which is not kept itself.
    Key(Fingerprint),
    /// A VXC that waits for our approval, and the on-ramp it comes to.
    Circuit(ConnectionId, OnRampId),
}

/// One confirmed change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alteration {
    /// Its name: it shares the numbers of intents.
    pub id: IntentId,
    /// What it is of.
    pub subject: Subject,
    /// The label of the key, or the name of the circuit, as it was before.
    pub name: SafeText,
    /// What was to be different, in words.
    pub what: SafeText,
    /// The values that a key is to have once it is done, where that was written
    /// down.
    pub to: Option<Box<KeyValues>>,
}

impl Alteration {
    /// The key that it is of; `None` where it is of a circuit.
    pub const fn key(&self) -> Option<Fingerprint> {
        match self.subject {
            Subject::Key(print) => Some(print),
            Subject::Circuit(..) => None,
        }
    }
}

/// What happened to a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeStep {
    /// It was confirmed, and from here on its request may leave.
    Begun(Box<Alteration>),
    /// It was read back, and is as was asked for.
    Done,
    /// It was not carried out: nothing left this host, Megaport said so, or it
    /// was read back.
    NotDone,
    /// Nobody knows what became of it, and a person has seen how it is now.
    Seen,
}
