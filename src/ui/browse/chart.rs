//! Draws the last day of an opened on-ramp: In, Out, and how its line is.

use std::time::Duration;

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    domain::{on_ramp::OnRamp, telemetry::Series, time::Timestamp},
    ui::{
        model::Model,
        screen::feed_text,
        widget::{text::wrap, theme::Role},
    },
};

use super::detail::NAME;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// The lines of the bars of one direction.
const ROWS: u16 = 4;
/// The least that is worth drawing.
const LEAST: u16 = 2 * (ROWS + 1) + 2;

/// Draws into the space below the facts; nothing if that is too small.
pub(in crate::ui) fn draw(model: &Model, on_ramp: &OnRamp, area: Rect, buffer: &mut Buffer) {
    let (theme, width) = (model.theme, usize::from(area.width.saturating_sub(2)));
    let Some(says) = feed_text::load_in_full(model, on_ramp) else { return };
    let x = area.x + 1 + u16::try_from(NAME).unwrap_or(0);
    let room = width.saturating_sub(NAME);
    let mut y = area.y;
    for (part, at) in wrap(&says, room).into_iter().zip(area.y..area.bottom()) {
        buffer.set_stringn(x, at, part, room, theme.style(Role::Plain));
        y = at + 1;
    }
    if y > area.y {
        buffer.set_stringn(area.x + 1, area.y, "load", NAME, theme.style(Role::Quiet));
    }
    let left = area.bottom().saturating_sub(y);
    let Some(load) = model.engine.load(&on_ramp.id).filter(|_| left >= LEAST) else { return };
    let Some(measured) = model.engine.background().measured.get(&on_ramp.id) else { return };
    let Some(traffic) = measured.traffic.value() else { return };
    let until = newest(&traffic.inward, &traffic.outward, load.at) + Duration::from_millis(1);
    let of = load.latest.of;
    y += 1;
    let directions =
        [("Inbound", "to Megaport", &traffic.inward), ("Outbound", "to us", &traffic.outward)];
    for (name, toward, series) in directions {
        let now = series.latest().map_or_else(String::new, |(_, bits)| format!("{}, ", rate(bits)));
        let title = format!("{name} ({toward}): {now}port {of}");
        buffer.set_stringn(area.x + 1, y, &title, width, theme.style(Role::Quiet));
        y += 1;
        let spans = series.columns(until - DAY, until, width);
        for line in feed_text::bars(&spans, of, usize::from(ROWS)) {
            buffer.set_stringn(area.x + 1, y, &line, width, theme.style(Role::Accent));
            y += 1;
        }
    }
    if let Some(line) = measured.port_health.value().and_then(feed_text::line)
        && y < area.bottom()
    {
        buffer.set_stringn(area.x + 1, y, format!("Link: {line}"), width, theme.style(Role::Plain));
    }
}

fn newest(one: &Series, two: &Series, least: Timestamp) -> Timestamp {
    [one, two].into_iter().filter_map(|series| Some(series.latest()?.0)).fold(least, Ord::max)
}

/// Returns a measured rate, rounded as far as a caption can bear.
fn rate(bits: i64) -> String {
    let tenths = bits / 100_000;
    match tenths {
        10_000.. => format!("{}.{} Gbps", tenths / 10_000, tenths % 10_000 / 1000),
        _ => format!("{}.{} Mbps", tenths / 10, tenths % 10),
    }
}
