//! Times in a world file: fixed, or relative to the start.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// A time in a world file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Milliseconds since 1970.
    At(i64),
    /// Milliseconds from the start of the simulator.
    Relative(i64),
}

impl When {
    /// Returns the time in milliseconds since 1970, for a simulator started at `start`.
    pub const fn resolve(self, start: i64) -> i64 {
        match self {
            Self::At(ms) => ms,
            Self::Relative(ms) => start.saturating_add(ms),
        }
    }

    /// Reads `-30d`, `+12d4h`, `-90s`; anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, mut rest) = match text.split_at_checked(1)? {
            ("-", rest) => (-1, rest),
            ("+", rest) => (1, rest),
            _ => return None,
        };
        if rest.is_empty() {
            return None;
        }
        let mut ms = 0_i64;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            let unit = match rest.get(digits..=digits)? {
                "d" => 86_400_000,
                "h" => 3_600_000,
                "m" => 60_000,
                "s" => 1000,
                _ => return None,
            };
            let count: i64 = rest[..digits].parse().ok()?;
            ms = ms.checked_add(count.checked_mul(unit)?)?;
            rest = &rest[digits + 1..];
        }
        Some(Self::Relative(sign * ms))
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WhenVisitor)
    }
}

struct WhenVisitor;

impl Visitor<'_> for WhenVisitor {
    type Value = When;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a time: milliseconds since 1970, or text like \"-30d\" or \"+12d4h\"")
    }

    fn visit_i64<E: de::Error>(self, ms: i64) -> Result<When, E> {
        Ok(When::At(ms))
    }

    fn visit_u64<E: de::Error>(self, ms: u64) -> Result<When, E> {
        i64::try_from(ms).map(When::At).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<When, E> {
        When::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_times_are_a_sign_and_numbers_with_units() {
        assert_eq!(When::parse("-30d"), Some(When::Relative(-2_592_000_000)));
        assert_eq!(When::parse("+12d4h"), Some(When::Relative(1_051_200_000)));
        assert_eq!(When::parse("-90s").map(|when| when.resolve(100_000)), Some(10_000));
        for wrong in ["", "+", "30d", "-30", "-d", "+1w", "-1d2", "é"] {
            assert_eq!(When::parse(wrong), None, "{wrong:?}");
        }
    }
}
