//! Copies and clears by the chosen method, and reports how far the text got.

use std::path::Path;

use secrecy::zeroize::Zeroizing;

use crate::api::clipboard::{Outcome, PATIENCE, Verdict};

use super::{
    ClipboardFacts, Method, MethodChoice, Tool, choose,
    osc52::{TmuxPath, sequence},
    run::{self, Program, RUN_TIMEOUT},
};

/// The result of an action, and the sequence still to be written to the terminal: only
/// the drawing module may do that.
pub(super) struct ActResult {
    /// The verdict, once that is written.
    pub(super) verdict: Verdict,
    /// The sequence to write.
    pub(super) sequence: Option<Zeroizing<String>>,
}

/// The name of our buffer in tmux.
const TMUX_BUFFER: &str = "onramp";

/// Copies `text`; `own` is the command of the configuration.
pub(super) async fn copy(text: &str, facts: &ClipboardFacts, own: Option<&[String]>) -> ActResult {
    let MethodChoice { method, says } = choose(facts);
    let sent = match tmux_path(method) {
        Some(past) => match sequence(text, past) {
            Some(sequence) => Some(sequence),
            None => return not_done("not copied: too long for a terminal's clipboard"),
        },
        None => None,
    };
    let done = match method {
        Method::None => return not_done(says),
        Method::OwnCommand => run_own_command(own, text).await.map(|()| Outcome::Done),
        Method::TmuxAndTerminal => load_tmux_buffer(text, true).await.map(|()| Outcome::Sent),
        Method::PastTmux | Method::TmuxBuffer => {
            load_tmux_buffer(text, false).await.map(|()| Outcome::Sent)
        }
        Method::PastScreen | Method::Terminal => Ok(Outcome::Sent),
        Method::Tool(tool) => match copy_with_tool(tool, text).await {
            Ok(true) => Ok(Outcome::Done),
            Ok(false) => {
                let says = format!("sent to {}; not verified", tool.program());
                return ActResult { verdict: Verdict::new(Outcome::Sent, &says), sequence: None };
            }
            Err(why) => Err(why),
        },
    };
    match done {
        Ok(outcome) => ActResult { verdict: Verdict::new(outcome, says), sequence: sent },
        Err(why) => not_done(&format!("not copied: {why}")),
    }
}

/// Takes away what was copied last.
pub(super) async fn clear(facts: &ClipboardFacts) -> ActResult {
    let method = choose(facts).method;
    let terminal = "clear request sent to your terminal; it cannot confirm";
    let buffer = "tmux buffer deleted";
    let (done, says) = match method {
        Method::None => return not_done("nothing to clear: copying is not possible here"),
        Method::OwnCommand => return not_done("not cleared: your copy command can only copy"),
        Method::TmuxAndTerminal => {
            // tmux hands nothing empty on: a blank takes the text's place.
            let blank = load_tmux_buffer(" ", true).await;
            let says = format!("{buffer}; {terminal}");
            (blank.and(delete_tmux_buffer().await).map(|()| Outcome::Sent), says)
        }
        Method::PastTmux => {
            (delete_tmux_buffer().await.map(|()| Outcome::Sent), format!("{buffer}; {terminal}"))
        }
        Method::TmuxBuffer => {
            (delete_tmux_buffer().await.map(|()| Outcome::Done), buffer.to_owned())
        }
        Method::PastScreen | Method::Terminal => (Ok(Outcome::Sent), terminal.to_owned()),
        Method::Tool(tool) => (
            clear_with_tool(tool).await.map(|()| Outcome::Done),
            "the clipboard is empty".to_owned(),
        ),
    };
    match done {
        Ok(outcome) => ActResult {
            verdict: Verdict::new(outcome, &says),
            sequence: tmux_path(method).and_then(|past| sequence("", past)),
        },
        Err(why) => not_done(&format!("not cleared: {why}")),
    }
}

fn not_done(says: &str) -> ActResult {
    ActResult { verdict: Verdict::new(Outcome::Not, says), sequence: None }
}

/// Returns the multiplexer that a sequence for the terminal has to pass, if one is
/// sent.
const fn tmux_path(method: Method) -> Option<TmuxPath> {
    match method {
        Method::PastTmux => Some(TmuxPath::Tmux),
        Method::PastScreen => Some(TmuxPath::Screen),
        Method::Terminal => Some(TmuxPath::Nothing),
        _ => None,
    }
}

async fn run_own_command(own: Option<&[String]>, text: &str) -> Result<(), String> {
    let (program, arguments) =
        own.and_then(<[_]>::split_first).ok_or("no command is configured")?;
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    Program { path: Path::new(program), arguments: &arguments, limit: PATIENCE }
        .run_with_input(text)
        .await
}

