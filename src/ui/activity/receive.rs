//! Receives the events of the audit.

use crate::{
    api::audit::Event,
    engine::Input,
    ui::model::{context::Context, msg::Effect},
};

use super::commands;

/// Applies an event of the audit.
pub(in crate::ui) fn apply_audit_event(context: &mut Context<'_>, event: Event) -> Vec<Effect> {
    match event {
        Event::State(state) => context.run(|engine| engine.handle(Input::Audit(state))),
        Event::Wrote => commands::read_if_shown(context),
        Event::Read(id, page) => commands::apply_page(context, id, *page),
    }
}
