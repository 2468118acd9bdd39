//! Decides from facts how a text gets to the clipboard, and what may be claimed
//! afterwards.
//!
//! A terminal never confirms what it was sent, so nothing here reports "copied" unless
//! a program of this host did it and ended successfully.

use std::fmt;

/// The facts about the console's environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::shell) struct ClipboardFacts {
    /// The user's choice (`ONRAMP_CLIPBOARD`).
    pub(in crate::shell) wanted: RequestedMethod,
    /// Whether the configuration names a command that copies.
    pub(in crate::shell) own_command: bool,
    /// The tmux around, if there is one.
    pub(in crate::shell) tmux: Option<Tmux>,
    /// Whether GNU screen is around.
    pub(in crate::shell) screen: bool,
    /// Whether the terminal is on another host.
    pub(in crate::shell) over_ssh: bool,
    /// `TERM`.
    pub(in crate::shell) term: String,
    /// `TERM_PROGRAM`.
    pub(in crate::shell) program: String,
    /// A program of this desktop's that copies.
    pub(in crate::shell) tool: Option<Tool>,
}

/// The method that the user requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::shell) enum RequestedMethod {
    /// Whichever may work.
    #[default]
    Auto,
    /// tmux's.
    Tmux,
    /// Straight to the terminal.
    Osc52,
    /// Past the multiplexer.
    Dcs,
    /// A program of the desktop.
    Native,
    /// None.
    Off,
    /// An unknown word.
    Unknown,
}

/// The facts about tmux.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::shell) struct Tmux {
    /// Its version, as `(3, 3)`; `None` if it does not report one.
    pub(in crate::shell) version: Option<(u16, u16)>,
    /// Whether it hands texts on to the terminal.
    pub(in crate::shell) set_clipboard: SetClipboard,
    /// Whether it passes a program's sequences through.
    pub(in crate::shell) passthrough: bool,
    /// Whether it believes that the terminal around it takes a clipboard.
    pub(in crate::shell) terminal_takes_it: bool,
}

/// tmux's option of this name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::shell) enum SetClipboard {
    /// It hands nothing on.
    Off,
    /// It hands on what is its own, and not what a program sends.
    #[default]
    External,
    /// It hands on both.
    On,
}

/// A program of the desktop that copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::shell) enum Tool {
    /// Wayland.
    WlCopy,
    /// X.
    Xclip,
    /// X, too.
    Xsel,
    /// macOS.
    Pbcopy,
    /// Windows, from its Linux.
    Clip,
}

/// A method to reach the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::shell) enum Method {
    /// The command of the configuration.
    OwnCommand,
    /// `tmux load-buffer -w`: tmux's buffer, and on to the terminal.
    TmuxAndTerminal,
    /// tmux's buffer, and past tmux to the terminal.
    PastTmux,
    /// tmux's buffer alone.
    TmuxBuffer,
    /// Past GNU screen to the terminal.
    PastScreen,
    /// Straight to the terminal (OSC 52).
    Terminal,
    /// A program of the desktop.
    Tool(Tool),
    /// There is none.
    None,
}

/// The method, and the claim that it allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::shell) struct MethodChoice {
    /// The method.
    pub(in crate::shell) method: Method,
    /// The claim after sending, in a few words.
    pub(in crate::shell) says: &'static str,
}

/// The first version whose `load-buffer -w` passes the buffer on.
const LOAD_BUFFER_SINCE: (u16, u16) = (3, 2);

/// The first version of tmux that needs an option to pass sequences through.
const PASSTHROUGH_OPTION_SINCE: (u16, u16) = (3, 3);

