//! 9c: `PUT /v3/product/vxc/{uid}` and the end of a circuit (reference 9.2 and 3).

use serde_json::{Map, Value, json};

use crate::simulator::{
    answer::{Answer, DATA_TERMS, Refusal},
    call::Call,
    keys::read_integer,
    order,
    state::State,
};

/// The ends of a circuit, as its document names them.
const ENDS: [&str; 2] = ["aEnd", "bEnd"];

/// Answers a pending approval, or changes the name, the rate or whether the circuit is
/// shut down: for the owner of either end, the approval for that of the B-End only.
pub(super) fn change_vxc(
    state: &mut State,
    call: &Call,
    company: usize,
    uid: &str,
    now: i64,
) -> Result<Answer, Refusal> {
    let circuit = find_owned_vxc(state, company, uid)?;
    let body = call.json()?;
    let body = body.as_object().ok_or_else(|| Refusal::invalid("An object is expected"))?;
    if let Some(approved) = body.get("isApproved").and_then(Value::as_bool) {
        if !is_owner(state, circuit, 1, company) {
            return Err(Refusal::forbidden("Only B end owner can approve"));
        }
        order::answer_approval(state, circuit, approved, now)?;
    } else {
        edit_vxc(state, circuit, body)?;
    }
    let text = state.store.circuits[circuit].document.text();
    Ok(Answer::ok_text(&format!("Product [{uid}] updated"), text))
}

/// Edits a VXC; omitted fields stay as they are.
fn edit_vxc(state: &mut State, circuit: usize, body: &Map<String, Value>) -> Result<(), Refusal> {
    const KNOWN: [&str; 3] = ["name", "rateLimit", "shutdown"];
    if !body.keys().any(|member| KNOWN.contains(&member.as_str())) {
        return Err(Refusal::invalid(
            "The simulator changes isApproved, name, rateLimit, shutdown",
        ));
    }
    let rate = read_integer(body, "rateLimit")?;
    if rate.is_some_and(|rate| rate < 1) {
        return Err(Refusal::invalid("rateLimit must be at least 1"));
    }
    state.store.change_circuit(circuit, |document| {
        if let Some(name) = body.get("name").and_then(Value::as_str) {
            document["productName"] = name.into();
        }
        if let Some(rate) = rate {
            document["rateLimit"] = rate.into();
            document["resources"]["vll"]["rate_limit_mbps"] = rate.into();
        }
        if let Some(shut) = body.get("shutdown").and_then(Value::as_bool) {
            document["shutdown"] = shut.into();
            document["up"] = (!shut).into();
            document["resources"]["vll"]["shutdown"] = shut.into();
            document["resources"]["vll"]["up"] = i64::from(!shut).into();
        }
    });
    Ok(())
}

/// `POST /v3/product/{uid}/action/CANCEL_NOW`: the circuit ends at once. The answer has
/// no data.
pub(super) fn cancel_vxc(
    state: &mut State,
    company: usize,
    uid: &str,
    now: i64,
) -> Result<Answer, Refusal> {
    let circuit = find_owned_vxc(state, company, uid)?;
    state.store.change_circuit(circuit, |document| order::decommission(document, now));
    let message = "Action [CANCEL_NOW Service] has been done.";
    Ok(Answer::bare(200, &json!({"message": message, "terms": DATA_TERMS})))
}

fn find_owned_vxc(state: &State, company: usize, uid: &str) -> Result<usize, Refusal> {
    let circuit =
        state.store.find_circuit(uid).ok_or_else(|| super::products::product_not_found(uid))?;
    let owns = (0..ENDS.len()).any(|end| is_owner(state, circuit, end, company));
    owns.then_some(circuit)
        .ok_or_else(|| Refusal::forbidden("The service belongs to another company"))
}

fn is_owner(state: &State, circuit: usize, end: usize, company: usize) -> bool {
    let (service, _) = state.store.circuits[circuit].ends[end];
    service.is_some_and(|service| state.store.services[service].company == company)
}
