//! 9a and 9b: the customer's order, for real or as a dry run (reference 9.1).

use serde_json::{Value, json};

use crate::simulator::{
    answer::{Answer, Refusal},
    call::Call,
    order,
    state::State,
};

/// 9a: the key is redeemed.
pub(super) fn buy_design(
    state: &mut State,
    call: &Call,
    company: usize,
    now: i64,
) -> Result<Answer, Refusal> {
    let body = call.json()?;
    // v4 wraps the array that v3 takes bare.
    let design = if call.path.starts_with("/v4") { &body["networkDesign"] } else { &body };
    let orders = order::check_design(state, company, design, now)?;
    let receipts: Vec<Value> =
        orders.iter().map(|order| order::place_order(state, order, now)).collect();
    let uids = receipts.iter().filter_map(|receipt| receipt["vxcJTechnicalServiceUid"].as_str());
    let message = uids.fold(String::new(), |text, uid| text + "VXC [" + uid + "] created. ");
    Ok(Answer::ok(&message, &receipts.into()))
}

/// 9b: nothing happens.
pub(super) fn validate_design(
    state: &State,
    call: &Call,
    company: usize,
    now: i64,
) -> Result<Answer, Refusal> {
    let orders = order::check_design(state, company, &call.json()?, now)?;
    let prices: Vec<Value> = orders.iter().map(|_| json!({"price": {}})).collect();
    Ok(Answer::ok("Validation passed", &prices.into()))
}
