//! A key being made, from the one request to the evidence that ends it.

use std::time::Duration;

use crate::{
    api::{Cause, Failure, RequestId, journal::Running},
    domain::{
        fingerprint::Fingerprint,
        inventory::Inventory,
        issuance::{self, Doubt, Evidence},
        ledger::{IntentStatus, State},
        on_ramp::OnRamp,
        service_key::ServiceKey,
        text::SafeText,
        time::Timestamp,
    },
};

/// When to look for a key whose reply was lost, in seconds after the loss. A
/// list may lag behind, so one look proves nothing.
///
/// Most lost replies are of keys that exist already: the first looks are close together,
/// while the customer waits. Each gap is about twice the one before, so that seven requests
/// reach 80 s: that covers a gateway that gives up while Megaport is still creating
/// the key, and it is a small part of the 500 requests in five
/// minutes that one address may send.
pub const LOOKS: [u64; 7] = [0, 2, 5, 10, 20, 40, 80];

/// The same where no VLAN can be asked about, so that the list alone has to
/// tell: the window is twice as long.
const LOOKS_WITHOUT_VLAN: [u64; 8] = [0, 2, 5, 10, 20, 40, 80, 160];

/// When to look after an answer that says that nothing was processed (401, 429).
const LOOKS_NOT_PROCESSED: [u64; 3] = [0, 5, 20];

/// The same where no VLAN can be asked about.
const LOOKS_NOT_PROCESSED_WITHOUT_VLAN: [u64; 3] = [0, 10, 40];

/// When to look after a refusal: once before anything is said of it, then in
/// the background, since a list may lag.
pub const LOOKS_REFUSED: [u64; 3] = [0, 5, 20];

/// What a search follows, and so how long it lasts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Window {
    /// The reply was lost, or cannot be believed.
    #[default]
    Lost,
    /// The API answered that it did not process the request.
    NotProcessed,
    /// The API refused the request. The first whole list decides what is said.
    Refused,
}

/// How long the journal may take before a request is called off.
pub const WRITING: Duration = Duration::from_secs(10);

/// How far it has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptStage {
    /// It is being written down; nothing has left.
    Writing(RequestId),
    /// It was written down in an earlier session and never sent.
    Waiting,
    /// The request has left and cannot be recalled.
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

impl AttemptStage {
    /// How far a request of an earlier session has got, by its journal.
    pub fn of_earlier(standing: &IntentStatus, now: Timestamp) -> Self {
        match standing.state {
            State::Prepared => Self::Waiting,
            State::Refused => Self::NotMade(ended("Megaport refused it", Doubt::Refused)),
            State::NotSent => {
                Self::NotMade(ended("It was not sent from this host", Doubt::NotSent))
            }
            _ => Self::Looking { failure: None, since: now },
        }
    }
}

/// How the last attempt of an earlier session ended, of which only the end is known.
fn ended(happened: &str, doubt: Doubt) -> Failure {
    let cause = match doubt {
        Doubt::Refused => Cause::Refused,
        _ => Cause::NotJournaled,
    };
    let advice = "The audit log has the reason (4: activity).".into();
    Failure { cause, happened: happened.into(), advice, trace: None, doubt }
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
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not a state")]
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
    /// Whether the circuits were read whole, and taken over, once the planned
    /// looks were over.
    pub circuits: bool,
    /// Whether Megaport says the VLAN is free, where it was asked.
    pub vlan_is_free: Option<bool>,
    /// Whether it can be asked about the VLAN: of a single-use key with one, on
    /// a Port.
    pub vlan_can_be_asked: bool,
    /// What the search follows.
    pub window: Window,
    /// What the last whole look has seen.
    pub seen: Option<Seen>,
    /// Whether the last look read the whole list, and it was not doubtful.
    pub last_whole: bool,
    /// How many keys the last look lacked that were listed before.
    pub missing: usize,
}

/// What a look has seen, for a person who decides by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// How many keys the on-ramp has; none of them has the tag.
    pub keys: usize,
    /// How many circuits it has; none of them is on the VLAN.
    pub circuits: usize,
}

impl Search {
    /// A search that follows the end of an attempt.
    pub fn after(window: Window) -> Self {
        Self { window, ..Self::default() }
    }

