//! Rates, in the unit the vendor counts them in.

mod parse;

use std::{fmt, iter::Sum, ops::Add};

pub use parse::RateFault;

/// A rate or a capacity in megabits per second.
///
/// Addition saturates: a sum over an account can never wrap into a small,
/// plausible lie.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mbps(u32);

impl Mbps {
    /// No bandwidth.
    pub const ZERO: Self = Self(0);

    /// Creates `count` megabits per second.
    pub const fn new(count: u32) -> Self {
        Self(count)
    }

    /// Returns the count of megabits per second.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Returns `self` less `other`, never below zero.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// `self` as a whole percentage of `whole`, rounded down except that
    /// something never shows as 0 %. `None` where `whole` is zero.
    pub fn percent_of(self, whole: Self) -> Option<u32> {
        let percent = (u64::from(self.0) * 100).checked_div(u64::from(whole.0))?;
        let percent = if self.0 > 0 { percent.max(1) } else { percent };
        Some(u32::try_from(percent).unwrap_or(u32::MAX))
    }

    /// Returns the tight form for table cells: `10G`, `2.5G`, `500M`.
    pub fn short(self) -> String {
        self.written("G", "M")
    }

    fn written(self, giga: &str, mega: &str) -> String {
        match self.0 {
            n if n >= 1000 && n.is_multiple_of(1000) => format!("{}{giga}", n / 1000),
            n if n >= 1000 && n.is_multiple_of(100) => {
                format!("{}.{}{giga}", n / 1000, n % 1000 / 100)
            }
            n => format!("{n}{mega}"),
        }
    }
}

/// The long form: `10 Gbps`, `2.5 Gbps`, `1234 Mbps`. Never rounded.
impl fmt::Display for Mbps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.written(" Gbps", " Mbps"))
    }
}

impl Add for Mbps {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Mbps {
    fn sum<I: Iterator<Item = Self>>(rates: I) -> Self {
        rates.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_read_as_an_operator_says_them_and_are_never_rounded() {
        let long = |n| Mbps::new(n).to_string();
        assert_eq!(long(500), "500 Mbps");
        assert_eq!(long(1000), "1 Gbps");
        assert_eq!(long(2500), "2.5 Gbps");
        assert_eq!(long(1234), "1234 Mbps");
        assert_eq!(Mbps::new(100_000).short(), "100G");
    }

    #[test]
    fn sums_saturate() {
        let all: Mbps = [Mbps::new(u32::MAX), Mbps::new(1)].into_iter().sum();
        assert_eq!(all, Mbps::new(u32::MAX));
    }

    #[test]
    fn a_sliver_is_not_nothing_and_nothing_has_no_percentage() {
        assert_eq!(Mbps::new(1).percent_of(Mbps::new(100_000)), Some(1));
        assert_eq!(Mbps::ZERO.percent_of(Mbps::new(1000)), Some(0));
        assert_eq!(Mbps::new(1500).percent_of(Mbps::new(1000)), Some(150));
        assert_eq!(Mbps::new(1).percent_of(Mbps::ZERO), None);
    }
}
