//! The reasons why the engine refuses an action now.

use crate::domain::{text::SafeText, time::Timestamp};

/// The reason why an action is refused now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotNow {
    /// The journal is being opened: nothing can have a name yet.
    NoNames,
    /// The console is read-only.
    ReadOnly,
    /// The request is for another API than this one.
    OtherRealm,
    /// The first key of its pair, of this label, is not known.
    FirstOfPairOpen(SafeText),
    /// Not before then, by this host's clock: Megaport asks to wait, or its
    /// credentials are not tried before.
    Waits(Timestamp),
    /// The key of this label is not settled.
    Busy(SafeText),
    /// Nothing can be journaled, with the reason.
    Unready(String),
    /// A check or its state forbids it.
    NotClear,
    /// The answer was to something else than what is asked now.
    OtherAnswer,
    /// Another console of this user is at it: which one, and how to end it.
    Elsewhere(String),
    /// Another change is not read back yet.
    ChangeOpen,
}
