//! The check of a refusal against the list before it is believed.
//!
//! A gateway can deliver a request twice. The first delivery created the key,
//! and the reply that arrives is the refusal of the second.

use crate::{
    api::{Cause, Mode},
    domain::{intent::IntentId, ledger::JournalStep},
};

use super::{
    attempt::{AttemptStage, Search, Window},
    create::Said,
    state::Engine,
};

impl Engine {
    /// Judges a refusal by a finished read.
    pub(super) fn judge_refusal(&mut self, id: IntentId) {
        let Some(one) = self.attempt(id) else { return };
        let Search { window, asking, last_whole, .. } = one.search;
        let looking = matches!(one.stage, AttemptStage::Looking { .. });
        if !looking || window != Window::Refused || asking {
            return;
        }
        if last_whole {
            self.believe_refusal(id);
        } else if one.search.is_planned_out() {
            self.doubt_refusal(id);
        }
    }

    /// Believes a refusal: a later list has no key with the tag. It is investigated in
    /// the background for a while.
    fn believe_refusal(&mut self, id: IntentId) {
        let Some(one) = self.attempt_mut(id) else { return };
        let AttemptStage::Looking { failure: Some(failure), since } = one.stage.clone() else {
            return;
        };
        one.stage = AttemptStage::NotMade(failure.clone());
        let intent = one.standing.intent.clone();
        self.note_with(id, &JournalStep::Refused, Said::from_failure(&failure));
        self.look_into_refusal(&intent, since);
        // Another try would only be refused again: the key pair cannot write.
        if failure.cause == Cause::Forbidden {
            self.change_mode(Mode::ReadOnly, "Megaport refused a write with this API key");
        }
        self.call_off_second(id);
        if failure.cause == Cause::NotFound {
            self.read_both();
        }
    }

    /// Treats a refusal as a lost reply, since no list could be read whole.
    fn doubt_refusal(&mut self, id: IntentId) {
        let now = self.now;
        let Some(one) = self.attempt_mut(id) else { return };
        let AttemptStage::Looking { failure, .. } = one.stage.clone() else { return };
        let said = failure.as_ref().map(Said::from_failure).unwrap_or_default();
        one.search = Search { trouble: one.search.trouble.take(), ..Search::default() };
        one.stage = AttemptStage::Looking { failure, since: now };
        self.note_with(id, &JournalStep::Unknown, said);
        self.look_where_due();
    }
}
