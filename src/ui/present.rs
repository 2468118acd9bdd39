//! Presents what came out of the engine: opens and closes dialogs, says what
//! happened, and hands on what has to be done.

use crate::{
    api::Mode,
    domain::intent::IntentId,
    engine::effect::{Event, Outcome, Output},
    ui::{
        account,
        attempt::{self, damage::Damage, unfinished::Unfinished},
        card::key_card::{Card, differences},
        issue::{self, review::Review},
        keys::watch,
        model::{Model, msg::Effect},
        replies, saved_lists,
        screen::{attempt_text, words::no_change},
        system::leave::Leave,
        widget::text::count,
    },
};

/// Presents what came out of the engine, in its order.
pub(in crate::ui) fn present(model: &mut Model, outcome: Outcome) -> Vec<Effect> {
    let mut effects = vec![];
    for output in outcome.0 {
        match output {
            Output::Effect(effect) => effects.push(Effect::Engine(effect)),
            Output::Event(event) => effects.extend(present_event(model, event)),
        }
    }
    effects
}

fn present_event(model: &mut Model, event: Event) -> Vec<Effect> {
    match event {
        Event::Submitted(id, again) => {
            issue::commands::close_submitted(model, again);
            attempt::commands::show(model, id);
        }
        Event::CheckedAgain => {
            model.notice = Some("The checks were over a minute old: checked again.".to_owned());
        }
        Event::InDoubt(id) => {
            if !model.modals.is_top_about(id) {
                attempt::commands::show(model, id);
            }
        }
        Event::TakenOver(id) => attempt::commands::show(model, id),
        Event::SettledElsewhere(happened) => model.notice = Some(format!("{happened}.")),
        Event::Created { intent, origin, at_hand, second } => {
            if at_hand {
                model.modals.close::<Leave>();
            }
            return attempt::commands::show_created(model, intent, origin, at_hand, second);
        }
        Event::Listed(id) => show_differences(model, id),
        Event::Settled(id) => {
            model.modals.close_about(id);
            close_unfinished_if_empty(model);
        }
        Event::OrderStopped(on_ramp, plan_dropped) => {
            issue::commands::stop_same_order(model, &on_ramp, plan_dropped);
        }
        Event::Elsewhere(running) => model.notice = Some(attempt_text::elsewhere(&running)),
        Event::PlanTaken(id) => {
            model.modals.close::<Review>();
            attempt::commands::show(model, id);
        }
        Event::SettledByOther(label) => {
            model.notice = Some(format!("Another console of yours has settled {label}."));
        }
        Event::ModeChanged(mode) => {
            let says = match mode {
                Mode::ReadOnly => {
                    "Read-only from now on: nothing can be made. :rw allows it again."
                }
                Mode::ReadWrite => "Keys can be made from now on. :ro takes that back.",
            };
            model.notice = Some(says.to_owned());
        }
        Event::JournalOpened { is_new, damaged, note } => {
            if let Some(note) = note {
                model.notice = Some(note.to_string());
            }
            if is_new && model.modals.is_empty() {
                model.modals.push(Unfinished::default());
            }
            let writes = model.engine.mode() == Mode::ReadWrite;
            if damaged > 0 && writes && attempt::commands::may_interrupt(model) {
                model.modals.push(Damage);
            }
        }
        Event::OnRampsRead { left, changed } => replies::take_on_ramps(model, left, changed),
        Event::OnRampsChanged => {
            model.browse.arrange(model.engine.inventory(), &model.geography);
        }
        Event::KeysChanged => update_cards(model),
        Event::KeysLeft(unexplained) => {
            let keys = count(unexplained, "key");
            model.notice = Some(format!("{keys} left Megaport's list without a known reason (!)."));
        }
        Event::KeyRead(key) => {
            if !key.active {
                model.never_copied.remove(&key.id);
            }
        }
        Event::ListsRead => watch::after_lists(model),
        Event::KeyNews(label, news) => return watch::take_news(model, label, news),
        Event::KeepLists => return saved_lists::keep_lists(model).into_iter().collect(),
        Event::BackgroundRead { keep } => model.kept.changed |= keep,
        Event::NoRoundTrips(failure) => {
            model.browse.trips_from = None;
            model.notice = Some(format!("Round-trip times could not be read: {failure}"));
        }
        Event::AskWhoLooks => return vec![Effect::AskAttached],
        Event::OnRampsSaved | Event::PlacesChanged => replies::arrange_on_ramps(model),
        Event::CredentialsRefused => return account::commands::read_again(model),
        Event::ChangeRefused(why) => model.notice = Some(no_change(&why)),
        Event::ChangeSettled(name, what, is_done) => {
            let says = if is_done { "done after all" } else { "not done" };
            model.notice = Some(format!("{name} ({what}): {says}."));
            close_unfinished_if_empty(model);
        }
        Event::ChangeSeen(name, now) => {
            model.notice = Some(format!("Seen: {name} is {now}."));
            close_unfinished_if_empty(model);
        }
        Event::ChangeNotRead => {
            model.notice = Some("It was not read since: r reads it again.".to_owned());
        }
    }
    vec![]
}

/// The list of what is unfinished is no use without an entry.
fn close_unfinished_if_empty(model: &mut Model) {
    if model.engine.attempts().is_empty() && model.engine.journal().changes.is_empty() {
        model.modals.close::<Unfinished>();
    }
}

/// Shows the keys of open cards as they were read last.
fn update_cards(model: &mut Model) {
    let Model { modals, engine, .. } = model;
    let inventory = engine.inventory();
    for face in modals.all_mut::<Card>().flat_map(|card| &mut card.faces) {
        let Some(key) = inventory.key(&face.key.id) else { continue };
        face.key = key.clone();
    }
}

/// Says on the open card of a new key what the list has of it otherwise than it
/// was ordered.
fn show_differences(model: &mut Model, id: IntentId) {
    let Model { modals, engine, .. } = model;
    let Some(one) = engine.attempt(id) else { return };
    let inventory = engine.inventory();
    let faces = modals.all_mut::<Card>().flat_map(|card| &mut card.faces);
    for face in faces.filter(|face| face.intent == Some(id)) {
        let key = inventory.key(&face.key.id);
        if let Some(key) = key.filter(|key| !inventory.is_unlisted(&key.id)) {
            (face.key, face.differs) =
                (key.clone(), differences(inventory, key, &one.standing.intent));
        }
    }
}
