//! The order of the keys view.

use std::cmp::Ordering;

use super::Row;

/// A sort order of the keys: its name, and the comparison. The column that has it
/// defines it.
pub type SortBy = (&'static str, fn(&Row, &Row) -> Ordering);

/// An order.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    /// The order that decides.
    pub by: SortBy,
    /// Whether it is turned round.
    pub reversed: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { by: ("state", Row::by_state), reversed: false }
    }
}

impl Sort {
    /// Keeps the direction and moves to the next order.
    #[must_use]
    pub fn next(self, orders: &[SortBy]) -> Self {
        let at = orders.iter().position(|(name, _)| *name == self.by.0);
        let next = orders.get(at.map_or(0, |at| at + 1)).or(orders.first());
        Self { by: next.copied().unwrap_or(self.by), ..self }
    }

    /// Reverses the order of the same column.
    #[must_use]
    pub const fn turned(self) -> Self {
        Self { reversed: !self.reversed, ..self }
    }

    /// Sorts indices of `all`. Equal keys keep one order, the youngest first.
    pub(in crate::ui) fn order(self, all: &[Row], order: &mut [usize]) {
        let (_, compare) = self.by;
        order.sort_unstable_by(|&a, &b| {
            let by = compare(&all[a], &all[b]);
            let by = if self.reversed { by.reverse() } else { by };
            by.then_with(|| all[b].created.cmp(&all[a].created))
                .then_with(|| all[a].of.cmp(&all[b].of))
        });
    }
}
