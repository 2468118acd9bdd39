//! News of a watched key between two checks, and the time of the next check.

mod until;

use std::time::Duration;

use crate::domain::{
    key_difference::{Difference, drift_in_words},
    key_usage::{Circuit, Reading, Word},
    time::Timestamp,
};

pub use until::{Records, Until};

/// Something that happened to a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// It was used; by this circuit, where one is known.
    Used(Option<Circuit>),
    /// It may have been used: this circuit, the newest of so many, belongs to no known
    /// key, and the key has no VLAN to identify it by.
    MaybeUsed(Circuit, usize),
    /// It left the list for no known reason.
    Vanished,
    /// Its circuit waits for our approval.
    Waits(Circuit),
    /// Its circuit has another state: it is live, for example.
    Moved(Circuit),
    /// Its window is over, and it was not used.
    Expired,
    /// It was changed outside this host's record, in these values.
    Drifted(Vec<Difference>),
    /// It is again as it was ordered, or was before.
    Restored,
    /// It was disabled.
    Off,
    /// It was enabled.
    On,
}

impl News {
    /// Returns its name for programs, which does not change.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Used(_) => "used",
            Self::MaybeUsed(..) => "maybe_used",
            Self::Vanished => "vanished",
            Self::Waits(_) => "awaits_approval",
            Self::Moved(_) => "circuit_moved",
            Self::Expired => "expired",
            Self::Drifted(_) => "drifted",
            Self::Restored => "restored",
            Self::Off => "switched_off",
            Self::On => "switched_on",
        }
    }

    /// Describes it in words, without a full stop.
    pub fn describe(&self) -> String {
        match self {
            Self::Used(Some(circuit)) => {
                format!("used: circuit {} on VLAN {}", circuit.name, circuit.vlan)
            }
            Self::Used(None) => "used".to_owned(),
            Self::MaybeUsed(circuit, 1) => {
                format!("perhaps used: circuit {} was ordered, from no known key", circuit.name)
            }
            Self::MaybeUsed(circuit, n) => {
                format!(
                    "perhaps used: {n} circuits were ordered, from no known key; last {}",
                    circuit.name
                )
            }
            Self::Vanished => "no longer listed, and no circuit explains it: check it".to_owned(),
            Self::Waits(circuit) => format!("circuit {} awaits our approval", circuit.name),
            Self::Moved(circuit) => {
                format!("circuit {} is {}", circuit.name, circuit.state)
            }
            Self::Expired => "expired, with no sign of use".to_owned(),
            Self::Drifted(differences) => drift_in_words(differences),
            Self::Restored => "back to its ordered or previous values".to_owned(),
            Self::Off => "disabled".to_owned(),
            Self::On => "enabled".to_owned(),
        }
    }
}

impl News {
    /// Reports that a key differs from its expected values, or no longer does.
    pub fn drifted(differences: Vec<Difference>) -> Self {
        if differences.is_empty() { Self::Restored } else { Self::Drifted(differences) }
    }

    /// Reports that a key was used, or may have been, by its reading.
    pub fn used(reading: &Reading, circuit: Option<&Circuit>) -> Self {
        match (reading.word.is_used(), reading.since()) {
            (false, Some((count, newest))) => Self::MaybeUsed(newest.clone(), count),
            _ => Self::Used(circuit.cloned()),
        }
    }
}

/// Returns the weightiest change between two readings of one key.
pub fn compare(before: &Reading, after: &Reading) -> Option<News> {
    let circuit = after.circuit();
    let waits = |reading: &Reading| reading.circuit().is_some_and(|one| one.awaits_approval);
    if let Some(circuit) = circuit.filter(|_| waits(after) && !waits(before)) {
        return Some(News::Waits(circuit.clone()));
    }
    if after.word.is_used() && !before.word.is_used() {
        return Some(News::Used(circuit.cloned()));
    }
    if after.word == Word::MaybeUsed && before.word != Word::MaybeUsed {
        return Some(News::used(after, circuit));
    }
    let state = |reading: &Reading| reading.circuit().map(|one| one.state.clone());
    if let (Some(circuit), Some(was)) = (circuit, state(before))
        && (was != circuit.state || waits(before) != waits(after))
    {
        return Some(News::Moved(circuit.clone()));
    }
    match (before.word, after.word) {
        (before, after) if before == after => None,
        (_, Word::GoneUnexplained) => Some(News::Vanished),
        (_, Word::Expired) => Some(News::Expired),
        (_, Word::Inactive) => Some(News::Off),
        // A change is reported separately.
        (Word::Drifted, _) | (_, Word::Drifted) => None,
        (Word::Inactive, _) => Some(News::On),
        _ => None,
    }
}

