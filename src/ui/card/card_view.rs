//! Draws the card: the keys, where each leads, and what the customer gets.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    api::clipboard::{self, Outcome},
    domain::{key_difference, service_key::KeyUse, vlan::VlanTag},
    engine::effect::Origin,
    ui::{
        model::Model,
        screen::frame,
        widget::{
            text::{capital, clip, relative, span, width, wrap},
            theme::Role,
        },
    },
};

use super::{
    facts,
    key_card::{Card, CardKey},
    template,
};

/// The card takes what the screen has, up to this.
const SIZE: (u16, u16) = (104, 32);

/// The fewest lines that the text for the customer is worth.
const LETTER: u16 = 4;

pub(in crate::ui) fn draw(model: &Model, card: &Card, buffer: &mut Buffer) {
    let title = match (card.origin, card.keys.len()) {
        (None, _) => "Service key",
        (_, 1) => "Key created",
        _ => "2 keys created",
    };
    let area = frame::open(model, title, SIZE, Role::Good, buffer);
    let (top, text, bottom) = parts(model, card, area);
    frame::lines(&top, area, buffer);
    let below = area.y + u16::try_from(top.len()).unwrap_or(0);
    if let Some(room) = room(area, &top, &bottom) {
        rule(model, card, Rect { y: below, height: 1, ..area }, text.len() > room, buffer);
        let shown: Vec<_> = text.into_iter().skip(card.scroll).take(room).collect();
        frame::lines(&shown, Rect { y: below + 1, height: area.height, ..area }, buffer);
    }
    let height = u16::try_from(bottom.len()).unwrap_or(0).min(area.height);
    let y = (area.bottom() - height).max(below.min(area.bottom()));
    frame::lines(&bottom, Rect { y, height: area.bottom() - y, ..area }, buffer);
}

/// Returns the furthest line of the text that may be the first one shown.
pub(in crate::ui) fn furthest(model: &Model, card: &Card) -> usize {
    let area = frame::inside(model, SIZE);
    let (top, text, bottom) = parts(model, card, area);
    room(area, &top, &bottom).map_or(0, |room| text.len().saturating_sub(room))
}

/// Returns the number of text lines that fit between the keys and the last lines;
/// `None` if too few do.
fn room(area: Rect, top: &[Line<'_>], bottom: &[Line<'_>]) -> Option<usize> {
    let taken = u16::try_from(top.len() + bottom.len() + 1).unwrap_or(u16::MAX);
    let left = area.height.saturating_sub(taken);
    (left >= LETTER).then_some(usize::from(left))
}

type Lines = Vec<Line<'static>>;

/// Returns the keys, the text for the customer, and the last lines.
fn parts(model: &Model, card: &Card, area: Rect) -> (Lines, Lines, Lines) {
    let mut top = warnings(model, card, area.width);
    let roomy = area.height > 22;
    for face in &card.keys {
        if roomy || !top.is_empty() && card.keys.len() == 1 {
            top.push(Line::default());
        }
        top.extend(keys(model, card, face, area.width));
    }
    top.extend(whom(model, card, area.width));
    if roomy {
        top.push(Line::default());
    }
    (top, text(model, card, area.width), last(model, card, area.width))
}

