//! Audited actions: who did what, and when.
//!
//! An [`Act`] has no place for a key or a secret: of a key it holds a [`KeyMark`], and
//! free text loses whatever looks like a key.

mod entry;
mod facts;

pub use entry::Entry;
pub use facts::{Fact, Value, harmless};

use crate::domain::{
    fingerprint::Fingerprint,
    id::{ConnectionId, OnRampId},
    intent::Intent,
    service_key::{KeyUse, ServiceKey},
    text::SafeText,
    vlan::VlanTag,
};

/// The recorded part of a key: enough to recognise it, and not enough to order with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyMark {
    /// Its last characters.
    pub tail: String,
    /// Its fingerprint, as the journal has it.
    pub print: Fingerprint,
    /// Its label.
    pub label: SafeText,
    /// Its on-ramp.
    pub on_ramp: OnRampId,
    /// The on-ramp's name, as the vendor's record of the key has it.
    pub on_ramp_name: SafeText,
    /// Its usage: single-use or multi-use.
    pub usage: KeyUse,
}

impl KeyMark {
    /// Returns the mark of `key`.
    pub fn new(key: &ServiceKey) -> Self {
        let masked = key.id.masked();
        let tail = masked.split_once('…').map_or("", |(_, tail)| tail);
        Self {
            tail: format!("…{tail}"),
            print: Fingerprint::of_key(&key.id),
            label: key.label.clone(),
            on_ramp: key.on_ramp.clone(),
            on_ramp_name: key.on_ramp_name.clone(),
            usage: key.usage,
        }
    }
}

/// The outcome of a key order, step by step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// It was confirmed; nothing was sent.
    Prepared,
    /// Its request was sent.
    Sent,
    /// Megaport answered with its key.
    Created,
    /// Its reply was lost, and its key was found in the list.
    Found,
    /// The user identified the key that belongs to it.
    Adopted,
    /// Megaport refused it.
    Refused,
    /// Nothing was sent.
    NotSent,
    /// It may have been carried out.
    Unknown,
    /// The user has seen its key.
    Seen,
    /// The user gave it up.
    Closed,
}

/// The way in which whole keys were shown to a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosure {
    /// On their card.
    Card,
    /// Alone, to be selected with the mouse.
    Alone,
    /// Group by group, to be read over the telephone.
    Aloud,
}

/// How far a change has got, as far as known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// The user confirmed it; it is being journaled.
    Confirmed,
    /// Its request was sent.
    Sent,
    /// The key was read again and matches the change.
    Done,
    /// Nothing was changed.
    Failed,
    /// The outcome is unknown.
    Unknown,
}

