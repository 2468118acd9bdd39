//! The rule for proposing a VLAN for a new key.

use super::vlan::{VlanId, VlanSet};

/// VLANs reserved for one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The start of the customer's name, in any case.
    pub customer: String,
    /// The lowest VLAN of the block.
    pub first: VlanId,
    /// The highest VLAN of the block.
    pub last: VlanId,
}

/// The configured proposal rule: the customer's own block where there is one, else from
/// `base` up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VlanPolicy {
    /// The start of proposals: lower ones are left to older habits.
    pub base: VlanId,
    /// Among how many of the first free ones to pick; 1 takes the lowest.
    /// Agents who pick among 32 seldom meet on one VLAN.
    pub spread: usize,
    /// The blocks, the first that fits wins. None of another customer's is proposed.
    pub blocks: Vec<Block>,
    /// Ranges that are never proposed.
    pub reserved: Vec<(VlanId, VlanId)>,
    /// The highest that is proposed.
    pub highest: VlanId,
}

impl Default for VlanPolicy {
    fn default() -> Self {
        Self {
            base: super::vlan_map::Vlans::BASE,
            spread: 1,
            blocks: vec![],
            reserved: vec![],
            highest: VlanId::LAST,
        }
    }
}

impl VlanPolicy {
    /// The largest useful [`VlanPolicy::spread`].
    pub const MOST_SPREAD: usize = 256;

    /// Proposes one that is not `taken`: in the block of `customer` while it has free
    /// IDs, else from the base up, else any; never one reserved from that customer.
    /// `seed` picks where there is a spread.
    pub fn propose(&self, taken: &VlanSet, customer: &str, seed: u64) -> Option<VlanId> {
        let taken = &self.closed_to(customer, taken);
        let own = self.block_of(customer);
        let in_block =
            own.and_then(|block| taken.next_free(block.first).filter(|free| *free <= block.last));
        in_block.or_else(|| self.spread_out(taken, seed)).or_else(|| taken.next_free(VlanId::FIRST))
    }

    /// Returns the IDs that are taken or reserved from this customer.
    pub fn closed_to(&self, customer: &str, taken: &VlanSet) -> VlanSet {
        let mut closed = taken.clone();
        let own = self.block_of(customer);
        let others = self.blocks.iter().filter(|block| Some(*block) != own);
        let others = others.map(|block| (block.first, block.last));
        let above = VlanId::new(self.highest.get() + 1).ok().map(|above| (above, VlanId::LAST));
        for (first, last) in others.chain(self.reserved.iter().copied()).chain(above) {
            for id in (first.get()..=last.get()).filter_map(|n| VlanId::new(n).ok()) {
                // Where two blocks overlap, the customer's own counts.
                if !own.is_some_and(|own| (own.first..=own.last).contains(&id)) {
                    closed.insert(id);
                }
            }
        }
        closed
    }

    /// Explains why a VLAN is reserved from a customer; `None` where it is not.
    pub fn why_kept(&self, id: VlanId, customer: &str) -> Option<String> {
        let own = self.block_of(customer);
        if own.is_some_and(|own| (own.first..=own.last).contains(&id)) {
            return None;
        }
        let holds = |first: VlanId, last: VlanId| (first..=last).contains(&id);
        if let Some(block) = self.blocks.iter().find(|block| holds(block.first, block.last)) {
            return Some(format!("reserved for {}", block.customer));
        }
        if self.reserved.iter().any(|(first, last)| holds(*first, *last)) {
            return Some("reserved in config.toml".to_owned());
        }
        (id > self.highest).then(|| format!("above {}, the highest in config.toml", self.highest))
    }

    /// Proposes for the two sides of a pair, by what is taken on each: one VLAN for
    /// both where there is one, else one for each.
    pub fn propose_pair(
        &self,
        [one, other]: [&VlanSet; 2],
        customer: &str,
        seed: u64,
    ) -> [Option<VlanId>; 2] {
        let mut both = one.clone();
        other.iter().for_each(|id| both.insert(id));
        match self.propose(&both, customer, seed) {
            Some(vlan) => [Some(vlan); 2],
            None => [one, other].map(|taken| self.propose(taken, customer, seed)),
        }
    }

    /// Returns the block reserved for `customer`.
    pub fn block_of(&self, customer: &str) -> Option<&Block> {
        let customer = customer.trim().to_lowercase();
        let fits = |block: &&Block| {
            !customer.is_empty() && customer.starts_with(&block.customer.to_lowercase())
        };
        self.blocks.iter().find(fits)
    }

