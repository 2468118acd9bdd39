//! The words of the on-ramp table's filter: plain ones, and `column:value`.

use crate::domain::{on_ramp_columns::OnRampRow, units::Mbps};

/// The separator between two fields of a row's text: it cannot be typed.
const BETWEEN: char = '\u{1f}';

/// The field that is a rate.
const SPEED: &str = "speed";

/// Returns the error in a filter that therefore matches nothing: its speed is no rate.
pub(in crate::ui) fn fault(filter: &str) -> Option<String> {
    let words = filter.split_whitespace().filter_map(|word| word.split_once(':'));
    let mut speeds = words.filter(|(field, _)| field.eq_ignore_ascii_case(SPEED));
    speeds.find_map(|(_, value)| value.parse::<Mbps>().err().map(|fault| format!("speed: {fault}")))
}

/// Returns the terms and texts of the columns that a filter searches, the name first.
fn fields<'a>() -> impl Iterator<Item = (&'static str, fn(&OnRampRow<'a>) -> String)> {
    let fields = || OnRampRow::COLUMNS.iter().filter_map(|column| column.filter);
    let is_name = |(term, _): &(&str, _)| *term == "name";
    fields().filter(is_name).chain(fields().filter(move |field| !is_name(field)))
}

/// Returns the text that a filter searches, in small letters: each field, the name
/// first.
pub(in crate::ui) fn text(row: &OnRampRow<'_>) -> Box<str> {
    let texts: Vec<_> = fields().map(|(_, text)| text(row)).collect();
    texts.join(&BETWEEN.to_string()).to_lowercase().into()
}

/// Returns whether a word of the filter, in small letters, matches a row's text.
///
/// `zone:red` searches one field; a plain word matches anywhere, or by its letters in
/// their order in the name: `la2` is Los Angeles 2.
pub(in crate::ui) fn fits(text: &str, word: &str) -> bool {
    if let Some((field, value)) = word.split_once(':')
        && !field.is_empty()
        && let Some(at) = fields().position(|(term, _)| term == current_term(field))
    {
        let found = text.split(BETWEEN).nth(at).unwrap_or_default();
        if field == SPEED {
            // `5g` is not `2.5g`: a speed is compared as a rate, not as text.
            return value.parse::<Mbps>().is_ok_and(|rate| found.parse() == Ok(rate));
        }
        return found.contains(value);
    }
    text.contains(word) || text.split(BETWEEN).next().is_some_and(|name| starts(name, word))
}

/// The term of a column as it is now: `open:` is the first edition's `new:`.
fn current_term(term: &str) -> &str {
    if term == "open" { "new" } else { term }
}

/// Whether the letters of `word` are in `name` in their order, each at the
/// start of a word or right behind the one before.
fn starts(name: &str, word: &str) -> bool {
    let mut letters = word.chars().peekable();
    let mut before = ' ';
    let mut running = false;
    for c in name.chars() {
        let start = !before.is_alphanumeric();
        running = (start || running) && letters.next_if_eq(&c).is_some();
        before = c;
    }
    !word.is_empty() && letters.peek().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        inventory::Inventory,
        on_ramp::{OnRamp, samples::port},
        place::{Site, Zone},
    };

    fn row() -> Box<str> {
        let site =
            Site { name: "Equinix LA1".into(), metro: "Los Angeles".into(), ..Site::default() };
        let zone = Zone::Red;
        let port = OnRamp { name: "Los Angeles 2".into(), site, zone, ..port("8611b645") };
        let inventory = Inventory::new(vec![port]);
        text(&OnRampRow {
            on_ramp: &inventory.on_ramps()[0],
            summary: inventory.summary(0),
            region: (Some(&"US-West".into()), None),
            doubt: "",
        })
    }

    #[test]
    fn a_word_with_a_column_looks_into_that_column_only() {
        let row = row();
        for word in ["zone:red", "site:la1", "region:us-w", "speed:10g", "open:yes", "kind:port"] {
            assert!(fits(&row, word), "{word}");
        }
        for word in ["speed:10000", "speed:10gbps", "speed:10.0g"] {
            assert!(fits(&row, word), "{word} is the same speed");
        }
        for word in ["speed:0g", "speed:1", "speed:", "speed:10", "speed:1,000"] {
            assert!(!fits(&row, word), "{word} is another speed, or none");
        }
        for word in ["zone:blue", "name:equinix", "open:no", "speed:100g", "colour:red"] {
            assert!(!fits(&row, word), "{word}");
        }
    }

    #[test]
    fn a_speed_that_is_no_rate_is_said() {
        assert_eq!(
            fault("la speed:fast").as_deref(),
            Some("speed: digits, then m or g: 500m, 2.5g")
        );
        assert!(fault("SPEED:1,000").is_some_and(|says| says.starts_with("speed: 1000 or 1g?")));
        assert_eq!(fault("speed:2.5g zone:red"), None);
        assert_eq!(fault("la zone:fast"), None);
    }

    #[test]
    fn plain_word_matches_anywhere_or_the_initials_of_the_name() {
        let row = row();
        for word in ["equinix", "8611", "la2", "losa", "los2", "a2"] {
            assert!(fits(&row, word), "{word}");
        }
        for word in ["lx", "2la", "oa", "west2"] {
            assert!(!fits(&row, word), "{word}");
        }
    }
}
