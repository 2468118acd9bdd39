//! Text for the screen: sizes, widths in cells, and common phrases.

pub use crate::domain::cells::{clip, fit, longest_start, pad, width};
pub use crate::domain::words::{
    capital, clock, count, date, date_time, minute, relative, short_date_time, span,
    typed_date_time,
};

/// `text` broken at spaces into lines of at most `cells` cells; a longer word
/// is broken where it must be.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word = word;
        loop {
            let line = lines.last().map_or(0, |line| width(line));
            let gap = usize::from(line > 0);
            if line + gap + width(word) <= cells || cells == 0 {
                let last = lines.len() - 1;
                if gap > 0 {
                    lines[last].push(' ');
                }
                lines[last].push_str(word);
                break;
            }
            if gap > 0 {
                lines.push(String::new());
                continue;
            }
            let end = hard_break(word, cells);
            let last = lines.len() - 1;
            lines[last].push_str(&word[..end]);
            word = &word[end..];
            lines.push(String::new());
        }
    }
    lines
}

/// Returns where to break a word that is wider than a line: after one character at
/// least.
fn hard_break(word: &str, cells: usize) -> usize {
    let first = word.chars().next().map_or(0, char::len_utf8);
    longest_start(word, cells).max(first)
}

/// Returns a count of bytes: `812 B`, `34 kB`, `1.2 MB`.
pub fn bytes(count: u64) -> String {
    match count {
        n if n < 1_000 => format!("{n} B"),
        n if n < 1_000_000 => format!("{} kB", n / 1_000),
        n => format!("{}.{} MB", n / 1_000_000, n % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn wrapped_lines_fit_and_lose_no_word(text in "[a-z東 ]{0,80}", cells in 2usize..30) {
            let lines = wrap(&text, cells);
            prop_assert!(lines.iter().all(|line| width(line) <= cells));
            let squeeze = |s: &str| s.split_whitespace().collect::<String>();
            prop_assert_eq!(squeeze(&lines.concat()), squeeze(&text));
        }
    }
}
