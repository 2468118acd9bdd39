//! The methods to reach the user's clipboard.
//!
//! `facts` reads the environment, `choice` decides from that and does nothing, `act`
//! carries it out: with `run` through programs of this host, with `osc52` through the
//! terminal. The sequence for the terminal is reported to the console, which alone
//! writes to it.

mod act;
mod choice;
mod facts;
mod osc52;
mod run;

use std::fmt;

use act::{ActResult, clear, copy};
use secrecy::{ExposeSecret as _, zeroize::Zeroizing};
use tokio::sync::mpsc;

use crate::{
    api::{
        RequestId,
        clipboard::{Clipboard, Outcome, Verdict},
    },
    shell::exit::ExitError,
};

pub(super) use crate::shell::clipboard::choice::{
    ClipboardFacts, Method, MethodChoice, RequestedMethod, SetClipboard, Tmux, Tool, choose,
};
pub(super) use crate::shell::clipboard::facts::{attached_clients, gather_facts, is_in_tmux};

/// The most actions that wait for the one before.
const QUEUE_LEN: usize = 16;

/// A sequence for the terminal. Its `Debug` shows nothing of it.
pub(super) struct Sequence(Zeroizing<String>);

impl Sequence {
    /// Returns its bytes, for the terminal.
    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sequence]")
    }
}

/// The result of an action on the clipboard.
#[derive(Debug)]
pub(super) enum ClipboardReport {
    /// It was done, or could not be.
    Done(RequestId, Verdict),
    /// This sequence does it once the terminal has it; then the verdict holds.
    ForTerminal(RequestId, Sequence, Verdict),
}

/// A program that copies, and its arguments, where the configuration names one.
type OwnCommand = Option<Vec<String>>;

/// The clipboard's task. Actions are done in order, so that the last copied text
/// remains.
pub(super) struct ClipboardService {
    acts: mpsc::Sender<(RequestId, Clipboard)>,
}

impl ClipboardService {
    /// Starts the task, which calls `report` after each act. `command` reads the
    /// command that the configuration names, before each act.
    pub(super) fn start<F, S>(report: F, command: fn() -> Result<OwnCommand, ExitError>) -> Self
    where
        F: Fn(ClipboardReport) -> S + Send + 'static,
        S: Future<Output = ()> + Send,
    {
        let (acts, mut asked) = mpsc::channel(QUEUE_LEN);
        tokio::spawn(async move {
            while let Some((id, what)) = asked.recv().await {
                let ActResult { verdict, sequence } = perform_act(what, command).await;
                let done = match sequence {
                    Some(sequence) => ClipboardReport::ForTerminal(id, Sequence(sequence), verdict),
                    None => ClipboardReport::Done(id, verdict),
                };
                report(done).await;
            }
        });
        Self { acts }
    }

    /// Does `what`; the verdict at once where it cannot even be tried.
    pub(super) fn start_act(&self, id: RequestId, what: Clipboard) -> Option<Verdict> {
        let refused = self.acts.try_send((id, what)).is_err();
        let says = "not done: the previous clipboard request is still running";
        refused.then(|| Verdict::new(Outcome::Not, says))
    }
}

async fn perform_act(what: Clipboard, command: fn() -> Result<OwnCommand, ExitError>) -> ActResult {
    // Read each time: tmux's reply changes with its attached clients.
    let own = match command() {
        Ok(own) => own,
        Err(ending) => {
            let says = format!("not done: {ending}");
            return ActResult { verdict: Verdict::new(Outcome::Not, &says), sequence: None };
        }
    };
    let facts = gather_facts(own.is_some()).await;
    match what {
        Clipboard::Copy(text) => copy(text.inside().expose_secret(), &facts, own.as_deref()).await,
        Clipboard::Clear => clear(&facts).await,
    }
}
