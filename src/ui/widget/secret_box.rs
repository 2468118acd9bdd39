//! A field for a secret: what is typed is counted on the screen, never shown.

use secrecy::zeroize::Zeroizing;
use tui_input::InputRequest;

use crate::api::account::Secret;

/// Its capacity in bytes. Reserved at once, so that growing leaves no copies.
const ROOM: usize = 512;

/// The typed secret. Its memory is cleared when it is dropped.
#[derive(Clone)]
pub struct SecretBox {
    text: Zeroizing<String>,
    /// Whether more was typed than fits.
    overflowed: bool,
}

impl Default for SecretBox {
    fn default() -> Self {
        Self { text: Zeroizing::new(String::with_capacity(ROOM)), overflowed: false }
    }
}

impl std::fmt::Debug for SecretBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

impl SecretBox {
    /// Types at its end: a place within it would have to be shown.
    pub fn type_in(&mut self, request: InputRequest) {
        match request {
            InputRequest::InsertChar(c) if self.text.len() + c.len_utf8() <= ROOM => {
                self.text.push(c);
            }
            InputRequest::InsertChar(_) => self.overflowed = true,
            InputRequest::DeletePrevChar => {
                self.text.pop();
            }
            InputRequest::DeleteLine | InputRequest::DeletePrevWord => *self = Self::default(),
            _ => {}
        }
    }

    /// Returns its length in characters.
    pub fn len(&self) -> usize {
        self.text.chars().count()
    }

    /// Returns whether more was typed than fits: its content is incomplete until the
    /// field is cleared.
    pub const fn is_too_long(&self) -> bool {
        self.overflowed
    }

    /// Returns whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns the secret, if something was typed and all of it fitted: without the
    /// blanks around a paste.
    pub fn secret(&self) -> Option<Secret> {
        let text = self.text.trim();
        (!text.is_empty() && !self.overflowed).then(|| Secret::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_types_at_its_end_and_its_debug_text_shows_nothing() {
        let mut typed = SecretBox::default();
        for c in "canary?".chars() {
            typed.type_in(InputRequest::InsertChar(c));
        }
        typed.type_in(InputRequest::DeletePrevChar);
        assert_eq!(typed.len(), 6);
        assert_eq!(typed.secret(), Some(Secret::new("canary")));
        assert!(!format!("{typed:?}").contains("canary"));
        typed.type_in(InputRequest::DeleteLine);
        assert!(typed.is_empty() && typed.secret().is_none());
    }

    #[test]
    fn it_never_grows_beyond_its_room() {
        let mut typed = SecretBox::default();
        let before = typed.text.capacity();
        for _ in 0..2 * ROOM {
            typed.type_in(InputRequest::InsertChar('ü'));
        }
        assert_eq!((typed.text.len(), typed.text.capacity()), (ROOM, before));
        assert!(typed.is_too_long() && typed.secret().is_none(), "part of it is another secret");
        typed.type_in(InputRequest::DeletePrevChar);
        assert!(typed.is_too_long(), "what had no room is not known any more");
        typed.type_in(InputRequest::DeleteLine);
        typed.type_in(InputRequest::InsertChar('x'));
        assert_eq!(typed.secret(), Some(Secret::new("x")));
    }
}
