//! Sentences that several features say.

use crate::{engine::not_now::NotNow, ui::model::Model};

/// Explains why a change is refused now.
pub(in crate::ui) fn no_change(model: &Model, why: &NotNow) -> String {
    match why {
        NotNow::ReadOnly => {
            model.keyed("Read-only: nothing was changed. {typed:writes.ask} allows changes.")
        }
        NotNow::ChangeOpen => "Another change is still being verified.".to_owned(),
        NotNow::NoNames => "The journal is still being opened; try again in a moment.".to_owned(),
        NotNow::Unready(why) => format!("Nothing was changed: {why}."),
        _ => "Nothing was changed: the key is no longer as you confirmed it.".to_owned(),
    }
}
