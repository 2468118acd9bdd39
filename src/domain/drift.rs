//! Which listed keys are not as this host's record has them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    alteration::Subject,
    fingerprint::Fingerprint,
    id::OnRampId,
    intent::Intent,
    inventory::Inventory,
    key_difference::{Difference, between},
    key_values::KeyValues,
    ledger::Ledger,
    service_key::ServiceKey,
};

/// In what listed keys differ that were changed outside this host's record.
pub type Drifted = BTreeMap<Fingerprint, Vec<Difference>>;

/// In what a listed key is otherwise than it is expected to be. A member of a LAG
/// is that LAG.
pub fn differences(
    inventory: &Inventory,
    expected: &KeyValues,
    key: &ServiceKey,
) -> Vec<Difference> {
    on_one_on_ramp(inventory, &expected.on_ramp, key, expected.differences(key))
}

/// In what a key is otherwise than it was ordered. A member of a LAG is that LAG.
pub fn against_order(inventory: &Inventory, intent: &Intent, key: &ServiceKey) -> Vec<Difference> {
    on_one_on_ramp(inventory, intent.order.on_ramp(), key, between(intent, key))
}

/// The differences without that of the on-ramp, where both are members of one LAG.
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

/// The keys of a journal that are listed otherwise. How a change ends that is
/// under way is not known yet: its key is left out.
pub fn of_ledger(inventory: &Inventory, ledger: &Ledger) -> Drifted {
    let expected = ledger.expected();
    let in_change: BTreeSet<_> = ledger
        .changes()
        .iter()
        .filter_map(|open| match open.alteration.subject {
            Subject::Key(print) => Some(print),
            Subject::Circuit(..) => None,
        })
        .collect();
    let listed = inventory.keys().map(|key| (Fingerprint::of(&key.id), key));
    let settled = listed.filter(|(print, _)| !in_change.contains(print));
    let all = settled.filter_map(|(print, key)| {
        let differences = differences(inventory, expected.get(&print)?, key);
        (!differences.is_empty()).then_some((print, differences))
    });
    all.collect()
}
