//! The lifetimes that the form offers: a few usual spans, or a typed one.

use std::time::Duration;

const DAY: u64 = 24 * 3600;

/// The usual ones, `None` being open-ended.
pub const USUAL: [(&str, Option<Duration>); 5] = [
    ("24 h", Some(Duration::from_secs(DAY))),
    ("7 days", Some(Duration::from_secs(7 * DAY))),
    ("30 days", Some(Duration::from_secs(30 * DAY))),
    ("90 days", Some(Duration::from_secs(90 * DAY))),
    ("no expiry", None),
];

/// The choice after the usual ones: a typed lifetime.
pub const TYPED: usize = USUAL.len();

/// Returns the choice for a span that a preset has, and what would be typed for it.
pub fn choice(span: Option<Duration>) -> (usize, String) {
    match USUAL.iter().position(|(_, usual)| *usual == span) {
        Some(at) => (at, String::new()),
        None => (TYPED, span.map_or_else(String::new, |s| format!("{}h", s.as_secs() / 3600))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_presets_span_is_one_of_the_usual_ones_or_typed() {
        assert_eq!(choice(Some(Duration::from_secs(30 * DAY))), (2, String::new()));
        assert_eq!(choice(None), (4, String::new()));
        assert_eq!(choice(Some(Duration::from_secs(36 * 3600))), (TYPED, "36h".to_owned()));
    }
}
