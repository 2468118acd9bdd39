//! The use of a key: its state, and the evidence for it.
//!
//! Megaport keeps no link from a key to the circuit created from it, and may drop a
//! used key altogether. So a state is never shown without its evidence, and never
//! claims more than that.

mod circuits;
mod judge;
mod remembered;
mod survey;
#[cfg(test)]
mod tests;
mod words;

use crate::domain::{
    id::ConnectionId,
    key_difference::Difference,
    link::Link,
    status::Status,
    text::SafeText,
    time::Timestamp,
    units::Mbps,
    vlan::VlanTag,
    vxc::{End, Vxc},
};

pub use circuits::Circuits;
#[cfg(test)]
pub(crate) use judge::samples;
pub use judge::{gone, listed};
pub use remembered::Remembered;
pub use survey::{Judge, Survey};

/// The state of a key, as one word for a list.
///
/// Listed in sort order: keys that need attention first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// It left the list for no known reason.
    GoneUnexplained,
    /// Its on-ramp has ended, or is not listed any more.
    Orphan,
    /// It was changed outside this host's record, and is unused.
    Drifted,
    /// A circuit may have been created from it, but none is attributed.
    MaybeUsed,
    /// The evidence was not read yet, or could not be read.
    NotKnown,
    /// It is unused and ends within [`SOON`].
    ExpiresSoon,
    /// Redeemable, and not used as far as anything shows.
    Unused,
    /// Its window has not opened.
    Early,
    /// Not redeemable by Megaport's word, for no known reason.
    Invalid,
    /// Disabled.
    Inactive,
    /// Used; a multi-use key by so many circuits.
    Used(Option<usize>),
    /// Its window is over.
    Expired,
}

/// How long before its end an unused key counts as *expiring soon*.
pub const SOON: std::time::Duration = std::time::Duration::from_secs(3 * 24 * 3600);

impl Word {
    /// Returns the word a list shows.
    pub fn text(self) -> String {
        match self {
            Self::GoneUnexplained => "GONE ?".to_owned(),
            Self::Orphan => "ORPHAN".to_owned(),
            Self::Drifted => "CHANGED".to_owned(),
            Self::MaybeUsed => "USED ?".to_owned(),
            Self::NotKnown => "UNKNOWN".to_owned(),
            Self::ExpiresSoon => "EXPIRING".to_owned(),
            Self::Unused => "UNUSED".to_owned(),
            Self::Early => "NOT YET".to_owned(),
            Self::Invalid => "INVALID".to_owned(),
            Self::Inactive => "DISABLED".to_owned(),
            Self::Used(None) => "USED".to_owned(),
            Self::Used(Some(times)) => format!("USED ×{times}"),
            Self::Expired => "EXPIRED".to_owned(),
        }
    }

    /// Returns its name for programs, which does not change.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GoneUnexplained => "gone_unexplained",
            Self::Orphan => "orphan",
            Self::Drifted => "drifted",
            Self::MaybeUsed => "maybe_used",
            Self::NotKnown => "unknown",
            Self::ExpiresSoon => "expiring",
            Self::Unused => "unused",
            Self::Early => "not_yet_valid",
            Self::Invalid => "invalid",
            Self::Inactive => "disabled",
            Self::Used(_) => "used",
            Self::Expired => "expired",
        }
    }

    /// Returns whether the customer has used it, for all that is known.
    pub const fn is_used(self) -> bool {
        matches!(self, Self::Used(_))
    }

    /// Returns whether the customer may still use it for the first time.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Unused | Self::ExpiresSoon | Self::Early | Self::Drifted)
    }
}

/// A circuit that is evidence of a key's use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circuit {
    /// Its identity.
    pub id: ConnectionId,
    /// Its name.
    pub name: SafeText,
    /// Its VLAN on our end.
    pub vlan: VlanTag,
    /// Its rate.
    pub rate: Option<Mbps>,
    /// Its status.
    pub status: Status,
    /// The time of its order.
    pub created: Option<Timestamp>,
    /// Whether it waits for our approval.
    pub awaits_approval: bool,
    /// Whether it comes to the on-ramp, or is our own and starts there.
    pub our_end: End,
    /// Whether it is up.
    pub link: Link,
    /// Whether it is shut down.
    pub shut_down: bool,
    /// Whether it is live, awaits no approval, is not shut down, and is up.
    pub carries_traffic: bool,
    /// Its state in words: see [`Vxc::state_in_words`].
    pub state: String,
}

impl Circuit {
    /// Extracts the fields of a VXC that count as evidence for a key.
    pub fn from_vxc(vxc: &Vxc) -> Self {
        Self {
            id: vxc.id.clone(),
            name: vxc.name.clone(),
            vlan: vxc.vlan,
            rate: vxc.rate,
            status: vxc.status.clone(),
            created: vxc.created,
            awaits_approval: vxc.awaits_approval,
            our_end: vxc.our_end,
            link: vxc.link,
            shut_down: vxc.shut_down,
            carries_traffic: vxc.carries_traffic(),
            state: vxc.state_in_words(),
        }
    }
}

