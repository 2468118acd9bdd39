//! Sentences that several features say.

use crate::{engine::not_now::NotNow, ui::model::Model};

/// Explains why a change is refused now.
pub(in crate::ui) fn no_change(model: &Model, why: &NotNow) -> String {
    match why {
        NotNow::ReadOnly => {
            model.keyed("Read-only: nothing was changed. {typed:writes.ask} allows it.")
        }
        NotNow::ChangeOpen => {
            "One change at a time: the one before is not read back yet.".to_owned()
        }
        NotNow::NoNames => "One moment: the journal is being opened.".to_owned(),
        NotNow::Unready(why) => format!("Nothing was changed: {why}."),
        _ => "Nothing was changed: it is not what was asked any more.".to_owned(),
    }
}
