//! Numbers and flags, in every spelling that has been seen.
//!
//! Sources: integers as `1000.0` and `"500"` in the vendor's samples; `up` as
//! a boolean on one object and as 1/0 on the next.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

use crate::domain::{time::Timestamp, units::Mbps};

use super::lenient::{Lenient, deserialize_lenient};

/// A whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum WholeNumber {
    /// `null`, `""`, `{}`, `[]` or missing.
    #[default]
    Absent,
    /// The number, from `500`, `500.0` or `"500"`.
    Number(i64),
    /// Something there that is no whole number.
    Odd,
}

/// The whole numbers below this are exact as `f64`: 2^53.
const F64_EXACT_MAX: f64 = 9_007_199_254_740_992.0;

impl Lenient<'_> for WholeNumber {
    fn absent() -> Self {
        Self::Absent
    }

    fn odd() -> Self {
        Self::Odd
    }

    fn int(value: i64) -> Self {
        Self::Number(value)
    }

    fn float(value: f64) -> Self {
        if value.fract() != 0.0 || value.abs() >= F64_EXACT_MAX {
            return Self::Odd;
        }
        #[expect(clippy::cast_possible_truncation, reason = "whole, and below 2^53")]
        Self::Number(value as i64)
    }

    fn text(value: Cow<'_, str>) -> Self {
        let value = value.trim();
        if value.is_empty() {
            return Self::Absent;
        }
        match (value.parse::<i64>(), value.parse::<f64>()) {
            (Ok(number), _) => Self::Number(number),
            (_, Ok(number)) => Self::float(number),
            _ => Self::Odd,
        }
    }
}

impl<'de> Deserialize<'de> for WholeNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        deserialize_lenient(from)
    }
}

impl WholeNumber {
    /// Returns the number, where there is one.
    pub(super) const fn number(self) -> Option<i64> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    /// Returns the number, where there is one and it is not 0, which the vendor uses
    /// for "none" in dates, speeds and LAG numbers.
    pub(super) fn non_zero(self) -> Option<i64> {
        self.number().filter(|&number| number != 0)
    }

    /// Returns the number, where there is one above 0: the vendor uses 0 and -1 for
    /// none.
    pub(super) fn positive(self) -> Option<i64> {
        self.number().filter(|&number| number > 0)
    }

    /// Returns a moment in milliseconds; `null` and 0 are none.
    pub(super) fn moment(self) -> Option<Timestamp> {
        self.non_zero().map(Timestamp::from_millis)
    }

    /// Returns a rate in Mbps; `null` and 0 are none, and so is what no rate can be.
    pub(super) fn rate(self) -> Option<Mbps> {
        let rate = u32::try_from(self.non_zero()?).ok().filter(|rate| *rate <= RATE_MAX_MBPS);
        rate.map(Mbps::new)
    }

    /// Returns whether something is there that no rate can be: less than zero, more
    /// than 1 Tbps, or no number.
    pub(super) fn is_no_rate(self) -> bool {
        self == Self::Odd
            || self.number().is_some_and(|number| !(0..=i64::from(RATE_MAX_MBPS)).contains(&number))
    }
}

/// The highest rate that is believed, in Mbps: 1 Tbps.
const RATE_MAX_MBPS: u32 = 1_000_000;

/// A number that may have a fraction; `None` where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Decimal(pub(super) Option<f64>);

impl Lenient<'_> for Decimal {
    fn absent() -> Self {
        Self(None)
    }

    #[expect(clippy::cast_precision_loss, reason = "no measurement needs more than 53 bits")]
    fn int(value: i64) -> Self {
        Self(Some(value as f64))
    }

    fn float(value: f64) -> Self {
        Self(value.is_finite().then_some(value))
    }

    fn text(value: Cow<'_, str>) -> Self {
        Self(value.trim().parse().ok().filter(|value: &f64| value.is_finite()))
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        deserialize_lenient(from)
    }
}

impl Decimal {
    /// Returns the number in units of one `parts`th, rounded, where there is one.
    pub(super) fn times(self, parts: i64) -> Option<i64> {
        #[expect(clippy::cast_precision_loss, reason = "the factors are small")]
        let scaled = (self.0? * parts as f64).round();
        #[expect(clippy::cast_possible_truncation, reason = "whole, and below 2^53")]
        (scaled.abs() < F64_EXACT_MAX).then_some(scaled as i64)
    }
}

/// A boolean: `true`, `1`, `1.0`, `"true"`, `"1"`; `None` where absent or unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Flag(pub(super) Option<bool>, bool);

impl Flag {
    /// Returns whether something is there that is no yes and no no.
    pub(super) const fn is_odd(self) -> bool {
        self.1
    }

    const fn said(value: bool) -> Self {
        Self(Some(value), false)
    }
}

impl Lenient<'_> for Flag {
    fn absent() -> Self {
        Self(None, false)
    }

    fn odd() -> Self {
        Self(None, true)
    }

    fn boolean(value: bool) -> Self {
        Self::said(value)
    }

    fn int(value: i64) -> Self {
        match value {
            0 => Self::said(false),
            1 => Self::said(true),
            _ => Self::odd(),
        }
    }

    fn float(value: f64) -> Self {
        WholeNumber::float(value).number().map_or_else(Self::odd, Self::int)
    }

    fn text(value: Cow<'_, str>) -> Self {
        match value.trim() {
            "" => Self::absent(),
            word if word.eq_ignore_ascii_case("true") => Self::said(true),
            word if word.eq_ignore_ascii_case("false") => Self::said(false),
            word => {
                WholeNumber::text(Cow::Borrowed(word)).number().map_or_else(Self::odd, Self::int)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        deserialize_lenient(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(json: &str) -> WholeNumber {
        serde_json::from_str(json).unwrap()
    }

    fn flag(json: &str) -> Option<bool> {
        serde_json::from_str::<Flag>(json).unwrap().0
    }

    #[test]
    fn a_number_is_read_in_every_spelling() {
        for json in ["500", "500.0", "\"500\"", "\" 500 \"", "5e2", "\"500.0\""] {
            assert_eq!(whole(json), WholeNumber::Number(500), "{json}");
        }
    }

    #[test]
    fn null_and_empty_things_are_absent() {
        for json in ["null", "\"\"", "{}", "[]"] {
            assert_eq!(whole(json), WholeNumber::Absent, "{json}");
        }
    }

    #[test]
    fn what_is_no_whole_number_is_odd_and_not_an_error() {
        for json in ["1.5", "\"12x\"", "true", "{\"a\":1}", "[1]", "1e300", "\"NaN\"", "\"inf\""] {
            assert_eq!(whole(json), WholeNumber::Odd, "{json}");
        }
    }

    #[test]
    fn a_huge_number_does_not_wrap() {
        assert_eq!(whole("18446744073709551615"), WholeNumber::Number(i64::MAX));
        assert_eq!(whole("1099511627776").rate(), None);
        assert!(whole("1000001").is_no_rate() && !whole("1000000").is_no_rate());
        assert_eq!(whole("-5").rate(), None);
    }

    #[test]
    fn a_flag_is_read_in_every_spelling() {
        for json in ["true", "1", "1.0", "\"true\"", "\"TRUE\"", "\"1\""] {
            assert_eq!(flag(json), Some(true), "{json}");
        }
        for json in ["false", "0", "0.0", "\"false\"", "\"0\""] {
            assert_eq!(flag(json), Some(false), "{json}");
        }
        for json in ["null", "\"\"", "{}", "2", "\"maybe\"", "[true]"] {
            assert_eq!(flag(json), None, "{json}");
        }
    }
}
