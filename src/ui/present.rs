//! Presents the outputs of the engine: opens and closes dialogs, shows messages, and
//! passes on the effects.

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
        model::{Model, context::Context, msg::Effect},
        replies, saved_lists,
        screen::{attempt_text, words::no_change},
        system::leave::Leave,
        widget::text::count,
    },
};

/// Presents what came out of the engine, in its order.
pub(in crate::ui) fn present(context: &mut Context<'_>, outcome: Outcome) -> Vec<Effect> {
    let mut effects = vec![];
    for output in outcome.0 {
        match output {
            Output::Effect(effect) => effects.push(Effect::Engine(effect)),
            Output::Event(event) => effects.extend(present_event(context, event)),
        }
    }
    effects
}

/// Returns the message for an event that has no other effect.
fn said_of(model: &Model, event: &Event) -> Option<String> {
    Some(match event {
        Event::CheckedAgain => {
            "The checks were over a minute old and have been repeated.".to_owned()
        }
        Event::SettledElsewhere(happened) => format!("{happened}."),
        Event::Elsewhere(running) => attempt_text::elsewhere(running),
        Event::SettledByOther(label) => {
            format!("Another console has settled {label}.")
        }
        Event::ModeChanged(mode) => {
            let says = match mode {
                Mode::ReadOnly => {
                    "Read-only now: nothing can be created. {typed:writes.ask} allows it again."
                }
                Mode::ReadWrite => {
                    "Keys can be created now. {typed:writes.forbid} returns to read-only."
                }
            };
            model.keyed(says)
        }
        Event::KeysLeft(unexplained) => {
            let keys = count(*unexplained, "key");
            let see = model.keyed("({key:problems})");
            format!("{keys} left Megaport's list without a known reason {see}.")
        }
        Event::ChangeRefused(why) => no_change(model, why),
        Event::ChangeNotRead => model.keyed(
            "Its state has not been read since then; \
            {key:refresh} refreshes it.",
        ),
        _ => return None,
    })
}

fn present_event(context: &mut Context<'_>, event: Event) -> Vec<Effect> {
    if let Some(says) = said_of(context, &event) {
        context.say(says);
        return vec![];
    }
    match event {
        Event::Submitted(id, again) => {
            issue::commands::close_submitted(context, again);
            attempt::commands::show(context, id);
        }
        Event::InDoubt(id) => {
            if !context.modals.is_top_about(id) {
                attempt::commands::show(context, id);
            }
        }
        Event::TakenOver(id) => attempt::commands::show(context, id),
        Event::Created { intent, origin, at_hand, second } => {
            if at_hand {
                context.modals_mut().close::<Leave>();
            }
            return attempt::commands::show_created(context, intent, origin, at_hand, second);
        }
        Event::Listed(id) => show_differences(context, id),
        Event::Settled(id) => {
            context.modals_mut().close_about(id);
            close_unfinished_if_empty(context);
        }
        Event::OrderStopped(on_ramp, plan_dropped) => {
            issue::commands::stop_same_order(context, &on_ramp, plan_dropped);
        }
        Event::PlanTaken(id) => {
            context.modals_mut().close::<Review>();
            attempt::commands::show(context, id);
        }
        Event::JournalOpened { is_new, damaged, note } => {
            if let Some(note) = note {
                context.say(note.to_string());
            }
            if is_new && context.modals.is_empty() {
                context.modals_mut().push(Unfinished::default());
            }
            let writes = context.engine.mode() == Mode::ReadWrite;
            if damaged > 0 && writes && attempt::commands::may_interrupt(context) {
                context.modals_mut().push(Damage);
            }
        }
        Event::OnRampsRead { left, changed } => {
            replies::take_on_ramps(context.whole(), left, changed);
        }
        Event::OnRampsChanged => {
            context.rearrange();
        }
        Event::KeysChanged => update_cards(context),
        Event::KeyRead(key) => {
            if !key.active {
                context.mark_delivered([&key.id]);
            }
        }
        Event::ListsRead => watch::after_lists(context),
        Event::KeyNews(label, news) => return watch::take_news(context, label, news),
        Event::KeepLists => return saved_lists::keep_lists(context.whole()).into_iter().collect(),
        Event::BackgroundRead { keep } => context.whole().kept.changed |= keep,
        Event::NoRoundTrips(failure) => {
            context.browse_mut().0.trips_from = None;
            context.say(format!("Round-trip times could not be read: {failure}"));
        }
        Event::AskWhoLooks => return vec![Effect::AskAttached],
        Event::OnRampsSaved | Event::PlacesChanged => replies::arrange_on_ramps(context.whole()),
        Event::CredentialsRefused => return account::commands::read_again(context),
        Event::ChangeSettled(name, what, is_done) => {
            let says = if is_done { "done (confirmed now)" } else { "not done" };
            context.say(format!("{name} ({what}): {says}."));
            close_unfinished_if_empty(context);
        }
        Event::ChangeSeen(name, now) => {
            context.say(format!("Seen and closed: {name} is {now}."));
            close_unfinished_if_empty(context);
        }
        Event::CheckedAgain
        | Event::SettledElsewhere(_)
        | Event::Elsewhere(_)
        | Event::SettledByOther(_)
        | Event::ModeChanged(_)
        | Event::KeysLeft(_)
        | Event::ChangeRefused(_)
        | Event::ChangeNotRead => {}
    }
    vec![]
}

/// Closes the list of unfinished work once it is empty.
fn close_unfinished_if_empty(context: &mut Context<'_>) {
    if context.engine.attempts().is_empty() && context.engine.journal().changes.is_empty() {
        context.modals_mut().close::<Unfinished>();
    }
}

/// Shows the keys of open cards as they were read last.
fn update_cards(context: &mut Context<'_>) {
    let (modals, engine) = context.modals_and_engine();
    let inventory = engine.inventory();
    for face in modals.all_mut::<Card>().flat_map(|card| &mut card.keys) {
        let Some(key) = inventory.key(&face.key.id) else { continue };
        face.key = key.clone();
    }
}

/// Shows on the open card of a new key how its listed values differ from the order.
fn show_differences(context: &mut Context<'_>, id: IntentId) {
    let (modals, engine) = context.modals_and_engine();
    let Some(one) = engine.attempt(id) else { return };
    let inventory = engine.inventory();
    let keys = modals.all_mut::<Card>().flat_map(|card| &mut card.keys);
    for face in keys.filter(|face| face.intent == Some(id)) {
        let key = inventory.key(&face.key.id);
        if let Some(key) = key.filter(|key| !inventory.is_unlisted(&key.id)) {
            (face.key, face.differs) =
                (key.clone(), differences(inventory, key, &one.standing.intent));
        }
    }
}