/// An action of the user, or a result of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A session began, with or without permission to create keys.
    Started {
        /// Whether keys may be created.
        writes: bool,
    },
    /// A session ended, and how.
    Ended(SafeText),
    /// Creating keys was allowed, or forbidden.
    Mode {
        /// Whether they may.
        writes: bool,
        /// The reason for the change.
        why: SafeText,
    },
    /// Something happened to the order of a key.
    Order {
        /// The order, complete.
        intent: Box<Intent>,
        /// The outcome.
        happened: Happened,
        /// Its key, where that is known.
        key: Option<KeyMark>,
        /// The reason, where there is one.
        why: Option<SafeText>,
        /// The vendor's trace id.
        trace: Option<SafeText>,
    },
    /// Whole keys were shown.
    Revealed {
        /// The keys concerned.
        keys: Vec<KeyMark>,
        /// The way they were shown.
        how: Disclosure,
    },
    /// Keys were copied, or were not.
    Copied {
        /// The keys concerned.
        keys: Vec<KeyMark>,
        /// The outcome as far as known: `done`, `sent`, `not copied`.
        outcome: &'static str,
        /// The same, in words.
        says: SafeText,
    },
    /// The clipboard was cleared, or was not.
    Cleared {
        /// The outcome as far as known.
        outcome: &'static str,
        /// The same, in words.
        says: SafeText,
    },
    /// A key was changed: its label, rate, VLAN or end, or whether it is active.
    Changed {
        /// The key as it was before.
        key: KeyMark,
        /// The progress of the change.
        reached: Reached,
        /// The differences, present or intended, in words: `active: yes -> no`.
        what: SafeText,
        /// The reason for the failure.
        why: Option<SafeText>,
        /// The vendor's trace id.
        trace: Option<SafeText>,
    },
    /// The listed values of a key that was changed elsewhere were taken as its own.
    Taken {
        /// The key as it is listed.
        key: KeyMark,
        /// The difference, in words.
        what: SafeText,
    },
    /// Something was seen to have happened to a watched key.
    News {
        /// Its fingerprint.
        print: Fingerprint,
        /// Its label.
        label: SafeText,
        /// The text of the news.
        says: SafeText,
    },
    /// A circuit that waited for our approval was answered.
    Answered {
        /// Its name.
        circuit: SafeText,
        /// Its id at the vendor.
        id: ConnectionId,
        /// The on-ramp it comes to.
        on_ramp: OnRampId,
        /// The on-ramp's name.
        on_ramp_name: SafeText,
        /// The VLAN it is on, where that is known.
        vlan: Option<VlanTag>,
        /// Whether it was approved, not rejected.
        approve: bool,
        /// The progress of the answer.
        reached: Reached,
        /// The reason for the failure.
        why: Option<SafeText>,
        /// The vendor's trace id.
        trace: Option<SafeText>,
    },
    /// The user acknowledged how much of the journal could not be read.
    DamageSeen {
        /// The number of lines.
        lines: usize,
    },
    /// Keys left this console in another way, for example in a file.
    HandedOver {
        /// The keys concerned.
        keys: Vec<KeyMark>,
        /// The means: `export`.
        how: SafeText,
        /// The destination: a path, for example.
        to: SafeText,
    },
}

impl Reached {
    /// Each of them.
    pub const ALL: [Self; 5] =
        [Self::Confirmed, Self::Sent, Self::Done, Self::Failed, Self::Unknown];

    /// Returns the variant with this [`Self::word`].
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// Returns its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Sent => "sent",
            Self::Done => "done",
            Self::Failed => "not changed",
            Self::Unknown => "unknown",
        }
    }
}

impl Act {
    /// Builds the act of an order of `intent`, without further facts.
    pub fn order(intent: &Intent, happened: Happened) -> Self {
        let intent = Box::new(intent.clone());
        Self::Order { intent, happened, key: None, why: None, trace: None }
    }

    /// Builds the act of showing these keys whole.
    pub fn revealed<'k>(keys: impl IntoIterator<Item = &'k ServiceKey>, how: Disclosure) -> Self {
        Self::Revealed { keys: keys.into_iter().map(KeyMark::new).collect(), how }
    }

    /// Returns its word in an audit line.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Started { .. } => "session.started",
            Self::Ended(_) => "session.ended",
            Self::Mode { .. } => "mode.changed",
            Self::Order { happened, .. } => match happened {
                Happened::Prepared => "key.prepared",
                Happened::Sent => "key.sent",
                Happened::Created => "key.created",
                Happened::Found => "key.found",
                Happened::Adopted => "key.adopted",
                Happened::Refused => "key.refused",
                Happened::NotSent => "key.not-sent",
                Happened::Unknown => "key.unknown",
                Happened::Seen => "key.seen",
                Happened::Closed => "key.closed",
            },
            Self::Revealed { .. } => "key.revealed",
            Self::Copied { .. } => "key.copied",
            Self::Cleared { .. } => "clipboard.cleared",
            Self::Changed { .. } => "key.changed",
            Self::Taken { .. } => "key.taken",
            Self::News { .. } => "key.news",
            Self::Answered { .. } => "circuit.answered",
            Self::DamageSeen { .. } => "journal.damage-seen",
            Self::HandedOver { .. } => "key.handed-over",
        }
    }
}
