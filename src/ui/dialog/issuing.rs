//! A key being made, from the one request to the evidence that ends it.

use std::time::Duration;

use crate::{
    api::{Failure, RequestId},
    domain::{
        fingerprint::Fingerprint,
        inventory::Inventory,
        issuance::{self, Evidence},
        ledger::{Standing, State},
        on_ramp::OnRamp,
        service_key::ServiceKey,
        text::SafeText,
        time::Timestamp,
    },
};

/// When to look for a key whose reply was lost, in seconds after the loss. A
/// list may lag behind, so one look proves nothing.
pub const LOOKS: [u64; 7] = [0, 2, 5, 10, 20, 40, 80];

/// How long the journal may take before a request is called off.
pub const WRITING: Duration = Duration::from_secs(10);

/// How far it has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It is being written down; nothing has left.
    Writing(RequestId),
    /// It was written down in an earlier session and never sent.
    Waiting,
    /// The request has left and can not be recalled.
    Sending,
    /// The key may exist, and the list is searched.
    Looking {
        /// How the reply was lost; `None` after a restart.
        failure: Option<Failure>,
        /// When the search began.
        since: Timestamp,
    },
    /// Keys that could be ours though not all is as it was sent; a person has
    /// to say which.
    Maybe(Vec<ServiceKey>),
    /// More than one key with our tag: something sent twice.
    Several(Vec<ServiceKey>),
    /// It was not made, for certain.
    NotMade(Failure),
    /// It was made, and nobody has seen it.
    Made(Box<ServiceKey>),
    /// It was made, and its on-ramp's list does not have it any more.
    Vanished,
}

/// What speaks against another attempt though no key of ours is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// A circuit of this name carries our VLAN.
    InUse(SafeText),
    /// Somebody else's key, with this label, has our VLAN.
    Foreign(SafeText),
}

/// How the search goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// How many of the planned looks were started.
    pub planned: usize,
    /// How many looks read the whole list and did not find it.
    pub answered: usize,
    /// Whether a look is under way.
    pub asking: bool,
    /// Why the last look failed, if it did.
    pub trouble: Option<Failure>,
    /// How many entries the last look could not read: one of them may be it.
    pub unread: usize,
    /// What the last look saw instead.
    pub sign: Option<Sign>,
    /// Whether the circuits were read, and taken over, once the planned looks
    /// were over.
    pub circuits: bool,
    /// Whether Megaport says the VLAN is free, where it was asked.
    pub vlan_is_free: Option<bool>,
}

/// What a look at the keys of an on-ramp has read.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// How many entries could not be read.
    pub unread: usize,
    /// The keys, where the on-ramp itself is not known: the list of on-ramps
    /// could not be read, or does not have it any more.
    pub apart: Vec<ServiceKey>,
}

/// A key being made.
#[derive(Debug, Clone)]
pub struct Issuing {
    /// The intent, and where it stands.
    pub standing: Standing,
    /// Whether other keys may be made meanwhile: it is from an earlier
    /// session, or somebody has set it aside.
    pub aside: bool,
    /// Whether it is from an earlier session.
    pub earlier: bool,
    /// When it got here, by this host's clock.
    pub since: Timestamp,
    /// How far it has got.
    pub stage: Stage,
    /// How the search for it goes.
    pub search: Search,
}

impl Issuing {
    /// How long until something has to be done or redrawn; `None` when nothing
    /// will happen by itself.
    pub fn acts_in(&self, now: Timestamp) -> Option<Duration> {
        match &self.stage {
            Stage::Sending | Stage::Writing(_) => Some(Duration::from_secs(1)),
            Stage::Looking { .. } if self.search.asking => Some(Duration::from_secs(1)),
            Stage::Looking { since, .. } => {
                let at = *since + Duration::from_secs(*LOOKS.get(self.search.planned)?);
                Some(at.since(now).max(Duration::from_millis(1)))
            }
            _ => None,
        }
    }

    /// Whether a planned look is due.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let Stage::Looking { since, .. } = &self.stage else { return false };
        let due = |after: &u64| now >= *since + Duration::from_secs(*after);
        !self.search.asking && LOOKS.get(self.search.planned).is_some_and(due)
    }

    /// Whether all planned looks are over and at least one read the whole list.
    pub const fn has_looked_enough(&self) -> bool {
        let Search { planned, answered, asking, .. } = self.search;
        let looking = matches!(self.stage, Stage::Looking { .. });
        looking && planned >= LOOKS.len() && answered > 0 && !asking
    }

    /// Whether it may exist and is not found yet.
    pub const fn is_in_doubt(&self) -> bool {
        !matches!(self.stage, Stage::NotMade(_) | Stage::Made(_) | Stage::Waiting)
    }

    /// Whether a key of it may exist, or come to be.
    pub const fn may_come_true(&self) -> bool {
        !matches!(self.stage, Stage::NotMade(_))
    }

    /// Whether a look can find anything out.
    pub const fn can_be_looked_for(&self) -> bool {
        matches!(
            self.stage,
            Stage::Looking { .. } | Stage::Maybe(_) | Stage::Several(_) | Stage::Vanished
        )
    }

    /// Whether a person may send it: it was never sent, or everything was
    /// looked at and nothing speaks against it.
    pub fn may_be_sent(&self) -> bool {
        let Search { sign, circuits, vlan_is_free, .. } = &self.search;
        let nothing = sign.is_none() && *circuits && *vlan_is_free != Some(false);
        match &self.stage {
            Stage::Waiting => true,
            Stage::Looking { .. } => {
                let made = matches!(self.standing.state, State::Created(_));
                !made && self.has_looked_enough() && nothing
            }
            _ => false,
        }
    }

    /// Whether a person may close it for good.
    pub const fn may_be_closed(&self) -> bool {
        let asked = matches!(self.stage, Stage::Waiting | Stage::Maybe(_) | Stage::Several(_));
        asked || self.has_looked_enough()
    }

    /// Weighs what is on its on-ramp; the key, if it is certain which one is
    /// ours. `look` is what a look of its own has read.
    pub fn weigh(&mut self, inventory: &Inventory, look: Option<&Look>) -> Option<ServiceKey> {
        let intent = &self.standing.intent;
        let on_ramp = intent.order.on_ramp();
        let apart = look.into_iter().flat_map(|look| look.apart.iter().cloned());
        let mut listed = inventory.keys_of(on_ramp).cloned().chain(apart);
        let whole = look.is_some_and(|look| look.unread == 0);
        if let State::Created(print) = self.standing.state {
            let found = listed.find(|key| Fingerprint::of(&key.id) == print);
            if found.is_none() && whole {
                self.stage = Stage::Vanished;
            }
            return found;
        }
        let circuits = inventory.on_ramp(on_ramp);
        let circuits = circuits.into_iter().flat_map(OnRamp::standing_vxcs);
        let evidence = issuance::reconcile(intent, listed, circuits);
        self.search.sign = None;
        match evidence {
            Evidence::Ours(key) => return Some(key),
            Evidence::Maybe(keys) => self.stage = Stage::Maybe(keys),
            Evidence::Several(keys) => self.stage = Stage::Several(keys),
            Evidence::InUse(name) => self.search.sign = Some(Sign::InUse(name)),
            Evidence::Foreign(key) => self.search.sign = Some(Sign::Foreign(key.label)),
            Evidence::NotSeen => {}
        }
        if whole {
            self.search.answered += 1;
        }
        None
    }
}
