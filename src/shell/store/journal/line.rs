//! A line of the journal: its length, its checksum, its number, and JSON.
//!
//! `00b2 9c4a01ff 0000001a {"at":…}`, all hexadecimal, so that a person can read the
//! file and a program can distinguish a whole line from a torn or a damaged one.

use std::str;

/// The longest line, its end included.
pub(super) const LINE_MAX_BYTES: usize = 4096;

/// The length of everything before the JSON.
const LINE_HEAD_LEN: usize = "00b2 9c4a01ff 0000001a ".len();

/// Returns the bytes of line `number`; `None` where it would be too long.
pub(super) fn format_line(number: u32, json: &str) -> Option<Vec<u8>> {
    let rest = format!("{number:08x} {json}");
    let sum = crc32fast::hash(rest.as_bytes());
    let line = format!("{:04x} {sum:08x} {rest}\n", json.len()).into_bytes();
    (line.len() <= LINE_MAX_BYTES && !json.contains('\n')).then_some(line)
}

/// Reads a line without its end: its number and its JSON.
pub(super) fn parse_line(line: &[u8]) -> Option<(u32, &str)> {
    let line = str::from_utf8(line).ok()?;
    let (length, rest) = (hex(line.get(..4)?)?, line.get(5..)?);
    let (sum, rest) = (hex(rest.get(..8)?)?, rest.get(9..)?);
    let (number, json) = (hex(rest.get(..8)?)?, rest.get(9..)?);
    // Encoded again, it is the same byte for byte: no part of it may be corrupted.
    let whole = length as usize == json.len() && sum == crc32fast::hash(rest.as_bytes());
    let same =
        || format_line(number, json).is_some_and(|new| new[..new.len() - 1] == *line.as_bytes());
    (whole && same()).then_some((number, json))
}

/// Splits bytes that start with a whole line whose end is corrupted: the line, and the
/// rest.
pub(super) fn split_joined_lines(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = hex(str::from_utf8(bytes.get(..4)?).ok()?)?;
    let (first, rest) = bytes.split_at_checked(LINE_HEAD_LEN + length as usize)?;
    parse_line(first)?;
    Some((first, rest.get(1..)?))
}

/// Returns whether bytes without a line end are the start of an unfinished line. More
/// than a whole line is not: its end was corrupted.
pub(super) fn is_partial(tail: &[u8]) -> bool {
    let length = tail.get(..4).and_then(|four| hex(str::from_utf8(four).ok()?));
    match length {
        Some(length) => tail.len() <= LINE_HEAD_LEN + length as usize,
        None => tail.len() < 4,
    }
}

fn hex(text: &str) -> Option<u32> {
    u32::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_back_and_no_bent_one_is() {
        let line = format_line(26, r#"{"at":1}"#).expect("short");
        assert_eq!(line, b"0008 8dd86ae5 0000001a {\"at\":1}\n");
        let body = &line[..line.len() - 1];
        assert_eq!(parse_line(body), Some((26, r#"{"at":1}"#)));
        for at in 0..body.len() {
            for bit in 0..8 {
                let mut bent = body.to_vec();
                bent[at] ^= 1 << bit;
                assert_eq!(parse_line(&bent), None, "bit {bit} of byte {at}");
            }
        }
    }

    #[test]
    fn every_start_of_a_line_is_torn_and_more_than_a_line_is_not() {
        let line = format_line(1, r#"{"at":1}"#).expect("short");
        for end in 0..line.len() {
            assert!(is_partial(&line[..end]), "{end}");
        }
        assert!(!is_partial(&line), "an end that is no end");
        assert!(!is_partial(b"garbage"));
    }
}
