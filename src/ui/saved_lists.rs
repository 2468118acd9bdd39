//! Lists that outlive a session: read at its start, saved while it runs.
//!
//! Data of an earlier session is marked as such until it is read again, and nothing is
//! sent because of it.

use std::time::Duration;

use crate::{
    api::{RequestId, account::EnvironmentKind, cache::CachedLists},
    domain::{freshness::Staleness, snapshot::Snapshot},
    engine::Input,
    ui::{
        model::{Model, Purpose, context::Context, msg::Effect},
        screen::layout,
    },
};

/// How long equal lists are saved less often: the saved time may lag this much.
const LAG: Duration = Duration::from_secs(300);

/// Applies the saved lists, unless newer ones were read meanwhile.
pub(in crate::ui) fn apply_saved_lists(
    model: &mut Model,
    id: RequestId,
    recalled: CachedLists,
) -> Vec<Effect> {
    if model.waiting.remove(&id) != Some(Purpose::Recall) {
        return vec![]; // of a closed account
    }
    if let Some(trouble) = recalled.trouble {
        model.notice = Some(trouble.to_string());
    }
    let Some(snapshot) = recalled.snapshot else { return vec![] };
    let effects = Context::new(model).run(|engine| engine.handle(Input::Saved(snapshot)));
    layout::keep_cursor_in_view(&mut Context::new(model));
    effects
}

/// Saves the lists, if they differ from the saved ones or those have grown old.
pub(in crate::ui) fn keep_lists(model: &mut Model) -> Option<Effect> {
    let read_at = model.engine.products().read_at.map(|read| read.here).filter(|_| {
        // Doubtful lists do not replace the saved ones.
        !matches!(model.doubt(), Some(Staleness::Saved | Staleness::Lacking))
    })?;
    let lags = model.kept.at.is_none_or(|kept| read_at.since(kept) >= LAG);
    if model.session.environment == EnvironmentKind::Demo || !(model.kept.changed || lags) {
        return None;
    }
    (model.kept.at, model.kept.changed) = (Some(read_at), false);
    let locations = model.engine.background().locations.known.as_ref();
    let events = model.engine.background().events.known.as_ref();
    let snapshot = Snapshot {
        on_ramps: model.engine.inventory().on_ramps().to_vec(),
        read_at,
        locations: locations.map(|(all, at)| (all.values().cloned().collect(), at.here)),
        events: events.map(|(all, at)| (all.clone(), at.here)),
    };
    Some(Effect::Save(Box::new(snapshot)))
}