    /// When to look, in seconds after it began.
    pub const fn schedule(&self) -> &'static [u64] {
        match (self.window, self.vlan_can_be_asked) {
            (Window::Lost, true) => &LOOKS,
            (Window::Lost, false) => &LOOKS_WITHOUT_VLAN,
            (Window::NotProcessed, true) => &LOOKS_NOT_PROCESSED,
            (Window::NotProcessed, false) => &LOOKS_NOT_PROCESSED_WITHOUT_VLAN,
            (Window::Refused, _) => &LOOKS_REFUSED,
        }
    }

    /// Whether every planned look was started.
    pub const fn is_planned_out(&self) -> bool {
        self.planned >= self.schedule().len()
    }

    /// How many whole looks it takes before a person may send again.
    const fn enough(&self) -> usize {
        match self.window {
            Window::NotProcessed => LOOKS_NOT_PROCESSED.len(),
            Window::Lost | Window::Refused => 1,
        }
    }
}

/// What a look at the keys of an on-ramp has read.
#[derive(Debug, Clone)]
pub struct Look {
    /// How many entries could not be read.
    pub unread: usize,
    /// How many keys it lacks that were listed before: it is doubtful.
    pub missing: usize,
    /// When it was read, by the server's clock.
    pub at: Timestamp,
    /// The keys, where the on-ramp itself is not known: the list of on-ramps
    /// could not be read, or does not have it any more.
    pub apart: Vec<ServiceKey>,
}

/// A key being made.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The intent, and where it stands.
    pub standing: IntentStatus,
    /// Whether other keys may be made meanwhile: it is from an earlier
    /// session, or somebody has set it aside.
    pub is_set_aside: bool,
    /// Whether it is from an earlier session.
    pub from_previous_session: bool,
    /// The other console of this user that is at it, while it runs: nobody acts on
    /// it from here, and nothing is looked for.
    pub elsewhere: Option<Running>,
    /// When it got here, by this host's clock.
    pub since: Timestamp,
    /// How far it has got.
    pub stage: AttemptStage,
    /// How the search for it goes.
    pub search: Search,
}

impl Attempt {
    /// How long until something has to be done or redrawn; `None` when nothing
    /// will happen by itself.
    pub fn acts_in(&self, now: Timestamp) -> Option<Duration> {
        match &self.stage {
            _ if self.elsewhere.is_some() => None,
            AttemptStage::Sending | AttemptStage::Writing(_) => Some(Duration::from_secs(1)),
            AttemptStage::Looking { .. } if self.search.asking => Some(Duration::from_secs(1)),
            AttemptStage::Looking { since, .. } => {
                let next = *self.search.schedule().get(self.search.planned)?;
                let at = *since + Duration::from_secs(next);
                Some(at.since(now).max(Duration::from_millis(1)))
            }
            _ => None,
        }
    }

