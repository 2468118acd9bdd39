//! Takes in what the API answered.
//!
//! A reply nobody waits for any more is dropped: its dialog is gone, or a
//! later request has overtaken it.

use crate::{
    api::{Cause, Event, Failure, Reply, RequestId},
    domain::{geography::Geography, politeness::PAUSE},
    engine::Input,
};

use super::{
    act, engine_step, feeds,
    model::{Model, Purpose},
    msg::Effect,
    offers, saved,
    text::count,
    vlans,
};

pub(super) fn apply_client_event(model: &mut Model, event: Event) -> Vec<Effect> {
    match &event {
        Event::Wait(span) => {
            let now = model.now();
            model.feeds.allowance.wait(*span, now);
        }
        Event::Done { id, result, clock_offset } => {
            let (id, is_ours) = (*id, model.waiting.contains_key(id));
            if is_ours || model.engine.awaits(id) {
                slow_down(model, result);
            }
            if is_ours {
                let offset = *clock_offset;
                let Event::Done { result, .. } = event else { return vec![] };
                if let Some(offset) = offset {
                    drop(engine_step::handle(model, Input::ClockOffset(offset)));
                }
                return done(model, id, result);
            }
        }
        Event::Progress { .. } | Event::Called(_) => {}
    }
    let effects = engine_step::handle(model, Input::Api(event));
    act::keep_cursor_in_view(model);
    effects
}

/// Megaport had enough requests for now.
fn slow_down(model: &mut Model, result: &Result<Reply, Failure>) {
    let now = model.now();
    if let Err(Failure { cause: Cause::RateLimited, .. }) = result
        && model.feeds.allowance.waits(now).is_none()
    {
        model.feeds.allowance.wait(PAUSE, now);
    }
}

/// A request of the screen's own has ended.
fn done(model: &mut Model, id: RequestId, result: Result<Reply, Failure>) -> Vec<Effect> {
    let Some(purpose) = model.waiting.remove(&id) else { return vec![] };
    let mut effects = vec![];
    match (purpose, result) {
        (
            purpose @ (Purpose::Events
            | Purpose::Locations
            | Purpose::Traffic
            | Purpose::RoundTrips),
            result,
        ) => {
            let under = offers::under_cursor(model);
            feeds::apply_feed_reply(model, purpose, result);
            if let Some(id) = under {
                offers::put_cursor_on(model, &id);
            }
            effects.extend(saved::keep(model));
        }
        (Purpose::MapVlan, result) => vlans::apply_vlan_reply(model, result),
        _ => {}
    }
    act::keep_cursor_in_view(model);
    effects
}

/// The list of on-ramps was read: places and rows follow. `left` are gone from it.
pub(super) fn take_on_ramps(model: &mut Model, left: usize, changed: bool) {
    model.kept.changed |= changed;
    if left > 0 {
        model.notice = Some(format!("{} left Megaport's list (!).", count(left, "on-ramp")));
    }
    model.reread = false;
    let inventory = model.engine.inventory();
    *model.geography = Geography::of(inventory.on_ramps(), &model.regions);
    model.browse.take(inventory, &model.geography);
    feeds::match_events(model);
    let gone = |id| model.engine.inventory().place(id).is_none();
    if model.visit.as_ref().is_some_and(|visit| gone(&visit.on_ramp)) {
        model.visit = None;
        model.notice = Some("That on-ramp is no longer listed.".to_owned());
    }
}
