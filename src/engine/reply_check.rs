//! The check whether the key named by a reply can be the ordered one.
//!
//! A gateway can pass on the reply to another user's request. A key is ours only if it
//! is on our on-ramp, is new, and carries our tag where it carries a label at all;
//! otherwise the ordered key is searched, and the named one never delivered.

use crate::domain::{fingerprint::Fingerprint, intent::IntentId, service_key::ServiceKey};

use super::state::Engine;

impl Engine {
    /// Returns why the key of a reply is not the one of this intent; `None` where
    /// nothing speaks against it.
    pub(super) fn why_not_ours(&self, id: IntentId, key: &ServiceKey) -> Option<String> {
        let intent = &self.attempt(id)?.standing.intent;
        let has_tag = |label: &str| intent.tag().is_in(label);
        let label = key.label.as_str();
        if !label.is_empty() && !has_tag(label) {
            return Some("its label lacks our tag".to_owned());
        }
        let (asked, got) = (intent.order.on_ramp(), &key.on_ramp);
        let place = self.inventory.place(asked);
        let same = asked == got || place.is_some_and(|at| self.inventory.place(got) == Some(at));
        if !same {
            return Some("it is on another on-ramp".to_owned());
        }
        // A list that was read meanwhile may have shown ours already.
        let listed = self.inventory.key(&key.id);
        if listed.is_some_and(|listed| has_tag(listed.label.as_str())) {
            return None;
        }
        let print = Fingerprint::of_key(&key.id);
        let was_there = listed.is_some() || intent.before.contains(&print);
        let is_known = was_there || self.remembered.contains_key(&print);
        is_known.then(|| "it existed before".to_owned())
    }
}
