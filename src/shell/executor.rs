//! Performs effects: the only place where the console acts on the world.

use tokio::task::AbortHandle;

use crate::{
    api::{Cause, Event, Failure, Permit, RequestId},
    client::{self, Client, NotTaken, Writer},
    domain::issuance::Doubt,
    simulator::Simulator,
    ui::msg::{Effect, Msg},
};

use super::{
    account::Account,
    desk::Desk,
    exit::Ending,
    inbox::{Mail, Sender},
    log::{self, Note},
    terminal,
};

/// Performs what the model asked for.
pub(super) struct Executor {
    desk: Desk,
    letters: Sender,
    line: Option<Line>,
}

/// The account in use.
struct Line {
    client: Client,
    /// The way to write; there is none in read-only mode.
    writer: Option<Writer>,
    /// The task that forwards what the client tells.
    forwards: AbortHandle,
    /// The embedded simulator lives as long as its account is used.
    _simulator: Option<Simulator>,
}

impl Drop for Line {
    fn drop(&mut self) {
        // What another account still tells is for nobody.
        self.forwards.abort();
    }
}

/// What the event loop itself has to do after an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Then {
    /// Nothing.
    Continue,
    /// Draw every cell.
    Redraw,
    /// Tell the model how a request ended.
    Tell(Event),
    /// Leave.
    Quit,
}

impl Executor {
    /// An executor without an account.
    pub(super) const fn new(desk: Desk, letters: Sender) -> Self {
        Self { desk, letters, line: None }
    }

    /// Uses `account` from now on, and the one before no more.
    pub(super) fn use_account(&mut self, account: Account) {
        log::note(&Note::started(&account.session));
        let (client, mut events) = client::start(account.config);
        let letters = self.letters.clone();
        let task = tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                #[cfg(debug_assertions)]
                super::panic_for_test::at("task");
                match &event {
                    Event::Called(called) => {
                        log::note(&Note::Called(called.clone()));
                        continue;
                    }
                    Event::Done { id, result: Err(failure), .. } => {
                        log::note(&Note::failed(*id, failure));
                    }
                    Event::Done { .. } | Event::Progress { .. } => {}
                }
                if letters.send(Mail::Msg(Msg::Api(event))).await.is_err() {
                    return;
                }
            }
        });
        let forwards = task.abort_handle();
        let line = Line { client, writer: None, forwards, _simulator: account.simulator };
        self.line = Some(line);
    }

    /// Performs one effect.
    pub(super) fn perform(&mut self, effect: Effect) -> Result<Then, Ending> {
        match effect {
            Effect::Ask(id, request) => match &self.line {
                Some(line) => {
                    log::note(&Note::asked(id, &request));
                    handed_over(line.client.try_send(id, request))
                }
                None => Ok(not_done(id, signed_out())),
            },
            Effect::Write(id, write) => match &self.line {
                Some(Line { writer: Some(writer), .. }) => {
                    log::note(&Note::changed(id, &write));
                    handed_over(writer.try_send(id, write))
                }
                Some(_) => Ok(not_done(id, read_only())),
                None => Ok(not_done(id, signed_out())),
            },
            Effect::SetMode(mode) => {
                if let Some(line) = &mut self.line {
                    log::note(&Note::Mode(mode));
                    line.writer = Permit::of(mode).map(|permit| line.client.writer(permit));
                }
                Ok(Then::Continue)
            }
            Effect::Account(id, ask) => {
                self.desk.ask(id, ask);
                Ok(Then::Continue)
            }
            Effect::LeaveOff => {
                self.desk.leave_off();
                Ok(Then::Continue)
            }
            Effect::HangUp => {
                self.line = None;
                Ok(Then::Continue)
            }
            Effect::ReadLog => {
                let letters = self.letters.clone();
                // The inbox is closed only when the console is left.
                tokio::task::spawn_blocking(move || {
                    drop(letters.blocking_send(Mail::Msg(Msg::Log(log::tail()))));
                });
                Ok(Then::Continue)
            }
            Effect::Redraw => Ok(Then::Redraw),
            Effect::Quit => Ok(Then::Quit),
        }
    }
}

fn not_done(id: RequestId, failure: Failure) -> Then {
    Then::Tell(Event::Done { id, result: Err(failure), clock_offset: None })
}

fn handed_over(taken: Result<(), NotTaken>) -> Result<Then, Ending> {
    taken.map(|()| Then::Continue).map_err(|refused| {
        terminal::restore();
        Ending::Failed(format!("a request could not be handed over: {refused}"))
    })
}

/// What becomes of a change that nothing permits.
fn read_only() -> Failure {
    let happened = "this console is read-only, and nothing was sent";
    refusal(Cause::Forbidden, happened, ":rw allows making keys.")
}

/// What becomes of a request that no account is there for.
fn signed_out() -> Failure {
    let happened = "nobody is signed in, and nothing was sent";
    refusal(Cause::Credentials, happened, "p signs in.")
}

fn refusal(cause: Cause, happened: &str, advice: &str) -> Failure {
    let (happened, advice) = (happened.into(), advice.into());
    Failure { cause, happened, advice, trace: None, doubt: Doubt::NotSent }
}
