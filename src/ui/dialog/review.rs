//! The review: the one question about what is about to be sent. What that is, and
//! how it was checked, is the engine's plan.

use crate::{domain::time::Timestamp, engine::question::Question};

/// The review's state.
#[derive(Debug, Clone)]
pub struct Review {
    /// Whether `y` counts.
    pub question: Question,
}

impl Review {
    /// A review that opens at `now`.
    pub const fn opened(now: Timestamp) -> Self {
        Self { question: Question::opened(now) }
    }
}
