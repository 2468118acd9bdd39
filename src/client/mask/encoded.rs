//! Compares a secret with a text that may have it in an encoding: escapes of
//! JSON, of a URL and of HTML, in any mixture; capitals do not count, and both
//! alphabets of base64 are one.

/// Returns the bytes that one of `secrets` may begin with, in any encoding.
pub(super) fn starts(secrets: &[&[u8]]) -> [bool; 256] {
    let mut starts = [false; 256];
    for first in secrets.iter().filter_map(|secret| secret.first()) {
        for byte in 0..=u8::MAX {
            starts[usize::from(byte)] |= is_same(byte, *first);
        }
        for mark in *b"\\%&" {
            starts[usize::from(mark)] = true;
        }
    }
    starts
}

/// Returns how far `secret` agrees with the text that begins `at`: its end in `raw`,
/// and the number of matching bytes.
pub(super) fn agreement(secret: &[u8], raw: &[u8], at: usize) -> (usize, usize) {
    let (mut end, mut found) = (at, 0);
    while let (Some(&byte), Some(&wanted)) = (raw.get(end), secret.get(found)) {
        if let Some((unit, used)) = decode(&raw[end..])
            && secret[found..].len() >= unit.len()
            && unit.iter().zip(&secret[found..]).all(|(one, other)| is_same(*one, *other))
        {
            (end, found) = (end + used, found + unit.len());
        } else if is_same(byte, wanted) {
            (end, found) = (end + 1, found + 1);
        } else {
            break;
        }
    }
    (end, found)
}

fn is_same(one: u8, other: u8) -> bool {
    let plain = |byte: u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => byte.to_ascii_lowercase(),
    };
    plain(one) == plain(other)
}

/// Decodes the escape that `text` begins with: its value, and its length.
fn decode(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    match text {
        [b'\\', b'u', rest @ ..] => {
            let first = u32::from(u16::try_from(hex(rest.get(..4)?)?).ok()?);
            if let Some(letter) = char::from_u32(first) {
                return Some((utf8(letter), 6));
            }
            let [b'\\', b'u', low @ ..] = rest.get(4..10)? else { return None };
            let low = hex(low)?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            let letter = 0x1_0000 + (first.checked_sub(0xd800)? << 10) + low;
            Some((utf8(char::from_u32(letter)?), 12))
        }
        [b'\\', mark, ..] => {
            let byte = match mark {
                b'n' => b'\n',
                b't' => b'\t',
                b'r' => b'\r',
                b'"' | b'\\' | b'/' => *mark,
                _ => return None,
            };
            Some((vec![byte], 2))
        }
        [b'%', digits @ ..] => Some((vec![u8::try_from(hex(digits.get(..2)?)?).ok()?], 3)),
        [b'&', name @ ..] => {
            let length = name.iter().take(10).position(|byte| *byte == b';')?;
            let letter = match &name[..length] {
                b"amp" => '&',
                b"lt" => '<',
                b"gt" => '>',
                b"quot" => '"',
                b"apos" => '\'',
                [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hex(digits)?)?,
                [b'#', digits @ ..] => {
                    char::from_u32(std::str::from_utf8(digits).ok()?.parse().ok()?)?
                }
                _ => return None,
            };
            Some((utf8(letter), length + 2))
        }
        _ => None,
    }
}

fn utf8(letter: char) -> Vec<u8> {
    letter.to_string().into_bytes()
}

fn hex(digits: &[u8]) -> Option<u32> {
    let plain = digits.iter().all(u8::is_ascii_hexdigit);
    let text = std::str::from_utf8(digits).ok().filter(|_| plain)?;
    u32::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_escape_is_read_and_what_only_looks_like_one_is_itself() {
        let whole = |secret: &str, text: &str| {
            let (end, found) = agreement(secret.as_bytes(), text.as_bytes(), 0);
            end == text.len() && found == secret.len()
        };
        assert!(whole("a😀b", "\\u0061\\ud83d\\ude00b"));
        assert!(whole("a\\b", "a\\\\b"));
        assert!(whole("a\\b", "a\\b"));
        assert!(whole("50%41", "50%41"));
        assert!(whole("50%41", "50%2541"));
        assert!(whole("a&b;", "a&amp;b&#59;"));
        assert!(whole("a&b;", "a&b;"));
        assert!(!whole("ab", "a\\ud83dc"));
        assert!(!whole("abc", "ab"));
    }
}
