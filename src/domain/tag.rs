//! The short random mark at the end of a label, by which a key is found again.

use std::fmt;

/// The characters of a tag: digits and small letters that are not confused on the
/// phone, without vowels, so that it spells no word.
const ALPHABET: &[u8; 28] = b"23456789bcdfghjkmnpqrstvwxyz";

/// A tag: six characters, shown as `#k7f3q9`.
///
/// 28^6 are 482 million; a new one is compared with everything known on its on-ramp, so
/// that it is unique there. The customer may see it, so it means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag([u8; Self::LENGTH]);

impl Tag {
    /// Its length in characters, without its `#`.
    pub const LENGTH: usize = 6;

    /// The characters it needs at the end of a label: a space, the `#`, and itself.
    pub const ROOM: usize = Self::LENGTH + 2;

    /// Returns the tag that belongs to a random number.
    pub fn from_number(mut number: u64) -> Self {
        let mut tag = [0; Self::LENGTH];
        for letter in &mut tag {
            let at = usize::try_from(number % ALPHABET.len() as u64).unwrap_or(0);
            *letter = ALPHABET[at];
            number /= ALPHABET.len() as u64;
        }
        Self(tag)
    }

    /// Returns the tags in a label, wherever they are: another user may have appended
    /// text.
    pub fn in_label(label: &str) -> impl Iterator<Item = Self> + '_ {
        label.split('#').skip(1).filter_map(|after| {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
            let tag: [u8; Self::LENGTH] = after.as_bytes()[..end].try_into().ok()?;
            tag.iter().all(|letter| ALPHABET.contains(letter)).then_some(Self(tag))
        })
    }

    /// Returns whether `label` carries it.
    pub fn is_in(self, label: &str) -> bool {
        Self::in_label(label).any(|tag| tag == self)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#")?;
        self.0.iter().try_for_each(|&letter| write!(f, "{}", char::from(letter)))
    }
}

/// The source of random numbers: a number drawn once by the shell, and its successors.
/// Equal seeds give equal numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// Starts from `number`.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the next number (`SplitMix64`, Steele and others 2014).
    pub const fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tag_is_found_wherever_it_stands_in_a_label() {
        let tag = Tag::from_number(12_345_678);
        for label in [format!("ACME {tag}"), format!("#12 {tag}, moved"), tag.to_string()] {
            assert!(tag.is_in(&label), "{label}");
        }
        for label in [format!("ACME {tag}x"), "ACME #".into(), format!("{tag}")[1..].into()] {
            assert!(!tag.is_in(&label), "{label}");
        }
    }

    proptest! {
        #[test]
        fn every_number_gives_a_tag_that_can_be_read_back(
            number in any::<u64>(), before in ".{0,20}",
        ) {
            let tag = Tag::from_number(number);
            prop_assert_eq!(tag.to_string().chars().count(), Tag::LENGTH + 1);
            let label = format!("{before} {tag}");
            prop_assert!(tag.is_in(&label));
        }

        #[test]
        fn reading_tags_never_panics(label in ".{0,40}|[#2-9b-z]{0,40}") {
            prop_assert!(Tag::in_label(&label).count() <= label.matches('#').count());
        }

        #[test]
        fn a_seed_draws_numbers_that_differ(seed in any::<u64>()) {
            let mut seed = Seed::new(seed);
            prop_assert_ne!(seed.draw(), seed.draw());
        }
    }
}
