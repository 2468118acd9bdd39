//! Megaport's network events: maintenance and outages.
//!
//! An event names the services it touches by the first eight characters of their ids.
//! That these are prefixes is likely but not documented, so a match is reported as
//! *possibly* affected and no more.

mod affected;

pub use affected::{Affected, Touch};

use super::{text::SafeText, time::Timestamp};

/// Characters in a short id.
const SHORT: usize = 8;

/// The beginning of a service's id, in small letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortId(Box<str>);

impl ShortId {
    /// Parses a short id, or shortens a whole one: eight letters or digits.
    pub fn parse(raw: &str) -> Option<Self> {
        let start = raw.trim().get(..SHORT)?;
        let is_plain = start.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_plain.then(|| Self(start.to_ascii_lowercase().into()))
    }

    /// Returns its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Something that broke.
    Outage,
    /// Work that cannot wait.
    EmergencyWork,
    /// Work that was announced.
    PlannedWork,
}

impl Kind {
    /// Returns the word a screen shows.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Outage => "outage",
            Self::EmergencyWork => "emergency maintenance",
            Self::PlannedWork => "maintenance",
        }
    }
}

/// The progress of an event, by the vendor's word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It happens now: running work, or an ongoing outage.
    Now,
    /// It is to come.
    Scheduled,
    /// It is over: completed, resolved or cancelled.
    Over,
    /// An undocumented word.
    Other(SafeText),
}

/// An event of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The vendor's number of it, for a ticket.
    pub number: SafeText,
    /// Its kind.
    pub kind: Kind,
    /// Its state.
    pub state: State,
    /// Its begin, past or planned.
    pub from: Option<Timestamp>,
    /// Its end; an ongoing outage states none.
    pub until: Option<Timestamp>,
    /// Its purpose, or the thing that broke.
    pub purpose: SafeText,
    /// The effect that customers may notice.
    pub impact: SafeText,
    /// The vendor's latest notice.
    pub notice: SafeText,
    /// The services it names.
    pub services: Vec<ShortId>,
    /// The number of services that could not be read.
    pub unread: u32,
}

impl Event {
    /// Returns whether it is an outage that goes on.
    pub fn is_ongoing_outage(&self) -> bool {
        self.kind == Kind::Outage && self.state == State::Now
    }

    /// Returns whether it happens at `now`: by its state, or by its window where the
    /// state was read before the window began. An end that has passed does not end it:
    /// work takes longer than planned.
    pub fn is_on(&self, now: Timestamp) -> bool {
        match self.state {
            State::Now => true,
            State::Scheduled => {
                self.from.is_some_and(|from| from <= now)
                    && self.until.is_none_or(|until| now < until)
            }
            State::Over | State::Other(_) => false,
        }
    }

    /// Returns whether it is worth a mark: on now, or to come.
    pub fn matters(&self, now: Timestamp) -> bool {
        self.is_on(now)
            || (self.state == State::Scheduled && self.from.is_none_or(|from| now < from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn planned(from: i64, until: i64) -> Event {
        Event {
            number: "CSS-1".into(),
            kind: Kind::PlannedWork,
            state: State::Scheduled,
            from: Some(Timestamp::from_millis(from)),
            until: Some(Timestamp::from_millis(until)),
            purpose: "work".into(),
            impact: SafeText::default(),
            notice: SafeText::default(),
            services: vec![],
            unread: 0,
        }
    }

    #[test]
    fn maintenance_is_active_in_its_window_before_the_next_reading() {
        let event = planned(10, 20);
        let on = |at| event.is_on(Timestamp::from_millis(at));
        assert_eq!((on(9), on(10), on(19), on(20)), (false, true, true, false));
        assert!(event.matters(Timestamp::from_millis(9)));
        assert!(!event.matters(Timestamp::from_millis(20)));
    }

    #[test]
    fn running_work_outlasts_its_window() {
        let event = Event { state: State::Now, ..planned(10, 20) };
        assert!(event.is_on(Timestamp::from_millis(30)));
    }

    #[test]
    fn a_short_id_is_eight_plain_characters_in_small_letters() {
        assert_eq!(ShortId::parse("8611B645-ea50"), ShortId::parse("8611b645"));
        for bad in ["", "8611b64", "8611-645", "8611b64\u{e9}"] {
            assert_eq!(ShortId::parse(bad), None, "{bad:?}");
        }
    }
}
