//! Ranking what is in sight: which on-ramp to offer, and why not the others.

use tui_input::Input;

use crate::domain::{
    geography::Scope,
    id::OnRampId,
    ranking::{self, Candidate, Notice, Ranking, Want},
    text::SafeText,
};

use super::{
    browse::Pane,
    dialog::{
        Dialog,
        new_key::Field,
        offers_view::{self, Offers},
    },
    feed_text, issue,
    keymap::{Command, Step},
    model::Model,
    msg::Effect,
};

/// Ranks the on-ramps of a place.
pub(super) fn rank<'a>(model: &'a Model, scope: &Scope, want: Want) -> Ranking<'a> {
    rank_of(model, model.geography.within(scope), want)
}

/// Ranks the on-ramps at these indices of the inventory.
pub(super) fn rank_of(
    model: &Model,
    places: impl IntoIterator<Item = usize>,
    want: Want,
) -> Ranking<'_> {
    let candidates = places.into_iter().map(|at| candidate(model, at));
    ranking::rank(candidates, want, model.settings.ranking)
}

/// Everything that is known of the on-ramp at an index.
fn candidate(model: &Model, at: usize) -> Candidate<'_> {
    let on_ramp = &model.engine.inventory().on_ramps()[at];
    let id = &on_ramp.id;
    let now = model.server_now();
    // What one member of a LAG carries says nothing of all of it.
    let load = model.engine.load(id).filter(|_| !feed_text::is_of_one_member(model, id));
    let notices = model.engine.events_for(id).into_iter().map(|(event, touch)| Notice {
        outage: touch.itself && event.is_ongoing_outage(),
        says: SafeText::clean(&feed_text::number_and_when(event, now)),
    });
    Candidate {
        measured: load.map(|load| load.latest.percent()),
        notices: notices.collect(),
        ..Candidate::of(on_ramp, model.engine.inventory().summary(at))
    }
}

/// Carries out a command of the dialog; `None` where it is not one of its.
pub(super) fn act(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    if command == Command::Offers {
        open(model);
        return Some(vec![]);
    }
    let Some(Dialog::Offers(open)) = model.dialogs.last() else { return None };
    match command {
        Command::Move(Step::Lines(by)) => {
            let all = offers_view::ranking(model, open);
            let all = all.map_or(0, |all| all.offers.len() + all.refusals.len());
            if let Some(Dialog::Offers(open)) = model.dialogs.last_mut() {
                open.cursor = open.cursor.saturating_add_signed(by).min(all.saturating_sub(1));
            }
        }
        Command::Open => take(model),
        _ => return None,
    }
    Some(vec![])
}

/// Opens it for the place that the panes are narrowed to.
fn open(model: &mut Model) {
    let rate = model.settings.presets.first().map_or(500, |preset| preset.rate.get());
    let scope = model.browse.scope.clone();
    let place = model.browse.path();
    let rate = Input::new(rate.to_string());
    model.dialogs.push(Dialog::Offers(Box::new(Offers { rate, scope, place, cursor: 0 })));
}

/// The on-ramp under the cursor, while the dialog is on top.
pub(super) fn under_cursor(model: &Model) -> Option<OnRampId> {
    let Some(Dialog::Offers(open)) = model.dialogs.last() else { return None };
    let ranking = offers_view::ranking(model, open)?;
    in_order(&ranking).nth(open.cursor).cloned()
}

/// Puts the cursor on an on-ramp, wherever it is ranked by now: whoever reads
/// one line must not act on another.
pub(super) fn put_cursor_on(model: &mut Model, id: &OnRampId) {
    let Some(Dialog::Offers(open)) = model.dialogs.last() else { return };
    let Some(ranking) = offers_view::ranking(model, open) else { return };
    let at = in_order(&ranking).position(|one| one == id);
    if let (Some(at), Some(Dialog::Offers(open))) = (at, model.dialogs.last_mut()) {
        open.cursor = at;
    }
}

/// Every on-ramp as it is listed: what is offered, then what is not.
fn in_order<'a>(ranking: &'a Ranking<'_>) -> impl Iterator<Item = &'a OnRampId> {
    let offered = ranking.offers.iter().map(|offer| &offer.candidate.on_ramp.id);
    offered.chain(ranking.refusals.iter().map(|(candidate, _)| &candidate.on_ramp.id))
}

/// Opens the form for a new key on the offer under the cursor; of a refusal,
/// the on-ramp itself.
fn take(model: &mut Model) {
    let Some(Dialog::Offers(open)) = model.dialogs.last() else { return };
    let rate = open.rate.value().to_owned();
    let Some(ranking) = offers_view::ranking(model, open) else { return };
    let offer = ranking.offers.get(open.cursor).map(|offer| &offer.candidate);
    let offered = offer.is_some();
    let behind = open.cursor.saturating_sub(ranking.offers.len());
    let refused = ranking.refusals.get(behind).map(|(candidate, _)| candidate);
    let Some(id) = offer.or(refused).map(|one| one.on_ramp.id.clone()) else { return };
    model.dialogs.pop();
    model.visit = None;
    model.browse.focus = Pane::OnRamps;
    model.browse.on_ramp = Some(id);
    model.browse.arrange(model.engine.inventory(), &model.geography);
    super::act::keep_cursor_in_view(model);
    if !offered || model.engine.mode() != crate::api::Mode::ReadWrite {
        return;
    }
    issue::open_form(model);
    if let Some(Dialog::NewKey(form)) = model.dialogs.last_mut() {
        form.set(Field::Rate, rate);
    }
}
