//! Performs effects: the only place where the console acts on the world.

use crate::{client::Client, ui::msg::Effect};

use super::{exit::Ending, terminal};

/// Performs what the model asked for.
pub(super) struct Executor {
    client: Client,
}

/// What the event loop itself has to do after an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// Nothing.
    Continue,
    /// Draw every cell.
    Redraw,
    /// Leave.
    Quit,
}

impl Executor {
    /// An executor that asks `client`.
    pub(super) const fn new(client: Client) -> Self {
        Self { client }
    }

    /// Performs one effect.
    pub(super) fn perform(&self, effect: Effect) -> Result<Then, Ending> {
        match effect {
            Effect::Ask(id, request) => match self.client.try_send(id, request) {
                Ok(()) => Ok(Then::Continue),
                Err(refused) => {
                    terminal::restore();
                    Err(Ending::Failed(format!("a request could not be handed over: {refused}")))
                }
            },
            Effect::Redraw => Ok(Then::Redraw),
            Effect::Quit => Ok(Then::Quit),
        }
    }
}