/// Describes how the keys became known, and their defects.
fn warnings(model: &Model, card: &Card, room: u16) -> Lines {
    let theme = model.theme;
    let mut lines = vec![];
    let mut say = |role, says: &str| lines.extend(frame::sentence(theme, role, says, room));
    if let Some(says) = came(card.origin) {
        say(Role::Warn, says);
    }
    for face in &card.keys {
        let why = face.intent.and_then(|id| model.engine.journal().unwritten.get(&id));
        if let Some(why) = why {
            say(Role::Bad, &format!("Created, but not recorded on this disk: {why}."));
        }
    }
    match &card.pair {
        Some(pair) if pair.whole => match facts::verdict(model, card) {
            Some(verdict) if verdict.is_diverse() => {
                say(Role::Good, &format!("{}: {}.", verdict.word(), verdict.reason()));
            }
            Some(verdict) => say(Role::Bad, &format!("{}: {}.", verdict.word(), verdict.reason())),
            None => say(Role::Good, &format!("Pair: {}.", pair.says)),
        },
        Some(pair) => say(Role::Bad, &format!("HALF PAIR: {}.", pair.says)),
        None => {}
    }
    for face in &card.keys {
        if model.engine.inventory().is_unlisted(&face.key.id) {
            say(Role::Warn, "Megaport's list does not show it yet; the console checks again.");
        }
        for differs in &face.differs {
            say(Role::Bad, &format!("Differs from the order: {differs}."));
        }
        let drift = model.engine.drift_of(&face.key.id);
        if !drift.is_empty() && face.differs.is_empty() {
            say(Role::Bad, &format!("{}:", capital(key_difference::CHANGED)));
            for one in drift {
                say(Role::Bad, &format!("  {}", one.as_change(false)));
            }
            let says = "{key:key.put-back} restores it as ordered, {key:key.take-listed} accepts \
                it as it is.";
            say(Role::Warn, &model.keyed(says));
        }
    }
    lines
}

/// Returns the lines of one key: its on-ramp, the key itself, and its terms.
fn keys(model: &Model, card: &Card, face: &CardKey, room: u16) -> Lines {
    let theme = model.theme;
    let key = &face.key;
    let on_ramp = model.engine.inventory().on_ramp(&key.on_ramp);
    let mut place = vec![];
    if card.is_of_a_pair() {
        place.push(Span::styled(format!("{}  ", face.number), theme.style(Role::Strong)));
    }
    match on_ramp {
        Some(on_ramp) => {
            place.push(Span::styled(on_ramp.zone.word().to_owned(), theme.zone(&on_ramp.zone)));
            place.push(Span::styled(format!("  {}", on_ramp.name), theme.style(Role::Strong)));
            place.push(Span::raw(format!("  {}", on_ramp.site.name)));
        }
        None => place.push(Span::raw(key.on_ramp_name.to_string())),
    }
    let label = match model.engine.label_on_record(key) {
        Some(label) => format!("  {label} (our record)"),
        None => format!("  {}", key.label),
    };
    place.push(Span::styled(label, theme.style(Role::Quiet)));
    // The key is alone on its line, so that it can be selected whole.
    let shown = card.text_of(&key.id, model.now());
    let mut lines = vec![Line::from(place), Line::styled(shown, theme.style(Role::Strong))];
    lines.extend(wrap(&terms(model, key), usize::from(room)).into_iter().map(Line::from));
    lines
}

/// Formats `VLAN 142, up to 500 Mbps, single-use, active, until …`.
fn terms(model: &Model, key: &crate::domain::service_key::ServiceKey) -> String {
    let usage = match key.usage {
        KeyUse::Single(VlanTag::Unstated) => "no VLAN, single-use".to_owned(),
        KeyUse::Single(VlanTag::Untagged) => "untagged, single-use".to_owned(),
        KeyUse::Single(tag) => format!("VLAN {tag}, single-use"),
        KeyUse::Multi => "multi-use, VLANs assigned by Megaport".to_owned(),
    };
    let rate = key.rate.map_or_else(|| "rate not reported".to_owned(), |rate| rate.to_string());
    let active = if key.active { "active" } else { "DISABLED," };
    let end = match key.validity.and_then(|window| window.end) {
        Some(end) => {
            let left = relative(end, model.server_now());
            format!("until {} ({left})", crate::ui::widget::text::date_time(end))
        }
        None => "no expiry".to_owned(),
    };
    format!("{usage}, {rate}, {active} {end}")
}

