//! Opens what one feature wants to have shown of another.

use crate::{
    domain::geography::Scope,
    ui::{
        activity::{self, timeline::Timeline},
        attempt::{self, damage::Damage},
        card,
        change::{self, approval_commands},
        issue,
        model::{Model, interface::Open, msg::Effect},
        state::{browse::Pane, view_id::Place},
        system::problems::Troubles,
    },
};

/// Opens it.
pub(in crate::ui) fn open(model: &mut Model, open: Open) -> Vec<Effect> {
    match open {
        Open::NewKey => issue::commands::open_form(model),
        Open::Draft => issue::commands::reopen_draft(model),
        Open::EditKey(key) => issue::edit::open(model, *key),
        Open::Changes(kind, changes) => change::commands::open(model, kind, changes),
        Open::Damage => model.modals.push(Damage),
        Open::Progress(id) => attempt::commands::show(model, id),
        Open::Attempt(id) => return attempt::list_commands::open_one(model, id),
        Open::CreatedCard(id, origin) => return card::open::show_card(model, id, origin),
        Open::NewCard(id, origin) => return card::open::show_new_card(model, id, origin),
        Open::ReviewAgain(id) => return issue::commands::review_again(model, id),
        Open::Approval(on_ramp, circuit) => approval_commands::open(model, &on_ramp, circuit),
        Open::EarlierCard(key) => card::open::show_earlier_card(model, *key),
        Open::Timeline(of) => {
            model.modals.push(Timeline { of, scroll: 0 });
            return activity::commands::read(model);
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
    if model.engine.journal().second.is_empty() { vec![] } else { activity::commands::read(model) }
}
