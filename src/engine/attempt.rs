//! A key being created, from the one request to the evidence that ends it.

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

/// The times of the reads that search a key whose reply was lost, in seconds after the
/// loss. A list may lag behind, so one read proves nothing.
///
/// Most lost replies are of keys that exist already: the first reads are close
/// together, while the customer waits. Each gap is about twice the one before, so that
/// seven requests reach 80 s: that covers a gateway that gives up while Megaport is
/// still creating the key, and it is a small part of the 500 requests in five minutes
/// that one address may send.
pub const LOOKS: [u64; 7] = [0, 2, 5, 10, 20, 40, 80];

/// The times of the reads without a VLAN check, so that only the list can show the key:
/// the window is twice as long.
const LOOKS_WITHOUT_VLAN: [u64; 8] = [0, 2, 5, 10, 20, 40, 80, 160];

/// The times of the reads after an answer that reports that nothing was processed (401,
/// 429).
const LOOKS_NOT_PROCESSED: [u64; 3] = [0, 5, 20];

/// The times of those reads without a VLAN check.
const LOOKS_NOT_PROCESSED_WITHOUT_VLAN: [u64; 3] = [0, 10, 40];

/// The times of the reads after a refusal: once before the refusal is reported, then in
/// the background, since a list may lag.
pub const LOOKS_REFUSED: [u64; 3] = [0, 5, 20];

/// The cause of a search, which decides how long it lasts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Window {
    /// The reply was lost, or cannot be believed.
    #[default]
    Lost,
    /// The API answered that it did not process the request.
    NotProcessed,
    /// The API refused the request. The first whole list decides the report.
    Refused,
}

/// How long the journal may take before a request is cancelled.
pub const WRITING: Duration = Duration::from_secs(10);

/// The progress of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptStage {
    /// It is being journaled; nothing was sent.
    Writing(RequestId),
    /// It was journaled in an earlier session and never sent.
    Waiting,
    /// The request was sent and cannot be recalled.
    Sending,
    /// The key may exist, and the list is searched.
    Looking {
        /// The failure that lost the reply; `None` after a restart.
        failure: Option<Failure>,
        /// The start of the search.
        since: Timestamp,
    },
    /// Keys that could be ours although some values differ; the user has to decide.
    Maybe(Vec<ServiceKey>),
    /// More than one key with our tag: something sent twice.
    Several(Vec<ServiceKey>),
    /// It was certainly not created.
    NotMade(Failure),
    /// The key exists, and the user has not seen it.
    Made(Box<ServiceKey>),
    /// It was created, and its on-ramp's list no longer has it.
    Vanished,
}

impl AttemptStage {
    /// Returns the stage of a request of an earlier session, by its journal.
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

/// Builds the failure of an earlier session's last attempt, of which only the end is
/// known.
fn ended(happened: &str, doubt: Doubt) -> Failure {
    let cause = match doubt {
        Doubt::Refused => Cause::Refused,
        _ => Cause::NotJournaled,
    };
    let advice = "The audit log has the reason (4: activity).".into();
    Failure { cause, happened: happened.into(), advice, trace: None, doubt }
}

/// A reason against another attempt although no key of ours is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// A circuit of this name carries our VLAN.
    InUse(SafeText),
    /// A foreign key, with this label, has our VLAN.
    Foreign(SafeText),
}

/// The progress of the search.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not a state")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// The number of planned reads started.
    pub planned: usize,
    /// The number of reads that returned the whole list without the key.
    pub answered: usize,
    /// Whether a read is in progress.
    pub asking: bool,
    /// The failure of the last read, if it failed.
    pub trouble: Option<Failure>,
    /// The number of entries that the last read could not parse: one of them may be the
    /// key.
    pub unread: usize,
    /// The sign against another attempt in the last read.
    pub sign: Option<Sign>,
    /// Whether the circuits were read whole, and applied, after the planned reads.
    pub circuits: bool,
    /// Whether Megaport reported the VLAN as free, if it was asked.
    pub vlan_is_free: Option<bool>,
    /// Whether it can be asked about the VLAN: of a single-use key with one, on
    /// a Port.
    pub vlan_can_be_asked: bool,
    /// The cause of the search.
    pub window: Window,
    /// The contents of the last whole read.
    pub seen: Option<Seen>,
    /// Whether the last read returned the whole list, and it was not doubtful.
    pub last_whole: bool,
    /// The number of keys listed before that the last read lacked.
    pub missing: usize,
}

/// The contents of a read, for the user who decides by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The time, by the server's clock.
    pub at: Timestamp,
    /// The number of keys on the on-ramp; none of them has the tag.
    pub keys: usize,
    /// The number of its circuits; none of them is on the VLAN.
    pub circuits: usize,
}

impl Search {
    /// Returns a search that follows the end of an attempt.
    pub fn after(window: Window) -> Self {
        Self { window, ..Self::default() }
    }

