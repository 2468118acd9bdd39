//! What the console hears from its audit.

use crate::api::audit::Event;

use super::{activity, model::Model, msg::Effect};

/// Takes in what the audit tells.
pub(super) fn apply_audit_event(model: &mut Model, told: Event) -> Vec<Effect> {
    match told {
        Event::State(state) => model.audit = state,
        Event::Wrote => return activity::act::read_if_shown(model),
        Event::Read(id, page) => return activity::act::take(model, id, *page),
    }
    vec![]
}
