//! Opens what one feature wants to have shown of another.

use crate::domain::geography::Scope;

use super::{
    activity, approve,
    browse::Pane,
    card_open, change,
    dialog::{timeline::Timeline, troubles::Troubles},
    edit_key, issue,
    model::{Model, interface::Open},
    msg::Effect,
    place::Place,
};

/// Opens it.
pub(super) fn open(model: &mut Model, open: Open) -> Vec<Effect> {
    match open {
        Open::NewKey => issue::open_form(model),
        Open::Draft => issue::reopen_draft(model),
        Open::EditKey(key) => edit_key::open(model, *key),
        Open::Changes(kind, changes) => change::open(model, kind, changes),
        Open::Attempt(id) => return issue::open_one(model, id),
        Open::CreatedCard(id, origin) => return card_open::show_card(model, id, origin),
        Open::NewCard(id, origin) => return card_open::show_new_card(model, id, origin),
        Open::ReviewAgain(id) => return issue::review_again(model, id),
        Open::Approval(on_ramp, circuit) => approve::open(model, &on_ramp, circuit),
        Open::EarlierCard(key) => card_open::show_earlier_card(model, *key),
        Open::Timeline(of) => {
            model.modals.push(Timeline { of, scroll: 0 });
            return activity::act::read(model);
        }
        Open::Problems => return open_problems(model),
        Open::OnRamp(id) => {
            (model.place, model.visit) = (Place::Browse, None);
            let Model { browse, engine, geography, .. } = model;
            browse.go_to(Scope::default(), engine.inventory(), geography);
            (browse.flat, browse.focus, browse.on_ramp) = (true, Pane::OnRamps, Some(id));
            browse.narrow(engine.inventory(), geography);
        }
    }
    vec![]
}

/// Shows what is not well. Of two keys for one request the audit says which one was
/// delivered, so it is read.
fn open_problems(model: &mut Model) -> Vec<Effect> {
    model.modals.push(Troubles);
    if model.engine.journal().second.is_empty() { vec![] } else { activity::act::read(model) }
}
