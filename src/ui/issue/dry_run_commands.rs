//! Dry runs: what would be sent, shown and not sent.

use crate::{
    api::{DryRunRequest, account::Secret, clipboard::Clipboard},
    domain::key_order::KeyOrder,
    engine::plan::Plan,
    ui::{
        model::{
            Purpose,
            command::{Binding, Call, Command, command},
            context::Context,
            msg::Effect,
        },
        state::key::{Code::F, ctrl, plain},
    },
};

use super::{commands, dry_run::DryRun, pair_commands, pair_form::PairForm, review::Review};

/// Shows the dry run of the review or a form.
const DRY_RUN: Command = command(
    "dry-run.open",
    "Dry run: show the request as JSON and as a curl command; send nothing.",
    show,
)
.hint("dry run");

/// Its row, in every scope that is about to send something.
pub(in crate::ui) const ROW: Binding = DRY_RUN.bind(&[plain(F(3)), ctrl('t')]);

/// Its row on the form, which also changes keys.
pub(in crate::ui) const NEW_KEY_ROW: Binding =
    DRY_RUN.when(commands::is_a_new_key).bind(&[plain(F(3)), ctrl('t')]);

fn show(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if context.modals.on_top::<Review>().is_some() {
        let sides = context.engine.plan().into_iter().flat_map(Plan::sides);
        let orders = sides.map(|side| side.order.clone()).collect();
        return open(context, orders, false);
    }
    let orders = if context.modals.on_top::<PairForm>().is_some() {
        pair_commands::orders_of_form(context).map(Vec::from)
    } else {
        commands::order_of_form(context).map(|order| vec![order])
    };
    orders.map_or_else(Vec::new, |orders| open(context, orders, true))
}

/// Copies the commands for a shell.
pub(in crate::ui) fn copy(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(dry) = context.modals.on_top::<DryRun>() else { return vec![] };
    let curl: Vec<_> = dry.requests.iter().map(|one| one.curl.as_str()).collect();
    let text = Secret::new(&curl.join("\n"));
    let id = context.new_request_id(Purpose::Clipboard);
    vec![Effect::Clipboard(id, Clipboard::Copy(text))]
}

fn open(context: &mut Context<'_>, orders: Vec<KeyOrder>, untagged: bool) -> Vec<Effect> {
    let now = context.now();
    if let Some(review) = context.modals_mut().on_top_mut::<Review>() {
        // It is covered up: its question has to be read again.
        review.question.disturb(now);
    }
    context.modals_mut().push(DryRun { untagged, ..DryRun::default() });
    vec![Effect::Rehearse(orders)]
}

/// Applies the result of a dry run.
pub(in crate::ui) fn apply_dry_run(context: &mut Context<'_>, requests: Vec<DryRunRequest>) {
    if let Some(dry) = context.modals_mut().on_top_mut::<DryRun>() {
        dry.requests = requests;
    }
}
