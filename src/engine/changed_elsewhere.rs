//! Keys that were changed outside this host's record: their expected values, their
//! listed ones, and the ways to settle them.
//!
//! The record is this host's alone. A colleague may rightly change a key from another
//! host, so the wording blames no user: both values are shown, and the user restores
//! the old ones or accepts the listed ones.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    api::KeyChange,
    domain::{
        alteration::{Alteration, ChangeStep, Subject},
        audit::{Act, KeyMark},
        drift::{self, Drifted},
        fingerprint::Fingerprint,
        id::{KeyId, OnRampId},
        intent::IntentId,
        key_difference::{Difference, describe},
        key_values::{Basis, KeyValues},
        ledger::State,
        service_key::{ServiceKey, Validity},
        text::SafeText,
        vlan::VlanId,
        watch::News,
    },
};

use super::{
    attempt::AttemptStage,
    effect::{Event, Outcome},
    not_now::NotNow,
    state::Engine,
};

impl Engine {
    /// Returns the differences of every key that was changed outside this host's
    /// record.
    pub const fn drifted(&self) -> &Drifted {
        &self.drift.differences
    }

    /// Returns the drift of one key; empty if it is as expected.
    pub fn drift_of(&self, key: &KeyId) -> &[Difference] {
        if self.drift.differences.is_empty() {
            return &[];
        }
        self.drift.differences.get(&Fingerprint::of_key(key)).map_or(&[], Vec::as_slice)
    }

    /// Returns the label of a key by this host's record, where Megaport has lost it.
    pub fn label_on_record(&self, key: &ServiceKey) -> Option<&SafeText> {
        if !key.label.is_empty() {
            return None;
        }
        let expected = self.drift.expected.get(&Fingerprint::of_key(&key.id));
        let of_order = || self.memory_of(key).map(|memory| &memory.label);
        let labels = [expected.map(|values| &values.label), of_order()];
        labels.into_iter().flatten().find(|label| !label.is_empty())
    }

    /// Returns the VLANs on an on-ramp of keys that were changed elsewhere and lost
    /// them: they stay reserved, as they may be restored.
    pub(super) fn changed_vlans(
        &self,
        on_ramp: &OnRampId,
    ) -> impl Iterator<Item = (VlanId, &SafeText)> {
        let place = self.inventory.place(on_ramp);
        let moved = |one: &Difference| matches!(one, Difference::Usage(..) | Difference::OnRamp(_));
        let moved = self.drift.differences.iter().filter(move |(_, all)| all.iter().any(moved));
        let values = moved.filter_map(|(print, _)| self.drift.expected.get(print));
        let here = values.filter(move |values| self.inventory.place(&values.on_ramp) == place);
        here.filter_map(|values| Some((values.usage.own_vlan()?.id()?, &values.label)))
    }

    /// Returns the change that restores a key to its order or last values; `None` if it
    /// has them. It cannot restore the on-ramp.
    pub fn change_back(&self, key: &ServiceKey) -> Option<KeyChange> {
        let values = self.drift.expected.get(&Fingerprint::of_key(&key.id))?;
        let mut change = KeyChange::new(key.id.clone());
        for one in self.drift_of(&key.id) {
            match one {
                Difference::Active(_) => change.active = Some(values.active),
                Difference::Label(..) => change.label = Some(values.label.clone()),
                Difference::Rate(..) => change.rate = values.rate,
                Difference::Start(..) | Difference::End(..) => {
                    let start = |window: Option<Validity>| window.and_then(|window| window.start);
                    let start = start(values.validity).or(start(key.validity));
                    let window = Validity { start, end: values.end() };
                    change.validity = Some(Some(window).filter(|one| *one != Validity::default()));
                }
                Difference::PreApproved(_) => change.pre_approved = values.pre_approved,
                Difference::Usage(..) => change.usage = Some(values.usage),
                Difference::OnRamp(_) | Difference::Expired | Difference::NotValid => {}
            }
        }
        (!change.is_empty()).then_some(change)
    }

    /// Takes the listed values of a key as the ones it is to have, and writes that
    /// down.
    pub fn take_as_listed(&mut self, key: &ServiceKey) -> Result<Outcome, NotNow> {
        let print = Fingerprint::of_key(&key.id);
        if let Some(why) = self.journal.trouble() {
            return Err(NotNow::Unready(why));
        }
        if self.keys_in_change().contains(&print) {
            return Err(NotNow::ChangeOpen);
        }
        let id = IntentId(self.journal.seed.as_mut().ok_or(NotNow::NoNames)?.draw());
        let what = SafeText::clean(&describe(self.drift_of(&key.id)));
        self.record_values(id, key, what.clone());
        self.audit_act(Act::Taken { key: KeyMark::new(key), what });
        Ok(self.finish())
    }

