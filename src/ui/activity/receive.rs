//! What the console hears from its audit.

use crate::{
    api::audit::Event,
    engine::Input,
    ui::model::{context::Context, msg::Effect},
};

use super::commands;

/// Takes in what the audit tells.
pub(in crate::ui) fn apply_audit_event(context: &mut Context<'_>, event: Event) -> Vec<Effect> {
    match event {
        Event::State(state) => context.run(|engine| engine.handle(Input::Audit(state))),
        Event::Wrote => commands::read_if_shown(context),
        Event::Read(id, page) => commands::apply_page(context, id, *page),
    }
}
