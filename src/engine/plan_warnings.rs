//! Warnings about an order that do not forbid it. The user has seen them before
//! confirming: a new one changes the question.

use crate::domain::{
    fingerprint::Fingerprint, intent::ForWhom, key_order::KeyOrder, on_ramp::OnRamp,
    service_key::ServiceKey, tag::Tag, text::SafeText,
};

use super::state::Engine;

impl Engine {
    /// Returns the warnings about an order as of now, in words without full stops.
    pub(super) fn warnings_about(&self, order: &KeyOrder, for_whom: &ForWhom) -> Vec<SafeText> {
        let Some(on_ramp) = self.inventory.on_ramp(order.on_ramp()) else { return vec![] };
        let locked = on_ramp.warning().map(ToOwned::to_owned);
        let all = [
            locked,
            oversold(on_ramp, order),
            self.event_of(on_ramp),
            self.other_unused_key(order, for_whom),
        ];
        all.into_iter().flatten().map(|says| SafeText::clean(&says)).collect()
    }

    /// Describes the destination of an order, as a review shows it.
    pub(super) fn place_of(&self, order: &KeyOrder) -> SafeText {
        let on_ramp = self.inventory.on_ramp(order.on_ramp());
        let says = on_ramp.map_or_else(String::new, |one| {
            format!("{}, {}, zone {}", one.name, one.site.name, one.zone_word())
        });
        SafeText::clean(&says)
    }

    /// Returns the worst event that may touch an on-ramp.
    fn event_of(&self, on_ramp: &OnRamp) -> Option<String> {
        let events = self.events_for(&on_ramp.id);
        let (event, _) = events.first()?;
        let now = if event.is_on(self.server_now()) { ", now" } else { "" };
        Some(format!("{} {} may affect it{now}", event.kind.word(), event.number))
    }

    /// Returns a warning about another unused key of the same customer on the on-ramp.
    fn other_unused_key(&self, order: &KeyOrder, for_whom: &ForWhom) -> Option<String> {
        let mut judge = self.survey().judge();
        let is_same = |key: &&ServiceKey| {
            let memory = self.remembered.get(&Fingerprint::of_key(&key.id));
            let customer = memory.map_or("", |memory| memory.for_whom.customer.trim());
            let same =
                !customer.is_empty() && customer.eq_ignore_ascii_case(for_whom.customer.trim());
            same || is_same_label(key.label.as_str(), order.label().as_str())
        };
        let mut keys = self.inventory.keys_of(order.on_ramp()).filter(is_same);
        let other = keys.find(|key| judge.listed(key).word.waits())?;
        Some(format!("this customer already has an unused key here: {}", other.label))
    }
}

/// Returns whether both say the same but for their tags.
fn is_same_label(one: &str, other: &str) -> bool {
    let bare = |label: &str| {
        let tag = Tag::in_label(label).last().map(|tag| tag.to_string()).unwrap_or_default();
        label.trim_end().trim_end_matches(&tag).trim_end().to_lowercase()
    };
    let one = bare(one);
    !one.is_empty() && one == bare(other)
}

/// Returns a warning that the on-ramp would be oversold.
fn oversold(on_ramp: &OnRamp, order: &KeyOrder) -> Option<String> {
    let after = on_ramp.allocated() + order.rate();
    let percent = after.percent_of(on_ramp.capacity()?).filter(|percent| *percent > 100)?;
    Some(format!("would oversell: {percent}% allocated after this key"))
}
