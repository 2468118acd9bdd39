//! The scripted customer: another company that redeems a key like a real customer.
//!
//! It writes the very order the API takes (reference 9.1), so that it can do
//! nothing an outsider could not.

use serde_json::json;

use crate::simulator::{answer::Refusal, order, state::State, store::Store, world::Kind};

/// The customer's wait before retrying a refused key.
const RETRY_INTERVAL_MS: i64 = 60_000;

/// Redeems `key` for `company` from the best placed of its services.
pub(super) fn redeem_key(
    state: &mut State,
    company: usize,
    key: &str,
    now: i64,
) -> Result<(), Refusal> {
    let index =
        state.store.find_key(key).ok_or_else(|| Refusal::invalid("The service key is unknown"))?;
    let record = &state.store.keys[index];
    let b_end = &state.store.services[record.service];
    let a_end = nearest_service(state, company, record.service)
        .ok_or_else(|| Refusal::invalid("The customer has no service to connect from"))?;
    let a_end = &state.store.services[a_end];
    let customer = &state.store.accounts[company].company.name;
    let limits = [
        record.number("maxSpeed").unwrap_or(1),
        super::keys::max_key_speed(&a_end.document.value()),
        b_end.document.value()["maxVxcSpeed"].as_i64().unwrap_or(i64::MAX),
    ];
    let design = json!([{"productUid": a_end.uid, "associatedVxcs": [{
        "productName": format!("{customer} to {}", b_end.name),
        "rateLimit": limits.into_iter().min(), "term": 1, "shutdown": false,
        "serviceKey": record.key,
        "aEnd": {"vNicIndex": 0}, "bEnd": {"productUid": b_end.uid}}]}]);
    for order in order::check_design(state, company, &design, now)? {
        order::place_order(state, &order, now);
    }
    Ok(())
}

/// Returns when the customer retries `key`, refused at `now`.
///
/// A key that is disabled or not yet valid may be redeemable later; `None` where it
/// never will be, or where the order itself was refused.
pub(super) fn next_attempt(store: &Store, key: &str, now: i64) -> Option<i64> {
    let record = &store.keys[store.find_key(key)?];
    let waits =
        record.redeem_objection(now).is_some() && !record.is_expired(now) && !record.is_spent();
    waits.then_some(now + RETRY_INTERVAL_MS)
}

/// Returns the company's usable service nearest to `target`: same metro, same country,
/// any.
fn nearest_service(state: &State, company: usize, target: usize) -> Option<usize> {
    let store = &state.store;
    let place = |service: usize| store.sites.get(&store.services[service].site);
    let there = place(target)?;
    (0..store.services.len())
        .filter(|index| store.services[*index].company == company)
        .filter(|index| store.services[*index].kind != Kind::Mve)
        .filter(|index| {
            super::keys::check_accepts_vxcs(
                &store.services[*index].document.value(),
                &state.switches,
            )
            .is_ok()
        })
        .min_by_key(|index| {
            let here = place(*index);
            (
                here.is_none_or(|site| site.metro != there.metro),
                here.is_none_or(|site| site.country != there.country),
            )
        })
}
