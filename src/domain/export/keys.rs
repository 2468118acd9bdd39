//! Service keys for other programs.

use crate::domain::{
    fingerprint::Fingerprint,
    id::OnRampId,
    key_usage::{Reading, Remembered, Survey},
    on_ramp_columns::zone,
    service_key::{KeyUse, ServiceKey},
    text::SafeText,
    time::Timestamp,
    units::Mbps,
    vlan::VlanTag,
};

use super::{Table, Value};

/// Returns every key with what its state rests on: listed ones, and remembered ones
/// that are no longer listed. The keys themselves only with `include_keys`.
pub fn keys(survey: &Survey<'_>, include_keys: bool) -> Table {
    let mut columns = vec!["fingerprint", "masked"];
    columns.extend(include_keys.then_some("key"));
    columns.extend([
        "label",
        "on_ramp_uid",
        "on_ramp",
        "zone",
        "vlan",
        "rate_mbps",
        "single_use",
        "active",
        "created",
        "valid_until",
        "state",
        "evidence",
        "circuit_uid",
        "circuit",
        "circuit_status",
        "awaits_approval",
        "circuit_up",
        "circuit_shut_down",
        "differs",
    ]);
    let listed = survey.all_listed().into_iter().map(|(key, reading)| {
        let mut row = vec![
            Value::Text(Fingerprint::of_key(&key.id).to_string()),
            Value::Text(key.id.masked()),
        ];
        row.extend(include_keys.then(|| Value::Text(key.id.reveal().to_owned())));
        row.extend(about(survey, &Facts::of_key(key), &reading));
        row
    });
    let forgotten = survey.forgotten().into_iter().map(|(memory, reading)| {
        let mut row = vec![Value::Text(memory.print.to_string()), Value::Nothing];
        row.extend(include_keys.then_some(Value::Nothing));
        row.extend(about(survey, &Facts::of_memory(memory), &reading));
        row
    });
    Table { columns, rows: listed.chain(forgotten).collect() }
}

/// The facts shared by a listed key and a remembered one.
struct Facts<'a> {
    label: &'a SafeText,
    on_ramp: &'a OnRampId,
    on_ramp_name: &'a SafeText,
    usage: KeyUse,
    rate: Option<Mbps>,
    active: Option<bool>,
    created: Option<Timestamp>,
    end: Option<Timestamp>,
}

impl<'a> Facts<'a> {
    fn of_key(key: &'a ServiceKey) -> Self {
        Self {
            label: &key.label,
            on_ramp: &key.on_ramp,
            on_ramp_name: &key.on_ramp_name,
            usage: key.usage,
            rate: key.rate,
            active: Some(key.active),
            created: key.created,
            end: key.validity.and_then(|window| window.end),
        }
    }

    const fn of_memory(memory: &'a Remembered) -> Self {
        Self {
            label: &memory.label,
            on_ramp: &memory.on_ramp,
            on_ramp_name: &memory.on_ramp_name,
            usage: memory.usage,
            rate: memory.rate,
            active: None,
            created: memory.created,
            end: memory.end,
        }
    }
}

