//! Samples over time, with their gaps.

use crate::domain::time::Timestamp;

/// Samples in the order of their time, one for each moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Series(Vec<(Timestamp, i64)>);

impl Series {
    /// Returns the samples, sorted; of two for one moment, the last one counts.
    pub fn new(samples: impl IntoIterator<Item = (Timestamp, i64)>) -> Self {
        let mut samples: Vec<_> = samples.into_iter().collect();
        samples.reverse();
        samples.sort_by_key(|(at, _)| *at);
        samples.dedup_by_key(|(at, _)| *at);
        Self(samples)
    }

    /// Returns the samples, oldest first.
    pub fn samples(&self) -> &[(Timestamp, i64)] {
        &self.0
    }

    /// Returns whether there is no sample at all.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the newest sample.
    pub fn latest(&self) -> Option<(Timestamp, i64)> {
        self.0.last().copied()
    }

    /// Returns the sample of exactly this moment.
    pub fn value_at(&self, moment: Timestamp) -> Option<i64> {
        let place = self.0.binary_search_by_key(&moment, |(at, _)| *at).ok()?;
        Some(self.0[place].1)
    }

    /// Returns the highest sample.
    pub fn peak(&self) -> Option<i64> {
        self.0.iter().map(|(_, value)| *value).max()
    }

    /// Returns the value that 95 % of the samples do not exceed (nearest rank).
    pub fn percentile_95(&self) -> Option<i64> {
        let mut values: Vec<i64> = self.0.iter().map(|(_, value)| *value).collect();
        values.sort_unstable();
        let rank = (values.len() * 95).div_ceil(100);
        values.get(rank.checked_sub(1)?).copied()
    }

    /// Returns the highest sample of each of `columns` equal spans between `from` and
    /// `until`; a span without one is a gap. The highest and not the mean: a spike must
    /// not be averaged out of sight.
    pub fn columns(&self, from: Timestamp, until: Timestamp, columns: usize) -> Vec<Option<i64>> {
        let mut spans = vec![None; columns];
        let whole = i128::from(until.as_millis()) - i128::from(from.as_millis());
        if whole <= 0 {
            return spans;
        }
        for (at, value) in self.0.iter().filter(|(at, _)| *at >= from && *at < until) {
            let into = i128::from(at.as_millis()) - i128::from(from.as_millis());
            let column = usize::try_from(into * columns as i128 / whole).unwrap_or(usize::MAX);
            if let Some(span) = spans.get_mut(column) {
                *span = (*span).max(Some(*value));
            }
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_millis(minute * 60_000)
    }

    #[test]
    fn samples_are_sorted_and_the_last_word_about_a_moment_counts() {
        let series = Series::new([(at(10), 3), (at(5), 2), (at(10), 4)]);
        assert_eq!(series.samples(), [(at(5), 2), (at(10), 4)]);
        assert_eq!((series.value_at(at(5)), series.value_at(at(6))), (Some(2), None));
    }

    #[test]
    fn a_gap_stays_a_gap_and_is_no_zero() {
        let series = Series::new([(at(0), 7), (at(5), 9), (at(20), 0)]);
        let columns = series.columns(at(0), at(30), 3);
        assert_eq!(columns, [Some(9), None, Some(0)]);
        assert_eq!(Series::default().columns(at(0), at(30), 3), [None, None, None]);
    }

    #[test]
    fn the_percentile_leaves_out_the_highest_twentieth() {
        let series = Series::new((1..=100).map(|n| (at(n), n)));
        assert_eq!((series.percentile_95(), series.peak()), (Some(95), Some(100)));
        assert_eq!(Series::new([(at(0), 8)]).percentile_95(), Some(8));
        assert_eq!(Series::default().percentile_95(), None);
    }
}
