//! The columns of the keys view.

use crate::{
    domain::{
        key_difference,
        key_usage::{Evidence, Judge, Reading, Remembered},
        place::Zone,
        service_key::{KeyUse, ServiceKey},
        text::{SafeText, by_name},
        time::Timestamp,
        units::Mbps,
        vlan::VlanTag,
    },
    ui::{
        model::Model,
        screen::key_text,
        state::keys::{Row, RowKey, SortBy},
        widget::{
            table_rows::{Cell, ListColumn, plain},
            text::{count, relative, span},
            theme::Role,
        },
    },
};

use super::watch;

/// A column of keys; they are sorted by the stored values of each row.
type KeyColumn<'a> = ListColumn<KeyRow<'a>, Row>;

/// The source of a row's values.
enum Source<'a> {
    /// The list.
    Listed(&'a ServiceKey),
    /// The stored facts of a key that is no longer listed.
    Gone(&'a Remembered),
}

/// A key as the list shows it.
pub(in crate::ui) struct KeyRow<'a> {
    model: &'a Model,
    source: Source<'a>,
    reading: Reading,
}

#[rustfmt::skip]
impl<'a> KeyRow<'a> {
    /// Every column.
    pub(in crate::ui) const COLUMNS: &'a [KeyColumn<'a>] = &[
        KeyColumn::shown("state", "  STATE", 10, Self::state).sorted(Row::by_state),
        KeyColumn::shown("key", "KEY", 9, Self::key),
        KeyColumn::shown("label", "LABEL", 0, Self::label).sorted(|a, b| by_name(&a.label, &b.label)),
        KeyColumn::shown("on-ramp", "ON-RAMP", 13, Self::on_ramp).broad_width(14).sorted(|a, b| by_name(&a.on_ramp, &b.on_ramp)),
        KeyColumn::shown("zone", "ZONE", 5, Self::zone),
        KeyColumn::shown("vlan", "VLAN", 6, Self::vlan).figures().sorted_as("VLAN", |a, b| a.vlan.cmp(&b.vlan)),
        KeyColumn::shown("rate", "RATE", 5, Self::rate).figures().broad(),
        // The youngest first.
        KeyColumn::shown("age", "AGE", 6, Self::age).figures().broad().sorted(|a, b| b.created.cmp(&a.created)),
        // Without an end they come last.
        KeyColumn::shown("ends", "ENDS", 9, Self::ends).broad_width(10).sorted_as("end", |a, b| (a.end.is_none(), a.end).cmp(&(b.end.is_none(), b.end))),
        KeyColumn::shown("evidence", "STATUS DETAIL", 25, Self::evidence).broad(),
    ];
}

/// Returns the orders that there are, as the columns have them.
pub(in crate::ui) fn orders() -> Vec<SortBy> {
    KeyRow::COLUMNS.iter().filter_map(|column| column.sort).collect()
}

impl<'a> KeyRow<'a> {
    /// Returns the cells of a row; `None` if its key is gone meanwhile.
    pub(in crate::ui) fn new(model: &'a Model, judge: &mut Judge<'_>, row: &Row) -> Option<Self> {
        let (source, reading) = match &row.of {
            RowKey::Listed(id) => {
                let key = model.engine.inventory().key(id)?;
                (Source::Listed(key), judge.listed(key))
            }
            RowKey::Remembered(print) => {
                let memory = model.engine.remembered().get(print)?;
                (Source::Gone(memory), judge.gone(memory))
            }
        };
        Some(Self { model, source, reading })
    }

    fn state(&self) -> Cell {
        let says = match self.source {
            Source::Listed(key) => {
                let marked = self.model.key_list.marks.contains(&key.id);
                let mark = match (marked, self.model.engine.is_watched(&key.id)) {
                    (true, _) => '✓',
                    (false, true) => '·',
                    (false, false) => ' ',
                };
                let warns = if self.reading.warns() { '!' } else { ' ' };
                format!("{mark}{warns}{}", self.reading.word.text())
            }
            Source::Gone(_) => format!("  {}", self.reading.text()),
        };
        (says, key_text::role(&self.reading))
    }

    fn key(&self) -> Cell {
        match self.source {
            Source::Listed(key) => plain(key.id.masked()),
            Source::Gone(memory) => (memory.print.to_string(), Role::Quiet),
        }
    }

    fn label(&self) -> Cell {
        match self.source {
            Source::Listed(key) => key_text::label(self.model, key),
            Source::Gone(memory) => plain(memory.label.to_string()),
        }
    }

