//! Watched keys on the screen: their news, and the state of watching. The engine
//! schedules the checks.

use crate::{
    domain::{
        fingerprint::Fingerprint, key_usage::Reading, place::Zone, service_key::ServiceKey,
        text::SafeText, watch::News,
    },
    ui::{
        model::{Model, command::Call, context::Context, msg::Effect},
        state::{key_news::KeyNewsEntry, keys::RowKey, view_id::ViewId},
        widget::text::{minute, relative},
    },
};

use super::commands;

/// Watches the key under the cursor, or stops watching it.
pub(in crate::ui) fn toggle(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(RowKey::Listed(id)) = context.key_list.selected.clone() else { return vec![] };
    let Some(key) = context.engine.inventory().key(&id).cloned() else { return vec![] };
    let effects = context.run(|engine| engine.toggle_watch(&key));
    let says = if context.engine.is_watched(&id) {
        "Watching this key; changes are shown here."
    } else {
        "No longer watched."
    };
    context.say(says);
    effects
}

/// Keeps the news of a watched key until the user reads it, and notifies a user who is
/// in another window.
pub(in crate::ui) fn take_news(
    context: &mut Context<'_>,
    label: SafeText,
    news: News,
) -> Vec<Effect> {
    let notify = Effect::Notify(format!("{label}: {}", news.describe()));
    let read = context.place == ViewId::Keys && context.modals.is_empty();
    let at = context.server_now();
    context.add_news(KeyNewsEntry { at, label, news, read });
    vec![notify]
}

/// Updates the view after the lists have changed.
pub(in crate::ui) fn after_lists(context: &mut Context<'_>) {
    if context.place == ViewId::Keys {
        commands::apply_rows(context);
    }
}

/// Returns the last unread news, and the number of unread ones.
pub(in crate::ui) fn unread(model: &Model) -> Option<(&KeyNewsEntry, usize)> {
    let mut unread = model.seen.iter().rev().filter(|seen| !seen.read);
    Some((unread.next()?, unread.count() + 1))
}

/// Describes the state of watching, for the title of the list.
pub(in crate::ui) fn describe(model: &Model) -> String {
    match (model.engine.pending_count(), model.engine.look_due_in()) {
        (0, _) => String::new(),
        (n, Some(left)) => {
            format!("watching {n}, next check {}", minute(model.server_now() + left))
        }
        (n, None) => format!("watching {n}, checking…"),
    }
}

/// Describes the other key of a pair, if that is worth showing.
pub(in crate::ui) fn partner_in_words(model: &Model, key: &ServiceKey) -> Option<String> {
    let mine = model.engine.memory_of(key)?;
    let order = mine.part?.order;
    let other = model.engine.remembered().values().find(|other| {
        other.print != mine.print && other.part.is_some_and(|part| part.order == order)
    })?;
    let listed = model.engine.inventory().keys_of(&other.on_ramp);
    let mut listed = listed.filter(|key| Fingerprint::of_key(&key.id) == other.print);
    let theirs = match listed.next() {
        Some(key) => model.engine.survey().listed(key),
        None => model.engine.survey().gone(other),
    };
    let ours = model.engine.survey().listed(key);
    let on_ramp = model.engine.inventory().on_ramp(&other.on_ramp);
    let zone = on_ramp.map(|on_ramp| &on_ramp.zone).filter(|zone| **zone != Zone::Unstated);
    let name = zone.map_or(other.on_ramp_name.as_str(), |zone| zone.word());
    let since = |reading: &Reading| {
        let at = reading.circuit().and_then(|circuit| circuit.created).or(key.last_used);
        at.map_or_else(String::new, |at| format!(" {}", relative(at, model.server_now())))
    };
    match (ours.word.is_used(), theirs.word.is_used()) {
        (false, true) => Some(format!("{name} used{}, this not", since(&theirs))),
        (true, false) => Some(format!("{name} still {}", theirs.word.text())),
        _ => None,
    }
}