    /// Returns the times of the planned reads, in seconds after its start.
    pub const fn schedule(&self) -> &'static [u64] {
        match (self.window, self.vlan_can_be_asked) {
            (Window::Lost, true) => &LOOKS,
            (Window::Lost, false) => &LOOKS_WITHOUT_VLAN,
            (Window::NotProcessed, true) => &LOOKS_NOT_PROCESSED,
            (Window::NotProcessed, false) => &LOOKS_NOT_PROCESSED_WITHOUT_VLAN,
            (Window::Refused, _) => &LOOKS_REFUSED,
        }
    }

    /// Returns whether every planned read was started.
    pub const fn is_planned_out(&self) -> bool {
        self.planned >= self.schedule().len()
    }

    /// Returns the number of whole reads needed before the user may send again.
    const fn enough(&self) -> usize {
        match self.window {
            Window::NotProcessed => LOOKS_NOT_PROCESSED.len(),
            Window::Lost | Window::Refused => 1,
        }
    }
}

/// The result of reading the keys of an on-ramp.
#[derive(Debug, Clone)]
pub struct Look {
    /// The number of entries that could not be read.
    pub unread: usize,
    /// The number of keys listed before that it lacks: it is doubtful.
    pub missing: usize,
    /// The time of the read, by the server's clock.
    pub at: Timestamp,
    /// The keys of an unknown on-ramp: the list of on-ramps could not be read, or no
    /// longer has it.
    pub apart: Vec<ServiceKey>,
}

/// A key being created.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The intent, with its state.
    pub standing: IntentStatus,
    /// Whether other keys may be created meanwhile: it is from an earlier session, or
    /// the user has set it aside.
    pub is_set_aside: bool,
    /// Whether it is from an earlier session.
    pub from_previous_session: bool,
    /// The user's other console that works on it, while it runs: this console does not
    /// act on it and does not search.
    pub elsewhere: Option<Running>,
    /// The time it reached this stage, by this host's clock.
    pub since: Timestamp,
    /// Its stage.
    pub stage: AttemptStage,
    /// The progress of its search.
    pub search: Search,
}

impl Attempt {
    /// Returns the time until something has to be done or redrawn; `None` when nothing
    /// is scheduled.
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

    /// Returns whether a planned read is due.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let AttemptStage::Looking { since, .. } = &self.stage else { return false };
        if self.elsewhere.is_some() {
            return false;
        }
        let due = |after: &u64| now >= *since + Duration::from_secs(*after);
        !self.search.asking && self.search.schedule().get(self.search.planned).is_some_and(due)
    }

    /// Returns whether all planned reads are over and enough of them returned the whole
    /// list.
    pub const fn has_looked_enough(&self) -> bool {
        let Search { answered, asking, .. } = self.search;
        let looking = matches!(self.stage, AttemptStage::Looking { .. });
        looking && self.search.is_planned_out() && answered >= self.search.enough() && !asking
    }

    /// Returns whether it needs the API for itself: background reads pause meanwhile.
    /// Once the planned reads are over, other lists are read again, and count as reads
    /// of the search.
    pub const fn needs_the_line(&self) -> bool {
        match self.stage {
            AttemptStage::Looking { .. } => !self.search.is_planned_out() || self.search.asking,
            _ => true,
        }
    }

    /// Returns whether it may exist and is not found yet.
    pub const fn is_in_doubt(&self) -> bool {
        !matches!(
            self.stage,
            AttemptStage::NotMade(_) | AttemptStage::Made(_) | AttemptStage::Waiting
        )
    }

    /// Returns whether its key may exist, or may still be created.
    pub fn may_exist(&self) -> bool {
        !matches!(self.stage, AttemptStage::NotMade(_)) || self.completes_a_pair()
    }

    /// Returns whether it is the second of a pair that was not created, and may be yet:
    /// it reserves its VLAN, and is sent when the user confirms it.
    fn completes_a_pair(&self) -> bool {
        let not_created = matches!(self.stage, AttemptStage::NotMade(_));
        not_created && self.standing.intent.completes_a_pair() && self.standing.is_open()
    }

    /// Returns whether Megaport refused it. A list may lag, so this does not state
    /// whether the key was created.
    pub fn is_refused(&self) -> bool {
        matches!(self.stage, AttemptStage::NotMade(_)) && self.standing.state == State::Refused
    }

    /// Returns whether a search can find anything. A refusal is believed only until a
    /// key with the tag is seen.
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

    /// Returns whether the user may send it: it was never sent; or list and circuits
    /// were read whole, Megaport reports the VLAN as free where it can be asked, and
    /// nothing speaks against it.
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

    /// Returns whether the user may close it for good.
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

    /// Reconciles it with the keys and circuits of its on-ramp; returns the key if it
    /// is certainly ours. `look` is the result of its own read.
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