    fn spread_out(&self, taken: &VlanSet, seed: u64) -> Option<VlanId> {
        let after =
            |id: &VlanId| VlanId::new(id.get() + 1).ok().and_then(|next| taken.next_free(next));
        let most = self.spread.clamp(1, Self::MOST_SPREAD);
        let free: Vec<_> =
            std::iter::successors(taken.next_free(self.base), after).take(most).collect();
        let at = usize::try_from(seed % u64::try_from(free.len().max(1)).ok()?).ok()?;
        free.get(at).copied()
    }

    /// Returns the policy in words.
    pub fn says(&self) -> String {
        let base = self.base;
        match self.spread {
            0 | 1 => format!("the lowest free from {base}"),
            n => format!("one of the first {n} free from {base}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u16) -> VlanId {
        VlanId::new(n).expect("legal")
    }

    fn taken(ids: &[u16]) -> VlanSet {
        ids.iter().map(|&n| id(n)).collect()
    }

    #[test]
    fn lowest_free_vlan_is_proposed_wrapping_to_the_bottom() {
        let policy = VlanPolicy::default();
        assert_eq!(policy.propose(&taken(&[100, 101, 103]), "", 9), Some(id(102)));
        let above: VlanSet = (100..=4093).map(id).collect();
        assert_eq!(policy.propose(&above, "", 9), Some(id(2)));
        let all: VlanSet = (2..=4093).map(id).collect();
        assert_eq!(policy.propose(&all, "", 9), None);
    }

    #[test]
    fn pair_shares_one_vlan_or_else_has_one_on_each_side() {
        let policy = VlanPolicy::default();
        let (one, other) = (taken(&[100, 102]), taken(&[101]));
        assert_eq!(policy.propose_pair([&one, &other], "", 0), [Some(id(103)); 2]);
        let (odd, even): (Vec<_>, Vec<_>) = (2..=4093).partition(|n| n % 2 == 1);
        let proposed = policy.propose_pair([&taken(&odd), &taken(&even)], "", 0);
        assert_eq!(proposed, [Some(id(100)), Some(id(101))]);
    }

    #[test]
    fn a_spread_picks_among_the_first_free_ones() {
        let policy = VlanPolicy { spread: 4, ..VlanPolicy::default() };
        let taken = taken(&[101]);
        let picks: Vec<_> =
            (0..5).filter_map(|seed| policy.propose(&taken, "", seed)).map(VlanId::get).collect();
        assert_eq!(picks, [100, 102, 103, 104, 100]);
    }

    #[test]
    fn a_customers_block_comes_first_until_it_is_full() {
        let block = Block { customer: "acme".into(), first: id(200), last: id(201) };
        let policy = VlanPolicy { blocks: vec![block], ..VlanPolicy::default() };
        assert_eq!(policy.propose(&taken(&[200]), "ACME Pty", 0), Some(id(201)));
        assert_eq!(policy.propose(&taken(&[200, 201]), "ACME Pty", 0), Some(id(100)));
        assert_eq!(policy.propose(&taken(&[]), "Borealis", 0), Some(id(100)));
        assert_eq!(policy.propose(&taken(&[]), "", 0), Some(id(100)));
    }

    #[test]
    fn what_is_kept_from_a_customer_is_never_proposed_to_them() {
        let block = Block { customer: "acme".into(), first: id(100), last: id(199) };
        let policy = VlanPolicy {
            blocks: vec![block],
            reserved: vec![(id(200), id(209))],
            highest: id(211),
            ..VlanPolicy::default()
        };
        assert_eq!(policy.propose(&taken(&[]), "Borealis", 0), Some(id(210)));
        assert_eq!(policy.propose(&taken(&[]), "ACME Pty", 0), Some(id(100)));
        let few = taken(&[210, 211]);
        assert_eq!(policy.propose(&few, "Borealis", 0), Some(id(2)), "below the base, if need be");
        let pair = policy.propose_pair([&taken(&[]), &taken(&[210])], "Borealis", 0);
        assert_eq!(pair, [Some(id(211)); 2]);
        let why = |n, customer| policy.why_kept(id(n), customer);
        assert_eq!(why(150, "Borealis").as_deref(), Some("reserved for acme"));
        assert_eq!(why(150, "Acme"), None);
        assert!(why(205, "Acme").is_some_and(|why| why.starts_with("reserved")));
        assert!(why(300, "Acme").is_some_and(|why| why.starts_with("above 211")));
        let full: VlanSet = (2..=99).chain(200..=4093).map(id).collect();
        assert_eq!(policy.propose(&full, "Borealis", 0), None, "rather none than another's");
    }
}
