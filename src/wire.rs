//! Layer 2: the vendor's JSON, read tolerantly and written exactly.
//!
//! One file per document. Reading turns bytes into domain values: unknown members are
//! skipped, numbers may come as text, lists are read entry by entry, and every text is
//! cleaned on the way in. An error gives a position or a fixed sentence, never the
//! content: a body may hold keys and the names of other companies.
//!
//! This layer must not do I/O, know HTTP or know the screen's request. The simulator
//! must not use it: both are checked against `tests/contract`.

pub mod approval;
pub mod company;
mod envelope;
pub mod error_body;
pub mod events;
mod ix;
pub mod key_body;
pub mod keys;
mod lenient;
mod list;
pub mod locations;
mod numbers;
pub mod products;
mod record;
pub mod round_trips;
mod site;
pub mod telemetry;
pub mod token;
pub mod vlan;
mod vxc;
mod words;

use serde_json::error::Category;
use thiserror::Error;

pub use list::List;

/// A document that could not be read. It never quotes the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WireError {
    /// It is not complete, well-formed JSON.
    #[error("not complete JSON at line {line}, column {column}")]
    Syntax {
        /// The line of the fault, from 1.
        line: usize,
        /// The column of the fault, from 1.
        column: usize,
    },
    /// It is JSON of another shape.
    #[error("{0}")]
    Shape(&'static str),
}

impl From<serde_json::Error> for WireError {
    fn from(error: serde_json::Error) -> Self {
        match error.classify() {
            Category::Data => Self::Shape("it has another form"),
            _ => Self::Syntax { line: error.line(), column: error.column() },
        }
    }
}

/// Returns the text of a body: a byte order mark is skipped, and bytes that are not
/// UTF-8 become replacement characters, so that one bad byte in one name does not cost
/// the document.
fn text_of(body: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body))
}
