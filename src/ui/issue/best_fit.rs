//! Ranking what is in sight: which on-ramp to offer, and why not the others.

use tui_input::Input;

use crate::{
    domain::{
        geography::Scope,
        id::OnRampId,
        ranking::{self, Candidate, Notice, Ranking, Want},
        text::SafeText,
    },
    ui::{
        input::motion::{DOWN, UP},
        model::{
            Model,
            command::{self, Binding, Call, command},
            context::Context,
            modal::CLOSE,
            msg::Effect,
        },
        screen::{feed_text, layout},
        state::{
            browse::Pane,
            key::{
                Code::{Down, Enter, Esc, Up},
                char, plain,
            },
            view_id::ViewId,
        },
    },
};

use super::{
    best_fit_view::{self, Offers},
    commands,
    form::{Field, NewKey},
};

/// Ranks the on-ramps of a place.
pub(in crate::ui) fn rank<'a>(model: &'a Model, scope: &Scope, want: Want) -> Ranking<'a> {
    rank_of(model, model.geography.within(scope), want)
}

/// Ranks the on-ramps at these indices of the inventory.
pub(in crate::ui) fn rank_of(
    model: &Model,
    places: impl IntoIterator<Item = usize>,
    want: Want,
) -> Ranking<'_> {
    let candidates = places.into_iter().map(|at| candidate(model, at));
    ranking::rank(candidates, want, model.settings.ranking)
}

/// Returns the data of the on-ramp at an index.
fn candidate(model: &Model, at: usize) -> Candidate<'_> {
    let on_ramp = &model.engine.inventory().on_ramps()[at];
    let id = &on_ramp.id;
    let now = model.server_now();
    // The load of one LAG member is no measure of the whole.
    let load = model.engine.load(id).filter(|_| !feed_text::is_of_one_member(model, id));
    let notices = model.engine.events_for(id).into_iter().map(|(event, touch)| Notice {
        outage: touch.itself && event.is_ongoing_outage(),
        says: SafeText::clean(&feed_text::number_and_when(event, now)),
    });
    Candidate {
        measured: load.map(|load| load.latest.percent()),
        notices: notices.collect(),
        ..Candidate::new(on_ramp, model.engine.inventory().summary(at))
    }
}

/// Opens it.
#[rustfmt::skip]
pub(in crate::ui) const OPEN: Binding =
    command("on-ramp.best-fit", "Best fit: the on-ramps of this place ranked for a rate, with reasons.", open).hint("best fit").when(may_rank).bind(&[char('w')]);

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: command::Scope = command::Scope::new("best-fit", "Best fit", &[&[
    command("best-fit.choose", "Create a key on the selected on-ramp; if it is unsuitable, go to it.", choose).hint("new key").bind(&[plain(Enter)]),
    DOWN.hint("down").bind(&[plain(Down)]),
    UP.hint("up").bind(&[plain(Up)]),
    CLOSE.hint("close").bind(&[plain(Esc)]),
]]);

/// Returns whether there is anything to choose from, in the views of on-ramps.
fn may_rank(model: &Model) -> bool {
    model.place == ViewId::Browse && model.engine.has_inventory()
}

/// Opens it for the place that the panes are narrowed to.
fn open(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let rate = context.settings.presets.first().map_or(500, |preset| preset.rate.get());
    let scope = context.browse.scope.clone();
    let place = context.browse.path();
    let rate = Input::new(rate.to_string());
    context.modals_mut().push(Offers { rate, scope, place, cursor: 0 });
    vec![]
}

/// Returns the on-ramp under the cursor, while the dialog is on top.
pub(in crate::ui) fn under_cursor(model: &Model) -> Option<OnRampId> {
    let open = model.modals.on_top::<Offers>()?;
    let ranking = best_fit_view::ranking(model, open)?;
    in_order(&ranking).nth(open.cursor).cloned()
}

/// Puts the cursor on an on-ramp, wherever it ranks now: the user must not act on
/// another one than they read.
pub(in crate::ui) fn put_cursor_on(context: &mut Context<'_>, id: &OnRampId) {
    let Some(open) = context.modals.on_top::<Offers>() else { return };
    let Some(ranking) = best_fit_view::ranking(context, open) else { return };
    let at = in_order(&ranking).position(|one| one == id);
    if let Some(at) = at {
        context.change_top(|open: &mut Offers| open.cursor = at);
    }
}

/// Returns every on-ramp as it is listed: what is offered, then what is not.
fn in_order<'a>(ranking: &'a Ranking<'_>) -> impl Iterator<Item = &'a OnRampId> {
    let offered = ranking.offers.iter().map(|offer| &offer.candidate.on_ramp.id);
    offered.chain(ranking.refusals.iter().map(|(candidate, _)| &candidate.on_ramp.id))
}

/// Opens the form for a new key on the offer under the cursor; of a refusal,
/// the on-ramp itself.
fn choose(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(open) = context.modals.on_top::<Offers>() else { return vec![] };
    let rate = open.rate.value().to_owned();
    let Some(ranking) = best_fit_view::ranking(context, open) else { return vec![] };
    let offer = ranking.offers.get(open.cursor).map(|offer| &offer.candidate);
    let offered = offer.is_some();
    let behind = open.cursor.saturating_sub(ranking.offers.len());
    let refused = ranking.refusals.get(behind).map(|(candidate, _)| candidate);
    let Some(id) = offer.or(refused).map(|one| one.on_ramp.id.clone()) else { return vec![] };
    context.modals_mut().pop();
    *context.visit_mut() = None;
    let (browse, ..) = context.browse_mut();
    (browse.focus, browse.on_ramp) = (Pane::OnRamps, Some(id));
    context.rearrange();
    layout::keep_cursor_in_view(context);
    if !offered || context.engine.mode() != crate::api::Mode::ReadWrite {
        return vec![];
    }
    commands::open_form(context);
    context.change_top(|form: &mut NewKey| form.set(Field::Rate, rate))
}
