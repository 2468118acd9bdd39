//! What the console knows of its journal, and what it hears from it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    api::{
        Mode, RequestId,
        journal::{Event, Opened},
    },
    domain::{
        intent::IntentId,
        key_usage::Remembered,
        ledger::Standing,
        tag::{Seed, Tag},
        text::SafeText,
    },
};

use super::{
    alter::{self, Unheard},
    dialog::Dialog,
    late_looks::LateLook,
    model::{Model, Purpose},
    msg::Effect,
    pursue,
};

/// Whether a request can be written down before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Readiness {
    /// It is being opened.
    #[default]
    Opening,
    /// Yes.
    Ready,
    /// Not before somebody has seen how many of its lines could not be read.
    Damaged(usize),
    /// No, and why.
    Unusable(SafeText),
}

/// What the console knows of its journal.
#[derive(Debug, Default)]
pub struct Journal {
    /// Whether requests can be written down.
    pub readiness: Readiness,
    /// Where names of intents come from; `None` until the journal is open.
    pub seed: Option<Seed>,
    /// Intents of which something is not on the disk, and why.
    pub unwritten: BTreeMap<IntentId, SafeText>,
    /// Requests that may have made a key and whose order could not be read.
    pub lost: BTreeSet<IntentId>,
    /// Changes of which nobody knows how they ended, the earliest first.
    pub changes: Vec<Unheard>,
    /// Settled intents of which a second key was seen, and its label.
    pub second: BTreeMap<IntentId, SafeText>,
    /// Settled intents that could still bring a key, by their tags.
    pub settled: BTreeMap<Tag, Standing>,
    /// Searches in the background, for keys of refused requests and for new keys
    /// that are not listed yet.
    pub late_looks: Vec<LateLook>,
}

impl Journal {
    /// Why no request can be written down; `None` where it can.
    pub fn trouble(&self) -> Option<String> {
        match &self.readiness {
            Readiness::Ready => None,
            Readiness::Opening => Some("the journal is being opened".to_owned()),
            Readiness::Damaged(_) => Some("the journal is damaged".to_owned()),
            Readiness::Unusable(why) => Some(format!("nothing can be written down: {why}")),
        }
    }
}

/// Takes in what the journal tells.
pub(super) fn apply_journal_event(model: &mut Model, told: Event) -> Vec<Effect> {
    match told {
        Event::Opened(opened) => return open(model, *opened),
        Event::Begun(id) => {
            return if is_a_change(model, id) {
                alter::begun(model, id)
            } else {
                pursue::begun(model, id)
            };
        }
        Event::NotBegun(id, why, standing) => {
            return if is_a_change(model, id) {
                alter::not_begun(model, id, &why)
            } else if let Some(standing) = standing {
                pursue::not_begun_elsewhere(model, id, &why, *standing)
            } else {
                pursue::not_begun(model, id, &why)
            };
        }
        Event::Unwritten(intent, why) => {
            model.journal.unwritten.insert(intent, why);
        }
        Event::Written => model.journal.unwritten.clear(),
        Event::Unusable(why) => model.journal.readiness = Readiness::Unusable(why),
    }
    vec![]
}

fn is_a_change(model: &Model, id: RequestId) -> bool {
    matches!(model.waiting.get(&id), Some(Purpose::Change | Purpose::Decide))
}

fn open(model: &mut Model, opened: Opened) -> Vec<Effect> {
    let Opened { ledger, seed, damaged, unusable, note } = opened;
    let journal = &mut model.journal;
    journal.readiness = match (unusable, damaged) {
        (Some(why), _) => Readiness::Unusable(why),
        (None, 0) => Readiness::Ready,
        (None, lines) => Readiness::Damaged(lines),
    };
    journal.seed.get_or_insert(Seed::new(seed));
    journal.lost.clone_from(ledger.lost());
    model.remembered.extend(Remembered::of_ledger(&ledger));
    let surprises = ledger.all().filter(|standing| standing.may_surprise());
    journal.settled = surprises.map(|one| (one.intent.tag(), one.clone())).collect();
    if let Some(note) = note {
        model.notice = Some(note.to_string());
    }
    let new: Vec<_> = ledger.open().filter(|one| model.attempt(one.intent.id).is_none()).collect();
    let changes = alter::take_up(model, &ledger.changes());
    let some = !new.is_empty() || changes;
    let new: Vec<_> = new.into_iter().cloned().collect();
    for standing in new {
        pursue::take_up(model, standing);
    }
    if some && model.dialogs.is_empty() {
        model.dialogs.push(Dialog::Unfinished { cursor: 0 });
    }
    if damaged > 0 && model.mode == Mode::ReadWrite && may_interrupt(model) {
        model.dialogs.push(Dialog::Damage);
    }
    let mut effects = pursue::tick(model);
    // What was read before nobody looked for the changes in.
    if changes && (model.has_inventory() || model.keys.read_at.is_some()) {
        effects.extend(model.refresh());
    }
    effects
}

/// Whether a dialog may open by itself: nobody types into one now.
pub(super) fn may_interrupt(model: &Model) -> bool {
    matches!(model.dialogs.last(), None | Some(Dialog::Unfinished { .. }))
}
