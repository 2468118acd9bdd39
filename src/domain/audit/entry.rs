//! A line of the audit as it is read back.

use crate::domain::{text::SafeText, time::Timestamp};

/// An audit line that was read back. Another version of the program may have written it
/// with other acts, so it keeps every fact it can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the chain.
    pub number: u64,
    /// The time, by the server's clock.
    pub at: Timestamp,
    /// The word of its act.
    pub act: SafeText,
    /// Every other fact of the line, by name.
    pub facts: Vec<(SafeText, SafeText)>,
}

impl Entry {
    /// Returns the fact of this name.
    pub fn fact(&self, name: &str) -> Option<&str> {
        let mut facts = self.facts.iter();
        facts.find(|(its, _)| its.as_str() == name).map(|(_, value)| value.as_str())
    }

    /// Returns the person: the user behind `sudo`, else the user.
    pub fn person(&self) -> &str {
        self.fact("sudo_user").or_else(|| self.fact("user")).unwrap_or("?")
    }

    /// Describes the author briefly: the user, the user behind `sudo`, and the origin.
    pub fn who(&self) -> String {
        let user = self.fact("user").unwrap_or("?");
        let by = self.fact("sudo_user").map_or_else(String::new, |by| format!(" by {by}"));
        let from = self.fact("ssh_from").map_or_else(String::new, |from| format!(" from {from}"));
        format!("{user}{by}{from}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_did_it_is_the_user_and_who_stands_behind_it() {
        let facts = |all: &[(&str, &str)]| {
            let facts = all.iter().map(|(name, value)| ((*name).into(), (*value).into()));
            let at = Timestamp::from_millis(0);
            Entry { number: 1, at, act: "x".into(), facts: facts.collect() }
        };
        assert_eq!(facts(&[("user", "anna")]).who(), "anna");
        let all = [("user", "root"), ("sudo_user", "anna"), ("ssh_from", "192.0.2.7")];
        assert_eq!(facts(&all).who(), "root by anna from 192.0.2.7");
        assert_eq!(facts(&all).person(), "anna");
        assert_eq!(facts(&[]).who(), "?");
    }
}
