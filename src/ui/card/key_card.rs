//! The card of a created key, or of both keys of a pair: the one place that shows them
//! whole.

use std::time::Duration;

use ratatui::buffer::Buffer;

use crate::{
    api::clipboard::Verdict,
    domain::{
        drift::against_order,
        id::KeyId,
        intent::{ForWhom, Intent, IntentId},
        inventory::Inventory,
        key_difference::Difference,
        service_key::ServiceKey,
        time::Timestamp,
    },
    engine::effect::Origin,
    ui::{
        model::{
            Model,
            command::Scope,
            modal::{CursorCell, Modal},
        },
        state::position::Position,
    },
};

use super::{card_view, commands};

/// How long a card ignores keys: it may open while the user is typing.
const QUIET: Duration = Duration::from_millis(400);

/// How long a masked key stays visible.
pub const REVEALED: Duration = Duration::from_secs(30);

/// The visible part of the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// All of them: they are being delivered.
    Whole,
    /// The first and last characters.
    Masked,
    /// All of them, until then.
    Until(Timestamp),
}

/// A key on a card.
#[derive(Debug, Clone)]
pub struct CardKey {
    /// The intent it was created for, if that is why it is shown.
    pub intent: Option<IntentId>,
    /// Its number within its order, from 1.
    pub number: u8,
    /// The key.
    pub key: ServiceKey,
    /// The differences from the order, in words.
    pub differs: Vec<String>,
}

/// The state of the pair that a card's keys belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// Whether both keys are created.
    pub whole: bool,
    /// The state of its halves, in words.
    pub says: String,
}

/// A key card.
#[derive(Debug, Clone)]
pub struct Card {
    /// The way the key became known; `None` if the user asked to see it again.
    pub origin: Option<Origin>,
    /// The time it was opened.
    pub opened: Timestamp,
    /// The keys, the first one of a pair first; there is always one.
    pub keys: Vec<CardKey>,
    /// The customer they were created for.
    pub for_whom: ForWhom,
    /// The pair, where they are of one.
    pub pair: Option<Pairing>,
    /// The visible part of the keys.
    pub visibility: Visibility,
    /// The text for the customer that is shown, an index into the configured ones.
    pub template: usize,
    /// The first line of it that is shown.
    pub scroll: usize,
    /// The customer's time zone, by its IANA name.
    pub zone: Option<String>,
    /// The result of the last copy.
    pub copied: Option<Verdict>,
}

impl CardKey {
    /// Returns the key created for `intent`, with its differences from the order.
    pub fn new(inventory: &Inventory, key: ServiceKey, intent: &Intent) -> Self {
        let differs = differences(inventory, &key, intent);
        let number = intent.part.map_or(1, |part| part.number);
        Self { intent: Some(intent.id), number, key, differs }
    }

    /// Creates an earlier key with its number in its order.
    pub const fn earlier(key: ServiceKey, number: u8) -> Self {
        Self { intent: None, number, key, differs: vec![] }
    }
}

/// Returns how a key differs from its order, in words.
pub(in crate::ui) fn differences(
    inventory: &Inventory,
    key: &ServiceKey,
    intent: &Intent,
) -> Vec<String> {
    against_order(inventory, intent, key).iter().map(Difference::against_order).collect()
}

impl Card {
    /// Creates the card of new keys for a customer.
    pub const fn new(
        keys: Vec<CardKey>,
        for_whom: ForWhom,
        origin: Option<Origin>,
        opened: Timestamp,
    ) -> Self {
        let visibility = Visibility::Whole;
        let (pair, copied, zone) = (None, None, None);
        let (template, scroll) = (0, 0);
        Self { origin, opened, keys, for_whom, pair, visibility, template, scroll, zone, copied }
    }

    /// Creates the card of an earlier key: masked until the user reveals it.
    pub fn show(key: ServiceKey, opened: Timestamp) -> Self {
        Self::show_all(vec![CardKey::earlier(key, 1)], opened)
    }

    /// Creates the card of several keys of one order.
    pub fn show_all(keys: Vec<CardKey>, opened: Timestamp) -> Self {
        let card = Self::new(keys, ForWhom::default(), None, opened);
        Self { visibility: Visibility::Masked, ..card }
    }

    /// Returns the time until it accepts keys; `None` when it does. A card the user
    /// asked for does at once.
    pub fn takes_keys_in(&self, now: Timestamp) -> Option<Duration> {
        let left = QUIET.checked_sub(now.since(self.opened)).filter(|left| !left.is_zero());
        left.filter(|_| self.origin.is_some())
    }

    /// Returns whether the whole keys are on the screen.
    pub fn is_open(&self, now: Timestamp) -> bool {
        match self.visibility {
            Visibility::Whole => true,
            Visibility::Masked => false,
            Visibility::Until(end) => now < end,
        }
    }

    /// Returns how long the keys stay visible; `None` if no end is set.
    pub fn hidden_in(&self, now: Timestamp) -> Option<Duration> {
        match self.visibility {
            Visibility::Until(end) if now < end => Some(end.since(now)),
            _ => None,
        }
    }

    /// Masks the keys, or reveals them for a while.
    pub fn turn(&mut self, now: Timestamp) {
        self.visibility =
            if self.is_open(now) { Visibility::Masked } else { Visibility::Until(now + REVEALED) };
    }

    /// Returns a key as the screen may show it now.
    pub fn text_of(&self, key: &KeyId, now: Timestamp) -> String {
        if self.is_open(now) { key.reveal().to_owned() } else { key.masked() }
    }

    /// Returns whether it has the key of this intent.
    pub fn is_of(&self, intent: IntentId) -> bool {
        self.keys.iter().any(|face| face.intent == Some(intent))
    }

    /// Returns whether every key on it is part of one order of two or more.
    pub const fn is_of_a_pair(&self) -> bool {
        self.pair.is_some()
    }
}

impl Modal for Card {
    fn scope(&self) -> &'static Scope {
        &commands::SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        card_view::draw(model, self, buffer);
        None
    }

    fn shows(&self, intent: IntentId) -> bool {
        self.is_of(intent)
    }

    fn keys(&self) -> Vec<ServiceKey> {
        self.keys.iter().map(|face| face.key.clone()).collect()
    }

    fn position(&self, model: &Model) -> Option<Position> {
        let last = card_view::furthest(model, self);
        Some(Position { at: Some(self.scroll), last, page: 1, from_end: false })
    }

    fn move_to(&mut self, at: usize) {
        self.scroll = at;
    }

    fn takes_answer_in(&self, model: &Model) -> Option<Duration> {
        self.takes_keys_in(model.now())
    }

    fn hides_in(&self, now: Timestamp) -> Option<Duration> {
        self.hidden_in(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::service_key::samples::key;

    #[test]
    fn a_key_of_a_list_is_revealed_for_half_a_minute_at_most() {
        let now = Timestamp::from_millis(1_000);
        let mut card = Card::show(key("106e38ae-eb59-415f-ac81-526a5299851d", "p", 100), now);
        let shown = |card: &Card, now| card.text_of(&card.keys[0].key.id, now);
        assert_eq!(shown(&card, now), "106e…851d");
        card.turn(now);
        let end = now + REVEALED;
        assert_eq!(card.hidden_in(now), Some(REVEALED));
        assert!(card.is_open(end + Duration::ZERO) == (end < end), "not at its end any more");
        assert_eq!(shown(&card, now), "106e38ae-eb59-415f-ac81-526a5299851d");
        assert_eq!(shown(&card, end), "106e…851d");
        card.turn(now);
        assert_eq!(shown(&card, now), "106e…851d", "the same key masks it again");
    }
}
