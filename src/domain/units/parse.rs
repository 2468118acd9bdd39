//! Parsing of typed rates.

use std::str::FromStr;

use super::Mbps;

/// The reason why a text is not a rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateFault {
    /// Nothing was typed.
    #[error("a rate is needed: 500, 500m, 2.5g")]
    Missing,
    /// Something else than a number and a unit.
    #[error("digits, then m or g: 500m, 2.5g")]
    Unreadable,
    /// A comma or point before exactly three digits: thousands, or a decimal.
    #[error("{}", both_readings(.thousands, .decimal.as_deref()))]
    Ambiguous {
        /// The rate if the separator marks thousands.
        thousands: String,
        /// The rate if the separator marks decimals, where it differs.
        decimal: Option<String>,
    },
    /// A fraction of a megabit per second.
    #[error("whole Mbps only")]
    Fraction,
    /// A rate of nothing.
    #[error("at least 1 Mbps")]
    Zero,
    /// More than a rate can be.
    #[error("at most {} Mbps", u32::MAX)]
    TooLarge,
}

fn both_readings(thousands: &str, decimal: Option<&str>) -> String {
    match decimal {
        Some(decimal) => format!("{thousands} or {decimal}? type one of them"),
        None => format!("type {thousands}"),
    }
}

/// Reads `500`, `500m`, `500 Mbps`, `5g`, `2.5 Gbps` or `2,5g`; a number without
/// a unit is in Mbps.
///
/// Case and blanks around number and unit do not matter. Everything else is
/// refused: nothing is dropped and nothing is rounded, so that no rate comes out
/// but the one that was meant.
impl FromStr for Mbps {
    type Err = RateFault;

    fn from_str(text: &str) -> Result<Self, RateFault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(RateFault::Missing);
        }
        let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
        let end = text.find(|c| !is_of_number(c)).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let unit = Unit::parse(unit.trim()).ok_or(RateFault::Unreadable)?;
        let (whole, fraction) = match number.split_once(['.', ',']) {
            Some((_, "")) => return Err(RateFault::Unreadable),
            Some((whole, fraction)) => (whole, fraction),
            None => (number, ""),
        };
        if whole.is_empty() || fraction.contains(['.', ',']) {
            return Err(RateFault::Unreadable);
        }
        if fraction.len() == 3 {
            return Err(ambiguous(whole, fraction, unit));
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > unit.decimals() {
            return Err(RateFault::Fraction);
        }
        // The digits before the separator and after it, filled up to whole Mbps.
        let digits = format!("{whole}{fraction:0<wide$}", wide = unit.decimals());
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Err(RateFault::Zero);
        }
        digits.parse().map(Self).map_err(|_| RateFault::TooLarge)
    }
}

/// The unit of a typed number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// Mbps, unsaid.
    Unsaid,
    Mega,
    Giga,
}

impl Unit {
    fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "" => Some(Self::Unsaid),
            "m" | "mbps" => Some(Self::Mega),
            "g" | "gbps" => Some(Self::Giga),
            _ => None,
        }
    }

    /// Returns how many decimals still give whole Mbps.
    const fn decimals(self) -> usize {
        match self {
            Self::Unsaid | Self::Mega => 0,
            Self::Giga => 3,
        }
    }
}

