//! Drawing that knows nothing of the model: text, colours, text fields.

pub(in crate::ui) mod fuzzy;
pub mod secret_box;
pub(in crate::ui) mod table_rows;
pub mod text;
pub mod text_box;
pub mod theme;
