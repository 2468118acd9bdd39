//! Has the customer used it yet? What is known of a key's use, and from what.
//!
//! Megaport keeps no link from a key to the circuit that came of it, and may
//! forget a used key altogether. So a word is never said without what it rests
//! on, and never claims more than that.

mod judge;
mod remembered;
mod survey;
#[cfg(test)]
mod tests;
mod words;

use super::{
    id::ConnectionId, status::Status, text::SafeText, time::Timestamp, units::Mbps, vlan::VlanTag,
    vxc::Vxc,
};

pub use judge::{Circuits, gone, listed};
pub use remembered::Remembered;
pub use survey::Survey;

/// How a key stands, in one word for a list.
///
/// In the order in which a list of them is sorted: what wants an eye first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// It left the list, and nothing tells why.
    GoneUnexplained,
    /// Its on-ramp is not listed any more.
    Orphan,
    /// A circuit may have come of it, and nothing says whose it is.
    MaybeUsed,
    /// Nobody used it, and it ends within [`SOON`].
    ExpiresSoon,
    /// Redeemable, and not used as far as anything shows.
    Unused,
    /// Its window has not opened.
    Early,
    /// Not redeemable by Megaport's word, and nothing tells why.
    Invalid,
    /// Switched off.
    Inactive,
    /// Used; a multi-use key by so many circuits.
    Used(Option<usize>),
    /// It left the list, and a circuit has its VLAN.
    Gone,
    /// Its window is over.
    Expired,
}

/// From how long before its end a key that nobody used *expires soon*.
pub const SOON: std::time::Duration = std::time::Duration::from_secs(3 * 24 * 3600);

impl Word {
    /// The word a list shows.
    pub fn text(self) -> String {
        match self {
            Self::GoneUnexplained => "GONE ?".to_owned(),
            Self::Orphan => "ORPHAN".to_owned(),
            Self::MaybeUsed => "USED ?".to_owned(),
            Self::ExpiresSoon => "EXPIRES".to_owned(),
            Self::Unused => "UNUSED".to_owned(),
            Self::Early => "EARLY".to_owned(),
            Self::Invalid => "INVALID".to_owned(),
            Self::Inactive => "INACTIVE".to_owned(),
            Self::Used(None) => "USED".to_owned(),
            Self::Used(Some(times)) => format!("USED ×{times}"),
            Self::Gone => "GONE".to_owned(),
            Self::Expired => "EXPIRED".to_owned(),
        }
    }

    /// The same for programs: it does not change.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GoneUnexplained => "gone_unexplained",
            Self::Orphan => "orphan",
            Self::MaybeUsed => "maybe_used",
            Self::ExpiresSoon => "expires_soon",
            Self::Unused => "unused",
            Self::Early => "early",
            Self::Invalid => "invalid",
            Self::Inactive => "inactive",
            Self::Used(_) => "used",
            Self::Gone => "gone",
            Self::Expired => "expired",
        }
    }

    /// Whether the customer has used it, for all that is known.
    pub const fn is_used(self) -> bool {
        matches!(self, Self::Used(_) | Self::Gone)
    }

    /// Whether the customer may still use it for the first time.
    pub const fn waits(self) -> bool {
        matches!(self, Self::Unused | Self::ExpiresSoon | Self::Early)
    }
}

/// A circuit that speaks for a key's use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circuit {
    /// Its identity.
    pub id: ConnectionId,
    /// Its name.
    pub name: SafeText,
    /// Its VLAN on our end.
    pub vlan: VlanTag,
    /// Its rate.
    pub rate: Mbps,
    /// Where it stands.
    pub status: Status,
    /// When it was ordered.
    pub created: Option<Timestamp>,
    /// Whether it waits for our approval.
    pub awaits_approval: bool,
}

impl Circuit {
    /// What of a VXC speaks for a key.
    pub fn of(vxc: &Vxc) -> Self {
        Self {
            id: vxc.id.clone(),
            name: vxc.name.clone(),
            vlan: vxc.vlan,
            rate: vxc.rate,
            status: vxc.status.clone(),
            created: vxc.created,
            awaits_approval: vxc.awaits_approval,
        }
    }
}

/// What a word rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// Megaport says when it was last used.
    LastUsed(Timestamp),
    /// A circuit has its VLAN on its on-ramp, and is not older than the key.
    OnItsVlan(Circuit),
    /// So many circuits of its on-ramp came after it and are of no other key;
    /// nothing says that they are of this one.
    Since(usize),
    /// It is in the list, as redeemable.
    Listed,
    /// Megaport says that it cannot be redeemed.
    NotValid,
    /// It is switched off.
    SwitchedOff,
    /// Its window is over, or ends then.
    Ends(Timestamp),
    /// Megaport says that its window is over.
    SaidExpired,
    /// Its window opens then.
    Opens(Timestamp),
    /// It is not in the list any more.
    LeftTheList,
    /// It is not among those entries of the list that could be read.
    NotAmongTheRead(usize),
    /// Its on-ramp is not listed any more.
    NoOnRamp,
    /// The circuits of its on-ramp were not all read.
    CircuitsUnread,
}

/// How a key stands, and what that rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The word.
    pub word: Word,
    /// What it rests on, the strongest first; never empty.
    pub evidence: Vec<Evidence>,
}

impl Reading {
    /// The circuit that came of the key, where one is on its VLAN.
    pub fn circuit(&self) -> Option<&Circuit> {
        self.evidence.iter().find_map(|one| match one {
            Evidence::OnItsVlan(circuit) => Some(circuit),
            _ => None,
        })
    }
}
