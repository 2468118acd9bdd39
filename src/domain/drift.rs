//! Listed keys that differ from this host's record.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    fingerprint::Fingerprint,
    id::OnRampId,
    intent::Intent,
    inventory::Inventory,
    key_difference::{Difference, between},
    key_values::KeyValues,
    ledger::{Ledger, State},
    service_key::ServiceKey,
};

/// The differences of listed keys that were changed outside this host's record.
pub type Drifted = BTreeMap<Fingerprint, Vec<Difference>>;

/// Compares a listed key with its expected values. A member of a LAG counts as that
/// LAG.
pub fn differences(
    inventory: &Inventory,
    expected: &KeyValues,
    key: &ServiceKey,
) -> Vec<Difference> {
    on_one_on_ramp(inventory, &expected.on_ramp, key, expected.differences(key))
}

/// Compares a key with its order. A member of a LAG counts as that LAG.
pub fn against_order(inventory: &Inventory, intent: &Intent, key: &ServiceKey) -> Vec<Difference> {
    on_one_on_ramp(inventory, intent.order.on_ramp(), key, between(intent, key))
}

/// Returns the differences without that of the on-ramp, where both are members of one
/// LAG.
fn on_one_on_ramp(
    inventory: &Inventory,
    asked: &OnRampId,
    key: &ServiceKey,
    mut all: Vec<Difference>,
) -> Vec<Difference> {
    let place = inventory.place(&key.on_ramp);
    if place.is_some() && place == inventory.place(asked) {
        all.retain(|one| !matches!(one, Difference::OnRamp(_)));
    }
    all
}

/// Returns the keys of a journal that are listed with other values.
///
/// Two kinds are left out: keys whose change is still running, and new keys unlike
/// their order that the user has not seen yet (their card shows that).
pub fn of_ledger(inventory: &Inventory, ledger: &Ledger) -> Drifted {
    let expected = ledger.expected();
    let unsettled = unsettled(ledger);
    let listed = inventory.keys().map(|key| (Fingerprint::of_key(&key.id), key));
    let settled = listed.filter(|(print, _)| !unsettled.contains(print));
    let all = settled.filter_map(|(print, key)| {
        let differences = differences(inventory, expected.get(&print)?, key);
        (!differences.is_empty()).then_some((print, differences))
    });
    all.collect()
}

/// Returns the keys whose change is running, and the new ones that the user has not
/// seen.
fn unsettled(ledger: &Ledger) -> BTreeSet<Fingerprint> {
    let in_change = ledger.changes().into_iter().filter_map(|open| open.alteration.key());
    let new = ledger.all().filter_map(|one| match one.state {
        State::Created(print) => Some(print),
        _ => None,
    });
    in_change.chain(new).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            intent::{
                IntentId,
                samples::{THEN, intent},
            },
            key_values::samples::ordered,
            ledger::{JournalStep, Record},
            on_ramp::samples::port,
        },
        *,
    };

    /// Counts the drifted keys when a key is listed without its label, after these steps
    /// of its order.
    fn drift_after(steps: &[JournalStep]) -> usize {
        let key = ServiceKey { label: "".into(), ..ordered() };
        let print = Fingerprint::of_key(&key.id);
        let prepared = JournalStep::Prepared(Box::new(intent(1)));
        let created = [prepared, JournalStep::Sending, JournalStep::Created(print)];
        let steps = created.into_iter().chain(steps.iter().cloned());
        let records: Vec<_> = steps.map(|step| Record::new(IntentId(1), THEN, step)).collect();
        let mut inventory = Inventory::new(vec![port("p")]);
        inventory.set_keys(vec![key], 0, THEN);
        of_ledger(&inventory, &Ledger::replay(&records)).len()
    }

    #[test]
    fn new_key_never_read_before_is_no_drift() {
        assert_eq!(drift_after(&[]), 0, "it may never have been as ordered");
        assert_eq!(drift_after(&[JournalStep::Acknowledged]), 1);
    }
}