/// One piece of evidence for a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// Megaport reports when it was last used.
    LastUsed(Timestamp),
    /// Megaport reports that it was used, at an unreadable time.
    UsedSomeTime,
    /// A circuit has its VLAN on its on-ramp, and is not older than the key.
    OnItsVlan(Circuit),
    /// A circuit not created from it has its VLAN: our own that starts at the on-ramp,
    /// or one that was there before.
    VlanTaken(Circuit),
    /// It was changed outside this host's record, in these values.
    Drifted(Vec<Difference>),
    /// So many circuits came to its on-ramp after it and are on the VLAN of no known
    /// key; none is attributed to this one.
    Since {
        /// The number of circuits.
        count: usize,
        /// The newest of them.
        newest: Circuit,
        /// The VLAN that the key asks for; Megaport may have given another one.
        asked_for: Option<VlanTag>,
    },
    /// No circuit is evidence of use: none has its VLAN, or for a key without one, none
    /// came to its on-ramp since.
    NoCircuit {
        /// Whether the key has a VLAN of its own.
        has_vlan: bool,
    },
    /// It is in the list, as redeemable.
    Listed,
    /// Megaport reports that it cannot be redeemed.
    NotValid,
    /// It is disabled.
    SwitchedOff,
    /// Its window ends then. Where that is past, Megaport does not say that it has
    /// expired.
    Ends(Timestamp),
    /// Megaport reports that it has expired, and it ended then.
    Ended(Timestamp),
    /// Megaport reports that its window is over.
    SaidExpired,
    /// Its window opens then.
    Opens(Timestamp),
    /// It is not in the list any more.
    LeftTheList,
    /// It is not among those entries of the list that could be read.
    NotAmongTheRead(usize),
    /// Its on-ramp is not listed any more.
    NoOnRamp,
    /// Its on-ramp is listed as ended.
    OnRampEnded,
    /// Its on-ramp is not among those that could be read; so many could not.
    OnRampNotAmongTheRead(usize),
    /// The on-ramps have not been read yet.
    OnRampsUnread,
    /// The circuits of its on-ramp were not all read.
    CircuitsUnread,
}

impl Evidence {
    /// Returns whether it shows that the key was used.
    pub const fn shows_use(&self) -> bool {
        matches!(self, Self::OnItsVlan(_) | Self::LastUsed(_) | Self::UsedSomeTime)
    }

    /// Returns whether it needs attention: the key may not serve its purpose.
    pub const fn warns(&self) -> bool {
        matches!(self, Self::VlanTaken(_) | Self::Drifted(_))
    }

    const fn is_of_a_circuit(&self) -> bool {
        matches!(self, Self::VlanTaken(_) | Self::Since { .. })
    }

    const fn is_of_no_on_ramp(&self) -> bool {
        matches!(self, Self::NoOnRamp | Self::OnRampEnded)
    }
}

/// The state of a key, with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The word.
    pub word: Word,
    /// The evidence, the strongest first; never empty.
    pub evidence: Vec<Evidence>,
}

impl Reading {
    /// Returns the word a list shows, marked if the key needs attention.
    pub fn text(&self) -> String {
        let mark = if self.warns() && self.word != Word::Drifted { " !" } else { "" };
        format!("{}{mark}", self.word.text())
    }

    /// Returns whether the key needs attention, whatever its word.
    pub fn warns(&self) -> bool {
        // The holder of a used key's VLAN is irrelevant.
        let idle = |one: &Evidence| self.word.is_used() && matches!(one, Evidence::VlanTaken(_));
        self.evidence.iter().any(|one| one.warns() && !idle(one))
    }

    /// Adds drift to the reading of a key: it outranks every state except its use.
    fn with_drift(mut self, differences: Option<&Vec<Difference>>) -> Self {
        let Some(differences) = differences else { return self };
        let says_the_same = self.word == Word::Inactive
            && differences.iter().any(|one| matches!(one, Difference::Active(false)));
        if self.word.waits() || says_the_same {
            self.word = Word::Drifted;
        }
        let behind_use = self.evidence.iter().take_while(|one| one.shows_use()).count();
        self.evidence.insert(behind_use, Evidence::Drifted(differences.clone()));
        self
    }

    /// Returns the differences if the key was changed outside this host's record.
    pub fn drift(&self) -> &[Difference] {
        let drift = self.evidence.iter().find_map(|one| match one {
            Evidence::Drifted(differences) => Some(differences.as_slice()),
            _ => None,
        });
        drift.unwrap_or(&[])
    }

    /// Returns how many circuits may have been created from the key without proof, and
    /// the newest of them.
    pub fn since(&self) -> Option<(usize, &Circuit)> {
        self.evidence.iter().find_map(|one| match one {
            Evidence::Since { count, newest, .. } => Some((*count, newest)),
            _ => None,
        })
    }

    /// Returns the circuit created from the key, if one is on its VLAN.
    pub fn circuit(&self) -> Option<&Circuit> {
        self.evidence.iter().find_map(|one| match one {
            Evidence::OnItsVlan(circuit) => Some(circuit),
            _ => None,
        })
    }
}
