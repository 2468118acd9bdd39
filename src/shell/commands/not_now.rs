//! The reasons why the engine refuses an action, as a command reports them.

use crate::{domain::words::date_time, engine::not_now::NotNow};

/// Describes it.
pub(super) fn describe(why: &NotNow) -> String {
    match why {
        NotNow::NoNames => "the journal is not open".to_owned(),
        NotNow::ReadOnly => "the account is read-only".to_owned(),
        NotNow::OtherRealm => "the request is for another API".to_owned(),
        NotNow::FirstOfPairOpen(label) => {
            format!("the first key of the pair, {label}, is in doubt")
        }
        NotNow::Waits(until) => format!("Megaport asks to wait until {}", date_time(*until)),
        NotNow::Busy(label) => format!("the key {label} is in doubt"),
        NotNow::Unready(why) => why.clone(),
        NotNow::NotClear | NotNow::OtherAnswer => "a check forbids it".to_owned(),
        NotNow::Elsewhere(who) => format!("another console is working on it: {who}"),
        NotNow::ChangeOpen => "another change is still being verified".to_owned(),
    }
}
