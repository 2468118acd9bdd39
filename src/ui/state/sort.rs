//! The order of the on-ramp table.

use std::cmp::Ordering;

use crate::domain::{
    inventory::{Inventory, Keys},
    text::by_name,
};

/// A column of the on-ramp table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Column {
    /// The on-ramp's name.
    #[default]
    Name,
    /// Port, MCR or MVE.
    Kind,
    /// The data centre.
    Site,
    /// The speed.
    Speed,
    /// The diversity zone.
    Zone,
    /// VXCs that have not ended.
    Vxcs,
    /// Keys a customer could still redeem.
    Keys,
    /// Committed rates against capacity.
    Allocation,
    /// What it carried in the last day; nothing is sorted by it.
    Load,
    /// How far it is from another one; nothing is sorted by it.
    Trip,
    /// Open for new keys, or why not.
    Open,
}

impl Column {
    /// Every column that sorts, in the order they are shown.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Kind,
        Self::Site,
        Self::Speed,
        Self::Zone,
        Self::Vxcs,
        Self::Keys,
        Self::Allocation,
        Self::Open,
    ];

    /// The column's heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Name => "NAME",
            Self::Kind => "KIND",
            Self::Site => "SITE",
            Self::Speed => "SPD",
            Self::Zone => "ZONE",
            Self::Vxcs => "VXC",
            Self::Keys => "KEY",
            Self::Allocation => "ALLOC",
            Self::Load => "LOAD 24H",
            Self::Trip => "RTT",
            Self::Open => "OPEN",
        }
    }
}

/// The table's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    /// The column that decides.
    pub column: Column,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl Sort {
    /// The same direction, by the next of the columns that are `shown`: an
    /// order nobody can see the reason of would look like none.
    #[must_use]
    pub fn next_column(self, shown: &[Column]) -> Self {
        let at = shown.iter().position(|&column| column == self.column);
        let next = shown.get(at.map_or(0, |at| at + 1)).or(shown.first());
        Self { column: next.copied().unwrap_or_default(), ..self }
    }

    /// The same column, the other way round.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self { descending: !self.descending, ..self }
    }

    /// The inventory's indices in this order. Equal on-ramps keep the order of
    /// their names, whichever way the sort runs, so that rows never trade
    /// places between two refreshes.
    pub fn order(self, inventory: &Inventory) -> Vec<usize> {
        let mut order: Vec<usize> = (0..inventory.on_ramps().len()).collect();
        match self.column {
            Column::Name if self.descending => order.reverse(),
            Column::Name => {}
            _ => order.sort_by(|&a, &b| {
                let by = self.compare(inventory, a, b);
                if self.descending { by.reverse() } else { by }
            }),
        }
        order
    }

    fn compare(self, inventory: &Inventory, a: usize, b: usize) -> Ordering {
        let (one, other) = (&inventory.on_ramps()[a], &inventory.on_ramps()[b]);
        let (figures, others) = (inventory.summary(a), inventory.summary(b));
        match self.column {
            Column::Load | Column::Trip => Ordering::Equal,
            Column::Name => by_name(one.name.as_str(), other.name.as_str()),
            Column::Kind => one.kind.cmp(&other.kind),
            Column::Site => by_name(one.site.name.as_str(), other.site.name.as_str()),
            Column::Speed => one.capacity().cmp(&other.capacity()),
            Column::Zone => one.zone.cmp(&other.zone),
            Column::Vxcs => figures.vxcs.cmp(&others.vxcs),
            Column::Keys => figures.keys.map(Keys::live).cmp(&others.keys.map(Keys::live)),
            Column::Allocation => figures.percent.cmp(&others.percent),
            Column::Open => figures.closed.len().cmp(&others.closed.len()),
        }
    }
}
