//! Performs effects: the only place where the console acts on the world.

use std::collections::BTreeMap;

use crate::{
    api::{Cause, Event, Failure, Permit, RequestId, Write},
    client::{Client, NotTaken, Writer},
    domain::{issuance::Doubt, time::Timestamp},
    ui::{journal::Told, msg::Effect},
};

use super::{
    clock,
    exit::Ending,
    inbox,
    journal::{Journal, Receipt, Report, Where},
    terminal,
};

/// Performs what the model asked for.
pub(super) struct Executor {
    client: Client,
    /// The way to write; there is none in read-only mode.
    writer: Option<Writer>,
    /// What has to be on the disk before it may happen.
    journal: Journal,
    /// Requests that are on the disk and wait for the model's word.
    receipts: BTreeMap<RequestId, Receipt>,
    letters: inbox::Sender,
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
    /// An executor that asks `client`, with the journal of `place`; what the
    /// journal reports comes as `letters`.
    pub(super) fn new(client: Client, place: Where, letters: inbox::Sender) -> Self {
        let journal = Journal::start(place, 0, letters.clone());
        Self::with(client, journal, letters)
    }

    const fn with(client: Client, journal: Journal, letters: inbox::Sender) -> Self {
        Self { client, writer: None, journal, receipts: BTreeMap::new(), letters }
    }

    /// Goes on with another client and another place's journal. The way to
    /// write is gone until the model sets a mode, which opens the journal.
    #[expect(dead_code, reason = "for switching the profile while the console runs")]
    pub(super) fn move_to(&mut self, client: Client, place: Where) {
        (self.client, self.writer) = (client, None);
        self.receipts.clear();
        let number = self.journal.number() + 1;
        self.journal = Journal::start(place, number, self.letters.clone());
    }

    /// Performs one effect.
    pub(super) fn perform(&mut self, effect: Effect) -> Result<Then, Ending> {
        match effect {
            Effect::Ask(id, request) => handed_over(self.client.try_send(id, request)),
            Effect::Write(id, write, at) => self.write(id, write, at),
            Effect::Send(id) => self.send(id),
            Effect::Withdraw(id) => {
                if let Some(receipt) = self.receipts.remove(&id) {
                    self.journal.withdraw(receipt.intent(), clock::now());
                }
                Ok(Then::Continue)
            }
            Effect::Record(record) => {
                self.journal.record(record);
                Ok(Then::Continue)
            }
            Effect::AcceptDamage => {
                self.journal.accept(clock::now());
                Ok(Then::Continue)
            }
            Effect::SetMode(mode) => {
                self.writer = Permit::of(mode).map(|permit| self.client.writer(permit));
                self.journal.open(mode);
                Ok(Then::Continue)
            }
            Effect::Redraw => Ok(Then::Redraw),
            Effect::Quit => Ok(Then::Quit),
        }
    }

    /// Takes in what a journal reports; what of it is for the model. That of a
    /// journal that was left is for nobody.
    pub(super) fn hear(&mut self, number: u64, report: Report) -> Option<Told> {
        if number != self.journal.number() {
            return None;
        }
        match report {
            Report::Told(told) => Some(told),
            Report::Begun(receipt) => {
                let id = receipt.id();
                self.receipts.insert(id, receipt);
                Some(Told::Begun(id))
            }
        }
    }

    /// What makes a key is written down first; the journal's receipt is what
    /// [`Self::send`] sends.
    fn write(&mut self, id: RequestId, write: Write, at: Timestamp) -> Result<Then, Ending> {
        match (&self.writer, write) {
            (None, _) => Ok(unsent(id, read_only())),
            (Some(_), Write::CreateKey(intent)) => {
                self.journal.begin(id, intent, at);
                Ok(Then::Continue)
            }
            (Some(writer), change @ Write::UpdateKey(_)) => {
                handed_over(writer.try_send(id, change))
            }
        }
    }

    fn send(&mut self, id: RequestId) -> Result<Then, Ending> {
        match (&self.writer, self.receipts.remove(&id)) {
            (Some(writer), Some(receipt)) => handed_over(writer.try_send(id, receipt.write())),
            _ => Ok(unsent(id, read_only())),
        }
    }
}

fn handed_over(taken: Result<(), NotTaken>) -> Result<Then, Ending> {
    taken.map(|()| Then::Continue).map_err(|refused| {
        terminal::restore();
        Ending::Failed(format!("a request could not be handed over: {refused}"))
    })
}

fn unsent(id: RequestId, failure: Failure) -> Then {
    Then::Tell(Event::Done { id, result: Err(failure), clock_offset: None })
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

#[cfg(test)]
mod tests;