/// Both readings of `1,000` and the like, each as it can be typed.
fn ambiguous(whole: &str, fraction: &str, unit: Unit) -> RateFault {
    let letter = match unit {
        Unit::Unsaid => "",
        Unit::Mega => "m",
        Unit::Giga => "g",
    };
    let rest = fraction.trim_end_matches('0');
    let decimal = match (unit, rest.len()) {
        (Unit::Mega, 0) => Some(format!("{whole}m")),
        (Unit::Mega, _) => None,
        (_, 0) => Some(format!("{whole}g")),
        (_, 1 | 2) => Some(format!("{whole}.{rest}g")),
        // 1.234 Gbps is 1234 Mbps, which is what the digits without the mark say.
        (Unit::Unsaid, _) => None,
        (Unit::Giga, _) => Some(format!("{whole}{fraction}m")),
    };
    RateFault::Ambiguous { thousands: format!("{whole}{fraction}{letter}"), decimal }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mbps(text: &str) -> Result<u32, RateFault> {
        text.parse().map(Mbps::get)
    }

    #[test]
    fn a_rate_is_read_as_people_type_it() {
        for (text, rate) in [
            ("500", 500),
            ("500m", 500),
            ("500 Mbps", 500),
            (" 500 MBPS ", 500),
            ("5g", 5_000),
            ("5 G", 5_000),
            ("2.5 Gbps", 2_500),
            ("2,5gbps", 2_500),
            ("2.55G", 2_550),
            ("0.5g", 500),
            ("2.50g", 2_500),
            ("100.0", 100),
            ("007", 7),
            ("4294967295", u32::MAX),
            ("4294967.2950g", u32::MAX),
        ] {
            assert_eq!(mbps(text), Ok(rate), "{text}");
        }
    }

    #[test]
    fn what_is_no_rate_is_refused_with_the_reason() {
        use RateFault::{Fraction, Missing, TooLarge, Unreadable, Zero};
        for (text, fault) in [
            ("", Missing),
            ("  ", Missing),
            ("g", Unreadable),
            ("fast", Unreadable),
            ("5gb", Unreadable),
            ("5 GB", Unreadable),
            ("5k", Unreadable),
            ("5g5", Unreadable),
            ("5 0", Unreadable),
            ("-5", Unreadable),
            ("+5", Unreadable),
            ("1e3", Unreadable),
            (".5g", Unreadable),
            ("5.", Unreadable),
            ("1.2.3g", Unreadable),
            ("1,000,000", Unreadable),
            ("１００", Unreadable),
            ("1.5", Fraction),
            ("1.5m", Fraction),
            ("1.2345g", Fraction),
            ("0", Zero),
            ("0.0g", Zero),
            ("4294967296", TooLarge),
            ("4294967.2960g", TooLarge),
            ("99999999999999999999999", TooLarge),
        ] {
            assert_eq!(mbps(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn ambiguous_separator_offers_both_readings() {
        for (text, says) in [
            ("1,000", "1000 or 1g? type one of them"),
            ("1.000", "1000 or 1g? type one of them"),
            ("1.000 G", "1000g or 1g? type one of them"),
            ("2.500g", "2500g or 2.5g? type one of them"),
            ("1.234g", "1234g or 1234m? type one of them"),
            ("1,000 Mbps", "1000m or 1m? type one of them"),
            ("1,500m", "type 1500m"),
            ("1,234", "type 1234"),
        ] {
            let fault = mbps(text).expect_err(text);
            assert!(matches!(fault, RateFault::Ambiguous { .. }), "{text}: {fault:?}");
            assert_eq!(fault.to_string(), says, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back_as_the_same_rate(n in 1u32.., upper: bool) {
            let rate = Mbps::new(n);
            for shown in [rate.to_string(), rate.short(), n.to_string()] {
                let shown = if upper { shown.to_uppercase() } else { shown.to_lowercase() };
                prop_assert_eq!(shown.parse(), Ok(rate), "{}", shown);
            }
        }

        /// Multiplies `number` by its unit in another way.
        #[test]
        fn a_rate_is_never_another_than_the_one_typed(
            whole in 0u64..5_000_000, fraction in "[0-9]{0,5}", mark in "[.,]",
            unit in "|m|g|M|G|mbps| Mbps|gbps| Gbps",
        ) {
            let number = if fraction.is_empty() {
                whole.to_string()
            } else {
                format!("{whole}{mark}{fraction}")
            };
            let hundred_thousandths: u64 = format!("{fraction:0<5}").parse().expect("digits");
            let giga = unit.to_lowercase().contains('g');
            let value = (whole * 100_000 + hundred_thousandths) * if giga { 1000 } else { 1 };
            match mbps(&format!("{number}{unit}")) {
                Ok(rate) => prop_assert_eq!(u64::from(rate) * 100_000, value),
                Err(RateFault::Ambiguous { thousands, decimal }) => {
                    prop_assert_eq!(fraction.len(), 3);
                    for reading in decimal.into_iter().chain([thousands]) {
                        let read = mbps(&reading);
                        let may = matches!(read, Ok(_) | Err(RateFault::Zero | RateFault::TooLarge));
                        prop_assert!(may, "{} can be typed: {:?}", reading, read);
                    }
                }
                Err(RateFault::Fraction) => prop_assert!(!value.is_multiple_of(100_000)),
                Err(RateFault::Zero) => prop_assert_eq!(value, 0),
                Err(RateFault::TooLarge) => {
                    prop_assert!(value / 100_000 > u64::from(u32::MAX));
                }
                Err(fault) => prop_assert!(false, "{:?}", fault),
            }
        }

        #[test]
        fn no_text_panics(text in "[0-9.,mgMG bps]{0,24}|.{0,24}") {
            drop(mbps(&text));
        }
    }
}
