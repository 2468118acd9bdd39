//! Service keys as the vendor lists them, and the state we read from that.

use std::time::Duration;

use super::{
    id::{KeyId, OnRampId},
    text::SafeText,
    time::Timestamp,
    units::Mbps,
    vlan::VlanTag,
};

/// The redemption type of a key, with its VLAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// Once, on the VLAN it carries.
    Single(VlanTag),
    /// Many times; Megaport gives each VXC the next free VLAN.
    Multi,
}

impl KeyUse {
    /// Returns the VLAN that a key has for itself. A multi-use key has none, and a
    /// single-use one may lack it: other tools drop it.
    pub const fn own_vlan(self) -> Option<VlanTag> {
        match self {
            Self::Single(tag @ (VlanTag::Tagged(_) | VlanTag::Untagged)) => Some(tag),
            Self::Single(VlanTag::Unstated | VlanTag::Unusual(_)) | Self::Multi => None,
        }
    }
}

/// The precision of the vendor's clock: its answers carry whole seconds. A key that
/// starts within this span has started, or a new one would count as not yet valid.
const CLOCK_GRAIN: Duration = Duration::from_secs(2);

/// The window in which a key may be redeemed. A missing end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Validity {
    /// Not before this moment.
    pub start: Option<Timestamp>,
    /// Not after this moment.
    pub end: Option<Timestamp>,
}

/// A service key of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceKey {
    /// The key itself, a secret.
    pub id: KeyId,
    /// The on-ramp it opens (of a LAG, possibly a member's id).
    pub on_ramp: OnRampId,
    /// The name of that on-ramp, as the key's record gives it.
    pub on_ramp_name: SafeText,
    /// Its label (`description`). An update elsewhere may have cleared it.
    pub label: SafeText,
    /// Single-use or multi-use.
    pub usage: KeyUse,
    /// The most a redeemed VXC may run at.
    pub rate: Option<Mbps>,
    /// Whether it is enabled.
    pub active: bool,
    /// Whether the customer's VXC starts without our approval, if stated.
    pub pre_approved: Option<bool>,
    /// The redemption window; `None` where none was set.
    pub validity: Option<Validity>,
    /// The vendor's verdict that the window is over.
    pub expired: bool,
    /// The vendor's verdict that it may be redeemed now, where stated.
    pub valid: Option<bool>,
    /// The time of its creation.
    pub created: Option<Timestamp>,
    /// When it was last redeemed. Not seen set in public, so its absence
    /// proves nothing.
    pub last_used: Option<Timestamp>,
    /// Whether its record states that it was used, at an unreadable time.
    pub used_some_time: bool,
    /// The promotion code it carries, kept so that an update does not lose it.
    pub promo_code: Option<SafeText>,
}

/// The present state of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyState {
    /// Redeemable, and not redeemed as far as anything shows.
    Unused,
    /// Redeemed: `lastUsed` is set, or a VXC holds its VLAN.
    Used,
    /// Its window has not opened.
    Early,
    /// Its window is over.
    Expired,
    /// Disabled.
    Inactive,
    /// The vendor reports it as invalid for no known reason.
    Invalid,
}

impl KeyState {
    /// Returns whether a customer could still redeem the key, now or later.
    pub const fn is_redeemable(self) -> bool {
        matches!(self, Self::Unused | Self::Early)
    }
}

impl ServiceKey {
    /// Reads the key's state at `now`.
    ///
    /// `vlan_in_use` is whether a VXC holds the key's VLAN on its on-ramp: the
    /// vendor keeps no link from a key to its VXC, so that is the evidence of
    /// use where `lastUsed` is missing.
    pub fn state(&self, now: Timestamp, vlan_in_use: bool) -> KeyState {
        let single = matches!(self.usage, KeyUse::Single(_));
        let window = self.validity.unwrap_or_default();
        if single && (self.was_used() || vlan_in_use) {
            KeyState::Used
        } else if !self.active {
            KeyState::Inactive
        } else if self.is_over(now) {
            KeyState::Expired
        } else if window.start.is_some_and(|start| start > now + CLOCK_GRAIN) {
            KeyState::Early
        } else if self.valid == Some(false) {
            KeyState::Invalid
        } else if self.was_used() {
            KeyState::Used
        } else {
            KeyState::Unused
        }
    }

    /// Returns whether Megaport reports that it was used.
    pub const fn was_used(&self) -> bool {
        self.last_used.is_some() || self.used_some_time
    }

    /// Returns whether the key keeps its VLAN from other keys at `now`.
    ///
    /// A disabled key counts: it can be enabled again. Only an expired window frees it.
    pub fn reserves_vlan(&self, now: Timestamp) -> bool {
        matches!(self.usage, KeyUse::Single(_)) && !self.is_over(now)
    }

    /// Returns whether its window is over: Megaport reports it, or its end is past and
    /// Megaport does not report the key as valid.
    fn is_over(&self, now: Timestamp) -> bool {
        let end = self.validity.and_then(|window| window.end);
        self.expired || self.valid != Some(true) && end.is_some_and(|end| end <= now)
    }

    /// Returns whether a multi-use key still takes customers though it was used.
    pub const fn is_multi_use(&self) -> bool {
        matches!(self.usage, KeyUse::Multi)
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;

    /// Returns an active single-use key on `vlan` of `on_ramp`, created at the epoch.
    pub(crate) fn key(id: &str, on_ramp: &str, vlan: i64) -> ServiceKey {
        ServiceKey {
            id: KeyId::new(id).expect("a legal id"),
            on_ramp: OnRampId::new(on_ramp).expect("a legal id"),
            on_ramp_name: on_ramp.into(),
            label: "a label".into(),
            usage: KeyUse::Single(VlanTag::from_wire(Some(vlan))),
            rate: Some(Mbps::new(500)),
            active: true,
            pre_approved: None,
            validity: None,
            expired: false,
            valid: Some(true),
            created: Some(Timestamp::from_millis(0)),
            last_used: None,
            used_some_time: false,
            promo_code: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{samples::key, *};

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    #[test]
    fn vxc_on_the_vlan_is_evidence_without_last_used() {
        let key = key("k", "p", 100);
        assert_eq!(key.state(NOW, false), KeyState::Unused);
        assert_eq!(key.state(NOW, true), KeyState::Used);
    }

    #[test]
    fn the_window_decides_before_the_vendors_verdict() {
        let mut key = key("k", "p", 100);
        key.valid = Some(false);
        assert_eq!(key.state(NOW, false), KeyState::Invalid);
        let start = |span| Some(Validity { start: Some(NOW + span), end: None });
        key.validity = start(CLOCK_GRAIN * 2);
        assert_eq!(key.state(NOW, false), KeyState::Early);
        key.validity = start(CLOCK_GRAIN);
        assert_eq!(key.state(NOW, false), KeyState::Invalid, "it has started");
        key.validity = Some(Validity { start: None, end: Some(NOW) });
        assert_eq!(key.state(NOW, false), KeyState::Expired);
    }

    #[test]
    fn an_inactive_key_keeps_its_vlan_and_an_expired_one_does_not() {
        let mut key = key("k", "p", 100);
        key.active = false;
        assert!(key.reserves_vlan(NOW));
        key.validity = Some(Validity { start: None, end: Some(NOW) });
        assert!(key.reserves_vlan(NOW), "Megaport says that it is valid, whatever our clock says");
        key.valid = None;
        assert!(!key.reserves_vlan(NOW));
    }
}
