//! Handing a key over: what is copied, and how that went.

use std::fmt::Write as _;

use crate::{
    api::{
        RequestId,
        account::Secret,
        clipboard::{Clipboard, Verdict},
    },
    domain::service_key::{KeyUse, ServiceKey},
};

use super::{
    dialog::{Dialog, card::Card},
    keymap::Command,
    model::{Model, Purpose},
    msg::Effect,
};

/// Carries out a command of the card; `None` where it is not one of its.
pub(super) fn act(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    let what = match command {
        Command::Copy => Clipboard::Copy(Secret::new(&text(model)?)),
        Command::CopyOne(at) => {
            let Some(key) = keys(model)?.get(at).copied() else {
                model.notice = Some("That key is not made, or its card is closed.".to_owned());
                return Some(vec![]);
            };
            Clipboard::Copy(Secret::new(key.id.reveal()))
        }
        Command::ClearClipboard => Clipboard::Clear,
        _ => return None,
    };
    let id = model.mint(Purpose::Clipboard);
    Some(vec![Effect::Clipboard(id, what)])
}

/// The keys that stand on cards: of a pair both, the first one first.
fn keys(model: &Model) -> Option<Vec<&ServiceKey>> {
    let Some(Dialog::Card(top)) = model.dialogs.last() else { return None };
    if top.pair.is_none() {
        return Some(vec![&top.key]);
    }
    // The first one lies on top. Another order's keys are another customer's.
    let order = order(model, top);
    let cards = model.dialogs.iter().rev().filter_map(|dialog| match dialog {
        Dialog::Card(card) if card.pair.is_some() && self::order(model, card) == order => {
            Some(&card.key)
        }
        _ => None,
    });
    Some(cards.collect())
}

/// The order that a card's key is a part of.
fn order(model: &Model, card: &Card) -> Option<u64> {
    Some(model.pursued(card.intent?)?.standing.intent.part?.order)
}

/// What `y` copies: a single key alone, the keys of a pair each with where it
/// leads. Half a pair says that it is one.
fn text(model: &Model) -> Option<String> {
    let Some(Dialog::Card(top)) = model.dialogs.last() else { return None };
    let keys = keys(model)?;
    if top.pair.is_none() {
        return Some(top.key.id.reveal().to_owned());
    }
    let mut text = String::new();
    if !is_whole(top) {
        text.push_str("INCOMPLETE: 1 of 2 keys\n");
    }
    for key in keys {
        let on_ramp = model.inventory.on_ramp(&key.on_ramp);
        let zone = on_ramp.map_or("", |on_ramp| on_ramp.zone.word());
        let name = on_ramp.map_or(&key.on_ramp_name, |on_ramp| &on_ramp.name);
        let vlan = match key.usage {
            KeyUse::Single(tag) => format!(", VLAN {tag}"),
            KeyUse::Multi => String::new(),
        };
        let _infallible = writeln!(text, "{}  {name} ({zone}{vlan})", key.id.reveal());
    }
    Some(text.trim_end().to_owned())
}

fn is_whole(card: &Card) -> bool {
    card.pair.as_ref().is_some_and(|(whole, _)| *whole)
}

/// Takes in how it went: it stands on the cards until the next copy.
pub(super) fn hear(model: &mut Model, id: RequestId, verdict: &Verdict) -> Vec<Effect> {
    if model.waiting.remove(&id).is_none() {
        return vec![];
    }
    let mut shown = false;
    for dialog in &mut model.dialogs {
        if let Dialog::Card(card) = dialog {
            card.copied = Some(verdict.clone());
            shown = true;
        }
    }
    if !shown {
        model.notice = Some(verdict.says.to_string());
    }
    vec![]
}
