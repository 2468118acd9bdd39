//! The rows of the keys view, worked out from what was read and what is
//! remembered.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    fingerprint::Fingerprint,
    id::{KeyId, OnRampId},
    key_usage::{self, Circuits, Reading, Remembered, Word},
    service_key::{KeyUse, ServiceKey},
    time::Timestamp,
    vlan::VlanTag,
};

use super::{super::model::Model, Of};

/// One row: what sorting and filtering need of it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The key.
    pub of: Of,
    /// How it stood when the lists were read.
    pub word: Word,
    /// What the filter looks through, in small letters.
    pub haystack: Box<str>,
    /// Its label, as it is sorted.
    pub label: Box<str>,
    /// Its on-ramp's name.
    pub on_ramp: Box<str>,
    /// Its VLAN.
    pub vlan: VlanTag,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it ends.
    pub end: Option<Timestamp>,
}

impl Row {
    /// The key's id, where the list has it.
    pub const fn id(&self) -> Option<&KeyId> {
        match &self.of {
            Of::Listed(id) => Some(id),
            Of::Remembered(_) => None,
        }
    }
}

/// Every row, in no order.
pub(in crate::ui) fn all(model: &Model) -> Vec<Row> {
    let (inventory, now) = (&model.inventory, model.server_now());
    let mut rows = Vec::with_capacity(inventory.key_count());
    for on_ramp in inventory.on_ramps() {
        let circuits = Circuits::of(Some(on_ramp));
        let taken = single_vlans(model, &on_ramp.id);
        for key in inventory.keys_of(&on_ramp.id) {
            let reading = key_usage::listed(key, &circuits, |tag| taken.contains(&tag), now);
            rows.push(row(model, key, reading.word));
        }
    }
    let nowhere = Circuits::of(None);
    for key in inventory.keys().filter(|key| inventory.place(&key.on_ramp).is_none()) {
        let reading = key_usage::listed(key, &nowhere, |_| false, now);
        rows.push(row(model, key, reading.word));
    }
    rows.extend(forgotten(model).into_iter().map(|memory| {
        let word = gone(model, memory).word;
        remembered(model, memory, word)
    }));
    rows
}

/// What is remembered and in no list any more.
fn forgotten(model: &Model) -> Vec<&Remembered> {
    if !model.inventory.keys_known() || model.remembered.is_empty() {
        return vec![];
    }
    let wanted: BTreeMap<Fingerprint, &Remembered> =
        model.remembered.values().map(|memory| (memory.print, memory)).collect();
    let listed: BTreeSet<_> = model.inventory.keys().map(|key| Fingerprint::of(&key.id)).collect();
    wanted.into_iter().filter(|(print, _)| !listed.contains(print)).map(|(_, one)| one).collect()
}

/// The VLANs of single-use keys of an on-ramp: a circuit on one of them is of
/// that key.
fn single_vlans(model: &Model, on_ramp: &OnRampId) -> BTreeSet<VlanTag> {
    let tags = model.inventory.keys_of(on_ramp).filter_map(|key| match key.usage {
        KeyUse::Single(tag) => Some(tag),
        KeyUse::Multi => None,
    });
    tags.collect()
}

/// How a listed key stands now.
pub(in crate::ui) fn listed(model: &Model, key: &ServiceKey) -> Reading {
    let circuits = Circuits::of(model.inventory.on_ramp(&key.on_ramp));
    let taken =
        if key.is_multi_use() { single_vlans(model, &key.on_ramp) } else { BTreeSet::new() };
    key_usage::listed(key, &circuits, |tag| taken.contains(&tag), model.server_now())
}

/// How a key that no list has any more stands now.
pub(in crate::ui) fn gone(model: &Model, memory: &Remembered) -> Reading {
    let circuits = Circuits::of(model.inventory.on_ramp(&memory.on_ramp));
    key_usage::gone(memory, &circuits, model.keys.unread.len())
}

fn row(model: &Model, key: &ServiceKey, word: Word) -> Row {
    let on_ramp = model.inventory.on_ramp(&key.on_ramp);
    let name = on_ramp.map_or(&key.on_ramp_name, |on_ramp| &on_ramp.name);
    let zone = on_ramp.map_or("", |on_ramp| on_ramp.zone.word());
    let vlan = match key.usage {
        KeyUse::Single(tag) => tag,
        KeyUse::Multi => VlanTag::Unstated,
    };
    let text = format!("{} {name} {zone} {vlan} {} {}", key.label, key.id.masked(), word.text());
    Row {
        of: Of::Listed(key.id.clone()),
        word,
        haystack: text.to_lowercase().into(),
        label: key.label.as_str().into(),
        on_ramp: name.as_str().into(),
        vlan,
        created: key.created,
        end: key.validity.and_then(|window| window.end),
    }
}

fn remembered(model: &Model, memory: &Remembered, word: Word) -> Row {
    let on_ramp = model.inventory.on_ramp(&memory.on_ramp);
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
        of: Of::Remembered(memory.print),
        word,
        haystack: text.to_lowercase().into(),
        label: memory.label.as_str().into(),
        on_ramp: name.as_str().into(),
        vlan,
        created: memory.created,
        end: memory.end,
    }
}
