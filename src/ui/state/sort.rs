//! The order of the on-ramp table.

use crate::domain::{inventory::Inventory, on_ramp_columns::OnRampRow};

/// The table's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column that decides, by its name.
    pub column: &'static str,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { column: NAME, descending: false }
    }
}

/// The column whose order the inventory has already.
const NAME: &str = "name";

impl Sort {
    /// Keeps the direction and moves to the next of the `shown` columns: an order
    /// without a visible column would look random.
    #[must_use]
    pub fn next_column(self, shown: &[&'static str]) -> Self {
        let at = shown.iter().position(|&column| column == self.column);
        let next = shown.get(at.map_or(0, |at| at + 1)).or(shown.first());
        Self { column: next.copied().unwrap_or(NAME), ..self }
    }

    /// Reverses the order of the same column.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self { descending: !self.descending, ..self }
    }

    /// Returns the inventory's indices in this order. Equal on-ramps keep the order of
    /// their names in both directions, so that rows never trade places between two
    /// refreshes.
    pub fn order(self, inventory: &Inventory) -> Vec<usize> {
        let mut order: Vec<usize> = (0..inventory.on_ramps().len()).collect();
        let column = OnRampRow::column(self.column).filter(|column| column.id != NAME);
        let Some((_, compare)) = column.and_then(|column| column.sort) else {
            if self.descending {
                order.reverse();
            }
            return order;
        };
        let row = |at: usize| OnRampRow {
            on_ramp: &inventory.on_ramps()[at],
            summary: inventory.summary(at),
            region: (None, None),
            doubt: "",
        };
        order.sort_by(|&a, &b| {
            let by = compare(&row(a), &row(b));
            if self.descending { by.reverse() } else { by }
        });
        order
    }
}
