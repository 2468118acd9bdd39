//! Draws the dialog that maps places to regions.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    domain::region::{LayerOwner, UNMAPPED},
    ui::{
        model::Model,
        screen::frame,
        widget::{
            text::{clip, count, width},
            text_box,
            theme::Role,
        },
    },
};

use super::{
    mapping::{Choice, Mapping, Preview, Subject, held},
    region_map::whose,
};

/// It takes what the screen has, up to this.
const SIZE: (u16, u16) = (92, 22);

/// The number of visible choices.
const SHOWN: usize = 5;

/// Draws it; where the text cursor is.
pub(in crate::ui) fn draw(model: &Model, open: &Mapping, buffer: &mut Buffer) -> (u16, u16) {
    let theme = model.theme;
    let title = match &open.subject {
        Subject::Places(_) => "Map to a region",
        Subject::Region(_) => "Rename or remove a region",
    };
    let area = frame::open(model, title, SIZE, Role::Accent, buffer);
    let head = head(model, open, area.width);
    frame::lines(&head, area, buffer);
    let mut y = area.y + u16::try_from(head.len()).unwrap_or(0);
    let label = if matches!(open.subject, Subject::Region(_)) { "new name" } else { "region" };
    buffer.set_stringn(area.x, y, label, 12, theme.style(Role::Quiet));
    let cursor = text_box::draw(theme, &open.input, (area.x + 13, y), 40, buffer);
    y += 1;
    let below = |y: u16| Rect { y, height: area.bottom().saturating_sub(y), ..area };
    let choices = choices(model, open, area.width);
    frame::lines(&choices, below(y), buffer);
    y += u16::try_from(choices.len()).unwrap_or(0) + 1;
    let rest = below(y);
    frame::lines(&preview(model, open, rest), rest, buffer);
    cursor
}

/// Returns the subject, and the edited file.
fn head(model: &Model, open: &Mapping, room: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = vec![];
    match &open.subject {
        Subject::Region(name) => lines.extend(frame::fact(theme, "region", name.as_str(), room)),
        Subject::Places(widths) if widths.len() == 1 => {
            lines.extend(frame::fact(theme, "what", &widths[0].says, room));
        }
        Subject::Places(widths) => {
            let names = ["what"].into_iter().chain(std::iter::repeat(""));
            for ((at, one), name) in widths.iter().enumerate().zip(names) {
                let says = format!("{} {}", frame::pick(theme, at == open.width), one.says);
                let says = clip(&says, usize::from(room.saturating_sub(13))).into_owned();
                lines.extend(frame::fact(theme, name, &says, room));
            }
        }
    }
    let Some(layer) = model.regions.layers().get(open.layer) else { return lines };
    let says = format!("{} ({})", layer.file, whose(layer));
    lines.extend(frame::fact(theme, "saved to", &says, room));
    if layer.whose == LayerOwner::Team && !layer.fixed {
        let says = "Others get it once you have shared the file.";
        lines.extend(frame::fact(theme, "", says, room));
    }
    lines
}

fn choices(model: &Model, open: &Mapping, room: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let all = open.choices(model);
    let first = open.cursor.map_or(0, |here| (here + 1).saturating_sub(SHOWN));
    let shown = all.iter().enumerate().skip(first).take(SHOWN);
    let mut lines: Vec<_> = shown
        .map(|(at, choice)| {
            let (mark, role) =
                if Some(at) == open.cursor { ("▸ ", Role::Accent) } else { ("  ", Role::Plain) };
            let (name, figure) = words(model, open, choice);
            let wide = usize::from(room).saturating_sub(17 + width(&figure));
            Line::from(vec![
                Span::styled(format!("{:13}{mark}", ""), theme.style(Role::Accent)),
                Span::styled(format!("{}  ", clip(&name, wide)), theme.style(role)),
                Span::styled(figure, theme.style(Role::Quiet)),
            ])
        })
        .collect();
    let more = all.len().saturating_sub(first + SHOWN);
    if more > 0 {
        let says = format!("{:15}and {more} more", "");
        lines.push(Line::from(Span::styled(says, theme.style(Role::Quiet))));
    }
    if lines.is_empty() {
        let says = format!("{:15}type the name of a new region", "");
        lines.push(Line::from(Span::styled(says, theme.style(Role::Warn))));
    }
    lines
}

/// Returns a choice, and a figure to it.
fn words(model: &Model, open: &Mapping, choice: &Choice) -> (String, String) {
    let held = |region| count(held(model, region), "on-ramp");
    match choice {
        Choice::Region(name) => (name.to_string(), held(Some(name))),
        Choice::New(name) => (name.to_string(), "a new region".to_owned()),
        Choice::Unmapped => (UNMAPPED.to_owned(), held(None)),
        Choice::Rename(name) => (format!("rename it to {name}"), String::new()),
        Choice::Remove => (format!("remove {}", open.says()), "from this file".to_owned()),
    }
}

/// Returns the moves, as far as they fit.
fn preview(model: &Model, open: &Mapping, area: Rect) -> Vec<Line<'static>> {
    let theme = model.theme;
    if open.saving.is_some() {
        return frame::sentence(theme, Role::Warn, "Saving…", area.width);
    }
    let Some(preview) = open.preview(model) else {
        return frame::sentence(theme, Role::Quiet, asks(open), area.width);
    };
    let preview = match preview {
        Ok(preview) => preview,
        Err(why) => {
            return frame::sentence(theme, Role::Bad, &format!("Not here: {why}."), area.width);
        }
    };
    let mut lines = frame::sentence(theme, Role::Strong, &summary(&preview), area.width);
    if preview.stays > 0 {
        let stay = if preview.stays == 1 { "stays where it is" } else { "stay where they are" };
        let says = format!(
            "{} {stay}: a narrower place or another file takes precedence.",
            count(preview.stays, "on-ramp")
        );
        lines.extend(frame::sentence(theme, Role::Warn, &says, area.width));
    }
    let page = usize::from(area.height).saturating_sub(lines.len());
    let fits = preview.moves.len() <= page;
    let shown = if fits { page } else { page.saturating_sub(1) };
    let on_ramps = model.engine.inventory().on_ramps();
    let room = usize::from(area.width);
    for (at, from, to) in preview.moves.iter().take(shown) {
        let wide = room / 3;
        let name = clip(on_ramps[*at].name.as_str(), wide).into_owned();
        let pad = wide.saturating_sub(width(&name));
        let from_to = clip(&format!("{from} → {to}"), room.saturating_sub(wide + 4)).into_owned();
        lines.push(Line::from(vec![
            Span::raw(format!("  {name}{:pad$}  ", "")),
            Span::styled(from_to, theme.style(Role::Accent)),
        ]));
    }
    if !fits {
        let says = format!("  and {} more", preview.moves.len() - shown);
        lines.push(Line::from(Span::styled(says, theme.style(Role::Quiet))));
    }
    lines
}

/// Returns the choice that has to be made first.
pub(in crate::ui) const fn asks(open: &Mapping) -> &'static str {
    match open.subject {
        Subject::Places(_) => {
            "Type letters of a region, or select one. A new name creates a new region."
        }
        Subject::Region(_) => "Type a new name, or go down to remove the region from this file.",
    }
}

fn summary(preview: &Preview) -> String {
    match preview.moves.len() {
        _ if preview.idle => "The file already has this mapping: nothing to save.".to_owned(),
        0 => "No on-ramp moves.".to_owned(),
        1 => "1 on-ramp moves:".to_owned(),
        n => format!("{n} on-ramps move:"),
    }
}
