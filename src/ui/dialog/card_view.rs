//! Draws the card of a key that was made.

use ratatui::{
    buffer::Buffer,
    text::{Line, Span},
};

use crate::{
    api::clipboard::Outcome,
    domain::service_key::KeyUse,
    ui::{
        model::Model,
        text::{capital, date_time, relative},
        theme::Role,
    },
};

use super::{
    card::{Card, Origin},
    frame::{self, fact, yes_no},
};

pub(in crate::ui) fn draw(model: &Model, card: &Card, buffer: &mut Buffer) {
    let theme = model.theme;
    let area = frame::open(
        model,
        if card.origin == Origin::Shown { "Service key" } else { "Key made" },
        frame::SIZE,
        Role::Good,
        buffer,
    );
    let key = &card.key;
    let mut lines = vec![];
    if let Some(says) = came(card.origin) {
        lines.extend(frame::sentence(theme, Role::Warn, says, area.width));
    }
    if let Some(why) = card.intent.and_then(|id| model.journal.unwritten.get(&id)) {
        let says = format!("Made, but not recorded on this disk: {why}.");
        lines.extend(frame::sentence(theme, Role::Bad, &says, area.width));
    }
    if let Some((whole, says)) = &card.pair {
        let (role, word) = if *whole { (Role::Good, "A pair") } else { (Role::Bad, "HALF A PAIR") };
        lines.extend(frame::sentence(theme, role, &format!("{word}: {says}."), area.width));
    }
    for differs in &card.differs {
        let says = format!("Not what was asked for: {differs}.");
        lines.extend(frame::sentence(theme, Role::Bad, &says, area.width));
    }
    // The key stands alone on its line, so that it can be selected whole.
    lines.push(Line::default());
    lines.push(Line::from(Span::styled(key.id.reveal().to_owned(), theme.style(Role::Strong))));
    lines.push(Line::default());
    let on_ramp = model.inventory.on_ramp(&key.on_ramp);
    let place = on_ramp.map_or_else(
        || key.on_ramp_name.to_string(),
        |o| format!("{}, {}, zone {}", o.name, o.site.name, o.zone.word()),
    );
    let (usage, vlan) = match key.usage {
        KeyUse::Single(tag) => ("single-use", tag.to_string()),
        KeyUse::Multi => ("multi-use", "assigned by Megaport".to_owned()),
    };
    let end = key.validity.and_then(|v| v.end);
    let until = |end| format!("until {} ({})", date_time(end), relative(end, model.server_now()));
    let rate = key.rate.map_or_else(|| "not reported".to_owned(), |r| r.to_string());
    let facts = [
        ("on-ramp", place.as_str()),
        ("label", key.label.as_str()),
        ("use", usage),
        ("rate limit", &rate),
        ("VLAN", &vlan),
        ("valid", &end.map_or_else(|| "open-ended".to_owned(), until)),
        ("active", yes_no(key.active)),
        ("customer", &card.for_whom.customer),
        ("reference", &card.for_whom.reference),
    ];
    let given = facts.iter().filter(|(_, value)| !value.is_empty());
    lines.extend(given.flat_map(|(name, value)| fact(theme, name, value, area.width)));
    lines.push(Line::default());
    if let Some(verdict) = &card.copied {
        let role = match verdict.outcome {
            Outcome::Done => Role::Good,
            Outcome::Sent => Role::Strong,
            Outcome::Not => Role::Bad,
        };
        let says = capital(verdict.says.as_str());
        lines.extend(frame::sentence(theme, role, &format!("{says}."), area.width));
    }
    let says = "Whoever has this key can order the circuit: give it to the customer only.";
    lines.extend(frame::sentence(theme, Role::Quiet, says, area.width));
    frame::lines(&lines, area, buffer);
}

/// How the key came here, where that is worth a word.
const fn came(origin: Origin) -> Option<&'static str> {
    Some(match origin {
        Origin::Shown | Origin::Made => return None,
        Origin::Found => "The reply was lost; this is the key, found in the on-ramp's list.",
        Origin::Earlier => "Made before the restart; this is the key, found in the on-ramp's list.",
        Origin::Late => {
            "It was given up, and the key has appeared in the on-ramp's list after all."
        }
    })
}
