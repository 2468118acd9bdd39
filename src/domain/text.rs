//! Text that came from outside, made fit for a terminal.
//!
//! Names, labels and error messages are written by other companies' staff and
//! by servers in between. Nothing here trusts them: control characters could
//! drive the terminal, bidirectional overrides could show `live` for `evil`,
//! zero-width characters could make two different on-ramps look the same.

use std::{cmp::Ordering, fmt};

use super::cells::width;

/// Text in which every character that could drive or deceive a terminal has
/// been made visible.
///
/// C0 controls and DEL appear in caret notation (`^[`), C1 controls as `\x9b`,
/// format, bidirectional, zero-width, line-separator and filler characters as
/// `<U+202E>`. At most [`SafeText::MARKS`] combining marks follow one base, and
/// text over [`SafeText::LIMIT`] characters is cut, with `…` as its last.
/// Right-to-left letters stay as they are.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeText(Box<str>);

impl SafeText {
    /// The most characters stored, counted after making the hidden ones visible.
    pub const LIMIT: usize = 256;
    /// The most combining marks kept on one base character.
    pub const MARKS: usize = 4;

    /// Cleans `raw`. Cleaning clean text changes nothing.
    pub fn clean(raw: &str) -> Self {
        if raw.len() <= Self::LIMIT && raw.bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return Self(raw.into());
        }
        let mut out = String::with_capacity(raw.len().min(Self::LIMIT * 4));
        let mut marks = 0;
        for c in raw.chars() {
            marks = if is_stacking_mark(c) { marks + 1 } else { 0 };
            if marks <= Self::MARKS {
                push_visible(&mut out, c);
            }
            if out.len() > Self::LIMIT * 4 {
                break;
            }
        }
        if let Some((end, _)) = out.char_indices().nth(Self::LIMIT) {
            let last = out[..end].char_indices().next_back().map_or(0, |(i, _)| i);
            out.truncate(last);
            out.push('…');
        }
        Self(out.into())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

/// Compares names in natural order: numbers by their value and letters without their
/// case, so that `Port 2` comes before `port 10`. Names that differ in nothing else
/// keep a fixed order.
pub fn by_name(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    while !left.is_empty() && !right.is_empty() {
        let numbers = leading_number(left).zip(leading_number(right));
        let ordering = if let Some(((a, after_a), (b, after_b))) = numbers {
            (left, right) = (after_a, after_b);
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        } else {
            let (mut a, mut b) = (left.chars(), right.chars());
            let ordering = fold(a.next()).cmp(&fold(b.next()));
            (left, right) = (a.as_str(), b.as_str());
            ordering
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
    // The shorter one first; of two that differ in case or zeros only, either.
    left.len().cmp(&right.len()).then_with(|| one.cmp(other))
}

/// Returns a letter without its case.
fn fold(letter: Option<char>) -> Option<char> {
    letter.map(|c| c.to_lowercase().next().unwrap_or(c))
}

/// Returns the digits `text` starts with, less leading zeros, and what follows them.
fn leading_number(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (end > 0).then(|| (digits.trim_start_matches('0'), rest))
}

/// A width counts terminal cells, not characters.
impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blanks = f.width().map_or(0, |cells| cells.saturating_sub(width(&self.0)));
        match f.align() {
            Some(fmt::Alignment::Right) => write!(f, "{:blanks$}{}", "", &*self.0),
            _ => write!(f, "{}{:blanks$}", &*self.0, ""),
        }
    }
}

impl fmt::Debug for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl From<&str> for SafeText {
    fn from(raw: &str) -> Self {
        Self::clean(raw)
    }
}

fn push_visible(out: &mut String, c: char) {
    use fmt::Write as _;
    let written = match c {
        '\0'..='\x1f' => write!(out, "^{}", char::from(c as u8 + b'@')),
        '\x7f' => write!(out, "^?"),
        '\u{80}'..='\u{9f}' => write!(out, "\\x{:02x}", c as u32),
        c if is_deceptive(c) => write!(out, "<U+{:04X}>", c as u32),
        c => {
            out.push(c);
            Ok(())
        }
    };
    debug_assert!(written.is_ok(), "writing to a String cannot fail");
}

/// Returns whether it is a format character (Cf), a line or paragraph separator, a
/// filler or a tag.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns whether it is in a block of combining marks that can be stacked without end.
fn is_stacking_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hidden_characters_become_visible_ones() {
        let shown = |raw: &str| SafeText::clean(raw).to_string();
        assert_eq!(shown("\x1b]0;owned\x07"), "^[]0;owned^G");
        assert_eq!(shown("a\u{9b}2J"), "a\\x9b2J");
        assert_eq!(shown("evil\u{202e}live"), "evil<U+202E>live");
        assert_eq!(shown("LA\u{200b}1"), "LA<U+200B>1");
        assert_eq!(shown("Ōsaka שלום 東京"), "Ōsaka שלום 東京");
    }

    #[test]
    fn a_width_counts_cells() {
        let name = SafeText::clean("東京");
        assert_eq!(format!("{name:6}|{name:>6}|{name:3}|"), "東京  |  東京|東京|");
    }

    #[test]
    fn marks_stop_stacking_and_long_text_is_cut() {
        let zalgo = format!("a{}b", "\u{301}".repeat(40));
        assert_eq!(SafeText::clean(&zalgo).as_str().chars().count(), 2 + SafeText::MARKS);
        let cut = SafeText::clean(&"x".repeat(999));
        assert_eq!(cut.as_str().chars().count(), SafeText::LIMIT);
        assert!(cut.as_str().ends_with('…'));
    }

    #[test]
    fn no_code_point_leaves_a_control_or_a_deceptive_character() {
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            let clean = SafeText::clean(&c.to_string());
            assert!(
                !clean.as_str().chars().any(|c| c.is_control() || is_deceptive(c)),
                "U+{:04X} got through",
                c as u32
            );
        }
    }

    #[test]
    fn names_are_sorted_as_people_sort_them() {
        let mut names = ["Port 10", "port 2", "Port 002", "Port", "A 1 b 10", "A 1 b 9"];
        names.sort_by(|a, b| by_name(a, b));
        assert_eq!(names, ["A 1 b 9", "A 1 b 10", "Port", "Port 002", "port 2", "Port 10"]);
    }

    proptest! {
        #[test]
        fn sorting_names_is_a_total_order(names in proptest::collection::vec("[aAbé0-2 ]{0,5}", 3)) {
            let [a, b, c] = [&names[0], &names[1], &names[2]];
            prop_assert_eq!(by_name(a, b), by_name(b, a).reverse());
            prop_assert_eq!(by_name(a, b).is_eq(), a == b);
            if by_name(a, b).is_lt() && by_name(b, c).is_lt() {
                prop_assert!(by_name(a, c).is_lt());
            }
        }

        #[test]
        fn cleaning_twice_is_cleaning_once(raw in "\\PC{0,300}|.{0,300}") {
            let once = SafeText::clean(&raw);
            prop_assert_eq!(SafeText::clean(once.as_str()), once);
        }
    }
}
