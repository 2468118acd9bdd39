//! 4a to 4d: service keys (reference section 4).

use crate::simulator::{
    answer::{Answer, Refusal, list_envelope},
    call::Call,
    keys,
    state::State,
};

/// 4a: the company's keys, those of one on-ramp, or one key for any caller who holds
/// it.
pub(super) fn list_keys(
    state: &State,
    call: &Call,
    company: usize,
    now: i64,
) -> Result<Answer, Refusal> {
    let store = &state.store;
    if let Some(key) = call.parameter("key") {
        let index = store.find_key(&key).ok_or_else(|| key_not_found(&key))?;
        let text = store.read_with_product(index, now);
        return Ok(Answer::ok_text(&format!("Found service key [{key}]"), &text));
    }
    if let Some(wanted) = call.parameter("companyIdOrUid") {
        let own = &store.accounts[company].company;
        if wanted != own.uid && wanted != own.id.to_string() {
            return Err(Refusal::forbidden("The keys belong to another company"));
        }
    }
    let service =
        call.parameter("productIdOrUid").map(|wanted| store.find_service_by_id_or_uid(&wanted));
    let records = match service {
        None => (0..store.keys.len()).collect(),
        Some(None) => Vec::new(),
        Some(Some(service)) => store.services[service].keys.clone(),
    };
    let keys: Vec<String> = records
        .into_iter()
        .map(|index| &store.keys[index])
        .filter(|record| record.company == company && now >= record.listed_from)
        .filter(|record| !(state.switches.used_keys_vanish && record.is_spent()))
        .map(|record| record.listed_json(now).to_string())
        .collect();
    let id = store.accounts[company].company.id;
    let message = format!("Found [{}] service keys for company [{id}]", keys.len());
    let body = list_envelope(&message, ["[", &keys.join(","), "]"]);
    Ok(Answer::text(200, "application/json", body))
}

/// 4b: a new key. Not idempotent: a repeated POST creates a second one.
pub(super) fn create_key(
    state: &mut State,
    call: &Call,
    company: usize,
    now: i64,
) -> Result<Answer, Refusal> {
    let index = keys::create_key(state, company, &call.json()?, now)?;
    let message = format!("New service key [{}] generated", state.store.keys[index].key);
    Ok(Answer::ok_text(&message, &state.store.key_with_product(index, now)))
}

/// 4c: a changed key.
pub(super) fn change_key(
    state: &mut State,
    call: &Call,
    company: usize,
    now: i64,
) -> Result<Answer, Refusal> {
    let index = keys::change_key(state, company, &call.json()?, now)?;
    let message = format!("Service key [{}] updated", state.store.keys[index].key);
    Ok(Answer::ok_text(&message, &state.store.key_with_product(index, now)))
}

/// 4d: whether a key may be redeemed now.
pub(super) fn validate_key(state: &State, call: &Call, now: i64) -> Result<Answer, Refusal> {
    let key = call.parameter("key").ok_or_else(|| Refusal::invalid("key is required"))?;
    let index = state.store.find_key(&key).ok_or_else(|| key_not_found(&key))?;
    let valid = state.store.keys[index].redeem_objection(now).is_none();
    Ok(Answer::ok("Service key validated", &valid.into()))
}

fn key_not_found(key: &str) -> Refusal {
    Refusal::not_found(format!("Service key [{key}] not found"))
}
