//! The columns of an opened on-ramp's two lists: its circuits and its keys.

use crate::{
    domain::{
        key_usage::Reading,
        on_ramp::{Link, OnRamp},
        service_key::{KeyUse, ServiceKey},
        status::Status,
        units::Mbps,
        vlan::VlanTag,
        vxc::{Ix, Vxc},
    },
    ui::{
        model::Model,
        screen::key_text,
        widget::{
            table_rows::{Cell, ListColumn, plain},
            text::{date, relative},
            theme::Role,
        },
    },
};

/// A circuit on the on-ramp.
pub(in crate::ui) enum CircuitRow<'a> {
    /// A VXC.
    Vxc(&'a Vxc),
    /// An IX.
    Ix(&'a Ix),
}

type CircuitColumn<'a> = ListColumn<CircuitRow<'a>>;

impl<'a> CircuitRow<'a> {
    /// Every column.
    pub(in crate::ui) const COLUMNS: &'a [CircuitColumn<'a>] = &[
        CircuitColumn::shown("vlan", "VLAN", 5, Self::vlan).figures(),
        CircuitColumn::shown("name", "NAME", 0, Self::name),
        CircuitColumn::shown("rate", "RATE", 5, Self::rate).figures(),
        CircuitColumn::shown("far-end", "FAR END", 15, Self::far_end),
        CircuitColumn::shown("state", "STATE", 10, Self::state),
        CircuitColumn::shown("since", "SINCE", 11, Self::since),
    ];

    /// Returns the circuits that have not ended, VXCs first.
    pub(in crate::ui) fn all(on_ramp: &'a OnRamp) -> impl Iterator<Item = Self> {
        on_ramp.standing_vxcs().map(Self::Vxc).chain(on_ramp.standing_ixs().map(Self::Ix))
    }

    fn vlan(&self) -> Cell {
        match self {
            Self::Vxc(vxc) => plain(vlan(vxc.vlan)),
            Self::Ix(ix) => plain(vlan(ix.vlan)),
        }
    }

    fn name(&self) -> Cell {
        match self {
            Self::Vxc(vxc) => plain(vxc.name.to_string()),
            Self::Ix(ix) => plain(ix.name.to_string()),
        }
    }

    fn rate(&self) -> Cell {
        match self {
            Self::Vxc(vxc) => plain(rate(vxc.rate)),
            Self::Ix(ix) => plain(rate(ix.rate)),
        }
    }

    fn far_end(&self) -> Cell {
        match self {
            Self::Vxc(vxc) => plain(vxc.far_end.to_string()),
            Self::Ix(_) => ("IX".to_owned(), Role::Quiet),
        }
    }

    fn state(&self) -> Cell {
        match self {
            Self::Vxc(vxc) => {
                let (state, usable) = circuit_state(vxc);
                (state.to_owned(), if usable { Role::Good } else { Role::Warn })
            }
            Self::Ix(ix) => plain(ix.status.word()),
        }
    }

    fn since(&self) -> Cell {
        match self {
            Self::Vxc(vxc) => plain(vxc.created.map_or_else(|| "–".to_owned(), date)),
            Self::Ix(_) => plain(""),
        }
    }
}

/// A key of the on-ramp.
pub(in crate::ui) struct KeyRow<'a> {
    pub(in crate::ui) model: &'a Model,
    pub(in crate::ui) key: &'a ServiceKey,
    pub(in crate::ui) reading: Reading,
}

type KeyColumn<'a> = ListColumn<KeyRow<'a>>;

impl<'a> KeyRow<'a> {
    /// Every column.
    pub(in crate::ui) const COLUMNS: &'a [KeyColumn<'a>] = &[
        KeyColumn::shown("vlan", "VLAN", 5, Self::vlan).figures(),
        KeyColumn::shown("key", "KEY", 9, |row| plain(row.key.id.masked())),
        KeyColumn::shown("use", "USE", 6, Self::usage),
        KeyColumn::shown("rate", "RATE", 5, |row| plain(rate(row.key.rate))).figures(),
        KeyColumn::shown("label", "LABEL", 0, |row| key_text::label(row.model, row.key)),
        KeyColumn::shown("state", "STATE", 10, Self::state),
        KeyColumn::shown("ends", "ENDS", 10, Self::ends),
    ];

    fn vlan(&self) -> Cell {
        match self.key.usage {
            KeyUse::Single(tag) => plain(vlan(tag)),
            KeyUse::Multi => plain("any"),
        }
    }

    fn usage(&self) -> Cell {
        plain(if self.key.is_multi_use() { "multi" } else { "single" })
    }

    fn state(&self) -> Cell {
        (self.reading.text(), key_text::role(&self.reading))
    }

    fn ends(&self) -> Cell {
        let end = self.key.validity.and_then(|window| window.end);
        let now = self.model.server_now();
        plain(end.map_or_else(|| "never".to_owned(), |end| relative(end, now)))
    }
}

/// Returns a rate in five cells.
fn rate(rate: Option<Mbps>) -> String {
    rate.map_or_else(|| "?".to_owned(), Mbps::short)
}

/// Returns a VLAN in five cells.
fn vlan(tag: VlanTag) -> String {
    if tag == VlanTag::Untagged { "untag".to_owned() } else { tag.to_string() }
}

/// Returns the state of a circuit in ten cells: an obstacle to its traffic before the
/// state of its order; and whether it is healthy.
fn circuit_state(vxc: &Vxc) -> (&str, bool) {
    let is_down = vxc.status == Status::Live && vxc.link == Link::Down;
    match vxc {
        _ if vxc.awaits_approval => ("PENDING", false),
        _ if vxc.shut_down => ("SHUT DOWN", false),
        _ if is_down => ("NOT UP", false),
        _ => (vxc.status.word(), vxc.status.is_usable()),
    }
}
