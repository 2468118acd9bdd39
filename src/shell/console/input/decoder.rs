//! Bytes of a terminal, read as keys and pastes.
//!
//! Replies that a terminal sends unasked (reports of its cursor, its kind, its modes,
//! its colours and its focus) come on the same line as the keyboard, whole or in
//! pieces. None of its bytes is ever read as a key: once a sequence has begun,
//! everything up to its end belongs to it, however long that takes. The keys that end
//! or begin one by chance are lost, and can be pressed again.

mod csi;
mod input;

use crate::ui::state::key::{Code, Key, char, ctrl, plain};

pub(super) use crate::shell::console::input::decoder::input::Input;

/// The state of the decoder between two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Between two keys.
    #[default]
    Ground,
    /// After the first bytes of a letter; so many are still to come.
    Letter(usize),
    /// After an Esc that may be a key or begin a sequence.
    Esc,
    /// The same after it was taken for a key: a sequence may still follow, from a slow
    /// connection.
    LateEsc,
    /// In a key of the older kind: one byte is to come.
    Single,
    /// In a sequence with numbers.
    Numbers,
    /// In a report of an old mouse: so many bytes are to come.
    Mouse(u8),
    /// In a text of the terminal, such as a colour.
    Text,
    /// In one, after an Esc that may end it.
    TextEsc,
    /// In one that stopped for long: the next bytes are still its own.
    StaleText,
    /// In a paste.
    Paste,
}

/// The decoder.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    state: State,
    /// The bytes of the letter, the sequence or the paste so far.
    bytes: Vec<u8>,
}

/// The end of a paste.
const PASTE_END: &[u8] = b"\x1b[201~";
/// No sequence with numbers is longer; what follows is dropped with it.
const SEQUENCE_MAX_BYTES: usize = 64;

/// The thing the decoder waits for during silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WaitingFor {
    /// A moment, to distinguish an Esc from the beginning of a sequence.
    Moment,
    /// A while, to give a text up that never ends.
    While,
}

impl Decoder {
    /// Returns what silence would decide now.
    pub(super) const fn awaits(&self) -> Option<WaitingFor> {
        match self.state {
            State::Esc => Some(WaitingFor::Moment),
            State::Text | State::TextEsc => Some(WaitingFor::While),
            _ => None,
        }
    }

    /// Notes that nothing came for as long as [`Self::awaits`] states.
    pub(super) fn on_silence(&mut self) -> Option<Input> {
        match self.state {
            State::Esc => {
                self.state = State::LateEsc;
                Some(Input::Key(plain(Code::Esc)))
            }
            State::Text | State::TextEsc => {
                self.state = State::StaleText;
                None
            }
            _ => None,
        }
    }

    /// Takes bytes that arrived together.
    pub(super) fn decode_bytes(&mut self, bytes: &[u8]) -> Vec<Input> {
        let mut inputs = vec![];
        let was_stale = self.state == State::StaleText;
        // A letter with Alt comes in one piece: this is an Esc, and then a key.
        if self.state == State::Esc && bytes.first().is_some_and(|first| !is_opening(*first)) {
            inputs.extend(self.on_silence());
        }
        for byte in bytes {
            inputs.extend(self.byte(*byte));
        }
        // What comes alone was a key, and is the last one that is lost.
        if was_stale && self.state == State::StaleText && bytes.len() == 1 {
            self.state = State::Ground;
        }
        inputs
    }

    fn byte(&mut self, byte: u8) -> Option<Input> {
        let is_interrupt = byte == b'\x03' && self.state != State::Paste;
        match self.state {
            // The one key that works in every state of the decoder.
            _ if is_interrupt => self.ground(byte),
            State::Letter(left) => self.letter(byte, left),
            State::Esc => self.after_esc(byte),
            State::LateEsc if is_opening(byte) => self.after_esc(byte),
            State::Ground | State::LateEsc => self.ground(byte),
            State::Single => {
                self.state = State::Ground;
                decode_ss3(byte).map(Input::Key)
            }
            State::Numbers => self.number(byte),
            State::Mouse(left) => {
                self.state = if left > 1 { State::Mouse(left - 1) } else { State::Ground };
                None
            }
            State::Text | State::TextEsc | State::StaleText => {
                self.text(byte);
                None
            }
            State::Paste => self.paste(byte),
        }
    }

