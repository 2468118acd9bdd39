//! Draws the log.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    api::log::Tail,
    ui::{
        model::Model,
        screen::frame,
        widget::{
            text::{self, pad, wrap},
            theme::Role,
        },
    },
};

use super::log::Log;

/// Its size on a large terminal.
const SIZE: (u16, u16) = (116, 32);

pub(in crate::ui) fn draw(model: &Model, log: &Log, buffer: &mut Buffer) {
    let area = frame::open(model, "Log", SIZE, Role::Accent, buffer);
    let Some(tail) = &log.tail else {
        let says = frame::sentence(model.theme, Role::Quiet, "Reading the log.", area.width);
        return frame::lines(&says, area, buffer);
    };
    let (top, below) = split(model, tail, area);
    frame::lines(&top, area, buffer);
    let rows = rows(model, tail, below.width);
    let page = usize::from(below.height);
    let last = rows.len().saturating_sub(log.above);
    frame::lines(&rows[last.saturating_sub(page)..last], below, buffer);
}

/// Returns how far above the newest row the view can be.
pub(in crate::ui) fn furthest(model: &Model, log: &Log) -> usize {
    let Some(tail) = &log.tail else { return 0 };
    let (_, below) = split(model, tail, frame::inside(model, SIZE));
    rows(model, tail, below.width).len().saturating_sub(usize::from(below.height))
}

/// Returns the number of visible rows of the log.
pub(in crate::ui) fn page(model: &Model, log: &Log) -> usize {
    let Some(tail) = &log.tail else { return 1 };
    usize::from(split(model, tail, frame::inside(model, SIZE)).1.height).max(1)
}

/// Returns the remarks above the lines, and the area of the lines.
fn split(model: &Model, tail: &Tail, area: Rect) -> (Vec<Line<'static>>, Rect) {
    let (theme, width) = (model.theme, area.width);
    let path = tail.path.as_ref().map_or("nowhere: set ONRAMP_STATE_DIR", |path| path.as_str());
    let mut lines = frame::fact(theme, "File", path, width);
    let level = format!("{}, {}", tail.level, tail.because);
    lines.extend(frame::fact(theme, "Level", &level, width));
    if let Some(trouble) = &tail.trouble {
        lines.extend(frame::sentence(theme, Role::Bad, &format!("! {trouble}"), width));
    }
    if !tail.is_on {
        let how = "Nothing is being logged. ONRAMP_LOG=info enables it for one session; level = \
                   \"info\" under [log] in config.toml enables it for all.";
        lines.extend(frame::sentence(theme, Role::Warn, how, width));
        if !tail.lines.is_empty() {
            lines.extend(frame::sentence(theme, Role::Quiet, "From earlier sessions:", width));
        }
    }
    lines.push(Line::default());
    let taken = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    (lines, Rect { y: area.y + taken, height: area.height - taken, ..area })
}

/// A line of the log, taken apart: `2025-07-10T01:00:00.007Z 42 WARN  call    …`.
struct Parts<'l> {
    date: &'l str,
    clock: &'l str,
    level: &'l str,
    room: &'l str,
    what: &'l str,
}

impl<'l> Parts<'l> {
    fn parse(line: &'l str) -> Option<Self> {
        let (time, rest) = line.split_once(' ')?;
        let (date, clock) = time.split_once('T')?;
        let (_process, rest) = rest.split_once(' ')?;
        let (level, rest) = rest.trim_start().split_once(' ')?;
        let (room, what) = rest.trim_start().split_once(' ')?;
        Some(Self { date, clock: clock.get(..8)?, level, room, what: what.trim_start() })
    }
}

/// Returns the lines of the log, wrapped: a long one continues under itself. A date is
/// above its first line.
fn rows(model: &Model, tail: &Tail, width: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut rows = vec![];
    let mut date = "";
    for line in &tail.lines {
        let Some(parts) = Parts::parse(line.as_str()) else {
            rows.extend(frame::sentence(theme, Role::Plain, line.as_str(), width));
            continue;
        };
        if parts.date != date {
            date = parts.date;
            rows.push(Line::from(Span::styled(format!("{date}, UTC"), theme.style(Role::Quiet))));
        }
        let role = match parts.level {
            "ERROR" => Role::Bad,
            "WARN" => Role::Warn,
            _ => Role::Plain,
        };
        let head = format!("{} {} {} ", parts.clock, pad(parts.level, 5), pad(parts.room, 7));
        let room = usize::from(width).saturating_sub(text::width(&head)).max(8);
        for (n, what) in wrap(parts.what, room).into_iter().enumerate() {
            let head = if n == 0 { head.clone() } else { pad("", text::width(&head)) };
            rows.push(Line::from(vec![
                Span::styled(head, theme.style(Role::Quiet)),
                Span::styled(what, theme.style(role)),
            ]));
        }
    }
    rows
}
