//! Keys over the telephone: read aloud in groups, and read back.

/// One group of a key, as it is dictated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The characters, as written.
    pub text: String,
    /// The spoken words of its characters.
    pub words: Vec<&'static str>,
}

/// The most characters dictated in one group.
const BREATH: usize = 4;

/// Splits a key into groups of at most four characters, at its dashes first, with a
/// word for every character: digits as words, letters by the NATO alphabet. Anything
/// else is a "dash".
pub fn groups(key: &str) -> Vec<Group> {
    let parts = key.split('-').filter(|part| !part.is_empty());
    let chunks = parts.flat_map(|part| {
        let letters: Vec<char> = part.chars().collect();
        letters.chunks(BREATH).map(|chunk| chunk.iter().collect()).collect::<Vec<String>>()
    });
    chunks.map(|text| Group { words: text.chars().map(word).collect(), text }).collect()
}

/// Returns the word for a character of a key.
pub const fn word(c: char) -> &'static str {
    match c.to_ascii_lowercase() {
        '0' => "zero",
        '1' => "one",
        '2' => "two",
        '3' => "three",
        '4' => "four",
        '5' => "five",
        '6' => "six",
        '7' => "seven",
        '8' => "eight",
        '9' => "nine",
        'a' => "Alfa",
        'b' => "Bravo",
        'c' => "Charlie",
        'd' => "Delta",
        'e' => "Echo",
        'f' => "Foxtrot",
        'g' => "Golf",
        'h' => "Hotel",
        'i' => "India",
        'j' => "Juliett",
        'k' => "Kilo",
        'l' => "Lima",
        'm' => "Mike",
        'n' => "November",
        'o' => "Oscar",
        'p' => "Papa",
        'q' => "Quebec",
        'r' => "Romeo",
        's' => "Sierra",
        't' => "Tango",
        'u' => "Uniform",
        'v' => "Victor",
        'w' => "Whiskey",
        'x' => "X-ray",
        'y' => "Yankee",
        'z' => "Zulu",
        _ => "dash",
    }
}

/// The result of comparing a group that was read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Nothing of it was typed yet.
    Nothing,
    /// The typed text is its start.
    SoFar,
    /// It is the same.
    Same,
    /// Something differs.
    Wrong,
}

/// Compares what the customer reads back with the key, group by group. Case,
/// blanks and dashes do not count.
pub fn read_back(key: &str, typed: &str) -> Vec<Heard> {
    let plain = |text: &str| -> Vec<char> {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.map(|c| c.to_ascii_lowercase()).collect()
    };
    let typed = plain(typed);
    let mut from = 0;
    let mut heard = vec![];
    let groups = groups(key);
    let last = groups.len().saturating_sub(1);
    for (at, group) in groups.iter().enumerate() {
        let wanted = plain(&group.text);
        let start = from.min(typed.len());
        // What is too much belongs to the last group.
        let end = if at == last { typed.len() } else { (from + wanted.len()).min(typed.len()) };
        let got = &typed[start..end.max(start)];
        heard.push(match got {
            [] => Heard::Nothing,
            got if got == wanted => Heard::Same,
            got if wanted.starts_with(got) => Heard::SoFar,
            _ => Heard::Wrong,
        });
        from += wanted.len();
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &str = "106e38ae-eb59-415f-ac81-526a5299851d";

    #[test]
    fn a_key_is_dictated_in_eight_groups_of_four() {
        let groups = groups(KEY);
        let texts: Vec<_> = groups.iter().map(|group| group.text.as_str()).collect();
        assert_eq!(texts, ["106e", "38ae", "eb59", "415f", "ac81", "526a", "5299", "851d"]);
        assert_eq!(groups[0].words, ["one", "zero", "six", "Echo"]);
        assert_eq!(groups[4].words, ["Alfa", "Charlie", "eight", "one"]);
    }

    #[test]
    fn what_is_read_back_is_compared_group_by_group() {
        use Heard::{Nothing, Same, SoFar, Wrong};
        let heard = |typed| read_back(KEY, typed);
        assert_eq!(heard("")[..2], [Nothing, Nothing]);
        assert_eq!(heard("106E 38")[..3], [Same, SoFar, Nothing]);
        assert_eq!(heard("106e-39ae-eb59")[..4], [Same, Wrong, Same, Nothing]);
        assert!(heard(KEY).iter().all(|one| *one == Same));
        assert_eq!(heard(&format!("{KEY}1")).last(), Some(&Wrong), "one too many");
    }

    proptest! {
        #[test]
        fn only_the_key_itself_is_the_same_in_every_group(key in "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}", typed in "[0-9a-f-]{0,30}") {
            let plain = |text: &str| text.replace('-', "");
            let same = read_back(&key, &typed).iter().all(|one| *one == Heard::Same);
            prop_assert_eq!(same, plain(&key) == plain(&typed));
            prop_assert!(read_back(&key, &key.to_uppercase()).iter().all(|one| *one == Heard::Same));
        }
    }
}
