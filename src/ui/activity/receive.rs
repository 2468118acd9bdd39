//! What the console hears from its audit.

use crate::{
    api::audit::Event,
    engine::Input,
    ui::model::{Model, msg::Effect},
};

use super::commands;

/// Takes in what the audit tells.
pub(in crate::ui) fn apply_audit_event(model: &mut Model, told: Event) -> Vec<Effect> {
    match told {
        Event::State(state) => model.run(|engine| engine.handle(Input::Audit(state))),
        Event::Wrote => commands::read_if_shown(model),
        Event::Read(id, page) => commands::take(model, id, *page),
    }
}