/// Chooses the requested method, else the first one that may work.
pub(in crate::shell) fn choose(facts: &ClipboardFacts) -> MethodChoice {
    let tool = facts.tool.map(|tool| (Method::Tool(tool), "copied (verified)"));
    let terminal = (Method::Terminal, "sent to your terminal; it cannot confirm");
    let past_screen = (
        Method::PastScreen,
        "sent through screen to your terminal; it cannot \
        confirm",
    );
    let none = |says| (Method::None, says);
    let (method, says) = match (facts.wanted, &facts.tmux) {
        (RequestedMethod::Off, _) => none("not copied: ONRAMP_CLIPBOARD is off"),
        (RequestedMethod::Unknown, _) => {
            none("not copied: ONRAMP_CLIPBOARD must be auto, tmux, osc52, dcs, native or off")
        }
        (RequestedMethod::Tmux, None) => {
            none("not copied: ONRAMP_CLIPBOARD is tmux, but this is not a tmux session")
        }
        (RequestedMethod::Tmux, Some(tmux)) => {
            in_tmux(&Tmux { passthrough: false, ..tmux.clone() })
        }
        (RequestedMethod::Osc52, _) => terminal,
        (RequestedMethod::Dcs, Some(_)) => (Method::PastTmux, PAST_TMUX),
        (RequestedMethod::Dcs, None) => past_screen,
        (RequestedMethod::Native, _) => tool.unwrap_or_else(|| {
            none(
                "not copied: ONRAMP_CLIPBOARD is native, but no desktop clipboard program was \
                found",
            )
        }),
        (RequestedMethod::Auto, _) if facts.own_command => {
            (Method::OwnCommand, "copied by your command")
        }
        (RequestedMethod::Auto, Some(tmux)) => in_tmux(tmux),
        (RequestedMethod::Auto, None) => {
            match (tool, facts.term.as_str(), facts.program.as_str()) {
                (Some(tool), ..) if !facts.over_ssh => tool,
                _ if facts.screen => past_screen,
                (_, "", _) => none("not copied: TERM is not set"),
                (_, "dumb" | "linux", _) => none("not copied: this terminal has no clipboard"),
                (.., "Apple_Terminal") => none("not copied: Terminal.app does not accept it"),
                _ => terminal,
            }
        }
    };
    MethodChoice { method, says }
}

/// What may be said of a text that was sent past tmux.
const PAST_TMUX: &str = "in the tmux buffer and sent to your terminal; if it did not arrive, paste \
    with prefix ]";

fn in_tmux(tmux: &Tmux) -> (Method, &'static str) {
    let since = |version| tmux.version.is_some_and(|its| its >= version);
    let passes = tmux.passthrough || tmux.version.is_some_and(|its| its < PASSTHROUGH_OPTION_SINCE);
    match tmux.set_clipboard {
        SetClipboard::Off => (
            Method::TmuxBuffer,
            "copied to tmux only, not to your clipboard (set-clipboard is \
                off). Paste with prefix ]",
        ),
        _ if since(LOAD_BUFFER_SINCE) && tmux.terminal_takes_it => (
            Method::TmuxAndTerminal,
            "in the tmux buffer and sent to your terminal; it cannot confirm",
        ),
        _ if passes => (Method::PastTmux, PAST_TMUX),
        _ => {
            (Method::TmuxBuffer, "copied to tmux only, not to your clipboard. Paste with prefix ]")
        }
    }
}

impl RequestedMethod {
    /// Reads the word of the variable.
    pub(in crate::shell) fn parse(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "auto" => Self::Auto,
            "tmux" => Self::Tmux,
            "osc52" => Self::Osc52,
            "dcs" => Self::Dcs,
            "native" => Self::Native,
            "off" => Self::Off,
            _ => Self::Unknown,
        }
    }
}

