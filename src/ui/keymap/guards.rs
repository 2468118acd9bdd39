//! The `when` of the key table: small questions to the model.

use crate::ui::{
    browse::Pane,
    dialog::{
        Dialog, issuing::Stage, new_key::Field, new_key::NewKey, review::Review, review_view,
    },
    model::Model,
};

pub(super) fn always(_: &Model) -> bool {
    true
}

pub(super) fn in_browse(model: &Model) -> bool {
    model.visit.is_none()
}

pub(super) fn on_an_on_ramp(model: &Model) -> bool {
    model.current_id().is_some()
}

/// Whether `n` leads anywhere: an on-ramp that takes keys, or a key being
/// made that has to be seen to first.
pub(super) fn on_an_open_on_ramp(model: &Model) -> bool {
    model.current().is_some_and(|on_ramp| on_ramp.closed().is_empty())
}

pub(super) fn can_go_back(model: &Model) -> bool {
    model.visit.is_some()
        || !model.browse.filter.input.value().is_empty()
        || model.browse.focus != Pane::Country
}

pub(super) fn has_unfinished(model: &Model) -> bool {
    model.issuing.is_some()
}

fn form(model: &Model) -> Option<&NewKey> {
    match model.dialogs.last() {
        Some(Dialog::NewKey(form)) => Some(form),
        _ => None,
    }
}

pub(super) fn on_a_choice(model: &Model) -> bool {
    form(model).is_some_and(|form| !form.focus.is_text())
}

pub(super) fn on_the_vlan(model: &Model) -> bool {
    form(model).is_some_and(|form| form.focus == Field::Vlan)
}

pub(super) fn may_check_again(model: &Model) -> bool {
    matches!(model.dialogs.last(), Some(Dialog::Review(review)) if !review.is_checking())
}

/// Whether `y` counts: every check is clear, all of it is on the screen, and
/// the keyboard was quiet.
pub(super) fn review_is_ready(model: &Model) -> bool {
    let ready = |review: &Review| {
        review.clear().is_some()
            && review.arms_in(model.now).is_none()
            && review_view::is_all_shown(model, review)
    };
    matches!(model.dialogs.last(), Some(Dialog::Review(review)) if ready(review))
}

/// Whether the card has been on the screen long enough to be closed.
pub(super) fn card_takes_keys(model: &Model) -> bool {
    matches!(model.dialogs.last(), Some(Dialog::Card(card)) if card.takes_keys_in(model.now).is_none())
}

pub(super) fn may_look_again(model: &Model) -> bool {
    model.issuing.as_ref().is_some_and(|issuing| {
        matches!(issuing.stage, Stage::Looking { asking: false, .. } | Stage::Maybe(_))
    })
}

pub(super) fn may_give_up(model: &Model) -> bool {
    model.issuing.as_ref().is_some_and(|issuing| {
        issuing.has_looked_enough() || matches!(issuing.stage, Stage::Maybe(_) | Stage::NotMade(_))
    })
}

pub(super) fn has_candidates(model: &Model) -> bool {
    model.issuing.as_ref().is_some_and(|issuing| matches!(issuing.stage, Stage::Maybe(_)))
}

pub(super) fn on_a_key(model: &Model) -> bool {
    crate::ui::visit_view::selected_key(model).is_some()
}