    /// Returns the on-ramp's name, and its zone where it is listed.
    fn place(&self) -> (&SafeText, Option<&Zone>) {
        let (id, name) = match self.source {
            Source::Listed(key) => (&key.on_ramp, &key.on_ramp_name),
            Source::Gone(memory) => (&memory.on_ramp, &memory.on_ramp_name),
        };
        let on_ramp = self.model.engine.inventory().on_ramp(id);
        on_ramp.map_or((name, None), |on_ramp| (&on_ramp.name, Some(&on_ramp.zone)))
    }

    fn on_ramp(&self) -> Cell {
        plain(self.place().0.to_string())
    }

    fn zone(&self) -> Cell {
        plain(self.place().1.map_or("–", Zone::word))
    }

    /// Returns a VLAN in six cells; a multi-use key takes any.
    fn vlan(&self) -> Cell {
        let usage = match self.source {
            Source::Listed(key) => key.usage,
            Source::Gone(memory) => memory.usage,
        };
        plain(match usage {
            KeyUse::Single(VlanTag::Untagged) => "untag".to_owned(),
            KeyUse::Single(tag) => tag.to_string(),
            KeyUse::Multi => "multi".to_owned(),
        })
    }

    fn rate(&self) -> Cell {
        let rate = match self.source {
            Source::Listed(key) => key.rate,
            Source::Gone(memory) => memory.rate,
        };
        plain(rate.map_or_else(|| "?".to_owned(), Mbps::short))
    }

    fn age(&self) -> Cell {
        let created = match self.source {
            Source::Listed(key) => key.created,
            Source::Gone(memory) => memory.created,
        };
        let now = self.model.server_now();
        plain(created.map_or_else(|| "?".to_owned(), |created| span(now.since(created))))
    }

    fn ends(&self) -> Cell {
        let Source::Listed(key) = self.source else { return plain("–") };
        let end: Option<Timestamp> = key.validity.and_then(|window| window.end);
        let now = self.model.server_now();
        plain(end.map_or_else(|| "never".to_owned(), |end| relative(end, now)))
    }

    fn evidence(&self) -> Cell {
        let chased = match self.source {
            Source::Listed(key) => watch::partner_in_words(self.model, key),
            Source::Gone(_) => None,
        };
        let first = || self.reading.evidence.first().map(|one| short(self.model, one));
        (chased.or_else(first).unwrap_or_default(), Role::Quiet)
    }
}

/// Describes evidence in a few words, for a column.
fn short(model: &Model, evidence: &Evidence) -> String {
    let now = model.server_now();
    match evidence {
        Evidence::LastUsed(at) => format!("used {}", relative(*at, now)),
        Evidence::UsedSomeTime => "used, time not read".to_owned(),
        Evidence::OnItsVlan(circuit) if circuit.awaits_approval => {
            format!("awaiting our approval: {}", circuit.name)
        }
        Evidence::OnItsVlan(circuit) if !circuit.carries_traffic => {
            format!("circuit {}: {}", circuit.name, circuit.state)
        }
        Evidence::OnItsVlan(circuit) => format!("circuit {}", circuit.name),
        Evidence::Drifted(differences) => key_difference::describe(differences),
        Evidence::VlanTaken(circuit) => format!("VLAN taken: {}", circuit.name),
        Evidence::Since { count: n, .. } => format!("{} ordered since", count(*n, "circuit")),
        Evidence::Listed => "redeemable".to_owned(),
        Evidence::NoCircuit { .. } => "no circuit".to_owned(),
        Evidence::NotValid => "not valid".to_owned(),
        Evidence::SwitchedOff => "customer cannot use it".to_owned(),
        Evidence::Ends(at) if *at > now => "not used".to_owned(),
        Evidence::Ends(_) => "end date passed".to_owned(),
        Evidence::Ended(_) | Evidence::SaidExpired => "no use seen".to_owned(),
        Evidence::Opens(at) => format!("starts {}", relative(*at, now)),
        Evidence::LeftTheList => "no longer listed".to_owned(),
        Evidence::NotAmongTheRead(_) => "list not read completely".to_owned(),
        Evidence::NoOnRamp => "on-ramp not listed".to_owned(),
        Evidence::OnRampEnded => "on-ramp decommissioned".to_owned(),
        Evidence::OnRampNotAmongTheRead(_) => "on-ramp not read".to_owned(),
        Evidence::OnRampsUnread => "on-ramps not read yet".to_owned(),
        Evidence::CircuitsUnread => "some circuits not read".to_owned(),
    }
}
