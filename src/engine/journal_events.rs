//! Takes the reports of the journal.

use crate::{
    api::journal::{self, Opened},
    domain::{audit::Act, key_usage::Remembered, tag::Seed},
};

use super::{
    effect::{Effect, Event, Outcome},
    journal::Readiness,
    requests::Purpose,
    state::Engine,
};

impl Engine {
    pub(super) fn take_journal_event(&mut self, event: journal::Event) {
        match event {
            journal::Event::Opened(opened) => self.take_opened(*opened),
            journal::Event::Followed(followed) => self.take_followed(*followed),
            journal::Event::Begun(id) => match self.requests.purpose_of(id) {
                Some(Purpose::Change | Purpose::Decide) => self.send_change(id),
                _ => self.send_attempt(id),
            },
            journal::Event::NotBegun(id, why, standing) => {
                match (self.requests.purpose_of(id), standing) {
                    (Some(Purpose::Change | Purpose::Decide), _) => {
                        self.call_off_change(id, &why);
                    }
                    (_, Some(standing)) => self.take_over(id, &why, *standing),
                    (_, None) => self.call_off_attempt(id, &why),
                }
            }
            journal::Event::Unwritten(intent, why) => {
                self.journal.unwritten.insert(intent, why);
            }
            journal::Event::Written => self.journal.unwritten.clear(),
            journal::Event::Unusable(why) => self.journal.readiness = Readiness::Unusable(why),
        }
    }

    fn take_opened(&mut self, opened: Opened) {
        let Opened { ledger, others, seed, damaged, is_read, unusable, note } = opened;
        let journal = &mut self.journal;
        journal.is_read = is_read;
        journal.readiness = match (unusable, damaged) {
            (Some(why), _) => Readiness::Unusable(why),
            (None, 0) => Readiness::Ready,
            (None, lines) => Readiness::Damaged(lines),
        };
        journal.seed.get_or_insert(Seed::new(seed));
        journal.lost.clone_from(ledger.lost());
        self.remembered.extend(Remembered::of_ledger(&ledger));
        self.drift.expected.extend(ledger.expected());
        let surprises = ledger.all().filter(|standing| standing.may_yield_late_key());
        self.journal.settled = surprises.map(|one| (one.intent.tag(), one.clone())).collect();
        let new = ledger.open().filter(|one| self.attempt(one.intent.id).is_none());
        let new: Vec<_> = new.cloned().collect();
        let changes = self.take_up_changes(&ledger.changes(), &others);
        let is_new = !new.is_empty() || changes;
        for standing in new {
            self.take_up(standing, &others);
        }
        self.update_others(&others);
        // Keys may have been read before, and compared with nothing.
        self.compare_with_expected();
        self.emit(Event::JournalOpened { is_new, damaged, note });
        self.look_where_due();
        // Earlier readings were not searched for these changes.
        if changes && (self.has_inventory() || self.keys.read_at.is_some()) {
            self.read_both();
        }
    }

    /// Acknowledges, for the user, how much of the journal could not be read.
    pub fn accept_damage(&mut self) -> Outcome {
        let lines = match self.journal.readiness {
            Readiness::Damaged(lines) => lines,
            _ => 0,
        };
        self.journal.readiness = Readiness::Opening;
        self.audit_act(Act::DamageSeen { lines });
        self.perform(Effect::AcceptDamage);
        self.finish()
    }
}
