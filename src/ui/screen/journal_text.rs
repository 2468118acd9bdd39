//! Texts about a journal that cannot be used.

use crate::engine::journal::{Journal, Readiness};
use crate::ui::widget::theme::Role;

/// Explains why the journal cannot be used, and what to do; empty if it can.
pub(in crate::ui) fn why_unusable(journal: &Journal) -> Vec<(Role, String)> {
    let Readiness::Unusable(why) = &journal.readiness else { return vec![] };
    let way_out = "To create keys meanwhile, start onramp with ONRAMP_STATE_DIR on a local disk. \
        It does not know the unfinished requests of this journal.";
    let mut says = vec![
        (
            Role::Bad,
            format!("No key can be created, because the journal cannot be written: {why}."),
        ),
        (Role::Plain, way_out.to_owned()),
    ];
    if !journal.is_read {
        let unknown = "The journal could not be read: it may hold unfinished requests that are \
            not shown.";
        says.push((Role::Bad, unknown.to_owned()));
    }
    says
}