fn whom(model: &Model, card: &Card, room: u16) -> Lines {
    let whom = &card.for_whom;
    let parts = [whom.customer.as_str(), whom.reference.as_str()];
    let given: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if given.is_empty() {
        return vec![];
    }
    frame::sentence(model.theme, Role::Quiet, &format!("for {}", given.join(", ")), room)
}

/// Draws the line above the text for the customer.
fn rule(model: &Model, card: &Card, area: Rect, scrolls: bool, buffer: &mut Buffer) {
    let theme = model.theme;
    let templates = &model.settings.delivery.templates;
    let name = templates.get(card.template).map_or("", |one| &one.name);
    let zone = card.zone.as_deref().unwrap_or("UTC");
    let more = if scrolls { ", j k scroll" } else { "" };
    let says = format!("── Customer message: {name}, times in {zone}{more} ");
    let says = clip(&says, usize::from(area.width)).into_owned();
    let fill = "─".repeat(usize::from(area.width).saturating_sub(width(&says)));
    let style = theme.style(Role::Quiet);
    buffer.set_stringn(area.x, area.y, format!("{says}{fill}"), usize::from(area.width), style);
}

/// Returns the text for the customer, broken to the card's width.
fn text(model: &Model, card: &Card, room: u16) -> Lines {
    let theme = model.theme;
    match template::fill(model, card, card.is_open(model.now())) {
        Ok(text) => text.lines().flat_map(|line| broken(line, room)).map(Line::from).collect(),
        Err(why) => frame::sentence(
            theme,
            Role::Bad,
            &format!("This message cannot be created. {why}."),
            room,
        ),
    }
}

/// Returns a line of the text with its indent, broken where it is too wide.
fn broken(line: &str, room: u16) -> Vec<String> {
    let room = usize::from(room);
    if width(line) <= room {
        return vec![line.to_owned()];
    }
    let indent = (width(line) - width(line.trim_start())).min(room / 2);
    let pad = " ".repeat(indent);
    wrap(line, room - indent).into_iter().map(|part| format!("{pad}{part}")).collect()
}

/// Returns the last lines: the result of copying, and a warning.
fn last(model: &Model, card: &Card, room: u16) -> Lines {
    let theme = model.theme;
    let mut lines = vec![];
    if model.copying.is_some() {
        let most = clipboard::PATIENCE.as_secs();
        let says = format!("Copying: waiting up to {most} s for the copy program…");
        lines.extend(frame::sentence(theme, Role::Warn, &says, room));
    } else if let Some(verdict) = &card.copied {
        let role = match verdict.outcome {
            Outcome::Done => Role::Good,
            Outcome::Sent => Role::Strong,
            Outcome::Not => Role::Bad,
        };
        let says = capital(verdict.says.as_str());
        lines.extend(frame::sentence(theme, role, &format!("{says}."), room));
    }
    let says = match card.hidden_in(model.now()) {
        Some(left) => format!(
            "Shown for {} more. {}",
            span(left),
            model.keyed("Press {key:key.mask} to hide.")
        ),
        None if !card.is_open(model.now()) => {
            model.keyed("Hidden. Press {key:key.mask} to show for 30 s.")
        }
        None => {
            "Anyone with this key can order the circuit: give it to the customer only.".to_owned()
        }
    };
    lines.extend(frame::sentence(theme, Role::Quiet, &says, room));
    lines
}

/// Describes how the key became known, if that is worth showing.
const fn came(origin: Option<Origin>) -> Option<&'static str> {
    Some(match origin {
        None | Some(Origin::Made) => return None,
        Some(Origin::Found) => "The reply was lost; this key was found in the on-ramp's list.",
        Some(Origin::Earlier) => {
            "Created before the restart; this key was found in the on-ramp's list."
        }
        Some(Origin::Refused) => "Megaport reported a refusal but created the key: it is listed.",
        Some(Origin::Late) => {
            "The request was closed in doubt; its key is now in the on-ramp's list."
        }
    })
}
