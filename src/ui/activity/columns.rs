//! The columns of the activity view.

use crate::{
    domain::{audit::Entry, intent::Intent, key_order::OrderUse, place::Zone, time::Timestamp},
    ui::{
        model::Model,
        state::activity::{RowId, words},
        widget::{
            table_rows::{Cell, ListColumn, plain},
            text::{clock, date, short_date_time},
            theme::Role,
        },
    },
};

use super::lines;

/// The subject of a row.
enum Subject<'a> {
    /// A request that is open.
    Intent(&'a Intent),
    /// An entry of the audit.
    Entry(&'a Entry),
}

/// An act as the list shows it.
pub(in crate::ui) struct ActivityRow<'a> {
    when: String,
    what: Cell,
    subject: Subject<'a>,
    /// Whether the author fits in full.
    broad: bool,
}

type ActivityColumn<'a> = ListColumn<ActivityRow<'a>>;

impl<'a> ActivityRow<'a> {
    /// Every column.
    pub(in crate::ui) const COLUMNS: &'a [ActivityColumn<'a>] = &[
        ActivityColumn::shown("when", "WHEN", 12, |row| (row.when.clone(), Role::Quiet)),
        ActivityColumn::shown("what", "WHAT", 16, |row| row.what.clone()),
        ActivityColumn::shown("label", "LABEL", 0, Self::label),
        ActivityColumn::shown("on-ramp", "ON-RAMP", 14, Self::on_ramp).broad_width(16),
        ActivityColumn::shown("zone", "ZONE", 5, Self::zone).broad(),
        ActivityColumn::shown("vlan", "VLAN", 5, Self::vlan).figures(),
        ActivityColumn::shown("customer", "CUSTOMER", 14, Self::customer).broad(),
        ActivityColumn::shown("who", "WHO", 8, Self::who).broad_width(20),
    ];

    /// Returns the cells of a line; `None` if it is gone meanwhile.
    pub(in crate::ui) fn new(model: &'a Model, of: &RowId, broad: bool) -> Option<Self> {
        let now = model.server_now();
        Some(match of {
            RowId::Unfinished(id) => {
                let one = model.engine.attempt(*id)?;
                let intent = &one.standing.intent;
                let at = one.standing.sent_at.unwrap_or(intent.prepared_at);
                let (what, role) = lines::state(one);
                let subject = Subject::Intent(intent);
                Self { when: when(at, now), what: (what.to_owned(), role), subject, broad }
            }
            RowId::Key(last) => {
                let (entry, group) = model.activity.entry(*last).zip(lines::group(model, *last))?;
                let half = lines::is_half(model, group);
                let (what, role) =
                    if half { ("half pair", Role::Bad) } else { group.state.describe() };
                let subject = Subject::Entry(entry);
                Self { when: when(group.at, now), what: (what.to_owned(), role), subject, broad }
            }
            RowId::Act(number) => {
                let entry = model.activity.entry(*number)?;
                let what = words::of_act(entry);
                Self { when: when(entry.at, now), what, subject: Subject::Entry(entry), broad }
            }
        })
    }

    fn label(&self) -> Cell {
        match self.subject {
            Subject::Intent(intent) => plain(intent.order.label().to_string()),
            Subject::Entry(entry) => plain(words::about(entry)),
        }
    }

    fn on_ramp(&self) -> Cell {
        match self.subject {
            Subject::Intent(intent) => plain(intent.on_ramp_name.to_string()),
            Subject::Entry(entry) => fact(entry, "on_ramp_name"),
        }
    }

    fn zone(&self) -> Cell {
        match self.subject {
            Subject::Intent(intent) if intent.zone == Zone::Unstated => plain("–"),
            Subject::Intent(intent) => plain(intent.zone.word()),
            Subject::Entry(entry) => fact(entry, "zone"),
        }
    }

    fn vlan(&self) -> Cell {
        match self.subject {
            Subject::Intent(intent) => plain(match intent.order.usage() {
                OrderUse::Single(vlan) => vlan.to_string(),
                OrderUse::Untagged => "untag".to_owned(),
                OrderUse::Multi => "multi".to_owned(),
            }),
            Subject::Entry(entry) => plain(match entry.fact("vlan").unwrap_or_default() {
                "untagged" => "untag",
                "multi-use" => "multi",
                vlan => vlan,
            }),
        }
    }

    fn customer(&self) -> Cell {
        match self.subject {
            Subject::Intent(intent) => plain(intent.for_whom.customer.clone()),
            Subject::Entry(entry) => fact(entry, "customer"),
        }
    }

    /// Returns the author; open work belongs to the user at the screen.
    fn who(&self) -> Cell {
        let who = match self.subject {
            Subject::Intent(_) => String::new(),
            Subject::Entry(entry) if self.broad => entry.who(),
            Subject::Entry(entry) => entry.person().to_owned(),
        };
        (who, Role::Quiet)
    }
}

fn fact(entry: &Entry, name: &str) -> Cell {
    plain(entry.fact(name).unwrap_or_default())
}

/// Formats `14:02:31` today, else `11-22 14:02`.
fn when(at: Timestamp, now: Timestamp) -> String {
    if date(at) == date(now) {
        clock(at).trim_end_matches(" UTC").to_owned()
    } else {
        short_date_time(at)
    }
}
