//! Two keys for one request: which two, when each was created, and which one was
//! delivered, by whom.

use crate::{
    domain::{
        audit::Entry, fingerprint::Fingerprint, service_key::ServiceKey, time::Timestamp,
        words::date_time,
    },
    engine::journal::SecondKey,
    ui::{model::Model, widget::theme::Role},
};

/// Returns a sentence for each request that created two keys.
pub(in crate::ui) fn sentences(model: &Model) -> Vec<(Role, String)> {
    model.engine.journal().second.iter().flat_map(|second| of_one(model, second)).collect()
}

/// Returns the alarm in a line; `None` where there is none.
pub(in crate::ui) fn banner(model: &Model) -> Option<String> {
    let second = model.engine.journal().second.first()?;
    let more = model.keyed("{key:problems}: more");
    Some(format!("! Two keys for one request, {}. {more}", second.label))
}

fn of_one(model: &Model, second: &SecondKey) -> Vec<(Role, String)> {
    let mut keys = model.engine.inventory().keys();
    let known = keys.find(|key| Fingerprint::of_key(&key.id) == second.settled);
    let memory = model.engine.remembered().get(&second.settled);
    let created = known.map_or_else(|| memory.and_then(|one| one.created), |key| key.created);
    let settled = match known {
        Some(key) => key.id.masked(),
        None => format!("{} (no longer listed)", second.settled),
    };
    let line = |name: &str, print, created| {
        format!("Key {name}{}; {}.", created_in_words(created), delivered(model, print))
    };
    let ServiceKey { id, created: at, .. } = &second.key;
    vec![
        (Role::Bad, format!("Two keys for one request, {}:", second.label)),
        (Role::Strong, line(&settled, second.settled, created)),
        (Role::Strong, line(&id.masked(), Fingerprint::of_key(id), *at)),
        (
            Role::Bad,
            model.keyed(
                "Disable the one that the customer does not have ({key:key.disable} in \
                the keys view).",
            ),
        ),
    ]
}

fn created_in_words(created: Option<Timestamp>) -> String {
    created.map_or_else(String::new, |at| format!(", created {}", date_time(at)))
}

/// Describes whether a key was delivered from here, and by which user, by the audit.
fn delivered(model: &Model, print: Fingerprint) -> String {
    if model.activity.page.is_none() {
        return "delivery not known yet (reading the audit log)".to_owned();
    }
    let print = print.to_string();
    let is_of_it = |entry: &&Entry| {
        let marks = entry.fact("key_print").unwrap_or_default();
        marks.split(", ").any(|mark| mark == print)
    };
    let last = |act: &str| {
        let acts = model.activity.entries().filter(|entry| entry.act.as_str() == act);
        acts.filter(is_of_it).max_by_key(|entry| entry.number)
    };
    let by =
        |how: &str, entry: &Entry| format!("{how} by {}, {}", entry.who(), date_time(entry.at));
    let copied = last("key.copied").map(|entry| by("delivered: copied", entry));
    copied
        .or_else(|| last("key.revealed").map(|entry| by("shown in full, not copied:", entry)))
        .unwrap_or_else(|| "no delivery in this host's audit log".to_owned())
}
