//! The provider's delivery settings: company name, time zone, and the texts that
//! customers get.

/// A text for customers, as its author wrote it: a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageTemplate {
    /// What the card calls it: `phone`, `email`.
    pub name: String,
    /// The template; why it could not be read, where it could not.
    pub body: Result<String, String>,
}

/// The configured delivery settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The company's name; empty if not configured.
    pub company: String,
    /// The customers' time zone, by its IANA name; UTC is always shown too.
    pub zone: Option<String>,
    /// The texts, the one that a card opens with first; there is always one.
    pub templates: Vec<MessageTemplate>,
}

impl Default for Delivery {
    fn default() -> Self {
        let template = |(name, body): &(&str, &str)| MessageTemplate {
            name: (*name).to_owned(),
            body: Ok((*body).to_owned()),
        };
        Self {
            company: String::new(),
            zone: None,
            templates: BUILT_IN.iter().map(template).collect(),
        }
    }
}

/// The texts that come with the program.
const BUILT_IN: [(&str, &str); 4] = [
    ("phone", include_str!("../../assets/messages/phone.txt")),
    ("email", include_str!("../../assets/messages/email.txt")),
    ("chat", include_str!("../../assets/messages/chat.txt")),
    ("ticket", include_str!("../../assets/messages/ticket.md")),
];

impl Delivery {
    /// The name of a message as it is now, of one that files may call otherwise: an
    /// email was called `mail` in configurations of the first edition.
    pub fn current_name(name: &str) -> &str {
        if name == "mail" { "email" } else { name }
    }

    /// Puts `template` in the place of the one with its name, or at the end.
    pub fn set_template(&mut self, template: MessageTemplate) {
        match self.templates.iter_mut().find(|one| one.name == template.name) {
            Some(one) => *one = template,
            None => self.templates.push(template),
        }
    }

    /// Sets the text that a card opens with; returns whether there is one of this name.
    pub fn set_first_template(&mut self, name: &str) -> bool {
        let Some(at) = self.templates.iter().position(|one| one.name == name) else { return false };
        self.templates[..=at].rotate_right(1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_ones_own_replaces_its_namesake_and_may_come_first() {
        let mut ours = Delivery::default();
        let template =
            |name: &str| MessageTemplate { name: name.to_owned(), body: Ok("ours".to_owned()) };
        ours.set_template(template("email"));
        ours.set_template(template("fax"));
        assert!(ours.set_first_template("email"));
        assert!(!ours.set_first_template("telex"));
        let names: Vec<_> = ours.templates.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["email", "phone", "chat", "ticket", "fax"]);
        assert_eq!(ours.templates[0].body.as_deref(), Ok("ours"));
    }
}