impl Tool {
    /// Returns its name as a program.
    pub(in crate::shell) const fn program(self) -> &'static str {
        match self {
            Self::WlCopy => "wl-copy",
            Self::Xclip => "xclip",
            Self::Xsel => "xsel",
            Self::Pbcopy => "pbcopy",
            Self::Clip => "clip.exe",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OwnCommand => "your command",
            Self::TmuxAndTerminal => "tmux load-buffer -w",
            Self::PastTmux => "tmux buffer, and OSC 52 through tmux",
            Self::TmuxBuffer => "tmux buffer",
            Self::PastScreen => "OSC 52 through screen",
            Self::Terminal => "OSC 52",
            Self::Tool(tool) => tool.program(),
            Self::None => "none",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: Tmux = Tmux {
        version: Some((3, 4)),
        set_clipboard: SetClipboard::External,
        passthrough: false,
        terminal_takes_it: true,
    };

    fn terminal(term: &str) -> ClipboardFacts {
        ClipboardFacts { term: term.to_owned(), ..ClipboardFacts::default() }
    }

    fn tmux(tmux: Tmux) -> ClipboardFacts {
        // A desktop's program on the host of tmux is not the user's clipboard.
        ClipboardFacts { tmux: Some(tmux), tool: Some(Tool::Xclip), ..terminal("tmux-256color") }
    }

    #[test]
    fn every_row_of_the_table_has_its_way() {
        let ssh = ClipboardFacts { over_ssh: true, ..terminal("xterm-256color") };
        let desktop = ClipboardFacts { tool: Some(Tool::WlCopy), ..terminal("foot") };
        let blind = Tmux { terminal_takes_it: false, ..NEW };
        let old = Tmux { version: Some((3, 2)), ..blind.clone() };
        let older = Tmux { version: Some((3, 1)), ..NEW };
        let off = Tmux { set_clipboard: SetClipboard::Off, passthrough: true, ..NEW };
        let rows = [
            (ClipboardFacts { own_command: true, ..tmux(NEW) }, Method::OwnCommand),
            (tmux(NEW), Method::TmuxAndTerminal),
            (tmux(Tmux { set_clipboard: SetClipboard::On, ..NEW }), Method::TmuxAndTerminal),
            (tmux(Tmux { version: Some((3, 2)), ..NEW }), Method::TmuxAndTerminal),
            (tmux(Tmux { passthrough: true, ..blind.clone() }), Method::PastTmux),
            (tmux(old), Method::PastTmux),
            (tmux(older), Method::PastTmux),
            (tmux(blind.clone()), Method::TmuxBuffer),
            (tmux(Tmux { version: None, ..NEW }), Method::TmuxBuffer),
            (tmux(off), Method::TmuxBuffer),
            (ssh.clone(), Method::Terminal),
            (ClipboardFacts { tool: Some(Tool::Xclip), ..ssh }, Method::Terminal),
            (desktop, Method::Tool(Tool::WlCopy)),
            (terminal("xterm"), Method::Terminal),
            (ClipboardFacts { screen: true, ..terminal("screen") }, Method::PastScreen),
            (terminal("linux"), Method::None),
            (terminal("dumb"), Method::None),
            (terminal(""), Method::None),
            (
                ClipboardFacts { program: "Apple_Terminal".to_owned(), ..terminal("xterm") },
                Method::None,
            ),
        ];
        for (facts, method) in rows {
            assert_eq!(choose(&facts).method, method, "{facts:?}");
        }
    }

    #[test]
    fn what_the_user_wants_comes_first() {
        let wants = |word: &str, facts: ClipboardFacts| {
            choose(&ClipboardFacts {
                wanted: RequestedMethod::parse(word),
                own_command: true,
                ..facts
            })
            .method
        };
        let desktop =
            || ClipboardFacts { tool: Some(Tool::WlCopy), over_ssh: true, ..terminal("foot") };
        assert_eq!(wants("auto", desktop()), Method::OwnCommand);
        assert_eq!(wants("native", desktop()), Method::Tool(Tool::WlCopy));
        assert_eq!(wants("native", terminal("foot")), Method::None);
        assert_eq!(wants("osc52", tmux(NEW)), Method::Terminal);
        assert_eq!(wants("dcs", tmux(NEW)), Method::PastTmux);
        assert_eq!(wants("dcs", terminal("screen")), Method::PastScreen);
        assert_eq!(wants("TMUX", tmux(NEW)), Method::TmuxAndTerminal);
        assert_eq!(wants("tmux", terminal("xterm")), Method::None);
        for word in ["off", "yes", ""] {
            assert_eq!(wants(word, tmux(NEW)), Method::None, "{word:?}");
        }
    }

    #[test]
    fn text_sent_to_a_terminal_is_never_called_copied() {
        let ssh = ClipboardFacts { over_ssh: true, ..terminal("xterm") };
        let past = Tmux { terminal_takes_it: false, passthrough: true, ..NEW };
        for facts in [tmux(NEW), tmux(past), ssh, terminal("xterm")] {
            let says = choose(&facts).says;
            assert!(says.contains("sent") && !says.contains("copied"), "{says}");
        }
        let none = choose(&terminal("linux")).says;
        assert!(none.starts_with("not copied: "), "{none}");
    }
}