    /// Whether a planned look is due.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let AttemptStage::Looking { since, .. } = &self.stage else { return false };
        if self.elsewhere.is_some() {
            return false;
        }
        let due = |after: &u64| now >= *since + Duration::from_secs(*after);
        !self.search.asking && self.search.schedule().get(self.search.planned).is_some_and(due)
    }

    /// Whether all planned looks are over and enough of them read the whole
    /// list.
    pub const fn has_looked_enough(&self) -> bool {
        let Search { answered, asking, .. } = self.search;
        let looking = matches!(self.stage, AttemptStage::Looking { .. });
        looking && self.search.is_planned_out() && answered >= self.search.enough() && !asking
    }

    /// Whether it needs the line to the API for itself: nothing else is read by
    /// itself meanwhile. Once the planned looks are over, other lists are read
    /// again, and count as looks.
    pub const fn needs_the_line(&self) -> bool {
        match self.stage {
            AttemptStage::Looking { .. } => !self.search.is_planned_out() || self.search.asking,
            _ => true,
        }
    }

    /// Whether it may exist and is not found yet.
    pub const fn is_in_doubt(&self) -> bool {
        !matches!(
            self.stage,
            AttemptStage::NotMade(_) | AttemptStage::Made(_) | AttemptStage::Waiting
        )
    }

    /// Whether a key of it may exist, or come to be.
    pub fn may_exist(&self) -> bool {
        !matches!(self.stage, AttemptStage::NotMade(_)) || self.completes_a_pair()
    }

    /// Whether it is the second of a pair that was not created, and may be yet: it
    /// keeps its VLAN, and is sent when a person says so.
    fn completes_a_pair(&self) -> bool {
        let not_created = matches!(self.stage, AttemptStage::NotMade(_));
        not_created && self.standing.intent.completes_a_pair() && self.standing.is_open()
    }

    /// Whether Megaport refused it. A list may lag, so nothing is said of whether
    /// it was made.
    pub fn is_refused(&self) -> bool {
        matches!(self.stage, AttemptStage::NotMade(_)) && self.standing.state == State::Refused
    }

    /// Whether a look can find anything out. A refusal is believed only until
    /// a key with the tag is seen.
    pub fn is_searchable(&self) -> bool {
        match &self.stage {
            _ if self.elsewhere.is_some() => false,
            AttemptStage::Looking { .. }
            | AttemptStage::Maybe(_)
            | AttemptStage::Several(_)
            | AttemptStage::Vanished => true,
            AttemptStage::NotMade(_) => self.is_refused() || self.standing.attempts > 1,
            _ => false,
        }
    }

    /// Whether a person may send it: it was never sent; or the list was read
    /// whole, the circuits were, Megaport says that the VLAN is free wherever it
    /// can be asked, and nothing speaks against it.
    pub fn may_be_sent(&self) -> bool {
        let Search { sign, circuits, vlan_is_free, vlan_can_be_asked, last_whole, .. } =
            &self.search;
        let free = if *vlan_can_be_asked { *vlan_is_free == Some(true) } else { true };
        let nothing = sign.is_none() && *last_whole && *circuits && free;
        match &self.stage {
            _ if self.elsewhere.is_some() => false,
            AttemptStage::Waiting => true,
            AttemptStage::NotMade(_) => self.completes_a_pair(),
            AttemptStage::Looking { .. } => {
                let made = matches!(self.standing.state, State::Created(_));
                !made && self.has_looked_enough() && nothing
            }
            _ => false,
        }
    }

    /// Whether a person may close it for good.
    pub fn may_be_closed(&self) -> bool {
        if self.elsewhere.is_some() {
            return false;
        }
        let asked = matches!(
            self.stage,
            AttemptStage::Waiting | AttemptStage::Maybe(_) | AttemptStage::Several(_)
        );
        asked || self.completes_a_pair() || self.has_looked_enough()
    }

    /// Weighs what is on its on-ramp; the key, if it is certain which one is
    /// ours. `look` is what a look of its own has read.
    pub fn reconcile(&mut self, inventory: &Inventory, look: Option<&Look>) -> Option<ServiceKey> {
        let intent = &self.standing.intent;
        let on_ramp = intent.order.on_ramp();
        let apart = look.into_iter().flat_map(|look| look.apart.iter().cloned());
        let mut listed = inventory.keys_of(on_ramp).cloned().chain(apart);
        let whole = look.is_some_and(|look| look.unread == 0 && look.missing == 0);
        if let Some(look) = look {
            self.search.last_whole = whole;
            (self.search.unread, self.search.missing) = (look.unread, look.missing);
        }
        if let State::Created(print) = self.standing.state {
            let found = listed.find(|key| Fingerprint::of_key(&key.id) == print);
            if found.is_none() && whole {
                self.stage = AttemptStage::Vanished;
            }
            return found;
        }
        let circuits = inventory.on_ramp(on_ramp);
        let circuits = circuits.into_iter().flat_map(OnRamp::standing_vxcs);
        let seen = |at| Seen {
            at,
            keys: inventory.key_count_of(on_ramp),
            circuits: inventory.on_ramp(on_ramp).map_or(0, |one| one.standing_vxcs().count()),
        };
        let seen = look.filter(|_| whole).map(|look| seen(look.at));
        let evidence = issuance::reconcile(intent, listed, circuits);
        if let AttemptStage::NotMade(_) = self.stage {
            // Only a key with the tag speaks against a refusal.
            match evidence {
                Evidence::Ours(key) => return Some(key),
                Evidence::Several(keys) => self.stage = AttemptStage::Several(keys),
                _ => {}
            }
            return None;
        }
        self.search.sign = None;
        self.search.seen = seen.or(self.search.seen);
        match evidence {
            Evidence::Ours(key) => return Some(key),
            Evidence::Maybe(keys) => self.stage = AttemptStage::Maybe(keys),
            Evidence::Several(keys) => self.stage = AttemptStage::Several(keys),
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
