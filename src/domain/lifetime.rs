//! Reads a typed lifetime: a span, or the date of its end.

use jiff::{civil::DateTime, tz::Offset};

use super::{key_order::Lifetime, preset::read_span, time::Timestamp};

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
}
