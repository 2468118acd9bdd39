//! Maintenance and outages: current, future and past, with the on-ramps each may
//! affect.

use ratatui::buffer::Buffer;

use crate::{
    domain::{
        event::{Event, Kind, Touch},
        id::OnRampId,
        text::SafeText,
        time::Timestamp,
    },
    engine::Engine,
    ui::{
        input::refresh::REFRESH,
        model::{
            Model,
            command::{Binding, Call, Scope, command},
            context::Context,
            interface::Open,
            modal::CursorCell,
            msg::Effect,
            view::View,
        },
        state::{
            events::EventList,
            key::{
                Code::{Enter, Esc, F, Left, Right},
                char, ctrl, plain,
            },
            position::Position,
            view_id::ViewId,
        },
    },
};

use super::view;

/// An event as the view shows it.
pub(in crate::ui) struct Row<'m> {
    pub(in crate::ui) event: &'m Event,
    /// The on-ramps it may touch, and how.
    pub(in crate::ui) touched: Vec<(&'m OnRampId, Touch)>,
}

impl Row<'_> {
    fn name(&self) -> (Kind, SafeText) {
        (self.event.kind, self.event.number.clone())
    }
}

/// Returns every event: current ones, then future ones, then the others; within each,
/// those that may affect our on-ramps first.
pub(in crate::ui) fn rows(model: &Model) -> Vec<Row<'_>> {
    let now = model.server_now();
    let events = model.engine.background().events.value().map_or(&[][..], Vec::as_slice);
    let row =
        |(place, event)| Row { event, touched: model.engine.background().touched(place).collect() };
    let mut rows: Vec<_> = events.iter().enumerate().map(row).collect();
    rows.sort_by_key(|Row { event, touched }| {
        let is_over = !event.matters(now);
        // What is over is read from its end.
        let from = event.from.map_or(i64::MAX, Timestamp::as_millis);
        let when = if is_over { from.saturating_neg() } else { from };
        (!event.is_on(now), is_over, touched.is_empty(), event.kind, when)
    });
    rows
}

/// Returns the position of the cursor.
pub(in crate::ui) fn cursor(model: &Model, rows: &[Row<'_>]) -> usize {
    let selected = model.event_list.selected.as_ref();
    selected.and_then(|name| rows.iter().position(|row| row.name() == *name)).unwrap_or(0)
}

/// Goes to the view.
#[rustfmt::skip]
pub(in crate::ui) const GO: Binding =
    command("go.events", "Events: maintenance and outages, and which on-ramps they may affect.", go_to_events).hint("events").when(is_elsewhere).bind(&[char('5')]);

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("events", "Events view", &[&[
    command("event.on-ramp", "Go to the first on-ramp that the selected event may affect.", open).hint("on-ramp").bind(&[plain(Enter), char('l'), plain(Right)]),
    REFRESH.doc("Refresh events, on-ramps and keys.").bind(&[char('r'), plain(F(5)), ctrl('r')]),
    command("events.back", "Back to the on-ramps.", back).hint("back").bind(&[plain(Esc), char('h'), plain(Left)]),
]]);

/// The view.
pub(in crate::ui) struct EventsView;

impl View for EventsView {
    fn scope(&self, _: &Model) -> &'static Scope {
        &SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        view::draw(model, buffer);
        None
    }

    fn name(&self, _: &Model) -> String {
        "Events".to_owned()
    }

    fn position(&self, model: &Model) -> Position {
        let rows = rows(model);
        Position::of_list(cursor(model, &rows), rows.len(), view::page(model))
    }

    fn move_to(&self, context: &mut Context<'_>, at: usize) {
        let (page, rows) = (view::page(context), rows(context));
        let selected = rows.get(at).map(Row::name);
        let offset = context.event_list.offset.clamp((at + 1).saturating_sub(page), at);
        *context.events_mut() = EventList { selected, offset };
    }

    fn refresh(&self, context: &mut Context<'_>) -> Vec<Effect> {
        read(context)
    }
}

fn is_elsewhere(model: &Model) -> bool {
    model.place != ViewId::Events
}

fn go_to_events(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.go_to_view(ViewId::Events);
    if context.engine.background().events.known.is_none() { read(context) } else { vec![] }
}

fn back(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.go_to_view(ViewId::Browse);
    vec![]
}

/// Reads the events, unless that is in progress.
fn read(context: &mut Context<'_>) -> Vec<Effect> {
    context.run(Engine::read_events)
}

/// Goes to the first on-ramp that the event under the cursor may touch, in the
/// flat list of all.
fn open(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let rows = rows(context);
    let touched = rows.get(cursor(context, &rows)).and_then(|row| row.touched.first());
    if let Some(id) = touched.map(|(id, _)| (*id).clone()) {
        context.open(Open::OnRamp(id))
    } else {
        context.say("The event names none of our listed on-ramps.");
        vec![]
    }
}
