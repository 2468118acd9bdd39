//! Opens views and dialogs of one feature for another.

use crate::{
    domain::geography::Scope,
    ui::{
        activity::{self, timeline::Timeline},
        attempt::{self, damage::Damage},
        card,
        change::{self, approval_commands},
        issue,
        model::{context::Context, interface::Open, msg::Effect},
        state::{browse::Pane, view_id::ViewId},
        system::problems::Problems,
    },
};

/// Opens it.
pub(in crate::ui) fn open(context: &mut Context<'_>, open: Open) -> Vec<Effect> {
    match open {
        Open::NewKey => issue::commands::open_form(context),
        Open::Draft => issue::commands::reopen_draft(context),
        Open::EditKey(key) => issue::edit::open(context, *key),
        Open::Changes(kind, changes) => change::commands::open(context, kind, changes),
        Open::Damage => context.modals_mut().push(Damage),
        Open::Progress(id) => attempt::commands::show(context, id),
        Open::Attempt(id) => return attempt::list_commands::open_one(context, id),
        Open::CreatedCard(id, origin) => return card::open::show_card(context, id, origin),
        Open::NewCard(id, origin) => return card::open::show_new_card(context, id, origin),
        Open::ReviewAgain(id) => return issue::commands::review_again(context, id),
        Open::Approval(on_ramp, circuit) => approval_commands::open(context, &on_ramp, circuit),
        Open::EarlierCard(key) => card::open::show_earlier_card(context, *key),
        Open::Timeline(of) => {
            context.modals_mut().push(Timeline { of, scroll: 0 });
            return activity::commands::read(context);
        }
        Open::Problems => return open_problems(context),
        Open::OnRamp(id) => {
            context.go_to_view(ViewId::Browse);
            *context.visit_mut() = None;
            let (browse, inventory, geography) = context.browse_mut();
            browse.go_to(Scope::default(), inventory, geography);
            (browse.flat, browse.focus, browse.on_ramp) = (true, Pane::OnRamps, Some(id));
            browse.narrow(inventory, geography);
        }
    }
    vec![]
}

/// Shows the problems. For two keys of one request the audit shows which one was
/// delivered, so it is read.
fn open_problems(context: &mut Context<'_>) -> Vec<Effect> {
    context.modals_mut().push(Problems);
    if context.engine.journal().second.is_empty() {
        vec![]
    } else {
        activity::commands::read(context)
    }
}
