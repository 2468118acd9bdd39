//! A change that a user confirmed: of a key, or of a circuit that awaits our approval.
//!
//! Unlike a new key it may be requested again, since it states a target value. What
//! must not happen is that its outcome stays unreported.

use crate::domain::{
    fingerprint::Fingerprint,
    id::{ConnectionId, OnRampId},
    intent::IntentId,
    key_values::KeyValues,
    text::SafeText,
};

/// The thing that a change alters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A service key, by its fingerprint; the key itself is not stored.
    Key(Fingerprint),
    /// A VXC that waits for our approval, and the on-ramp it comes to.
    Circuit(ConnectionId, OnRampId),
}

/// One confirmed change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alteration {
    /// Its name: it shares the numbers of intents.
    pub id: IntentId,
    /// The key or circuit it alters.
    pub subject: Subject,
    /// The label of the key, or the name of the circuit, as it was before.
    pub name: SafeText,
    /// The intended differences, in words.
    pub what: SafeText,
    /// The values that a key has once it is done, if they were journaled.
    pub to: Option<Box<KeyValues>>,
}

impl Alteration {
    /// Returns the key that it is of; `None` where it is of a circuit.
    pub const fn key(&self) -> Option<Fingerprint> {
        match self.subject {
            Subject::Key(print) => Some(print),
            Subject::Circuit(..) => None,
        }
    }
}

/// One step in the life of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeStep {
    /// It was confirmed, and its request may be sent.
    Begun(Box<Alteration>),
    /// It was read back, and is as was asked for.
    Done,
    /// It was not carried out: nothing was sent, Megaport refused it, or the value read
    /// back is unchanged.
    NotDone,
    /// The outcome is unknown, and the user has seen the present state.
    Seen,
}
