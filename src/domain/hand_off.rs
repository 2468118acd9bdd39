//! What a provider configured about handing keys over: who we are, in whose
//! time, and the texts that customers get.

/// A text for customers, as its author wrote it: a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What the card calls it: `phone`, `mail`.
    pub name: String,
    /// The template; why it could not be read, where it could not.
    pub body: Result<String, String>,
}

/// What is configured about handing keys over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOff {
    /// What we call ourselves; empty where it is not said.
    pub company: String,
    /// The customers' time zone, by its IANA name; UTC is always shown too.
    pub zone: Option<String>,
    /// The texts, the one that a card opens with first; there is always one.
    pub letters: Vec<Letter>,
}

impl Default for HandOff {
    fn default() -> Self {
        let letter = |(name, body): &(&str, &str)| Letter {
            name: (*name).to_owned(),
            body: Ok((*body).to_owned()),
        };
        Self { company: String::new(), zone: None, letters: BUILT_IN.iter().map(letter).collect() }
    }
}

/// The texts that come with the program.
const BUILT_IN: [(&str, &str); 4] = [
    ("phone", include_str!("../../assets/hand-off/phone.txt")),
    ("mail", include_str!("../../assets/hand-off/mail.txt")),
    ("chat", include_str!("../../assets/hand-off/chat.txt")),
    ("ticket", include_str!("../../assets/hand-off/ticket.md")),
];

impl HandOff {
    /// Puts `letter` in the place of the one with its name, or at the end.
    pub fn put(&mut self, letter: Letter) {
        match self.letters.iter_mut().find(|one| one.name == letter.name) {
            Some(one) => *one = letter,
            None => self.letters.push(letter),
        }
    }

    /// Makes the text of this name the one that a card opens with. Whether
    /// there is one.
    pub fn open_with(&mut self, name: &str) -> bool {
        let Some(at) = self.letters.iter().position(|one| one.name == name) else { return false };
        self.letters[..=at].rotate_right(1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_ones_own_replaces_its_namesake_and_may_come_first() {
        let mut ours = HandOff::default();
        let letter = |name: &str| Letter { name: name.to_owned(), body: Ok("ours".to_owned()) };
        ours.put(letter("mail"));
        ours.put(letter("fax"));
        assert!(ours.open_with("mail"));
        assert!(!ours.open_with("telex"));
        let names: Vec<_> = ours.letters.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["mail", "phone", "chat", "ticket", "fax"]);
        assert_eq!(ours.letters[0].body.as_deref(), Ok("ours"));
    }
}
