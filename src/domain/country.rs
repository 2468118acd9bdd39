//! Country names, which the vendor spells in several ways.

use std::{collections::BTreeMap, sync::LazyLock};

use super::text::SafeText;

/// One row per country that is known under several names: ours first.
const ALIASES: &[&[&str]] = &[
    &["USA", "US", "United States", "United States of America", "U.S.A.", "U.S."],
    &["UK", "GB", "GBR", "United Kingdom", "Great Britain", "U.K.", "England"],
    &["Australia", "AU", "AUS"],
    &["Austria", "AT", "AUT"],
    &["Belgium", "BE", "BEL"],
    &["Brazil", "BR", "BRA", "Brasil"],
    &["Bulgaria", "BG", "BGR"],
    &["Canada", "CA", "CAN"],
    &["Czechia", "CZ", "CZE", "Czech Republic"],
    &["Denmark", "DK", "DNK"],
    &["Finland", "FI", "FIN"],
    &["France", "FR", "FRA"],
    &["Germany", "DE", "DEU", "Deutschland"],
    &["Hong Kong", "HK", "HKG", "Hong Kong SAR", "Hong Kong SAR China"],
    &["India", "IN", "IND"],
    &["Indonesia", "ID", "IDN"],
    &["Ireland", "IE", "IRL"],
    &["Italy", "IT", "ITA"],
    &["Japan", "JP", "JPN"],
    &["Luxembourg", "LU", "LUX"],
    &["Malaysia", "MY", "MYS"],
    &["Mexico", "MX", "MEX", "México"],
    &["Netherlands", "NL", "NLD", "The Netherlands", "Holland"],
    &["New Zealand", "NZ", "NZL"],
    &["Norway", "NO", "NOR"],
    &["Poland", "PL", "POL"],
    &["Singapore", "SG", "SGP"],
    &["South Africa", "ZA", "ZAF"],
    &["South Korea", "KR", "KOR", "Korea", "Republic of Korea", "Korea, Republic of"],
    &["Spain", "ES", "ESP"],
    &["Sweden", "SE", "SWE"],
    &["Switzerland", "CH", "CHE"],
    &["Taiwan", "TW", "TWN"],
    &["United Arab Emirates", "AE", "ARE", "UAE", "U.A.E."],
];

/// Every known spelling in lower case, and the one we show for it.
static SHOWN: LazyLock<BTreeMap<String, &str>> = LazyLock::new(|| {
    let spelt = |row: &&'static [&'static str]| {
        let ours = row[0];
        row.iter().map(move |name| (name.to_lowercase(), ours))
    };
    ALIASES.iter().flat_map(spelt).collect()
});

/// A country, under the one spelling we show.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(SafeText);

impl Country {
    /// Reads a country's name; aliases of one country give one value.
    /// `None` where there is no name.
    pub fn parse(raw: &str) -> Option<Self> {
        let clean = SafeText::clean(raw.trim());
        if clean.is_empty() {
            return None;
        }
        match SHOWN.get(clean.as_str().to_lowercase().as_str()) {
            Some(ours) => Some(Self(SafeText::clean(ours))),
            None => Some(Self(clean)),
        }
    }

    /// Returns the name we show.
    pub fn name(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_country_is_the_same_country() {
        for spelling in ["US", "usa", "United States", " USA "] {
            assert_eq!(Country::parse(spelling), Country::parse("USA"), "{spelling}");
        }
        assert_eq!(Country::parse("United Kingdom"), Country::parse("UK"));
        assert_ne!(Country::parse("UK"), Country::parse("USA"));
    }

    #[test]
    fn unknown_country_keeps_its_name_and_none_stays_none() {
        assert_eq!(Country::parse("Wakanda").expect("a name").name(), "Wakanda");
        assert_eq!(Country::parse("  "), None);
    }

    #[test]
    fn no_alias_stands_for_two_countries() {
        let mut all: Vec<_> =
            ALIASES.iter().flat_map(|r| r.iter()).map(|n| n.to_lowercase()).collect();
        let before = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), before);
    }
}
