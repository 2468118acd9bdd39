//! Times, spans and counts in words.

use std::time::Duration;

use super::time::Timestamp;

/// `22 Dec 2026 14:02 UTC`.
pub fn date_time(at: Timestamp) -> String {
    utc(at, "%-d %b %Y %H:%M UTC")
}

/// `22 Dec 2026`.
pub fn date(at: Timestamp) -> String {
    utc(at, "%-d %b %Y")
}

/// `14:02:31 UTC`.
pub fn clock(at: Timestamp) -> String {
    utc(at, "%H:%M:%S UTC")
}

/// `14:02 UTC`: for what comes, where seconds would promise too much.
pub fn minute(at: Timestamp) -> String {
    utc(at, "%H:%M UTC")
}

/// `22 Dec 14:02`, in UTC: for a narrow column.
pub fn short_date_time(at: Timestamp) -> String {
    utc(at, "%-d %b %H:%M")
}

/// `2026-12-22 14:02`, in UTC, as the forms read it back.
pub fn typed_date_time(at: Timestamp) -> String {
    utc(at, "%Y-%m-%d %H:%M")
}

/// Formats `2026-12-22T14:02:31Z`, as programs read it; `None` out of its range.
pub fn iso(at: Timestamp) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(at.as_millis()).ok()?;
    Some(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn utc(at: Timestamp, format: &str) -> String {
    match jiff::Timestamp::from_millisecond(at.as_millis()) {
        Ok(at) => at.strftime(format).to_string(),
        Err(_) => "a date out of range".to_owned(),
    }
}

/// Returns a span in its largest useful unit, rounded: `45 s`, `12 min`, `5 h`, `30 d`.
pub fn span(length: Duration) -> String {
    match length.as_secs() {
        s if s < 60 => format!("{s} s"),
        s if s < 3570 => format!("{} min", (s + 30) / 60),
        s if s < 48 * 3600 => format!("{} h", (s + 1800) / 3600),
        s => format!("{} d", (s + 43_200) / 86400),
    }
}

/// Formats `at` as seen from `now`: `in 29 d`, `3 h ago`.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    if at > now {
        format!("in {}", span(at.since(now)))
    } else {
        format!("{} ago", span(now.since(at)))
    }
}

/// Returns `text` with a capital at its start, unless it starts with a host's name.
pub fn capital(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(c) if !first.contains(['.', ':']) => c.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

/// Formats `1 key`, `2 keys`, `2 entries`.
pub fn count(n: usize, one: &str) -> String {
    match (n, one.strip_suffix('y')) {
        (1, _) => format!("1 {one}"),
        (_, Some(stem)) if !one.ends_with("key") => format!("{n} {stem}ies"),
        _ => format!("{n} {one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_utc_and_say_so() {
        let at = Timestamp::from_millis(1_752_109_200_000);
        assert_eq!(date_time(at), "10 Jul 2025 01:00 UTC");
        assert_eq!(clock(at), "01:00:00 UTC");
        assert_eq!(minute(at), "01:00 UTC");
        assert_eq!(date(at), "10 Jul 2025");
        assert_eq!(short_date_time(at), "10 Jul 01:00");
        assert_eq!(typed_date_time(at), "2025-07-10 01:00");
        assert_eq!(iso(at).as_deref(), Some("2025-07-10T01:00:00Z"));
        assert_eq!(iso(Timestamp::from_millis(i64::MAX)), None);
        assert_eq!(clock(Timestamp::from_millis(i64::MAX)), "a date out of range");
        assert_eq!(relative(at + Duration::from_secs(29 * 86400), at), "in 29 d");
    }
}
