//! Reports how text reaches the clipboard, and the tmux around.

use crate::shell::clipboard::{ClipboardFacts, SetClipboard, Tmux, choose, gather_facts};

use super::report::{Mark, Report};

/// Reports how a key would be copied.
pub(super) async fn check_clipboard(report: &mut Report, own_command: bool) {
    report_facts(report, &gather_facts(own_command).await);
}

fn report_facts(report: &mut Report, facts: &ClipboardFacts) {
    if let Some(tmux) = &facts.tmux {
        report.add(Mark::Note, "tmux", describe_tmux(tmux));
    }
    let verdict = choose(facts);
    report.add(Mark::Note, "clipboard", format!("{}: {}", verdict.method, verdict.says));
}

fn describe_tmux(tmux: &Tmux) -> String {
    let Some((major, minor)) = tmux.version else {
        return "it does not report its features".to_owned();
    };
    let set = match tmux.set_clipboard {
        SetClipboard::Off => "off",
        SetClipboard::External => "external",
        SetClipboard::On => "on",
    };
    let passthrough = if tmux.passthrough { "on" } else { "off" };
    let takes = if tmux.terminal_takes_it { "yes" } else { "no" };
    format!(
        "{major}.{minor}, set-clipboard {set}, allow-passthrough {passthrough}, clipboard of its \
         outer terminal: {takes}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tmux_and_the_way_to_the_clipboard_are_told() {
        let tmux = Tmux { version: Some((3, 3)), terminal_takes_it: true, ..Tmux::default() };
        let facts = ClipboardFacts { tmux: Some(tmux), ..ClipboardFacts::default() };
        let mut report = Report::default();
        report_facts(&mut report, &facts);
        let text = report.text();
        for words in [
            "--   tmux      3.3, set-clipboard external, allow-passthrough off",
            "--   clipboard tmux load-buffer -w: in the tmux buffer and sent to your terminal",
        ] {
            assert!(text.contains(words), "{text}");
        }
    }
}
