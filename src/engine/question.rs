//! A question that only a deliberate answer counts on.
//!
//! It counts once a frame has shown it whole and the keyboard was quiet since:
//! keys that were typed ahead of a slow line, a held key and a paste find it
//! unarmed. Any key, resize or cover disarms it, and so does a change of what it
//! asks about.

use std::time::Duration;

use crate::domain::time::Timestamp;

/// How long the keyboard must be quiet before an answer counts. A held key and
/// a paste never are.
const ARMING_DELAY: Duration = Duration::from_millis(400);

/// Whether a question may be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    quiet_since: Timestamp,
    armed: bool,
}

impl Question {
    /// A question that opens at `now`.
    pub const fn opened(now: Timestamp) -> Self {
        Self { quiet_since: now, armed: false }
    }

    /// How long until an answer counts, if nothing else speaks against it;
    /// `None` once it would.
    pub fn arms_in(&self, now: Timestamp) -> Option<Duration> {
        let left = ARMING_DELAY.checked_sub(now.since(self.quiet_since));
        left.filter(|left| !left.is_zero())
    }

    /// A frame has shown it; `complete` is whether all that it asks about was on
    /// the screen, and may be answered. Only a drawn frame arms it.
    pub fn drawn(&mut self, complete: bool, now: Timestamp) {
        self.armed = complete && self.arms_in(now).is_none();
    }

    /// Something was pressed or pasted, lies over it, or has changed it.
    pub const fn disturb(&mut self, now: Timestamp) {
        *self = Self::opened(now);
    }

    /// Whether an answer counts now.
    pub const fn is_armed(&self) -> bool {
        self.armed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn an_answer_counts_only_on_a_whole_frame_that_was_drawn_after_a_quiet_time() {
        let mut question = Question::opened(at(0));
        question.drawn(true, at(399));
        assert!(!question.is_armed(), "not quiet for long enough");
        assert_eq!(question.arms_in(at(400)), None);
        assert!(!question.is_armed(), "not drawn since");
        question.drawn(false, at(400));
        assert!(!question.is_armed(), "not all of it was on the screen");
        question.drawn(true, at(400));
        assert!(question.is_armed());
        question.disturb(at(500));
        assert!(!question.is_armed(), "a key was pressed");
        assert_eq!(question.arms_in(at(500)), Some(ARMING_DELAY));
    }
}
