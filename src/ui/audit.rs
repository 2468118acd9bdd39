//! What the console hears from its audit.

use crate::{api::audit::Event, engine::Input};

use super::{activity, model::Model, msg::Effect};

/// Takes in what the audit tells.
pub(super) fn apply_audit_event(model: &mut Model, told: Event) -> Vec<Effect> {
    match told {
        Event::State(state) => model.run(|engine| engine.handle(Input::Audit(state))),
        Event::Wrote => activity::act::read_if_shown(model),
        Event::Read(id, page) => activity::act::take(model, id, *page),
    }
}
