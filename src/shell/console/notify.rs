//! Notifies a user in another window: the bell always, and a notification of the
//! desktop if the terminal is known to show one.

use crate::domain::text::SafeText;

/// The sequence that asks a terminal for a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotifySequence {
    /// `OSC 9 ; text`.
    Nine,
    /// `OSC 777 ; notify ; title ; text`.
    SevenSevenSeven,
    /// Only the bell: tmux sees it, and any other terminal does.
    Bell,
}

/// Returns the sequence for `says`.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
pub(in crate::shell) fn sequence(says: &str) -> String {
    let var = |name| std::env::var(name).unwrap_or_default();
    let chosen = choose_sequence(&var("TERM_PROGRAM"), &var("TERM"), !var("TMUX").is_empty());
    format_sequence(chosen, says)
}

/// Chooses the sequence. In tmux only the bell: whether the terminal around it would
/// receive another one is not known, and a lost notification shows nowhere.
fn choose_sequence(program: &str, term: &str, tmux: bool) -> NotifySequence {
    match (program, term) {
        _ if tmux || term.starts_with("screen") => NotifySequence::Bell,
        ("iTerm.app" | "WezTerm" | "ghostty", _) => NotifySequence::Nine,
        (_, term) if term.starts_with("xterm-kitty") || term.starts_with("xterm-ghostty") => {
            NotifySequence::Nine
        }
        (_, term) if term.starts_with("foot") || term.starts_with("rxvt") => {
            NotifySequence::SevenSevenSeven
        }
        _ => NotifySequence::Bell,
    }
}

fn format_sequence(chosen: NotifySequence, says: &str) -> String {
    // A label may contain anything: none of it may end the sequence.
    let says = SafeText::clean(says).to_string().replace(';', ",");
    match chosen {
        NotifySequence::Nine => format!("\x1b]9;onramp: {says}\x07\x07"),
        NotifySequence::SevenSevenSeven => format!("\x1b]777;notify;onramp;{says}\x07\x07"),
        NotifySequence::Bell => "\x07".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notifications_need_support_and_labels_cannot_end_the_escape() {
        assert_eq!(choose_sequence("WezTerm", "xterm-256color", false), NotifySequence::Nine);
        assert_eq!(choose_sequence("WezTerm", "xterm-256color", true), NotifySequence::Bell);
        assert_eq!(choose_sequence("", "foot", false), NotifySequence::SevenSevenSeven);
        assert_eq!(choose_sequence("", "xterm-256color", false), NotifySequence::Bell);
        let evil = format_sequence(NotifySequence::SevenSevenSeven, "a\x07b\x1b]52;c;x");
        assert_eq!(evil.matches('\x07').count(), 2, "{evil:?}");
        assert_eq!(evil.matches('\x1b').count(), 1);
        assert_eq!(format_sequence(NotifySequence::Bell, "anything"), "\x07");
    }
}
