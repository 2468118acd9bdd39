//! What somebody has on the screen now, for what is read in the background.

use crate::engine::background::Attention;

use super::{dialog::Dialog, layout, model::Model, place::Place};

/// How many on-ramps of a comparison are measured: a place with more is too
/// wide for one.
const COMPARED: usize = 24;

/// What is on the screen.
pub(super) fn attention(model: &Model) -> Attention {
    let shown = model.place == Place::Browse && layout::fits(model) && model.dialogs.is_empty();
    let inventory = model.engine.inventory();
    let current = model.current_id().and_then(|id| inventory.place(id)).filter(|_| shown);
    let rows = model.browse.rows().iter().skip(model.browse.offset).take(layout::table_rows(model));
    let rows = rows.filter(|_| shown && model.visit.is_none()).copied();
    let compared = match model.dialogs.last() {
        Some(Dialog::Offers(open)) => Some(model.geography.within(&open.scope)),
        _ => None,
    };
    let compared = compared.into_iter().flatten().take(COMPARED);
    Attention {
        undisturbed: is_undisturbed(model),
        visible: current.into_iter().chain(rows).chain(compared).collect(),
        opened: current.filter(|_| model.visit.is_some()),
    }
}

/// Whether no dialog stands on the lists. That of a key in doubt lives on them:
/// once its planned looks are over, each list that is read is one more.
fn is_undisturbed(model: &Model) -> bool {
    model.dialogs.iter().all(|open| match open {
        Dialog::Unfinished { .. } => true,
        Dialog::Attempt(id) => model.engine.attempt(*id).is_some_and(|one| !one.needs_the_line()),
        _ => false,
    })
}
