//! The sequence that asks a terminal to take a text (OSC 52), as it is, past
//! tmux, and past GNU screen. Write only: nothing here asks a terminal.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::zeroize::Zeroizing;

/// The most base64 a terminal is sent; xterm takes no more.
const TEXT_MAX_BYTES: usize = 74_994;

/// The base64 bytes in one string for GNU screen, which takes 768 bytes.
const CHUNK_BYTES: usize = 512;

/// The multiplexer between the program and its terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TmuxPath {
    /// Nothing.
    Nothing,
    /// tmux, which needs an envelope to pass the sequence on.
    Tmux,
    /// GNU screen, the same in chunks.
    Screen,
}

/// Returns the sequence for `text`; `None` where it is too long for a terminal. An
/// empty text clears.
pub(super) fn sequence(text: &str, past: TmuxPath) -> Option<Zeroizing<String>> {
    let coded = Zeroizing::new(STANDARD.encode(text));
    if coded.len() > TEXT_MAX_BYTES {
        return None;
    }
    let mut out = Zeroizing::new(String::with_capacity(coded.len() + coded.len() / 64 + 32));
    match past {
        TmuxPath::Nothing => {
            out.push_str("\x1b]52;c;");
            out.push_str(&coded);
            out.push('\x07');
        }
        TmuxPath::Tmux => {
            out.push_str("\x1bPtmux;\x1b\x1b]52;c;");
            out.push_str(&coded);
            out.push_str("\x07\x1b\\");
        }
        TmuxPath::Screen => {
            out.push_str("\x1bP\x1b]52;c;");
            for (at, c) in coded.chars().enumerate() {
                if at > 0 && at % CHUNK_BYTES == 0 {
                    out.push_str("\x1b\\\x1bP");
                }
                out.push(c);
            }
            out.push_str("\x07\x1b\\");
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, past: TmuxPath) -> String {
        sequence(text, past).expect("short enough").to_string()
    }

    #[test]
    fn text_is_sent_plain_or_wrapped_for_a_multiplexer() {
        assert_eq!(of("key", TmuxPath::Nothing), "\x1b]52;c;a2V5\x07");
        assert_eq!(of("key", TmuxPath::Tmux), "\x1bPtmux;\x1b\x1b]52;c;a2V5\x07\x1b\\");
        assert_eq!(of("key", TmuxPath::Screen), "\x1bP\x1b]52;c;a2V5\x07\x1b\\");
        assert_eq!(of("", TmuxPath::Nothing), "\x1b]52;c;\x07", "nothing clears");
    }

    #[test]
    fn screen_gets_strings_within_its_limit_and_loses_nothing() {
        let text = "x".repeat(3000);
        let sent = of(&text, TmuxPath::Screen);
        let strings: Vec<_> = sent.split("\x1b\\").filter(|s| !s.is_empty()).collect();
        assert!(strings.len() > 5 && strings.iter().all(|s| s.len() < 768), "{}", strings.len());
        let inner: String = strings.iter().map(|s| s.trim_start_matches("\x1bP")).collect();
        assert_eq!(inner, of(&text, TmuxPath::Nothing));
    }

    #[test]
    fn a_text_that_is_too_long_for_a_terminal_is_not_sent() {
        assert!(sequence(&"x".repeat(56_000), TmuxPath::Nothing).is_some());
        assert!(sequence(&"x".repeat(57_000), TmuxPath::Nothing).is_none());
    }
}
