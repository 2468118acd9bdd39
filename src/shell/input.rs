//! The keyboard: one task owns the terminal's event stream and forwards it.
//!
//! The stream loses wake-ups when polled in passing, so nobody else touches it.

use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use futures_util::StreamExt as _;

use super::{
    inbox::{Mail, Sender},
    signals::HANG_UP,
};
use crate::ui::{
    key::{Code, Key},
    msg::Msg,
};

/// Forwards keys, pastes and sizes until the terminal or the inbox is gone.
pub(super) async fn forward(inbox: Sender) {
    let mut events = EventStream::new();
    while let Some(Ok(event)) = events.next().await {
        if let Some(msg) = translate(event)
            && inbox.send(Mail::Msg(msg)).await.is_err()
        {
            return;
        }
    }
    // Nobody is left to tell if this fails too.
    drop(inbox.send(Mail::Stop(HANG_UP)).await);
}

fn translate(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Msg::Key(key_of(key)?)),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(columns, rows) => Some(Msg::Resize(columns, rows)),
        _ => None,
    }
}

fn key_of(event: KeyEvent) -> Option<Key> {
    let code = match event.code {
        // Alt-Esc is what a slow Esc becomes in a multiplexer.
        KeyCode::Char(_) if event.modifiers.contains(KeyModifiers::ALT) => return None,
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(n) => Code::F(n),
        _ => return None,
    };
    Some(Key { code, ctrl: event.modifiers.contains(KeyModifiers::CONTROL) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_and_an_alt_letter_are_no_key_presses() {
        let press = KeyEvent::new(KeyCode::Char('y'), KeyModifiers::NONE);
        assert!(translate(Event::Key(press)).is_some());
        let release = KeyEvent { kind: KeyEventKind::Release, ..press };
        assert_eq!(translate(Event::Key(release)), None);
        let alt = KeyEvent::new(KeyCode::Char('y'), KeyModifiers::ALT);
        assert_eq!(translate(Event::Key(alt)), None);
    }
}
