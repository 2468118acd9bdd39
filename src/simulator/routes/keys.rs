//! 4a to 4d: service keys (reference section 4).

use crate::simulator::{
    answer::{Answer, Refusal, enveloped},
    call::Call,
    keys,
    state::State,
};

/// 4a: the company's keys, those of one on-ramp, or one key for whoever holds it.
pub(super) fn list(
    state: &State,
    call: &Call,
    company: usize,
    now: i64,
) -> Result<Answer, Refusal> {
    let store = &state.store;
    if let Some(key) = call.parameter("key") {
        let index = store.key(&key).ok_or_else(|| unknown(&key))?;
        let text = store.read_with_product(index, now);
        return Ok(Answer::ok_text(&format!("Found service key [{key}]"), &text));
    }
    if let Some(wanted) = call.parameter("companyIdOrUid") {
        let own = &store.accounts[company].company;
        if wanted != own.uid && wanted != own.id.to_string() {
            return Err(Refusal::forbidden("The keys belong to another company"));
        }
    }
    let service = call.parameter("productIdOrUid").map(|wanted| store.service_by_either(&wanted));
    let records = match service {
        None => (0..store.keys.len()).collect(),
        Some(None) => Vec::new(),
        Some(Some(service)) => store.services[service].keys.clone(),
    };
    let faces: Vec<String> = records
        .into_iter()
        .map(|index| &store.keys[index])
        .filter(|record| record.company == company && now >= record.listed_from)
        .filter(|record| !(state.switches.used_keys_vanish && record.spent()))
        .map(|record| record.read(now).to_string())
        .collect();
    let id = store.accounts[company].company.id;
    let message = format!("Found [{}] service keys for company [{id}]", faces.len());
    let body = enveloped(&message, ["[", &faces.join(","), "]"]);
    Ok(Answer::text(200, "application/json", body))
}

/// 4b: a new key. Not idempotent: a repeated POST makes a second one.
pub(super) fn create(
    state: &mut State,
    call: &Call,
    company: usize,
    now: i64,
) -> Result<Answer, Refusal> {
    let index = keys::create(state, company, &call.json()?, now)?;
    let message = format!("New service key [{}] generated", state.store.keys[index].key);
    Ok(Answer::ok_text(&message, &state.store.key_with_product(index, now)))
}

/// 4c: a changed key.
pub(super) fn change(
    state: &mut State,
    call: &Call,
    company: usize,
    now: i64,
) -> Result<Answer, Refusal> {
    let index = keys::change(state, company, &call.json()?, now)?;
    let message = format!("Service key [{}] updated", state.store.keys[index].key);
    Ok(Answer::ok_text(&message, &state.store.key_with_product(index, now)))
}

/// 4d: whether a key may be redeemed now.
pub(super) fn validate(state: &State, call: &Call, now: i64) -> Result<Answer, Refusal> {
    let key = call.parameter("key").ok_or_else(|| Refusal::invalid("key is required"))?;
    let index = state.store.key(&key).ok_or_else(|| unknown(&key))?;
    let valid = state.store.keys[index].objection(now).is_none();
    Ok(Answer::ok("Service key validated", &valid.into()))
}

fn unknown(key: &str) -> Refusal {
    Refusal::not_found(format!("Service key [{key}] not found"))
}
