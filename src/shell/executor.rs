//! Performs effects: the only place where the console acts on the world.

use crate::{
    api::{Cause, Event, Failure, Permit},
    client::{Client, NotTaken, Writer},
    domain::issuance::Doubt,
    ui::msg::{Effect, Msg},
};

use super::{
    exit::Ending,
    inbox::{Mail, Sender},
    log::{self, Note},
    terminal,
};

/// Performs what the model asked for.
pub(super) struct Executor {
    client: Client,
    /// The way to write; there is none in read-only mode.
    writer: Option<Writer>,
    /// Where answers go that are not the API's.
    letters: Sender,
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
    /// An executor that asks `client`, and answers through `letters`.
    pub(super) const fn new(client: Client, letters: Sender) -> Self {
        Self { client, writer: None, letters }
    }

    /// Performs one effect.
    pub(super) fn perform(&mut self, effect: Effect) -> Result<Then, Ending> {
        match effect {
            Effect::Ask(id, request) => {
                log::note(&Note::asked(id, &request));
                handed_over(self.client.try_send(id, request))
            }
            Effect::Write(id, write) => match &self.writer {
                Some(writer) => {
                    log::note(&Note::changed(id, &write));
                    handed_over(writer.try_send(id, write))
                }
                None => {
                    Ok(Then::Tell(Event::Done { id, result: Err(read_only()), clock_offset: None }))
                }
            },
            Effect::SetMode(mode) => {
                log::note(&Note::Mode(mode));
                self.writer = Permit::of(mode).map(|permit| self.client.writer(permit));
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

fn handed_over(taken: Result<(), NotTaken>) -> Result<Then, Ending> {
    taken.map(|()| Then::Continue).map_err(|refused| {
        terminal::restore();
        Ending::Failed(format!("a request could not be handed over: {refused}"))
    })
}

/// What becomes of a change that nothing permits.
fn read_only() -> Failure {
    Failure {
        cause: Cause::Forbidden,
        happened: "this console is read-only, and nothing was sent".into(),
        advice: ":rw allows making keys.".into(),
        trace: None,
        doubt: Doubt::NotSent,
    }
}
