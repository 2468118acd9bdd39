//! The visible part of the screen, for background reads.

use crate::{
    engine::background::Attention,
    ui::{
        model::{Model, modal::Modal},
        state::view_id::ViewId,
    },
};

use super::layout;

/// The most compared on-ramps that are measured: a place with more is too large.
const COMPARED: usize = 24;

/// Returns the visible part of the screen.
pub(in crate::ui) fn attention(model: &Model) -> Attention {
    let shown = model.place == ViewId::Browse && layout::fits(model) && model.modals.is_empty();
    let inventory = model.engine.inventory();
    let current = model.current_id().and_then(|id| inventory.place(id)).filter(|_| shown);
    let rows = model.browse.rows().iter().skip(model.browse.offset).take(layout::table_rows(model));
    let rows = rows.filter(|_| shown && model.visit.is_none()).copied();
    let compared = model.modals.top().and_then(Modal::compares);
    let compared = compared.map(|scope| model.geography.within(scope));
    let compared = compared.into_iter().flatten().take(COMPARED);
    Attention {
        undisturbed: model.modals.iter().all(|open| open.allows_reads(model)),
        visible: current.into_iter().chain(rows).chain(compared).collect(),
        opened: current.filter(|_| model.visit.is_some()),
    }
}