/// Puts `text` into tmux's buffer and checks that it is there.
async fn load_tmux_buffer(text: &str, hand_on: bool) -> Result<(), String> {
    let tmux = run::find_program("tmux").ok_or("tmux is not in PATH")?;
    let run = |arguments| Program { path: &tmux, arguments, limit: RUN_TIMEOUT };
    let load: &[&str] = if hand_on {
        &["load-buffer", "-w", "-b", TMUX_BUFFER, "-"]
    } else {
        &["load-buffer", "-b", TMUX_BUFFER, "-"]
    };
    run(load).run_with_input(text).await?;
    match run(&["save-buffer", "-b", TMUX_BUFFER, "-"]).run_for_output().await {
        Some(there) if *there == text.as_bytes() => Ok(()),
        _ => Err("the tmux buffer does not contain it".to_owned()),
    }
}

async fn delete_tmux_buffer() -> Result<(), String> {
    let tmux = run::find_program("tmux").ok_or("tmux is not in PATH")?;
    let arguments = &["delete-buffer", "-b", TMUX_BUFFER];
    Program { path: &tmux, arguments, limit: RUN_TIMEOUT }.run_with_input("").await
}

/// Hands `text` to a program of the desktop; whether it was read back the same.
async fn copy_with_tool(tool: Tool, text: &str) -> Result<bool, String> {
    let program = run::find_program(tool.program()).ok_or("it is no longer in PATH")?;
    Program { path: &program, arguments: tool.copy_arguments(), limit: RUN_TIMEOUT }
        .run_with_input(text)
        .await?;
    let Some((reader, arguments)) = tool.paste_arguments() else { return Ok(false) };
    let Some(program) = run::find_program(reader) else { return Ok(false) };
    match (Program { path: &program, arguments, limit: RUN_TIMEOUT }).run_for_output().await {
        None => Ok(false),
        Some(there) if *there == text.as_bytes() => Ok(true),
        Some(_) => Err("the clipboard does not contain it".to_owned()),
    }
}

async fn clear_with_tool(tool: Tool) -> Result<(), String> {
    let program = run::find_program(tool.program()).ok_or("it is no longer in PATH")?;
    let arguments: &[&str] = match tool {
        Tool::WlCopy => &["--clear"],
        Tool::Xsel => &["--clear", "--clipboard"],
        Tool::Xclip | Tool::Pbcopy | Tool::Clip => tool.copy_arguments(),
    };
    Program { path: &program, arguments, limit: RUN_TIMEOUT }.run_with_input("").await
}

impl Tool {
    /// Returns the arguments that make it take a text for the clipboard.
    const fn copy_arguments(self) -> &'static [&'static str] {
        match self {
            Self::Xclip => &["-in", "-selection", "clipboard"],
            Self::Xsel => &["--input", "--clipboard"],
            Self::WlCopy | Self::Pbcopy | Self::Clip => &[],
        }
    }

    /// Returns the program that returns the text, with its arguments.
    const fn paste_arguments(self) -> Option<(&'static str, &'static [&'static str])> {
        match self {
            Self::WlCopy => Some(("wl-paste", &["--no-newline"])),
            Self::Xclip => Some(("xclip", &["-out", "-selection", "clipboard"])),
            Self::Xsel => Some(("xsel", &["--output", "--clipboard"])),
            Self::Pbcopy => Some(("pbpaste", &[])),
            Self::Clip => None,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::shell::clipboard::RequestedMethod;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[tokio::test]
    async fn a_command_of_ones_own_is_believed_when_it_ends_well() {
        let facts = ClipboardFacts { own_command: true, ..ClipboardFacts::default() };
        let good = words(&["/bin/sh", "-c", "test \"$(cat)\" = key"]);
        let done = copy("key", &facts, Some(&good)).await;
        assert_eq!(done.verdict, Verdict::new(Outcome::Done, "copied by your command"));
        assert!(done.sequence.is_none(), "nothing goes to the terminal");
        let done = copy("key", &facts, Some(&words(&["/bin/false"]))).await;
        assert_eq!(done.verdict.outcome, Outcome::Not);
        assert!(done.verdict.says.as_str().starts_with("not copied: false ended with"));
    }

    #[tokio::test]
    async fn terminal_copy_sends_only_the_text_and_is_never_confirmed() {
        let facts = ClipboardFacts { term: "xterm".to_owned(), ..ClipboardFacts::default() };
        let done = copy("key", &facts, None).await;
        assert_eq!(done.verdict.outcome, Outcome::Sent);
        assert_eq!(done.sequence.as_deref().map(String::as_str), Some("\x1b]52;c;a2V5\x07"));
        let done = clear(&facts).await;
        assert_eq!(done.sequence.as_deref().map(String::as_str), Some("\x1b]52;c;\x07"));
        assert_eq!(done.verdict.outcome, Outcome::Sent);
        let done = copy(&"x".repeat(57_000), &facts, None).await;
        assert!(done.sequence.is_none() && done.verdict.outcome == Outcome::Not);
    }

    #[tokio::test]
    async fn missing_clipboard_path_does_nothing_and_says_why() {
        let facts = ClipboardFacts {
            wanted: RequestedMethod::Off,
            term: "xterm".to_owned(),
            ..ClipboardFacts::default()
        };
        for done in [copy("key", &facts, None).await, clear(&facts).await] {
            assert!(done.sequence.is_none() && done.verdict.outcome == Outcome::Not);
        }
    }
}
