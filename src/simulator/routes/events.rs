//! 8: `GET /ens/v1/status/maintenance` and `…/outage` (reference section 8).

use serde_json::Value;

use crate::simulator::answer::{Answer, Refusal};
use crate::simulator::call::Call;
use crate::simulator::state::State;
use crate::simulator::world::EventKind;

/// Returns the events of one kind and state. What happens without a state is not known;
/// here it is refused.
pub(super) fn list_events(
    state: &State,
    call: &Call,
    company: usize,
    kind: EventKind,
    now: i64,
) -> Result<Answer, Refusal> {
    let (states, message): (&[&str], _) = match kind {
        EventKind::Maintenance => (
            &["Scheduled", "Running", "Completed", "Cancelled"],
            "Maintenance events retrieved successfully",
        ),
        EventKind::Outage => (&["Ongoing", "Resolved"], "Outage events retrieved successfully"),
    };
    let wanted = call.parameter("state").filter(|wanted| states.contains(&wanted.as_str()));
    let wanted = wanted.ok_or_else(|| Refusal::invalid(format!("state is one of {states:?}")))?;
    // The world's events are the provider's.
    let events = state.events.iter().filter(|event| company == 0 && event.is_of_kind(kind));
    let listed: Vec<Value> = events
        .filter(|event| event.state(now) == Some(&wanted))
        .map(|event| event.document(now))
        .collect();
    Ok(Answer::ok(message, &listed.into()))
}
