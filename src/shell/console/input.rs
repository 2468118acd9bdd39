//! The keyboard: one thread reads the terminal and forwards what it reads.
//!
//! No other thread reads it: a byte taken elsewhere would be missing in the middle of a
//! sequence.

mod decoder;

use std::{collections::VecDeque, time::Duration};

use decoder::{Decoder, Input, WaitingFor};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};
use secrecy::zeroize::Zeroizing;

use crate::ui::{model::msg::Msg, state::key::Code};

use super::{
    event_queue::{LoopEvent, Sender},
    signals::HANG_UP,
};

/// How long an Esc is held back: bytes that follow sooner make it a sequence.
const ESC_DELAY: Duration = Duration::from_millis(100);

/// How long a text of the terminal may pause before it is given up.
const TERMINAL_TEXT_DELAY: Duration = Duration::from_secs(2);

/// Forwards keys and pastes until the terminal or the queue is gone.
pub(in crate::shell) fn forward_keys(queue: Sender) {
    let read = move || {
        read_keys(&queue);
        // If this fails too, the event loop is gone.
        drop(queue.blocking_send(LoopEvent::Stop(HANG_UP)));
    };
    // Without the thread there is no keyboard, but signals still work.
    drop(std::thread::Builder::new().name("keyboard".into()).spawn(read));
}

fn read_keys(queue: &Sender) {
    let mut keyboard = Keyboard::default();
    while let Some(input) = keyboard.next() {
        let msg = match input {
            Input::Focused => Msg::Focused,
            Input::Key(key) => Msg::Key(key),
            Input::Repeat(key) => Msg::Repeat(key),
            Input::Paste(text) => Msg::Paste(text),
        };
        if queue.blocking_send(LoopEvent::Msg(msg)).is_err() {
            return;
        }
    }
}

/// The user's input at a prompt for one line.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::shell) enum Typed {
    /// A letter, or what was pasted.
    Text(Zeroizing<String>),
    /// The line is done.
    Enter,
    /// The last character is deleted.
    Erase,
    /// The whole line is.
    EraseLine,
    /// Ctrl-C.
    Cancel,
    /// Ctrl-D.
    End,
}

impl Typed {
    /// Returns the meaning of an input there; `None` if it has none.
    fn read(input: Input) -> Option<Self> {
        let key = match input {
            Input::Key(key) | Input::Repeat(key) => key,
            Input::Paste(text) => return Some(Self::Text(Zeroizing::new(text))),
            Input::Focused => return None,
        };
        Some(match (key.code, key.ctrl) {
            // Some terminals send Ctrl-J for Enter.
            (Code::Enter, _) | (Code::Char('j'), true) => Self::Enter,
            (Code::Backspace, _) => Self::Erase,
            (Code::Char('u'), true) => Self::EraseLine,
            (Code::Char('c'), true) => Self::Cancel,
            (Code::Char('d'), true) => Self::End,
            (Code::Char(letter), false) => Self::Text(Zeroizing::new(letter.to_string())),
            _ => return None,
        })
    }
}

/// The inputs of the terminal on standard input, one after the other.
#[derive(Default)]
pub(in crate::shell) struct Keyboard {
    decoder: Decoder,
    /// The inputs that arrived with the last one returned.
    left: VecDeque<Input>,
}

impl Keyboard {
    /// Waits for the next input at a prompt; `None` once the terminal is gone.
    pub(in crate::shell) fn next_typed(&mut self) -> Option<Typed> {
        loop {
            let typed = Typed::read(self.next()?);
            if typed.is_some() {
                return typed;
            }
        }
    }

    /// Waits for the next input; `None` once the terminal is gone.
    fn next(&mut self) -> Option<Input> {
        let stdin = std::io::stdin();
        // A secret may be in it.
        let mut bytes = Zeroizing::new([0; 4096]);
        while self.left.is_empty() {
            let wait = self.decoder.awaits().map(|awaits| match awaits {
                WaitingFor::Moment => ESC_DELAY,
                WaitingFor::While => TERMINAL_TEXT_DELAY,
            });
            let wait = wait.and_then(|wait| Timespec::try_from(wait).ok());
            let mut watched = [PollFd::new(&stdin, PollFlags::IN)];
            match poll(&mut watched, wait.as_ref()) {
                Ok(0) => self.left.extend(self.decoder.on_silence()),
                Ok(_) => match rustix::io::read(&stdin, &mut bytes[..]) {
                    Ok(0) => return None,
                    Ok(count) => self.left.extend(self.decoder.decode_bytes(&bytes[..count])),
                    Err(Errno::INTR | Errno::AGAIN) => {}
                    Err(_) => return None,
                },
                Err(Errno::INTR) => {}
                Err(_) => return None,
            }
        }
        self.left.pop_front()
    }
}