/// Returns whether a key was changed outside this host's record between two readings,
/// or is as expected again.
pub fn compare_drift(before: &Reading, after: &Reading) -> Option<News> {
    (before.drift() != after.drift()).then(|| News::drifted(after.drift().to_vec()))
}

/// How long a new key is checked often.
const FRESH: Duration = Duration::from_secs(3600);

/// Returns whether a key created at that time is checked often.
fn is_fresh(made: Option<Timestamp>, now: Timestamp) -> bool {
    made.is_some_and(|made| now.since(made) < FRESH)
}

/// Returns the wait before the next check for watched keys created at these times: 15
/// seconds while an unused one is younger than an hour, else 5 minutes. `None` where
/// none is waited for.
pub fn interval(
    waiting: impl IntoIterator<Item = Option<Timestamp>>,
    now: Timestamp,
) -> Option<Duration> {
    let all: Vec<_> = waiting.into_iter().map(|made| is_fresh(made, now)).collect();
    match all.as_slice() {
        [] => None,
        some if some.contains(&true) => Some(Duration::from_secs(15)),
        _ => Some(Duration::from_secs(300)),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            key_usage::samples,
            on_ramp::samples::{port, vxc},
            service_key::{ServiceKey, samples::key},
            status::Status,
        },
        *,
    };

    const NOW: Timestamp = Timestamp::from_millis(1_795_442_551_000);

    fn reading(key: &ServiceKey, circuit: Option<(Status, bool)>) -> Reading {
        let mut on_ramp = port("p");
        on_ramp.vxcs = circuit
            .into_iter()
            .map(|(status, awaits_approval)| super::super::vxc::Vxc {
                status,
                awaits_approval,
                ..vxc("v", 500, 100)
            })
            .collect();
        samples::reading(key, &on_ramp, NOW)
    }

    #[test]
    fn each_step_from_unused_to_live_is_news_once() {
        let key = key("k-106e38ae", "p", 100);
        let unused = reading(&key, None);
        let waits = reading(&key, Some((Status::Deployable, true)));
        let built = reading(&key, Some((Status::Deployable, false)));
        let live = reading(&key, Some((Status::Live, false)));
        assert!(matches!(compare(&unused, &waits), Some(News::Waits(_))));
        assert!(matches!(compare(&waits, &built), Some(News::Moved(_))));
        assert!(matches!(compare(&built, &live), Some(News::Moved(_))));
        assert_eq!(compare(&live, &live), None);
        assert!(matches!(compare(&unused, &live), Some(News::Used(Some(_)))));
    }

    #[test]
    fn switching_and_ending_are_news() {
        let on = key("k-106e38ae", "p", 100);
        let off = ServiceKey { active: false, ..on.clone() };
        let over = ServiceKey { expired: true, ..on.clone() };
        let [on, off, over] = [&on, &off, &over].map(|key| reading(key, None));
        assert_eq!(compare(&on, &off), Some(News::Off));
        assert_eq!(compare(&off, &on), Some(News::On));
        assert_eq!(compare(&on, &over), Some(News::Expired));
    }

    #[test]
    fn a_young_key_is_looked_after_closely_and_an_old_one_seldom() {
        let ago = |secs| Some(NOW - Duration::from_secs(secs));
        assert_eq!(interval([], NOW), None);
        assert_eq!(interval([ago(60), ago(7200)], NOW), Some(Duration::from_secs(15)));
        assert_eq!(interval([ago(7200)], NOW), Some(Duration::from_secs(300)));
        assert_eq!(interval([None], NOW), Some(Duration::from_secs(300)), "of unknown age");
    }
}
