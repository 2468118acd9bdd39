//! The lifetime of a new key: a few usual spans, or a typed one.

use std::time::Duration;

use jiff::{civil::DateTime, tz::Offset};

use crate::domain::{key_order::Lifetime, preset::read_span, time::Timestamp};

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

/// Reads what was typed: `36h`, `30d`, `6w`, or the UTC date and time of its
/// end, `2026-12-24` (to the end of that day) or `2026-12-24 18:00`. A date
/// that is over gives no time at all.
pub fn parse_lifetime(text: &str, now: Timestamp) -> Lifetime {
    let text = text.trim();
    if let Some(span) = read_span(text) {
        return Lifetime::For(span);
    }
    let end = match text.len() {
        10 => format!("{text}T23:59:59"),
        16 => format!("{}:00", text.replace(' ', "T")),
        _ => return Lifetime::Unreadable,
    };
    let Ok(end) = end.parse::<DateTime>() else { return Lifetime::Unreadable };
    let Ok(end) = Offset::UTC.to_timestamp(end) else { return Lifetime::Unreadable };
    Lifetime::For(Timestamp::from_millis(end.as_millisecond()).since(now))
}

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

    /// 2026-11-23T14:02:31Z.
    const NOW: Timestamp = Timestamp::from_millis(1_795_442_551_000);

    fn hours(text: &str) -> Option<u64> {
        match parse_lifetime(text, NOW) {
            Lifetime::For(span) => Some(span.as_secs() / 3600),
            Lifetime::OpenEnded | Lifetime::Unreadable => None,
        }
    }

    #[test]
    fn span_or_date_is_read_and_a_past_date_leaves_0_hours() {
        assert_eq!(hours("36h"), Some(36));
        assert_eq!(hours("2026-11-23"), Some(9));
        assert_eq!(hours("2026-11-24 14:03"), Some(24));
        assert_eq!(hours("2026-11-22"), Some(0));
        for wrong in ["", "tomorrow", "2026-13-01", "2026-02-30", "2026-11-24 25:00", "24.12.2026"]
        {
            assert_eq!(parse_lifetime(wrong, NOW), Lifetime::Unreadable, "{wrong}");
        }
    }

    #[test]
    fn a_presets_span_is_one_of_the_usual_ones_or_typed() {
        assert_eq!(choice(Some(Duration::from_secs(30 * DAY))), (2, String::new()));
        assert_eq!(choice(None), (4, String::new()));
        assert_eq!(choice(Some(Duration::from_secs(36 * 3600))), (TYPED, "36h".to_owned()));
    }
}
