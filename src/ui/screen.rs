//! Parts of the screen that several features draw or say.

pub mod account_label;
pub(in crate::ui) mod attempt_text;
pub(in crate::ui) mod attention;
pub(in crate::ui) mod feed_text;
pub mod frame;
pub(in crate::ui) mod journal_text;
pub(in crate::ui) mod key_text;
pub mod layout;
pub(in crate::ui) mod order_text;
pub(in crate::ui) mod pane;
pub(in crate::ui) mod region_text;
pub(in crate::ui) mod stale_text;
pub(in crate::ui) mod words;
pub(in crate::ui) mod zone_text;
