//! Gathers facts from the environment and from tmux.

use crate::engine::background::TmuxClients;

use super::{
    ClipboardFacts, RequestedMethod, SetClipboard, Tmux, Tool,
    run::{self, Program, RUN_TIMEOUT},
};

/// Reads the environment, and asks the surrounding tmux, if there is one. `own_command`
/// is whether the configuration names a copy command.
pub(in crate::shell) async fn gather_facts(own_command: bool) -> ClipboardFacts {
    let tmux = match variable("TMUX") {
        Some(_) => Some(ask_tmux().await.unwrap_or_default()),
        None => None,
    };
    ClipboardFacts {
        wanted: variable("ONRAMP_CLIPBOARD")
            .map_or(RequestedMethod::Auto, |word| RequestedMethod::parse(&word)),
        own_command,
        tmux,
        screen: variable("STY").is_some(),
        over_ssh: variable("SSH_CONNECTION").or_else(|| variable("SSH_TTY")).is_some(),
        term: variable("TERM").unwrap_or_default(),
        program: variable("TERM_PROGRAM").unwrap_or_default(),
        tool: tool(),
    }
}

#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Returns whether this console runs in tmux.
pub(in crate::shell) fn is_in_tmux() -> bool {
    variable("TMUX").is_some()
}

/// Returns the terminals attached to this console's tmux session. Without an answer one
/// counts as attached.
pub(in crate::shell) async fn attached_clients() -> TmuxClients {
    let unknown = TmuxClients { attached: true, last_attached: None };
    let Some(tmux) = run::find_program("tmux") else { return unknown };
    let pane = variable("TMUX_PANE");
    let mut arguments = vec!["display-message", "-p"];
    arguments.extend(pane.iter().flat_map(|pane| ["-t", pane.as_str()]));
    arguments.push("#{session_attached} #{session_last_attached}");
    let said =
        Program { path: &tmux, arguments: &arguments, limit: RUN_TIMEOUT }.run_for_output().await;
    said.map_or(unknown, |said| read_clients(&String::from_utf8_lossy(&said)))
}

/// Reads how many terminals are attached, and when one last was.
fn read_clients(said: &str) -> TmuxClients {
    let mut words = said.split_whitespace();
    let attached = words.next() != Some("0");
    TmuxClients { attached, last_attached: words.next().and_then(|word| word.parse().ok()) }
}

/// Returns the program that copies on this desktop.
fn tool() -> Option<Tool> {
    let candidates = [
        (cfg!(target_os = "macos"), Tool::Pbcopy),
        (variable("WAYLAND_DISPLAY").is_some(), Tool::WlCopy),
        (variable("DISPLAY").is_some(), Tool::Xclip),
        (variable("DISPLAY").is_some(), Tool::Xsel),
        (variable("WSL_DISTRO_NAME").is_some(), Tool::Clip),
    ];
    let there = |tool: &Tool| run::find_program(tool.program()).is_some();
    candidates.into_iter().filter(|(fits, _)| *fits).map(|(_, tool)| tool).find(there)
}

async fn ask_tmux() -> Option<Tmux> {
    let tmux = run::find_program("tmux")?;
    let ask = async |arguments: &[&str]| {
        let said = Program { path: &tmux, arguments, limit: RUN_TIMEOUT }.run_for_output().await?;
        Some(String::from_utf8_lossy(&said).trim().to_owned())
    };
    let about = ask(&["display-message", "-p", "#{version} #{client_termfeatures}"]).await?;
    let set_clipboard = ask(&["show-options", "-sv", "set-clipboard"]).await.unwrap_or_default();
    // An older tmux has no such option: it always lets programs through.
    let passthrough = ask(&["show-options", "-Apv", "allow-passthrough"]).await;
    Some(read_tmux(&about, &set_clipboard, &passthrough.unwrap_or_default()))
}

/// Reads what tmux answered: `3.3a clipboard,title`, `external`, `off`.
fn read_tmux(about: &str, set_clipboard: &str, passthrough: &str) -> Tmux {
    let (version, features) = about.split_once(' ').unwrap_or((about, ""));
    Tmux {
        version: parse_version(version),
        set_clipboard: match set_clipboard {
            "off" => SetClipboard::Off,
            "on" => SetClipboard::On,
            _ => SetClipboard::External,
        },
        passthrough: matches!(passthrough, "on" | "all"),
        terminal_takes_it: features.split(',').any(|feature| feature == "clipboard"),
    }
}

/// Parses the two numbers of `3.3a`, `next-3.5`.
fn parse_version(version: &str) -> Option<(u16, u16)> {
    let digits = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    let (major, rest) = digits.split_once('.')?;
    let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attached_clients_are_read_and_no_answer_means_attached() {
        let read = |said| {
            let clients = read_clients(said);
            (clients.attached, clients.last_attached)
        };
        assert_eq!(read("1 1795442551\n"), (true, Some(1_795_442_551)));
        assert_eq!(read("0 1795442551\n"), (false, Some(1_795_442_551)));
        assert_eq!(read("0 \n"), (false, None), "an older tmux does not say when");
        assert_eq!(read(""), (true, None));
    }

    #[test]
    fn what_tmux_answers_is_read_and_anything_else_is_unknown() {
        let tmux = read_tmux("3.3a 256,clipboard,title", "external", "off");
        let expected = Tmux {
            version: Some((3, 3)),
            set_clipboard: SetClipboard::External,
            passthrough: false,
            terminal_takes_it: true,
        };
        assert_eq!(tmux, expected);
        assert_eq!(read_tmux("next-3.5 title", "on", "all").version, Some((3, 5)));
        assert!(read_tmux("3.4 title", "off", "on").passthrough);
        assert!(!read_tmux("3.4 noclipboard", "off", "").terminal_takes_it);
        assert_eq!(read_tmux("", "", ""), Tmux::default());
        assert_eq!(parse_version("openbsd-7.5"), Some((7, 5)));
        assert_eq!(parse_version("master"), None);
    }
}
