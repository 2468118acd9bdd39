//! The rows of the keys view, worked out from what was read and what is
//! remembered.

use crate::{
    domain::{
        intent::ForWhom,
        key_usage::{Remembered, Word},
        service_key::{KeyUse, ServiceKey},
        vlan::VlanTag,
    },
    ui::{
        model::Model,
        state::keys::{Row, RowKey},
    },
};

/// Returns every row, in no order.
pub(in crate::ui) fn all(model: &Model) -> Vec<Row> {
    let survey = model.engine.survey();
    let listed = survey.all_listed().into_iter();
    let mut rows: Vec<_> = listed.map(|(key, reading)| row(model, key, reading.word)).collect();
    let forgotten = survey.forgotten().into_iter();
    rows.extend(forgotten.map(|(memory, reading)| remembered(model, memory, reading.word)));
    rows
}

fn row(model: &Model, key: &ServiceKey, word: Word) -> Row {
    let on_ramp = model.engine.inventory().on_ramp(&key.on_ramp);
    let name = on_ramp.map_or(&key.on_ramp_name, |on_ramp| &on_ramp.name);
    let zone = on_ramp.map_or("", |on_ramp| on_ramp.zone.word());
    let vlan = match key.usage {
        KeyUse::Single(tag) => tag,
        KeyUse::Multi => VlanTag::Unstated,
    };
    let ForWhom { customer, reference } =
        model.engine.memory_of(key).map(|memory| memory.for_whom.clone()).unwrap_or_default();
    let label = model
        .engine
        .label_on_record(key)
        .map_or_else(|| key.label.to_string(), |label| format!("~{label}"));
    let text = format!(
        "{label} {name} {zone} {vlan} {} {} {customer} {reference}",
        key.id.masked(),
        word.text()
    );
    Row {
        of: RowKey::Listed(key.id.clone()),
        word,
        haystack: text.to_lowercase().into(),
        label: label.into(),
        on_ramp: name.as_str().into(),
        vlan,
        created: key.created,
        end: key.validity.and_then(|window| window.end),
    }
}

fn remembered(model: &Model, memory: &Remembered, word: Word) -> Row {
    let on_ramp = model.engine.inventory().on_ramp(&memory.on_ramp);
    let name = on_ramp.map_or(&memory.on_ramp_name, |on_ramp| &on_ramp.name);
    let vlan = match memory.usage {
        KeyUse::Single(tag) => tag,
        KeyUse::Multi => VlanTag::Unstated,
    };
    let whom = &memory.for_whom;
    let text = format!(
        "{} {name} {vlan} {} {} {}",
        memory.label,
        word.text(),
        whom.customer,
        whom.reference
    );
    Row {
        of: RowKey::Remembered(memory.print),
        word,
        haystack: text.to_lowercase().into(),
        label: memory.label.as_str().into(),
        on_ramp: name.as_str().into(),
        vlan,
        created: memory.created,
        end: memory.end,
    }
}
