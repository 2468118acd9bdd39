//! Sentences that several features say.

use crate::engine::not_now::NotNow;

/// Why a change is not made now.
pub(in crate::ui) fn no_change(why: &NotNow) -> String {
    match why {
        NotNow::ReadOnly => "Read-only: nothing was changed. :rw allows it.".to_owned(),
        NotNow::ChangeOpen => {
            "One change at a time: the one before is not read back yet.".to_owned()
        }
        NotNow::NoNames => "One moment: the journal is being opened.".to_owned(),
        NotNow::Unready(why) => format!("Nothing was changed: {why}."),
        _ => "Nothing was changed: it is not what was asked any more.".to_owned(),
    }
}
