//! Applies replies of the API.
//!
//! A reply that is no longer awaited is dropped: its dialog is gone, or a later request
//! has overtaken it.

use crate::{
    api::Event,
    domain::geography::Geography,
    engine::Input,
    ui::{
        issue::{best_fit, vlan_commands},
        model::{Model, Purpose, context::Context, msg::Effect},
        screen::layout,
        widget::text::count,
    },
};

pub(in crate::ui) fn apply_client_event(model: &mut Model, event: Event) -> Vec<Effect> {
    if let Event::Done { id, .. } = &event
        && model.waiting.contains_key(id)
    {
        return done(model, event);
    }
    let under = best_fit::under_cursor(model);
    let effects = Context::new(model).run(|engine| engine.handle(Input::Api(event)));
    // The user must not act on another line of a comparison than they read.
    if let Some(id) = under {
        best_fit::put_cursor_on(&mut Context::new(model), &id);
    }
    layout::keep_cursor_in_view(&mut Context::new(model));
    effects
}

/// Handles the end of a request of the screen.
fn done(model: &mut Model, event: Event) -> Vec<Effect> {
    let Event::Done { id, result, clock_offset } = event else { return vec![] };
    model.engine.slow_down_after(&result);
    let mut effects = vec![];
    if let Some(offset) = clock_offset {
        effects = Context::new(model).run(|engine| engine.handle(Input::ClockOffset(offset)));
    }
    if model.waiting.remove(&id) == Some(Purpose::MapVlan) {
        effects.extend(vlan_commands::apply_vlan_reply(&mut Context::new(model), result));
    }
    effects
}

/// Applies a new list of on-ramps: places and rows follow. `left` are gone from it.
pub(in crate::ui) fn take_on_ramps(model: &mut Model, left: usize, changed: bool) {
    model.kept.changed |= changed;
    if left > 0 {
        let see = model.keyed("({key:problems})");
        model.notice = Some(format!("{} left Megaport's list {see}.", count(left, "on-ramp")));
    }
    model.reread = false;
    arrange_on_ramps(model);
    let gone = |id| model.engine.inventory().place(id).is_none();
    if model.visit.as_ref().is_some_and(|visit| gone(&visit.on_ramp)) {
        model.visit = None;
        model.notice = Some("That on-ramp is no longer listed.".to_owned());
    }
}

/// Works out places and rows of the on-ramps there are now.
pub(in crate::ui) fn arrange_on_ramps(model: &mut Model) {
    let inventory = model.engine.inventory();
    *model.geography = Geography::new(inventory.on_ramps(), &model.regions);
    model.browse.apply_inventory(inventory, &model.geography);
}
