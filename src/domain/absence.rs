//! Entries that a list lacks though it had them before.
//!
//! A list can be short for a moment: a replica lags behind, a query breaks off half
//! way. It can also be short for good reason: a provider whose keys were all used has
//! none left. So an entry that is missing stays where it was until whole readings, some
//! time apart, agree that it is gone; without an explanation it takes more of them.

use std::{collections::BTreeMap, time::Duration};

use super::time::Timestamp;

/// The least time between two readings for them to count as two.
pub const APART: Duration = Duration::from_secs(5);

/// Readings needed to believe that an entry is gone when something explains why it
/// left.
const EXPLAINED: u32 = 2;

/// Readings needed when nothing explains it.
const UNEXPLAINED: u32 = 3;

/// The entries of one kind of list that are missing, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absences<K>(BTreeMap<K, Absence>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Absence {
    /// The time of the last counted reading without it.
    counted_at: Timestamp,
    /// The number of counted readings without it.
    readings: u32,
}

/// The entries that a new reading of a list lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shrinkage<T> {
    /// Those that are believed to be gone now.
    pub gone: Vec<T>,
    /// How many of these were removed without an explanation.
    pub unexplained: usize,
    /// How many are missing but not yet believed to be gone; the list is doubtful while
    /// there are any.
    pub missing: usize,
}

/// Whether a missing entry is believed to be gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not yet.
    Missing,
    /// Yes.
    Gone,
}

impl<K> Default for Absences<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Default for Shrinkage<T> {
    fn default() -> Self {
        Self { gone: vec![], unexplained: 0, missing: 0 }
    }
}

impl<K: Ord> Absences<K> {
    /// Forgets the entry, which is listed.
    pub fn is_back(&mut self, entry: &K) {
        self.0.remove(entry);
    }

    /// A list that was read `at` lacks the entry. A list of which an entry could
    /// not be read is not `whole`: the missing one may be that.
    pub fn is_missing(&mut self, entry: K, explained: bool, whole: bool, at: Timestamp) -> Verdict {
        let absence = self.0.entry(entry).or_insert(Absence { counted_at: at, readings: 0 });
        let counts = absence.readings == 0 || at.since(absence.counted_at) >= APART;
        if whole && counts {
            (absence.counted_at, absence.readings) = (at, absence.readings + 1);
        }
        let enough = if explained { EXPLAINED } else { UNEXPLAINED };
        if whole && absence.readings >= enough { Verdict::Gone } else { Verdict::Missing }
    }

    /// Returns the entries that are missing, and were not taken out with
    /// [`Self::is_back`].
    pub fn missing(&self) -> impl Iterator<Item = &K> {
        self.0.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1000)
    }

    /// Returns the verdicts on one entry, missing at these moments.
    fn verdicts(explained: bool, whole: bool, moments: &[i64]) -> Vec<Verdict> {
        let mut absences = Absences::default();
        let mut missing = |second: &i64| absences.is_missing("k", explained, whole, at(*second));
        moments.iter().map(&mut missing).collect()
    }

    #[test]
    fn an_explained_absence_takes_two_readings_five_seconds_apart() {
        use Verdict::{Gone, Missing};
        assert_eq!(verdicts(true, true, &[0, 4, 5]), [Missing, Missing, Gone]);
        assert_eq!(verdicts(true, true, &[0, 300]), [Missing, Gone]);
    }

    #[test]
    fn an_unexplained_absence_takes_three() {
        use Verdict::{Gone, Missing};
        assert_eq!(verdicts(false, true, &[0, 5, 9, 10]), [Missing, Missing, Missing, Gone]);
    }

    #[test]
    fn a_list_with_entries_that_cannot_be_read_counts_for_nothing() {
        assert_eq!(verdicts(true, false, &[0, 10, 20, 30]), [Verdict::Missing; 4]);
    }

    #[test]
    fn an_entry_that_comes_back_begins_anew() {
        let mut absences = Absences::default();
        assert_eq!(absences.is_missing("k", true, true, at(0)), Verdict::Missing);
        absences.is_back(&"k");
        assert_eq!(absences.missing().count(), 0);
        assert_eq!(absences.is_missing("k", true, true, at(10)), Verdict::Missing);
    }

    #[test]
    fn a_clock_that_steps_back_makes_no_reading_count_twice() {
        use Verdict::Missing;
        assert_eq!(verdicts(true, true, &[100, 50, 51]), [Missing, Missing, Missing]);
    }
}
