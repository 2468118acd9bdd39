//! 2 and 3: `GET /v2/products` and `GET /v2/product/{uid}` (reference 2 and 3).

use axum::body::Bytes;
use serde_json::Value;

use crate::simulator::{
    answer::{Answer, Refusal},
    call::Call,
    state::State,
};

/// Lists everything the company owns, VXCs nested at either end.
pub(super) fn list_products(state: &mut State, call: &Call, company: usize) -> Answer {
    let wanted = |name: &str| call.parameter(name).map(|text| text.to_lowercase());
    let by_place = !state.switches.ignore_country_and_metro;
    let status = wanted("provisioningStatus");
    let country = wanted("country").filter(|_| by_place);
    let metro = wanted("metro").filter(|_| by_place);
    let body = if status.is_none() && country.is_none() && metro.is_none() {
        state.store.products_body(company)
    } else {
        let chosen: Vec<usize> = (0..state.store.services.len())
            .filter(|index| state.store.services[*index].company == company)
            .filter(|index| {
                let document = state.store.services[*index].document.value();
                let place = &document["locationDetail"];
                matches_filter(status.as_ref(), &document["provisioningStatus"])
                    && matches_filter(country.as_ref(), &place["country"])
                    && matches_filter(metro.as_ref(), &place["metro"])
            })
            .collect();
        Bytes::from(state.store.products_text(&chosen))
    };
    Answer::text(200, "application/json", body)
}

fn matches_filter(wanted: Option<&String>, value: &Value) -> bool {
    wanted.is_none_or(|wanted| value.as_str().is_some_and(|text| text.to_lowercase() == *wanted))
}

/// `POST` and `DELETE /v2/product/{uid}/lock` (reference 3): the owner locks a service.
pub(super) fn lock_product(
    state: &mut State,
    company: usize,
    uid: &str,
    locked: bool,
) -> Result<Answer, Refusal> {
    let service = state.store.find_service(uid).ok_or_else(|| product_not_found(uid))?;
    if state.store.services[service].company != company {
        return Err(Refusal::forbidden("The service belongs to another company"));
    }
    state.store.change_service(service, |document| document["locked"] = locked.into());
    let what = if locked { "locked" } else { "unlocked" };
    Ok(Answer::ok_text(&format!("Product {uid} {what}"), &state.store.service_text(service)))
}

/// Returns a service of any type, an ended one included.
pub(super) fn get_product(state: &State, company: usize, uid: &str) -> Result<Answer, Refusal> {
    let store = &state.store;
    let (text, owners) = if let Some(index) = store.find_service_by_id_or_uid(uid) {
        (store.service_text(index), vec![store.services[index].company])
    } else if let Some(index) = store.find_circuit(uid) {
        let circuit = &store.circuits[index];
        let ends = circuit.ends.iter().filter_map(|(service, _)| *service);
        let owners = ends.map(|service| store.services[service].company).collect();
        (circuit.document.text().to_owned(), owners)
    } else if let Some(index) = store.service_of_ix(uid) {
        let document = store.services[index].document.value();
        let ixs = document["associatedIxs"].as_array();
        let ix = ixs.into_iter().flatten().find(|ix| ix["productUid"] == uid);
        (ix.unwrap_or(&Value::Null).to_string(), vec![store.services[index].company])
    } else {
        return Err(product_not_found(uid));
    };
    if !owners.contains(&company) {
        return Err(Refusal::forbidden("The service belongs to another company"));
    }
    Ok(Answer::ok_text(&format!("Found Product {uid}"), &text))
}

/// Returns the vendor's words for an unknown service (reference 3).
pub(super) fn product_not_found(uid: &str) -> Refusal {
    Refusal::not_found(format!("Could not find a service with UID {uid}"))
}
