//! Begins a session: the account to open, and the next tick.

use std::time::Duration;

use crate::ui::{
    account,
    model::{Model, context::Context, modal::Modal, msg::Effect},
    screen::{attention::attention, stale_text},
    state::{access::Start, view_id::ViewId},
};

impl Model {
    /// Starts the session.
    pub fn begin(&mut self, start: Start) -> Vec<Effect> {
        match start {
            Start::Open(target, session, program) => {
                account::commands::open(&mut Context::new(self), target, session, program)
            }
            Start::SignIn(api) => {
                account::commands::open_sign_in(&mut Context::new(self), api.as_ref())
            }
        }
    }

    /// Returns the time of the next tick, if the screen shows something that changes
    /// with time. Otherwise there is none, and the console sleeps.
    pub fn next_tick(&self) -> Option<Duration> {
        let second = Duration::from_secs(1);
        let quiet = self.modals.top().and_then(|top| top.takes_answer_in(self));
        if quiet.is_some() {
            return quiet;
        }
        if let Some(left) = self.engine.due_in() {
            return Some(left.min(second));
        }
        // The keys view shows the time until the next check.
        let next_look = self.engine.look_due_in();
        if self.place == ViewId::Keys && next_look.is_some() {
            return Some(second);
        }
        // A revealed key counts down to its mask, also below a dialog.
        let revealed = |open: &dyn Modal| open.hides_in(self.now()).is_some();
        let soon = self.engine.is_waiting()
            || !self.waiting.is_empty()
            || self.modals.iter().any(revealed);
        if soon {
            return Some(second);
        }
        let due = next_look
            .into_iter()
            .chain(self.engine.read_due_in(&attention(self)))
            .chain(stale_text::changes_in(self));
        let next = due.min();
        next.map(|left| left.max(Duration::from_millis(1)))
    }
}
