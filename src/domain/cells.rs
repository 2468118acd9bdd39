//! Text measured in terminal cells: a wide character takes two, a combining
//! mark none, and a pair of characters may take less than both.
//!
//! Everything that is laid out in columns is measured, cut and filled here:
//! neither bytes nor characters are cells.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr as _;

/// Returns the number of cells `text` takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Cuts `text` to `cells` cells, with `…` where it was cut off. A flag is cut off
/// whole.
pub fn clip(text: &str, cells: usize) -> Cow<'_, str> {
    if text.len() <= cells || width(text) <= cells {
        return Cow::Borrowed(text);
    }
    let Some(room) = cells.checked_sub(1) else { return Cow::Borrowed("") };
    Cow::Owned(format!("{}…", &text[..longest_start(text, room)]))
}

/// Pads `text` with blanks to `cells` cells; a wider one stays as it is.
pub fn pad(text: &str, cells: usize) -> String {
    let blanks = cells.saturating_sub(width(text));
    format!("{text}{:blanks$}", "")
}

/// Cuts or pads `text` to exactly `cells` cells.
pub fn fit(text: &str, cells: usize) -> String {
    pad(&clip(text, cells), cells)
}

/// Returns the end, in bytes, of the longest start of `text` that fits into `room`
/// cells.
pub fn longest_start(text: &str, room: usize) -> usize {
    if text.is_ascii() {
        return room.min(text.len());
    }
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    // Characters are measured together: two of them may be one sign.
    let end = ends.take_while(|&end| width(&text[..end]) <= room).last().unwrap_or(0);
    let halves = text[..end].chars().rev().take_while(|c| is_half_a_flag(*c)).count();
    let cuts_a_flag = halves % 2 == 1 && text[end..].chars().next().is_some_and(is_half_a_flag);
    // Every half of a flag has the same length.
    if cuts_a_flag { end - '\u{1f1e6}'.len_utf8() } else { end }
}

/// Returns whether `c` is one of the two letters that form a flag.
const fn is_half_a_flag(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
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
        assert_eq!(clip("東京大手町", 5), "東京…");
        assert_eq!(clip("x", 0), "");
    }

    #[test]
    fn text_of_any_script_is_filled_to_the_same_column() {
        for (text, filled) in
            [("LA", "LA    |"), ("東京", "東京  |"), ("🇯🇵 1", "🇯🇵 1  |"), ("❤️", "❤️    |")]
        {
            assert_eq!(format!("{}|", pad(text, 6)), filled);
        }
        assert_eq!(pad("東京大手町", 6), "東京大手町", "what is wider stays");
        assert_eq!(fit("東京大手町", 6), "東京… ");
    }

    #[test]
    fn a_flag_is_not_cut_in_half() {
        assert_eq!(clip("🇯🇵🇬🇧🇺🇸", 4), "🇯🇵…");
        assert_eq!(clip("🇯🇵🇬🇧🇺🇸", 5), "🇯🇵🇬🇧…");
    }

    /// Names as customers write them, with signs of two characters.
    fn names() -> impl Strategy<Value = String> {
        let parts = ["a", "東", "🇯🇵", "❤️", "👍🏽", "e\u{301}", " ", "ｱ", "שׁ"];
        let part = proptest::sample::select(parts.to_vec());
        let mixed = proptest::collection::vec(part, 0..20).prop_map(|parts| parts.concat());
        prop_oneof![mixed, "\\PC{0,40}"]
    }

    proptest! {
        #[test]
        fn a_cut_is_never_wider_than_asked(text in names(), cells in 0usize..30) {
            prop_assert!(width(&clip(&text, cells)) <= cells);
        }

        #[test]
        fn a_cell_of_a_table_is_as_wide_as_its_column(text in names(), cells in 0usize..30) {
            prop_assert_eq!(width(&fit(&text, cells)), cells);
            prop_assert!(width(&pad(&text, cells)) >= cells);
        }
    }
}
