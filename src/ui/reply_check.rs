//! Whether the key that a good reply names can be the one that was ordered.
//!
//! A gateway can pass on the reply of somebody else's request. A key is ours
//! only if it is on our on-ramp, is new, and carries our tag where it carries a
//! label at all; whatever fails one of these is searched for, and never handed
//! over.

use crate::domain::{fingerprint::Fingerprint, intent::IntentId, service_key::ServiceKey};

use super::model::Model;

/// Why the key of a reply is not the one of this intent; `None` where nothing
/// speaks against it.
pub(super) fn why_not_ours(model: &Model, id: IntentId, key: &ServiceKey) -> Option<String> {
    let intent = &model.attempt(id)?.standing.intent;
    let has_tag = |label: &str| intent.tag().is_in(label);
    let label = key.label.as_str();
    if !label.is_empty() && !has_tag(label) {
        return Some("its label lacks our tag".to_owned());
    }
    let (asked, got) = (intent.order.on_ramp(), &key.on_ramp);
    let same = asked == got
        || model.inventory.place(asked).is_some_and(|at| model.inventory.place(got) == Some(at));
    if !same {
        return Some("it is on another on-ramp".to_owned());
    }
    // A list that was read meanwhile may have shown ours already.
    let listed = model.inventory.key(&key.id);
    if listed.is_some_and(|listed| has_tag(listed.label.as_str())) {
        return None;
    }
    let print = Fingerprint::of(&key.id);
    let was_there = listed.is_some() || intent.before.contains(&print);
    (was_there || model.remembered.contains_key(&print)).then(|| "it was there before".to_owned())
}
