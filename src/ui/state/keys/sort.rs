//! The order of the keys view.

use std::cmp::Ordering;

use crate::domain::text::by_name;

use super::Row;

/// A column that the keys can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Column {
    /// What wants an eye first.
    #[default]
    State,
    /// The label.
    Label,
    /// The on-ramp.
    OnRamp,
    /// The VLAN.
    Vlan,
    /// The youngest first.
    Age,
    /// What ends first.
    Ends,
}

impl Column {
    const ALL: [Self; 6] =
        [Self::State, Self::Label, Self::OnRamp, Self::Vlan, Self::Age, Self::Ends];

    /// Its name, as the title says it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Label => "label",
            Self::OnRamp => "on-ramp",
            Self::Vlan => "VLAN",
            Self::Age => "age",
            Self::Ends => "end",
        }
    }
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    /// The column that decides.
    pub column: Column,
    /// Whether it is turned round.
    pub reversed: bool,
}

impl Sort {
    /// The same direction, by the next column.
    #[must_use]
    pub fn next_column(self) -> Self {
        let at = Column::ALL.iter().position(|one| *one == self.column).unwrap_or(0);
        Self { column: Column::ALL[(at + 1) % Column::ALL.len()], ..self }
    }

    /// The same column, the other way round.
    #[must_use]
    pub const fn turned(self) -> Self {
        Self { reversed: !self.reversed, ..self }
    }

    /// Sorts indices of `all`. Equal keys keep one order, the youngest first.
    pub(in crate::ui) fn order(self, all: &[Row], order: &mut [usize]) {
        order.sort_unstable_by(|&a, &b| {
            let by = self.compare(&all[a], &all[b]);
            let by = if self.reversed { by.reverse() } else { by };
            by.then_with(|| all[b].created.cmp(&all[a].created))
                .then_with(|| all[a].of.cmp(&all[b].of))
        });
    }

    fn compare(self, one: &Row, other: &Row) -> Ordering {
        match self.column {
            Column::State => one.word.cmp(&other.word),
            Column::Label => by_name(&one.label, &other.label),
            Column::OnRamp => by_name(&one.on_ramp, &other.on_ramp),
            Column::Vlan => one.vlan.cmp(&other.vlan),
            Column::Age => other.created.cmp(&one.created),
            // Without an end they come last.
            Column::Ends => (one.end.is_none(), one.end).cmp(&(other.end.is_none(), other.end)),
        }
    }
}