    fn ground(&mut self, byte: u8) -> Option<Input> {
        self.state = State::Ground;
        self.bytes.clear();
        let key = match byte {
            b'\x1b' => {
                self.state = State::Esc;
                return None;
            }
            0xc2..=0xf4 => {
                self.bytes.push(byte);
                self.state = State::Letter(match byte {
                    0xc2..=0xdf => 1,
                    0xe0..=0xef => 2,
                    _ => 3,
                });
                return None;
            }
            b'\r' => plain(Code::Enter),
            b'\t' => plain(Code::Tab),
            b'\x7f' => plain(Code::Backspace),
            0 => ctrl(' '),
            0x01..=0x1a => ctrl(char::from(byte - 1 + b'a')),
            0x1c..=0x1f => ctrl(char::from(byte - 0x1c + b'4')),
            b' '..=b'~' => char(char::from(byte)),
            // No letter begins like this.
            _ => return None,
        };
        Some(Input::Key(key))
    }

    fn letter(&mut self, byte: u8, left: usize) -> Option<Input> {
        if byte & 0xc0 != 0x80 {
            return self.ground(byte);
        }
        self.bytes.push(byte);
        if left > 1 {
            self.state = State::Letter(left - 1);
            return None;
        }
        self.state = State::Ground;
        let letter = std::str::from_utf8(&self.bytes).ok()?.chars().next()?;
        self.bytes.clear();
        match letter {
            '\u{9b}' => self.state = State::Numbers,
            '\u{90}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => self.state = State::Text,
            letter if letter.is_control() => {}
            letter => return Some(Input::Key(char(letter))),
        }
        None
    }

    fn after_esc(&mut self, byte: u8) -> Option<Input> {
        self.bytes.clear();
        match byte {
            b'[' => self.state = State::Numbers,
            b'O' => self.state = State::Single,
            b']' | b'P' | b'_' | b'^' => self.state = State::Text,
            b'\x1b' => return Some(Input::Key(plain(Code::Esc))),
            b'\r' | b'\t' | b'\x7f' => return self.ground(byte),
            // A letter with Alt is none of our keys.
            _ => self.state = State::Ground,
        }
        None
    }

    fn number(&mut self, byte: u8) -> Option<Input> {
        match byte {
            // The console of Linux names its function keys like this.
            b'[' if self.bytes.is_empty() => self.bytes.push(byte),
            b'@'..=b'~' => {
                self.state = State::Ground;
                let numbers = std::mem::take(&mut self.bytes);
                match (numbers.as_slice(), byte) {
                    (b"200", b'~') => self.state = State::Paste,
                    (b"", b'M') => self.state = State::Mouse(3),
                    (numbers, last) => return csi::read(numbers, last),
                }
            }
            b'\x1b' => self.state = State::Esc,
            b' '..=b'?' if self.bytes.len() < SEQUENCE_MAX_BYTES => self.bytes.push(byte),
            _ => {}
        }
        None
    }

    const fn text(&mut self, byte: u8) {
        self.state = match (self.state, byte) {
            (_, b'\x07' | 0x9c) | (State::TextEsc, b'\\') => State::Ground,
            (_, b'\x1b') => State::TextEsc,
            (State::StaleText, _) => State::StaleText,
            _ => State::Text,
        };
    }

    fn paste(&mut self, byte: u8) -> Option<Input> {
        self.bytes.push(byte);
        if !self.bytes.ends_with(PASTE_END) {
            return None;
        }
        let text = String::from_utf8_lossy(&self.bytes[..self.bytes.len() - PASTE_END.len()]);
        let text = text.into_owned();
        self.bytes.clear();
        self.state = State::Ground;
        Some(Input::Paste(text))
    }
}

/// Returns whether a sequence can begin with this byte after an Esc. None of them is a
/// key of the console's.
const fn is_opening(byte: u8) -> bool {
    matches!(byte, b'[' | b']' | b'O' | b'P' | b'_' | b'^')
}

/// Returns a key of the older kind, `Esc O` and a letter.
const fn decode_ss3(byte: u8) -> Option<Key> {
    match (byte, csi::decode_letter(byte)) {
        (b'M', _) => Some(plain(Code::Enter)),
        (b'R', _) => Some(plain(Code::F(3))),
        (_, Some(code)) => Some(plain(code)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
