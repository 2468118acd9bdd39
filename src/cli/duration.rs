//! A time limit on the command line.

use std::time::Duration;

/// A number and its unit; without one, seconds.
pub(super) fn parse_duration(word: &str) -> Result<Duration, String> {
    let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (number, unit) = word.split_at(end);
    let seconds = match unit {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => 0,
    };
    let whole = number.parse::<u64>().ok().and_then(|n| n.checked_mul(seconds));
    whole
        .filter(|whole| *whole > 0)
        .map(Duration::from_secs)
        .ok_or_else(|| "a time like 90s, 30m, 2h or 7d".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_and_its_unit() {
        let seconds = |word| parse_duration(word).map(|span| span.as_secs()).ok();
        assert_eq!(
            ["90s", "90", "30m", "2h", "7d"].map(seconds),
            [Some(90), Some(90), Some(1_800), Some(7_200), Some(604_800)]
        );
        assert_eq!(
            ["", "h", "0s", "2w", "-1h", "1.5h", "99999999999999999999d"].map(seconds),
            [None; 7]
        );
    }
}
