//! A Megaport of a few rules, for random runs: it creates keys, lists them, loses
//! answers, and marks every incomplete list.

use std::time::Duration;

use onramp::{
    api::{Cause, Failure, Reply, Request, Unread, VlanAnswer, Write},
    domain::{
        id::OnRampId,
        intent::{Intent, IntentId},
        issuance::Doubt,
        key_order::OrderUse,
        on_ramp::OnRamp,
        service_key::{KeyUse, ServiceKey},
        time::Timestamp,
        vlan::VlanId,
    },
};

use crate::support::{account, all, key};

/// The contents of Megaport.
pub(super) struct Megaport {
    on_ramps: Vec<OnRamp>,
    keys: Vec<ServiceKey>,
    /// The keys created by our requests, by their intents.
    made: Vec<IntentId>,
    /// Whether a VLAN that is taken is refused. Only then may lists lag: else two keys
    /// for one request could not be distinguished from bad luck.
    enforces: bool,
    /// Requests still held by an intermediary.
    parked: Vec<Intent>,
}

pub(super) fn failure(doubt: Doubt) -> Failure {
    let (happened, advice) = ("The line dropped".into(), "Look again.".into());
    Failure { cause: Cause::ConnectionLost, happened, advice, trace: None, doubt }
}

impl Megaport {
    pub(super) fn new(enforces: bool) -> Self {
        let (on_ramps, keys) = account();
        Self { on_ramps, keys, made: vec![], enforces, parked: vec![] }
    }

    /// Returns the number of keys created for an intent.
    pub(super) fn made_of(&self, id: IntentId) -> usize {
        self.made.iter().filter(|made| **made == id).count()
    }

    /// Returns every intent with a created key.
    pub(super) fn made(&self) -> impl Iterator<Item = IntentId> + '_ {
        self.made.iter().copied()
    }

    fn is_taken(&self, on_ramp: &OnRampId, vlan: VlanId) -> bool {
        let of = self.on_ramps.iter().filter(|one| one.id == *on_ramp);
        let circuits = of.flat_map(OnRamp::standing_vxcs).any(|vxc| vxc.vlan.id() == Some(vlan));
        let has = |key: &ServiceKey| match key.usage {
            KeyUse::Single(tag) => tag.id() == Some(vlan),
            KeyUse::Multi => false,
        };
        circuits || self.keys.iter().any(|key| key.on_ramp == *on_ramp && has(key))
    }

    /// Creates a key, unless its VLAN is taken and that counts.
    pub(super) fn make(&mut self, intent: &Intent, now: Timestamp) -> Option<ServiceKey> {
        let order = &intent.order;
        let vlan = match order.usage() {
            OrderUse::Single(vlan) if self.enforces && self.is_taken(order.on_ramp(), vlan) => {
                return None;
            }
            OrderUse::Single(vlan) => i64::from(vlan.get()),
            OrderUse::Untagged => -1,
            OrderUse::Multi => 0,
        };
        let uid = format!("{0:08x}-0000-4000-8000-{0:012x}", self.keys.len());
        let made = key(&uid, order.on_ramp().as_str(), vlan, order.label().as_str());
        let usage = if vlan == 0 { KeyUse::Multi } else { made.usage };
        let made = ServiceKey { created: Some(now + Duration::from_secs(1)), usage, ..made };
        self.keys.push(made.clone());
        self.made.push(intent.id);
        Some(made)
    }

    /// Processes a request that has arrived.
    pub(super) fn receive(
        &mut self,
        intent: Intent,
        how: u8,
        now: Timestamp,
    ) -> Result<Reply, Failure> {
        let lost = Err(failure(Doubt::Unknown));
        match how {
            0 => {
                self.make(&intent, now);
                lost
            }
            1 => lost,
            2 => Err(failure(Doubt::Refused)),
            3 => Err(failure(Doubt::NotSent)),
            4 => Err(failure(Doubt::NotProcessed)),
            5 if self.enforces => {
                self.parked.push(intent);
                lost
            }
            _ => match self.make(&intent, now) {
                Some(key) => Ok(Reply::Created(Box::new(key))),
                None => Err(failure(Doubt::Refused)),
            },
        }
    }

    /// Processes a change that has arrived: disabling is the only one, and an answer to
    /// a circuit is lost.
    pub(super) fn change(&mut self, write: &Write, how: u8) -> Result<Reply, Failure> {
        let Write::UpdateKey(change, _) = write else { return Err(failure(Doubt::Unknown)) };
        let found = self.keys.iter_mut().find(|key| key.id == change.key);
        let Some(key) = found.filter(|_| how > 1) else { return Err(failure(Doubt::Refused)) };
        key.active = change.active.unwrap_or(key.active);
        if how < 5 {
            return Err(failure(Doubt::Unknown));
        }
        Ok(Reply::Updated(Box::new(key.clone())))
    }

    /// Delivers a delayed request after all.
    pub(super) fn land(&mut self, now: Timestamp) {
        for intent in std::mem::take(&mut self.parked) {
            self.make(&intent, now);
        }
    }

    /// Answers a question in one of several ways.
    pub(super) fn answer(&self, request: &Request, how: u8) -> Result<Reply, Failure> {
        match how {
            0 => return Err(failure(Doubt::Unknown)),
            1 => return Err(failure(Doubt::Refused)),
            _ => {}
        }
        let on_ramps = self.on_ramps.iter().skip(usize::from(how == 2)).cloned();
        Ok(match request {
            Request::Products => Reply::Products(all(on_ramps.collect())),
            Request::Keys => Reply::Keys(self.listed(how, |_| true)),
            Request::KeysOf(of) => {
                Reply::KeysOf(of.clone(), self.listed(how, |key| key.on_ramp == *of))
            }
            Request::OnRamp(of) => match self.on_ramps.iter().find(|one| one.id == *of) {
                Some(on_ramp) => Reply::OnRamp(Box::new(on_ramp.clone())),
                None => return Err(failure(Doubt::Refused)),
            },
            Request::Key(id) => match self.keys.iter().find(|key| key.id == *id) {
                Some(key) => Reply::Key(Box::new(key.clone())),
                None => return Err(failure(Doubt::Refused)),
            },
            Request::CheckVlan(of, vlan) if self.is_taken(of, *vlan) => {
                Reply::Vlan(VlanAnswer::Taken(vec![]))
            }
            Request::CheckVlan(..) => Reply::Vlan(VlanAnswer::Free),
            Request::Locations => Reply::Locations(all(vec![])),
            Request::Company => Reply::Company(None),
            Request::RoundTrips(from, _) => Reply::RoundTrips(*from, all(vec![])),
            Request::Events => Reply::Events(all(vec![])),
            Request::Traffic(of, _) => Reply::Traffic(of.clone(), Box::default()),
            Request::PortHealth(of) => Reply::PortHealth(of.clone(), Box::default()),
            Request::ValidateKey(_) => Reply::KeyIsValid(true),
        })
    }

    /// Returns a list of keys: late, with an entry that cannot be read, or whole.
    fn listed(
        &self,
        how: u8,
        of: impl Fn(&ServiceKey) -> bool,
    ) -> onramp::api::Listing<ServiceKey> {
        let late = how == 3 && self.enforces;
        let short = if late || how == 4 { self.keys.len() - self.made.len() } else { usize::MAX };
        let mut list = all(self.keys.iter().take(short).filter(|key| of(key)).cloned().collect());
        if how == 4 {
            list.unread.push(Unread { position: 0, why: "no key".into() });
        }
        list
    }
}
