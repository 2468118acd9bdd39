//! The style of a cell, and the shortest sequence from one style to the next.

use std::fmt::Write as _;

use ratatui::{
    buffer::Cell,
    style::{Color, Modifier},
};

/// Colours and attributes of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::shell) struct CellStyle {
    text: Color,
    ground: Color,
    attributes: Modifier,
}

/// Attributes with the codes that set and unset them. Bold and dim share the
/// code that unsets.
const ATTRIBUTES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// Attributes that show on a blank.
const SHOWS_ON_BLANK: Modifier =
    Modifier::UNDERLINED.union(Modifier::REVERSED).union(Modifier::CROSSED_OUT);

impl CellStyle {
    /// The terminal's default style.
    pub(in crate::shell) const PLAIN: Self =
        Self { text: Color::Reset, ground: Color::Reset, attributes: Modifier::empty() };

    /// Returns the style of `cell`.
    pub(in crate::shell) const fn of_cell(cell: &Cell) -> Self {
        Self { text: cell.fg, ground: cell.bg, attributes: cell.modifier }
    }

    /// Returns whether a blank looks the same in both.
    pub(in crate::shell) fn is_same_blank(self, other: Self) -> bool {
        let shows = (self.attributes | other.attributes).intersects(SHOWS_ON_BLANK);
        !shows && self.ground == other.ground
    }

    /// Returns the sequence that changes `from` into this; `None` means that the
    /// terminal's present style is unknown.
    pub(in crate::shell) fn change_from(self, from: Option<Self>) -> String {
        let mut afresh = vec![0];
        self.push_attributes(Self::PLAIN, &mut afresh);
        let changed = from.map(|from| {
            let mut codes = vec![];
            let gone = from.attributes - self.attributes;
            let unset = ATTRIBUTES.iter().filter(|(attribute, ..)| gone.contains(*attribute));
            codes.extend(unset.map(|(_, _, unset)| *unset));
            codes.dedup();
            // Unsetting bold unsets dim, too, and vice versa.
            let intensity = Modifier::BOLD | Modifier::DIM;
            let lost = if gone.intersects(intensity) { intensity } else { Modifier::empty() };
            self.push_attributes(Self { attributes: from.attributes - lost, ..from }, &mut codes);
            codes
        });
        let [afresh, changed] = [Some(afresh), changed].map(|codes| codes.map(|c| sequence(&c)));
        let shortest = [changed, afresh].into_iter().flatten().min_by_key(String::len);
        shortest.unwrap_or_default()
    }

    /// Adds the codes for attributes that `from` lacks.
    fn push_attributes(self, from: Self, codes: &mut Vec<u8>) {
        let new = self.attributes - from.attributes;
        let set = ATTRIBUTES.iter().filter(|(attribute, ..)| new.contains(*attribute));
        codes.extend(set.map(|(_, set, _)| *set));
        if self.text != from.text {
            push_colour(self.text, 0, codes);
        }
        if self.ground != from.ground {
            push_colour(self.ground, 10, codes);
        }
    }
}

fn sequence(codes: &[u8]) -> String {
    if codes == [0] {
        return "\x1b[m".to_owned();
    }
    let mut text = "\x1b[".to_owned();
    for (index, code) in codes.iter().enumerate() {
        let gap = if index > 0 { ";" } else { "" };
        // A text takes every line.
        let _ = write!(text, "{gap}{code}");
    }
    text.push('m');
    text
}

/// Adds the codes of a colour; `shift` is 10 for the background.
fn push_colour(colour: Color, shift: u8, codes: &mut Vec<u8>) {
    let base = match colour {
        Color::Reset => 39,
        Color::Black => 30,
        Color::Red => 31,
        Color::Green => 32,
        Color::Yellow => 33,
        Color::Blue => 34,
        Color::Magenta => 35,
        Color::Cyan => 36,
        Color::Gray => 37,
        Color::DarkGray => 90,
        Color::LightRed => 91,
        Color::LightGreen => 92,
        Color::LightYellow => 93,
        Color::LightBlue => 94,
        Color::LightMagenta => 95,
        Color::LightCyan => 96,
        Color::White => 97,
        Color::Indexed(index) => return codes.extend([38 + shift, 5, index]),
        Color::Rgb(r, g, b) => return codes.extend([38 + shift, 2, r, g, b]),
    };
    codes.push(base + shift);
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOLD: CellStyle = CellStyle { attributes: Modifier::BOLD, ..CellStyle::PLAIN };
    const DIM: CellStyle = CellStyle { attributes: Modifier::DIM, ..CellStyle::PLAIN };
    const CYAN: CellStyle = CellStyle { text: Color::Cyan, ..BOLD };

    #[test]
    fn the_shortest_way_is_taken() {
        assert_eq!(CYAN.change_from(Some(BOLD)), "\x1b[36m");
        assert_eq!(CellStyle::PLAIN.change_from(Some(CYAN)), "\x1b[m");
        assert_eq!(DIM.change_from(Some(BOLD)), "\x1b[0;2m");
        assert_eq!(CYAN.change_from(None), "\x1b[0;1;36m");
    }

    #[test]
    fn a_blank_does_not_care_for_its_colour_but_for_its_ground() {
        let reversed = CellStyle { attributes: Modifier::REVERSED, ..CellStyle::PLAIN };
        assert!(CellStyle::PLAIN.is_same_blank(CYAN));
        assert!(!CellStyle::PLAIN.is_same_blank(reversed));
        assert!(
            !CellStyle::PLAIN.is_same_blank(CellStyle { ground: Color::Red, ..CellStyle::PLAIN })
        );
    }
}
