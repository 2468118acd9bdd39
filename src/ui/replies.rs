//! Takes in what the API answered.
//!
//! A reply nobody waits for any more is dropped: its dialog is gone, or a
//! later request has overtaken it.

use crate::{
    api::{Cause, Event, Failure, Listing, Reply, RequestId},
    domain::{
        absence::Shrinkage, geography::Geography, inventory::Inventory, key_usage::Remembered,
        on_ramp::OnRamp, politeness::PAUSE, service_key::ServiceKey,
    },
};

use super::{
    account, act, alter, approve, change, change_search, feeds, issue,
    model::{Load, Model, Purpose},
    msg::Effect,
    offers, pursue, reconcile, review_checks, saved,
    text::count,
    vlans, watch,
};

pub(super) fn apply_client_event(model: &mut Model, event: Event) -> Vec<Effect> {
    match event {
        Event::Progress { id, bytes } => {
            for load in [&mut model.products, &mut model.keys] {
                if let Some((asked, _, so_far)) = &mut load.asked
                    && *asked == id
                {
                    *so_far = bytes;
                }
            }
            vec![]
        }
        Event::Called(_) => vec![],
        Event::Wait(span) => {
            model.feeds.allowance.wait(span, model.now);
            model.feeds.wait_until = Some(model.now + span);
            vec![]
        }
        Event::Done { id, result, clock_offset } => {
            if model.waiting.contains_key(&id) {
                model.clock_offset = clock_offset.unwrap_or(model.clock_offset);
            }
            done(model, id, result)
        }
    }
}

fn done(model: &mut Model, id: RequestId, result: Result<Reply, Failure>) -> Vec<Effect> {
    let Some(purpose) = model.waiting.remove(&id) else {
        return vec![];
    };
    if let Err(Failure { cause: Cause::RateLimited, .. }) = &result
        && model.feeds.allowance.waits(model.now).is_none()
    {
        model.feeds.allowance.wait(PAUSE, model.now);
    }
    let mut effects = vec![];
    match (purpose, result) {
        (Purpose::Products, Ok(Reply::Products(listing))) => {
            take_products(model, listing);
            effects = alter::match_up(model, alter::Anew::OnRamps);
            effects.extend(reconcile::weigh_all(model));
            effects.extend(watch::after(model));
            effects.extend(saved::keep(model));
        }
        (Purpose::Keys, Ok(Reply::Keys(Listing { entries, unread }))) => {
            let now = model.server_now();
            let shrinkage = model.inventory.set_keys(entries, unread.len(), now);
            let left = std::mem::take(&mut model.keys.left);
            model.keys = Load { read_at: Some(now), unread, left, ..Load::default() };
            take_shrinkage(model, &shrinkage);
            model.browse.arrange(&model.inventory, &model.geography);
            change::update_cards(model);
            effects = alter::match_up(model, alter::Anew::Keys);
            effects.extend(reconcile::keys_were_read(model));
            effects.extend(watch::after(model));
        }
        (Purpose::WatchOnRamp, Ok(Reply::OnRamp(on_ramp))) => {
            issue::take_on_ramp(model, *on_ramp);
            effects = watch::after(model);
        }
        // The list says more, and the next look comes anyway.
        (Purpose::WatchOnRamp, _) => {}
        (purpose @ (Purpose::Products | Purpose::Keys), Err(failure)) => {
            let refused = failure.cause == Cause::Credentials;
            let load = if purpose == Purpose::Keys { &mut model.keys } else { &mut model.products };
            (load.asked, load.failure) = (None, Some(failure));
            load.failures = load.failures.saturating_add(1);
            return if refused { account::read_again(model) } else { vec![] };
        }
        (Purpose::Decide | Purpose::DecideRead, result) => {
            effects = approve::apply_decision_reply(model, purpose, result);
        }
        (Purpose::SearchChange, result) => effects = change_search::on_reply(model, id, result),
        (Purpose::Change | Purpose::ReadBack, result) => {
            effects = change::apply_change_reply(model, purpose, result);
            effects.extend(watch::after(model));
        }
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
        (Purpose::ReviewVlan(_) | Purpose::ReviewKeys(_), result) => {
            return review_checks::apply_check_reply(model, purpose, result);
        }
        (purpose, result) => return pursue::apply_attempt_reply(model, purpose, result),
    }
    act::keep_cursor_in_view(model);
    effects
}

/// Remembers the keys that left the list for good, and says which of them left
/// without an explanation.
pub(super) fn take_shrinkage(model: &mut Model, shrinkage: &Shrinkage<ServiceKey>) {
    let unexplained = shrinkage.unexplained;
    for key in &shrinkage.gone {
        let memory = Remembered::of_key(key);
        model.remembered.entry(memory.print).or_insert(memory);
    }
    if unexplained > 0 {
        let labels = shrinkage.gone.iter().map(|key| key.label.clone());
        model.keys.left.extend(labels);
        let keys = count(unexplained, "key");
        model.notice = Some(format!("{keys} left Megaport's list without a known reason (!)."));
    }
}

fn take_products(model: &mut Model, listing: Listing<OnRamp>) {
    let now = model.server_now();
    let older = std::mem::take(&mut model.inventory);
    let before = older.on_ramps().to_vec();
    let (new, shrinkage) = Inventory::read_again(older, listing.entries, listing.unread.len(), now);
    model.inventory = new;
    model.kept.changed |= before != model.inventory.on_ramps();
    let mut left = std::mem::take(&mut model.products.left);
    if !shrinkage.gone.is_empty() {
        let on_ramps = count(shrinkage.gone.len(), "on-ramp");
        model.notice = Some(format!("{on_ramps} left Megaport's list (!)."));
        left.extend(shrinkage.gone.into_iter().map(|one| one.name));
    }
    model.products = Load { read_at: Some(now), unread: listing.unread, left, ..Load::default() };
    model.reread = false;
    // The line is back: keys that could not be read are worth a try soon.
    model.keys.failures = model.keys.failures.min(1);
    *model.geography = Geography::of(model.inventory.on_ramps(), &model.regions);
    model.browse.take(&model.inventory, &model.geography);
    feeds::match_events(model);
    review_checks::judge_again(model);
    let gone = |id| model.inventory.place(id).is_none();
    if model.visit.as_ref().is_some_and(|visit| gone(&visit.on_ramp)) {
        model.visit = None;
        model.notice = Some("That on-ramp is no longer listed.".to_owned());
    }
}
