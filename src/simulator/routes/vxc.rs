//! 9c: `PUT /v3/product/vxc/{uid}`, as far as approval (reference 9.2).

use crate::simulator::answer::{Answer, Refusal};
use crate::simulator::call::Call;
use crate::simulator::order;
use crate::simulator::state::State;

/// Accepts or rejects a VXC that waits for the B-End's owner.
pub(super) fn change(
    state: &mut State,
    call: &Call,
    company: usize,
    uid: &str,
    now: i64,
) -> Result<Answer, Refusal> {
    let circuit = state.store.circuit(uid).ok_or_else(|| super::products::not_found(uid))?;
    let (b_end, _) = state.store.circuits[circuit].ends[1];
    if b_end.is_none_or(|service| state.store.services[service].company != company) {
        return Err(Refusal::forbidden("Only B end owner can approve"));
    }
    let body = call.json()?;
    let approved = body["isApproved"]
        .as_bool()
        .ok_or_else(|| Refusal::invalid("The simulator changes isApproved only"))?;
    order::approve(state, circuit, approved, now)?;
    let text = state.store.circuits[circuit].document.text();
    Ok(Answer::ok_text(&format!("Product [{uid}] updated"), text))
}
