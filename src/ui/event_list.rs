//! Planned work and outages: what is on, what is to come, what is over, and
//! what of ours each may touch.

pub(super) mod view;

use crate::{
    domain::{
        event::{Event, Kind, Touch},
        id::OnRampId,
        text::SafeText,
        time::Timestamp,
    },
    engine::Engine,
};

use super::{browse::Pane, engine_step, keymap::Command, model::Model, msg::Effect, place::Place};

/// The view.
#[derive(Debug, Clone, Default)]
pub struct EventList {
    /// The event under the cursor, by its kind and number; the first one where
    /// that is gone.
    pub selected: Option<(Kind, SafeText)>,
    /// The first row shown.
    pub offset: usize,
}

/// An event as the view shows it.
pub(super) struct Row<'m> {
    pub(super) event: &'m Event,
    /// The on-ramps it may touch, and how.
    pub(super) touched: Vec<(&'m OnRampId, Touch)>,
}

impl Row<'_> {
    fn name(&self) -> (Kind, SafeText) {
        (self.event.kind, self.event.number.clone())
    }
}

/// Every event: those that are on, then those to come, then the others; in
/// each, those that may touch something of ours first.
pub(super) fn rows(model: &Model) -> Vec<Row<'_>> {
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

/// Where the cursor is.
pub(super) fn cursor(model: &Model, rows: &[Row<'_>]) -> usize {
    let selected = model.event_list.selected.as_ref();
    selected.and_then(|name| rows.iter().position(|row| row.name() == *name)).unwrap_or(0)
}

/// Carries out a command of the view; `None` where it is not one of its.
pub(super) fn act(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    if command == Command::Go(Place::Events) {
        model.place = Place::Events;
        return Some(if model.engine.background().events.known.is_none() {
            read(model)
        } else {
            vec![]
        });
    }
    if model.place != Place::Events || !model.dialogs.is_empty() {
        return None;
    }
    match command {
        Command::Move(step) => {
            let page = view::page(model);
            let rows = rows(model);
            let last = rows.len().saturating_sub(1);
            let to = cursor(model, &rows).saturating_add_signed(step.lines(page)).min(last);
            let selected = rows.get(to).map(Row::name);
            let offset = model.event_list.offset.clamp((to + 1).saturating_sub(page), to);
            model.event_list = EventList { selected, offset };
        }
        Command::Open => open(model),
        Command::Back => model.place = Place::Browse,
        Command::Refresh => {
            let mut effects = model.refresh();
            effects.extend(read(model));
            return Some(effects);
        }
        _ => return None,
    }
    Some(vec![])
}

/// Reads the events, unless that is under way.
fn read(model: &mut Model) -> Vec<Effect> {
    engine_step::run(model, Engine::read_events)
}

/// Goes to the first on-ramp that the event under the cursor may touch, in the
/// flat list of all.
fn open(model: &mut Model) {
    let rows = rows(model);
    let touched = rows.get(cursor(model, &rows)).and_then(|row| row.touched.first());
    let Some(id) = touched.map(|(id, _)| (*id).clone()) else {
        model.notice = Some("It names nothing of ours that is listed.".to_owned());
        return;
    };
    (model.place, model.visit) = (Place::Browse, None);
    let browse = &mut model.browse;
    browse.go_to(
        crate::domain::geography::Scope::default(),
        model.engine.inventory(),
        &model.geography,
    );
    (browse.flat, browse.focus, browse.on_ramp) = (true, Pane::OnRamps, Some(id));
    browse.narrow(model.engine.inventory(), &model.geography);
}
