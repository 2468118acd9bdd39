//! The columns of the events view.

use crate::{
    domain::{
        event::{Event, Kind, State},
        time::Timestamp,
    },
    ui::{
        model::Model,
        widget::{
            table_rows::{Cell, ListColumn},
            text::{date_time, span},
            theme::Role,
        },
    },
};

use super::commands::Row;

/// An event as the list shows it.
pub(in crate::ui) struct EventRow<'a> {
    pub(in crate::ui) model: &'a Model,
    pub(in crate::ui) row: &'a Row<'a>,
}

type EventColumn<'a> = ListColumn<EventRow<'a>>;

impl<'a> EventRow<'a> {
    /// Every column.
    pub(in crate::ui) const COLUMNS: &'a [EventColumn<'a>] = &[
        EventColumn::shown("kind", "WHAT", 21, Self::kind),
        EventColumn::shown("when", "WHEN", 14, |row| when(row.row.event, row.model.server_now())),
        EventColumn::shown("from", "FROM (UTC)", 17, |row| row.moment(row.row.event.from)).broad(),
        EventColumn::shown("until", "UNTIL (UTC)", 17, |row| row.moment(row.row.event.until))
            .broad(),
        EventColumn::shown("ours", "AFFECTED", 8, Self::ours).figures(),
        EventColumn::shown("number", "NUMBER", 10, Self::number).broad_width(12),
        EventColumn::shown("purpose", "SUMMARY", 0, Self::purpose),
    ];

    fn matters(&self) -> bool {
        self.row.event.matters(self.model.server_now())
    }

    /// Returns the role; past events are muted.
    fn role(&self) -> Role {
        if self.matters() { Role::Plain } else { Role::Quiet }
    }

    fn kind(&self) -> Cell {
        let kind = self.row.event.kind;
        let role = match kind {
            _ if !self.matters() => Role::Quiet,
            Kind::Outage | Kind::EmergencyWork => Role::Bad,
            Kind::PlannedWork => Role::Plain,
        };
        (kind.word().to_owned(), role)
    }

    fn moment(&self, at: Option<Timestamp>) -> Cell {
        (
            at.map_or_else(
                || "not reported".to_owned(),
                |at| date_time(at).trim_end_matches(" UTC").to_owned(),
            ),
            self.role(),
        )
    }

    /// Returns how many of our on-ramps it may affect.
    fn ours(&self) -> Cell {
        match self.row.touched.len() {
            0 if !self.model.engine.has_inventory() => ("?".to_owned(), Role::Quiet),
            0 => ("–".to_owned(), Role::Quiet),
            n => (n.to_string(), if self.matters() { Role::Warn } else { Role::Quiet }),
        }
    }

    fn number(&self) -> Cell {
        (self.row.event.number.to_string(), Role::Quiet)
    }

    fn purpose(&self) -> Cell {
        (self.row.event.purpose.to_string(), self.role())
    }
}

/// Returns when it takes place: `now`, `starts in 3 d`, `over`.
pub(in crate::ui) fn when(event: &Event, now: Timestamp) -> (String, Role) {
    if event.is_on(now) {
        let overdue = event.until.is_some_and(|until| until <= now);
        return (if overdue { "now, overdue" } else { "now" }.to_owned(), Role::Bad);
    }
    match (&event.state, event.from) {
        (State::Scheduled, Some(from)) if from > now => {
            (format!("starts in {}", span(from.since(now))), Role::Warn)
        }
        (State::Scheduled, None) => ("upcoming".to_owned(), Role::Warn),
        (State::Other(word), _) => (word.to_string(), Role::Quiet),
        _ => ("over".to_owned(), Role::Quiet),
    }
}
