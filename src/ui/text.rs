//! Text for the screen: sizes, widths counted in cells, and what is said in
//! words anywhere.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub use crate::domain::words::{capital, clock, count, date, date_time, relative, span};

/// The number of cells `text` takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text` cut to `cells` cells, with `…` where something was cut off.
pub fn clip(text: &str, cells: usize) -> Cow<'_, str> {
    if text.len() <= cells || text.width() <= cells {
        return Cow::Borrowed(text);
    }
    let mut left = cells.saturating_sub(1);
    let fits = |&(_, c): &(usize, char)| {
        let w = c.width().unwrap_or(0);
        let fits = w <= left;
        left = left.saturating_sub(if fits { w } else { left });
        fits
    };
    let end = text.char_indices().take_while(fits).last().map_or(0, |(i, c)| i + c.len_utf8());
    if cells == 0 { Cow::Borrowed("") } else { Cow::Owned(format!("{}…", &text[..end])) }
}

/// `text` broken at spaces into lines of at most `cells` cells; a longer word
/// is broken where it must be.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word = word;
        loop {
            let line = lines.last_mut().map_or(0, |line| line.width());
            let gap = usize::from(line > 0);
            if line + gap + word.width() <= cells || cells == 0 {
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

/// Where to break a word that is wider than a line: at least one character.
fn hard_break(word: &str, cells: usize) -> usize {
    let mut used = 0;
    for (i, c) in word.char_indices() {
        used += c.width().unwrap_or(0);
        if used > cells && i > 0 {
            return i;
        }
    }
    word.len()
}

/// A count of bytes: `812 B`, `34 kB`, `1.2 MB`.
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

    #[test]
    fn a_cut_counts_cells_not_characters() {
        assert_eq!(clip("Los Angeles", 11), "Los Angeles");
        assert_eq!(clip("Los Angeles", 8), "Los Ang…");
        assert_eq!(clip("東京大手町", 6), "東京…");
        assert_eq!(clip("x", 0), "");
    }

    proptest! {
        #[test]
        fn a_cut_is_never_wider_than_asked(text in "\\PC{0,40}", cells in 0usize..30) {
            prop_assert!(width(&clip(&text, cells)) <= cells);
        }

        #[test]
        fn wrapped_lines_fit_and_lose_no_word(text in "[a-z東 ]{0,80}", cells in 2usize..30) {
            let lines = wrap(&text, cells);
            prop_assert!(lines.iter().all(|line| width(line) <= cells));
            let squeeze = |s: &str| s.split_whitespace().collect::<String>();
            prop_assert_eq!(squeeze(&lines.concat()), squeeze(&text));
        }
    }
}
