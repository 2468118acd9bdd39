//! The name of a key, and the role of its state.

use crate::{
    domain::{
        key_usage::{Reading, Word},
        service_key::ServiceKey,
    },
    ui::{model::Model, widget::theme::Role},
};

/// Returns the role of a key's state: the colour only adds to it.
pub(in crate::ui) fn role(reading: &Reading) -> Role {
    match reading.word {
        _ if reading.warns() => Role::Warn,
        Word::Used(_) => Role::Good,
        Word::Unused | Word::Early => Role::Plain,
        Word::ExpiresSoon | Word::MaybeUsed | Word::GoneUnexplained | Word::Drifted => Role::Warn,
        Word::Orphan | Word::Invalid => Role::Bad,
        Word::Inactive | Word::Expired | Word::NotKnown => Role::Quiet,
    }
}

/// Returns the label of a key; where Megaport has lost it, that of our record, marked.
pub(in crate::ui) fn label(model: &Model, key: &ServiceKey) -> (String, Role) {
    match model.engine.label_on_record(key) {
        Some(label) => (format!("~{label}"), Role::Quiet),
        None => (key.label.to_string(), Role::Plain),
    }
}
