//! VLAN IDs and sets of them.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// A VLAN ID that a single-use service key may carry.
///
/// Legal IDs run from 2 to 4093 inclusive and are unique on one on-ramp.
/// Source: Megaport, "Managing VLAN IDs" (service-provider guide).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VlanId(u16);

/// A number outside 2 to 4093.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a VLAN ID is 2 to 4093")]
pub struct VlanError;

impl VlanId {
    /// The lowest legal ID.
    pub const FIRST: Self = Self(2);
    /// The highest legal ID.
    pub const LAST: Self = Self(4093);
    /// The number of legal IDs.
    pub const COUNT: usize = 4092;

    /// Checks `raw` against the legal range.
    pub const fn new(raw: u16) -> Result<Self, VlanError> {
        if raw >= Self::FIRST.0 && raw <= Self::LAST.0 { Ok(Self(raw)) } else { Err(VlanError) }
    }

    /// Returns the number.
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// Reads digits, with or without blanks around them, and nothing else.
impl FromStr for VlanId {
    type Err = VlanError;

    fn from_str(text: &str) -> Result<Self, VlanError> {
        let digits = text.trim();
        // The number type would take a sign, too.
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(VlanError);
        }
        digits.parse().map_err(|_| VlanError).and_then(Self::new)
    }
}

impl fmt::Display for VlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The vendor's value for a service's VLAN at our end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VlanTag {
    /// A legal ID.
    Tagged(VlanId),
    /// Explicitly untagged (`-1`): it takes the whole on-ramp.
    Untagged,
    /// No value (`null`, `0` or absent): untagged, ended or unknown.
    Unstated,
    /// A number outside the legal range, kept to be shown as unusual.
    Unusual(i32),
}

impl VlanTag {
    /// Reads the vendor's number.
    pub fn from_wire(raw: Option<i64>) -> Self {
        match raw {
            None | Some(0) => Self::Unstated,
            Some(-1) => Self::Untagged,
            Some(n) => match u16::try_from(n).ok().and_then(|n| VlanId::new(n).ok()) {
                Some(id) => Self::Tagged(id),
                None => Self::Unusual(i32::try_from(n).unwrap_or(i32::MAX)),
            },
        }
    }

    /// Returns the vendor's number; `None` where none is given.
    pub fn number(self) -> Option<i32> {
        match self {
            Self::Tagged(id) => Some(id.get().into()),
            Self::Untagged => Some(-1),
            Self::Unstated => None,
            Self::Unusual(number) => Some(number),
        }
    }

    /// Returns the legal ID, where there is one.
    pub const fn id(self) -> Option<VlanId> {
        if let Self::Tagged(id) = self { Some(id) } else { None }
    }
}

impl fmt::Display for VlanTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tagged(id) => fmt::Display::fmt(id, f),
            Self::Untagged => f.pad("untagged"),
            Self::Unstated => f.pad("–"),
            Self::Unusual(n) => f.pad(&format!("{n}?")),
        }
    }
}

/// A set of VLAN IDs, as a bitmap of 512 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct VlanSet([u64; 64]);

impl Default for VlanSet {
    fn default() -> Self {
        Self([0; 64])
    }
}

impl VlanSet {
    /// Adds `id`.
    pub const fn insert(&mut self, id: VlanId) {
        self.0[id.0 as usize / 64] |= 1 << (id.0 % 64);
    }

    /// Takes `id` out.
    pub const fn remove(&mut self, id: VlanId) {
        self.0[id.0 as usize / 64] &= !(1 << (id.0 % 64));
    }

    /// Returns whether `id` is in the set.
    pub const fn holds(&self, id: VlanId) -> bool {
        self.0[id.0 as usize / 64] & (1 << (id.0 % 64)) != 0
    }

    /// Returns the number of IDs in the set.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Returns whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    /// Returns the lowest ID from `from` upwards that is **not** in the set.
    pub fn next_free(&self, from: VlanId) -> Option<VlanId> {
        let mut word = usize::from(from.0) / 64;
        let mut free = !self.0[word] & (u64::MAX << (from.0 % 64));
        loop {
            if free != 0 {
                return legal(word, free.trailing_zeros());
            }
            word += 1;
            free = !*self.0.get(word)?;
        }
    }

    /// Returns the highest ID from `from` downwards that is **not** in the set.
    pub fn previous_free(&self, from: VlanId) -> Option<VlanId> {
        let mut word = usize::from(from.0) / 64;
        let mut free = !self.0[word] & (u64::MAX >> (63 - from.0 % 64));
        loop {
            if free != 0 {
                return legal(word, free.ilog2());
            }
            word = word.checked_sub(1)?;
            free = !self.0[word];
        }
    }

    /// Returns the IDs in the set, ascending.
    pub fn iter(&self) -> impl Iterator<Item = VlanId> + '_ {
        (VlanId::FIRST.0..=VlanId::LAST.0).map(VlanId).filter(|&id| self.holds(id))
    }
}

/// Returns the ID at `bit` of `word`, if it is a legal one.
fn legal(word: usize, bit: u32) -> Option<VlanId> {
    u16::try_from(word * 64).ok().and_then(|n| VlanId::new(n + u16::try_from(bit).ok()?).ok())
}

impl FromIterator<VlanId> for VlanSet {
    fn from_iter<I: IntoIterator<Item = VlanId>>(ids: I) -> Self {
        let mut set = Self::default();
        ids.into_iter().for_each(|id| set.insert(id));
        set
    }
}

impl fmt::Debug for VlanSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(VlanId::get)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::btree_set, prelude::*};

    fn id() -> impl Strategy<Value = VlanId> {
        (2u16..=4093).prop_map(VlanId)
    }

    #[test]
    fn only_2_to_4093_are_vlan_ids() {
        assert!(VlanId::new(1).is_err() && VlanId::new(4094).is_err() && VlanId::new(0).is_err());
        assert!(VlanId::new(2).is_ok() && VlanId::new(4093).is_ok());
    }

    #[test]
    fn odd_numbers_are_kept_to_be_shown_and_never_become_ids() {
        for odd in [1, 4094, 4095, 65535, 1 << 40, -2] {
            assert!(matches!(VlanTag::from_wire(Some(odd)), VlanTag::Unusual(_)), "{odd}");
        }
        assert_eq!(VlanTag::from_wire(Some(-1)), VlanTag::Untagged);
        assert_eq!(VlanTag::from_wire(Some(0)), VlanTag::Unstated);
    }

    #[test]
    fn a_full_on_ramp_has_no_free_vlan_in_either_direction() {
        let full: VlanSet = (2..=4093).map(VlanId).collect();
        assert_eq!(full.len(), VlanId::COUNT);
        assert_eq!(full.next_free(VlanId::FIRST), None);
        assert_eq!(full.previous_free(VlanId::LAST), None);
    }

    proptest! {
        #[test]
        fn the_bitmap_agrees_with_an_ordinary_set(taken in btree_set(id(), 0..300), from in id()) {
            let set: VlanSet = taken.iter().copied().collect();
            prop_assert_eq!(set.len(), taken.len());
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), taken.iter().copied().collect::<Vec<_>>());
            let up = (from.0..=4093).map(VlanId).find(|id| !taken.contains(id));
            let down = (2..=from.0).rev().map(VlanId).find(|id| !taken.contains(id));
            prop_assert_eq!(set.next_free(from), up);
            prop_assert_eq!(set.previous_free(from), down);
        }
    }
}
