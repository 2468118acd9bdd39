//! A question that only a deliberate answer counts on, and the answer.
//!
//! It counts once a frame has shown it whole and the keyboard was quiet since:
//! keys that were typed ahead of a slow line, a held key and a paste find it
//! unarmed. Any key, resize or cover disarms it, and so does a change of what it
//! asks about: the answer names what was drawn, and the engine refuses one that
//! is about something else.

use std::time::Duration;

use crate::domain::time::Timestamp;

/// How long the keyboard must be quiet before an answer counts. A held key and a paste
/// never are.
const ARMING_DELAY: Duration = Duration::from_millis(400);

/// A question to the user: one plan, change or circuit, in one state. Created by the
/// engine alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Its number.
    pub(super) id: u64,
    /// Grows with each change of what is asked.
    pub(super) revision: u64,
}

/// The user's confirmation of a question. It is created by a question that a frame has
/// shown, or by a flag on a command line, and counts once.
#[derive(Debug, PartialEq, Eq)]
pub struct Confirmed {
    asked: Asked,
}

impl Confirmed {
    /// Returns the confirmation given on a command line, or by a test.
    pub const fn by_flag(asked: Asked) -> Self {
        Self { asked }
    }

    /// Returns whether it is the answer to this.
    pub(super) fn is_to(&self, asked: Asked) -> bool {
        self.asked == asked
    }
}

/// Whether a question may be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    quiet_since: Timestamp,
    armed: Option<Asked>,
}

impl Question {
    /// Returns a question that opens at `now`.
    pub const fn opened(now: Timestamp) -> Self {
        Self { quiet_since: now, armed: None }
    }

    /// Returns the time until an answer counts, if nothing else speaks against it;
    /// `None` once it would.
    pub fn arms_in(&self, now: Timestamp) -> Option<Duration> {
        let left = ARMING_DELAY.checked_sub(now.since(self.quiet_since));
        left.filter(|left| !left.is_zero())
    }

    /// A frame has shown it; `asked` is what it asks about, where all of that was
    /// on the screen and may be answered. Only a drawn frame arms it.
    pub fn drawn(&mut self, asked: Option<Asked>, now: Timestamp) {
        self.armed = asked.filter(|_| self.arms_in(now).is_none());
    }

    /// Disarms it: a key or paste arrived, a dialog covers it, or it has changed.
    pub const fn disturb(&mut self, now: Timestamp) {
        *self = Self::opened(now);
    }

    /// Returns whether an answer counts now.
    pub const fn is_armed(&self) -> bool {
        self.armed.is_some()
    }

    /// Returns the answer, where one counts now.
    pub fn answer(&self) -> Option<Confirmed> {
        self.armed.map(Confirmed::by_flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Asked = Asked { id: 1, revision: 0 };

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn answer_counts_only_on_a_whole_frame_after_a_quiet_time() {
        let mut question = Question::opened(at(0));
        question.drawn(Some(ASKED), at(399));
        assert!(!question.is_armed(), "not quiet for long enough");
        assert_eq!(question.arms_in(at(400)), None);
        assert!(!question.is_armed(), "not drawn since");
        question.drawn(None, at(400));
        assert!(!question.is_armed(), "not all of it was on the screen");
        question.drawn(Some(ASKED), at(400));
        assert!(question.answer().is_some_and(|yes| yes.is_to(ASKED)));
        question.disturb(at(500));
        assert_eq!(question.answer(), None, "a key was pressed");
        assert_eq!(question.arms_in(at(500)), Some(ARMING_DELAY));
    }

    #[test]
    fn an_answer_is_to_what_was_drawn_and_to_nothing_else() {
        let mut question = Question::opened(at(0));
        question.drawn(Some(ASKED), at(400));
        let yes = question.answer().expect("it is armed");
        assert!(!yes.is_to(Asked { revision: 1, ..ASKED }), "it has changed since");
        assert!(!yes.is_to(Asked { id: 2, ..ASKED }), "it is about another one");
    }
}
