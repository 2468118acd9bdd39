//! The display capabilities of this terminal, read from the environment.

use crate::ui::widget::theme::Theme;

/// Returns the theme this terminal can show. `ascii` is the user's option.
///
/// `NO_COLOR` turns colours off; a locale without UTF-8 and the Linux console get
/// ASCII.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
pub(in crate::shell) fn theme(ascii: bool) -> Theme {
    let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = var("LC_ALL").or_else(|| var("LC_CTYPE")).or_else(|| var("LANG"));
    let utf8 = locale.is_none_or(|l| {
        let l = l.to_ascii_lowercase();
        l.contains("utf-8") || l.contains("utf8")
    });
    let term = var("TERM").unwrap_or_default();
    let plain = matches!(term.as_str(), "linux" | "dumb" | "vt100" | "vt220");
    Theme { colour: var("NO_COLOR").is_none() && term != "dumb", ascii: ascii || !utf8 || plain }
}