    /// Journals that a key is expected as listed.
    fn record_values(&mut self, id: IntentId, key: &ServiceKey, what: SafeText) {
        let (print, values) = (Fingerprint::of_key(&key.id), KeyValues::of_key(key));
        let change = Alteration {
            id,
            subject: Subject::Key(print),
            name: key.label.clone(),
            what,
            to: Some(Box::new(values.clone())),
        };
        let at = self.server_now();
        self.record_turn(id, at, ChangeStep::Begun(Box::new(change)));
        self.record_turn(id, at, ChangeStep::Done);
        self.expect(print, values);
    }

    /// Expects a new key to stay as it is, once the user has seen it, and on its card
    /// how it differs from its order.
    pub(super) fn expect_as_created(&mut self, id: IntentId) {
        let Some(AttemptStage::Made(key)) = self.attempt(id).map(|one| &one.stage) else { return };
        let key = (**key).clone();
        let expected = self.drift.expected.get(&Fingerprint::of_key(&key.id));
        let differences = expected.map(|values| drift::differences(&self.inventory, values, &key));
        let differences = differences.unwrap_or_default();
        let name = self.journal.seed.as_mut().map(|seed| IntentId(seed.draw()));
        if let Some(name) = name.filter(|_| !differences.is_empty()) {
            self.record_values(name, &key, SafeText::clean(&describe(&differences)));
        }
    }

    /// Expects these values of a key from now on. That it has them is no news.
    pub(super) fn expect(&mut self, print: Fingerprint, values: KeyValues) {
        // A new key's difference from its order is shown on its card, and the outcome
        // of a running change is unknown.
        let settled = !self.keys_in_change().contains(&print);
        let key = self.listed(print).filter(|_| settled);
        let differences = key.map(|key| drift::differences(&self.inventory, &values, key));
        self.drift.expected.insert(print, values);
        match differences.filter(|differences| !differences.is_empty()) {
            Some(differences) => drop(self.drift.differences.insert(print, differences)),
            None => drop(self.drift.differences.remove(&print)),
        }
    }

    fn listed(&self, print: Fingerprint) -> Option<&ServiceKey> {
        self.inventory.keys().find(|key| Fingerprint::of_key(&key.id) == print)
    }

    /// Expects the values of a change that was made here.
    pub(super) fn expect_changed(&mut self, change: &Alteration) {
        if let (Subject::Key(print), Some(values)) = (&change.subject, &change.to) {
            self.expect(*print, (**values).clone());
        }
    }

    /// Expects a key to stay as it is, once the user has seen it after a change in
    /// doubt.
    pub(super) fn expect_as_seen(&mut self, subject: &Subject) {
        let Subject::Key(print) = *subject else { return };
        if let Some(values) = self.listed(print).map(KeyValues::of_key) {
            self.expect(print, values);
        }
    }

    /// Compares every listed key with its expected values, and reports new changes made
    /// elsewhere.
    pub(super) fn compare_with_expected(&mut self) {
        if !self.inventory.keys_known() {
            return;
        }
        let in_change = self.keys_in_change();
        let before = std::mem::take(&mut self.drift.differences);
        let (mut now, mut news, mut seen) = (BTreeMap::new(), vec![], vec![]);
        for key in self.inventory.keys() {
            let print = Fingerprint::of_key(&key.id);
            let was = before.get(&print);
            // The outcome of a running change is not known yet.
            if in_change.contains(&print) {
                now.extend(was.map(|was| (print, was.clone())));
                continue;
            }
            let values = self.drift.expected.get(&print);
            let differences = values.map(|values| drift::differences(&self.inventory, values, key));
            let differences = differences.unwrap_or_default();
            let is_settled = values.is_some_and(|values| values.basis == Basis::List);
            if differences.is_empty() && !is_settled {
                seen.push((print, KeyValues::of_key(key)));
            }
            if was.map_or(&[][..], Vec::as_slice) != differences.as_slice() {
                let label = values.map_or(&key.label, |values| &values.label).clone();
                news.push((print, label, News::drifted(differences.clone())));
            }
            if !differences.is_empty() {
                now.insert(print, differences);
            }
        }
        self.drift.differences = now;
        self.drift.expected.extend(seen);
        for (print, label, news) in news {
            let says = news.describe().as_str().into();
            self.emit(Event::KeyNews(label.clone(), news));
            self.audit_act(Act::News { print, label, says });
        }
    }

    /// Returns the keys whose change is running or in doubt, and the new ones the user
    /// has not seen.
    fn keys_in_change(&self) -> BTreeSet<Fingerprint> {
        let new = self.attempts.iter().filter_map(|one| match one.standing.state {
            State::Created(print) => Some(print),
            _ => None,
        });
        let open = self.journal.changes.iter().map(|open| &open.change.alteration);
        let open = open.chain(self.altering.iter().map(|one| &one.change));
        open.filter_map(Alteration::key).chain(new).collect()
    }
}
