//! Sequences with numbers: the keys among them. All others are replies of the terminal,
//! and no keys.

use crate::ui::state::key::{Code, Key, plain};

use super::input::Input;

/// Reads a sequence of `numbers` that ends with `last`.
pub(super) fn read(numbers: &[u8], last: u8) -> Option<Input> {
    let text = std::str::from_utf8(numbers).ok()?;
    if let Some(linux) = text.strip_prefix('[') {
        let is_key = linux.is_empty() && matches!(last, b'A'..=b'E');
        return is_key.then(|| Input::Key(plain(Code::F(last - b'A' + 1))));
    }
    if (text, last) == ("", b'I') {
        return Some(Input::Focused);
    }
    // Reports begin with a mark; keys have digits alone.
    if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b':')) {
        return None;
    }
    let mut parts = text.split(';');
    let first = parts.next().unwrap_or_default();
    let held = Held::read(parts.next().unwrap_or_default())?;
    let code = match last {
        b'u' => return letter(first, held),
        b'~' => numbered(first)?,
        _ if !matches!(first, "" | "1") => return None,
        b'Z' => Code::BackTab,
        _ => decode_letter(last)?,
    };
    held.pressed(Key { code, ctrl: held.ctrl })
}

/// Decodes the last letter of a key in both kinds of sequences. `R` is not among them:
/// in the newer kind it ends a report of the cursor.
pub(super) const fn decode_letter(byte: u8) -> Option<Code> {
    Some(match byte {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'P' | b'Q' | b'S' => Code::F(byte - b'P' + 1),
        _ => return None,
    })
}

fn numbered(number: &str) -> Option<Code> {
    Some(match number.parse::<u8>().ok()? {
        1 | 7 => Code::Home,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        n @ 11..=15 => Code::F(n - 10),
        n @ 17..=21 => Code::F(n - 11),
        n @ 23..=24 => Code::F(n - 12),
        _ => return None,
    })
}

/// Returns a key by its letter, as the kitty keyboard protocol has it.
fn letter(codes: &str, held: Held) -> Option<Input> {
    let mut codes = codes.split(':');
    let letter = |code: Option<&str>| code.and_then(|code| char::from_u32(code.parse().ok()?));
    let (plain, shifted) = (letter(codes.next())?, letter(codes.next()));
    let code = match plain {
        '\r' => Code::Enter,
        '\x1b' => Code::Esc,
        '\t' if held.shift => Code::BackTab,
        '\t' => Code::Tab,
        '\x7f' => Code::Backspace,
        // A letter with Alt is none of our keys; nor are those without a letter.
        letter
            if held.other || letter.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&letter) =>
        {
            return None;
        }
        letter if held.shift => Code::Char(shifted.unwrap_or(letter.to_ascii_uppercase())),
        letter => Code::Char(letter),
    };
    held.pressed(Key { code, ctrl: held.ctrl })
}

/// The modifiers held with a key, and whether the key itself is held.
#[derive(Debug, Clone, Copy)]
struct Held {
    shift: bool,
    ctrl: bool,
    other: bool,
    event: u8,
}

impl Held {
    fn read(part: &str) -> Option<Self> {
        let (held, event) = part.split_once(':').unwrap_or((part, "1"));
        let held = if held.is_empty() { 1 } else { held.parse::<u16>().ok()? };
        let bits = held.checked_sub(1)?;
        let event = event.parse().ok()?;
        // Alt, Super, Hyper and Meta; the locks above do not count.
        let other = bits & 0b11_1010 != 0;
        Some(Self { shift: bits & 1 != 0, ctrl: bits & 4 != 0, other, event })
    }

    const fn pressed(self, key: Key) -> Option<Input> {
        match self.event {
            1 => Some(Input::Key(key)),
            2 => Some(Input::Repeat(key)),
            // It was let go.
            _ => None,
        }
    }
}