fn about(survey: &Survey<'_>, facts: &Facts<'_>, reading: &Reading) -> Vec<Value> {
    let on_ramp = survey.inventory.on_ramp(facts.on_ramp);
    let name = on_ramp.map_or(facts.on_ramp_name, |on_ramp| &on_ramp.name);
    let evidence = reading.evidence.iter().map(|one| one.describe(survey.now)).collect();
    let circuit = reading.circuit();
    vec![
        Value::text(facts.label.as_str()),
        Value::text(facts.on_ramp.as_str()),
        Value::text(name.as_str()),
        Value::text(on_ramp.map_or("", |on_ramp| zone(&on_ramp.zone))),
        vlan(facts.usage),
        Value::rate(facts.rate),
        Value::Is(matches!(facts.usage, KeyUse::Single(_))),
        facts.active.map_or(Value::Nothing, Value::Is),
        Value::moment(facts.created),
        Value::moment(facts.end),
        Value::Text(reading.word.name().to_owned()),
        Value::Texts(evidence),
        circuit.map_or(Value::Nothing, |one| Value::text(one.id.as_str())),
        circuit.map_or(Value::Nothing, |one| Value::text(one.name.as_str())),
        circuit.map_or(Value::Nothing, |one| Value::text(one.status.word())),
        circuit.map_or(Value::Nothing, |one| Value::Is(one.awaits_approval)),
        circuit.and_then(|one| one.link.is_up()).map_or(Value::Nothing, Value::Is),
        circuit.map_or(Value::Nothing, |one| Value::Is(one.shut_down)),
        Value::Texts(reading.drift().iter().map(|one| one.as_change(false)).collect()),
    ]
}

/// Returns the VLAN of a single-use key: its number, or `untagged`.
fn vlan(usage: KeyUse) -> Value {
    match usage {
        KeyUse::Single(VlanTag::Tagged(id)) => Value::Number(id.get().into()),
        KeyUse::Single(VlanTag::Unusual(number)) => Value::Number(number.into()),
        KeyUse::Single(VlanTag::Untagged) => Value::Text("untagged".to_owned()),
        KeyUse::Single(VlanTag::Unstated) | KeyUse::Multi => Value::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::{
        export::csv,
        inventory::Inventory,
        on_ramp::samples::{port, vxc},
        service_key::samples::key,
    };

    const NOW: Timestamp = Timestamp::from_millis(1_795_442_551_000);
    const KEY: &str = "106e38ae-eb59-415f-ac81-526a5299851d";

    fn table(include_keys: bool) -> Table {
        let mut on_ramp = port("p");
        on_ramp.vxcs = vec![vxc("v", 500, 100)];
        let mut inventory = Inventory::new(vec![on_ramp]);
        let gone = Remembered::of_key(&key("another-key-of-ours", "p", 101));
        inventory.set_keys(vec![key(KEY, "p", 100)], 0, NOW);
        let remembered = BTreeMap::from([(gone.print, gone)]);
        let (inventory, remembered) = (&inventory, &remembered);
        let drifted = &BTreeMap::new();
        keys(&Survey { inventory, remembered, drifted, unread: 0, now: NOW }, include_keys)
    }

    fn get<'a>(table: &'a Table, row: usize, column: &str) -> &'a Value {
        let at = table.columns.iter().position(|name| *name == column).expect("a column");
        &table.rows[row][at]
    }

    #[test]
    fn exported_key_has_state_and_evidence_but_not_the_key() {
        let table = table(false);
        assert!(!csv(&table).contains(KEY));
        assert_eq!(get(&table, 0, "masked"), &Value::Text("106e…851d".into()));
        assert_eq!(get(&table, 0, "state"), &Value::Text("used".into()));
        assert_eq!(get(&table, 0, "circuit"), &Value::Text("v".into()));
        let Value::Texts(evidence) = get(&table, 0, "evidence") else { panic!("sentences") };
        assert!(evidence[0].starts_with("circuit v is on its VLAN 100"), "{evidence:?}");
    }

    #[test]
    fn a_key_that_no_list_has_any_more_is_told_too() {
        let table = table(false);
        assert_eq!(table.rows.len(), 2);
        assert_eq!(get(&table, 1, "state"), &Value::Text("gone_unexplained".into()));
        assert_eq!(get(&table, 1, "active"), &Value::Nothing, "nobody knows");
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
    }

    #[test]
    fn keys_are_exported_in_full_only_on_request() {
        let table = table(true);
        assert_eq!(get(&table, 0, "key"), &Value::Text(KEY.into()));
        assert_eq!(get(&table, 1, "key"), &Value::Nothing, "it is not remembered");
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
    }
}
