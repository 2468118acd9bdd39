//! Open requests: their keys, and the user's decisions about each.

use tui_input::Input;

use crate::{
    api::Mode,
    domain::intent::IntentId,
    engine::{
        attempt::{Attempt, AttemptStage},
        effect::Origin,
        journal::Readiness,
    },
    ui::{
        attempt::{self},
        input::motion::LINES,
        model::{
            Model,
            command::{Binding, Call, Scope, command},
            context::Context,
            interface::Open,
            modal::CLOSE,
            msg::Effect,
        },
        screen::region_text,
        state::key::{
            Code::{Enter, Esc},
            char, plain,
        },
    },
};

use super::{progress::Progress, reason::Reason, unfinished::Unfinished};

#[rustfmt::skip]
pub(in crate::ui) static PROGRESS: Scope = Scope::new("attempt", "Key creation", &[&[
    command("attempt.search", "Check the on-ramp's keys again. Sends nothing.", |context, _| with_attempt(context, |context, id| context.run(|engine| engine.search(id)))).hint("check again").when(may_search_again).bind(&[char('l'), char('r')]),
    command("attempt.adopt", "Select which of the found keys is yours.", |context, call| with_attempt(context, |context, id| attempt::commands::adopt(context, id, call))).hint("this one is ours").when(has_candidates).bind(&[char('1'), char('2'), char('3'), char('4')]),
    command("attempt.send-again", "If nothing was found: send the same order once more (same VLAN and tag), after a review.", |context, _| with_attempt(context, |context, id| context.open(Open::ReviewAgain(id)))).hint("send").when(may_be_sent).bind(&[char('s')]),
    command("attempt.set-aside", "Set it aside: it stays in doubt with its VLAN reserved, and other keys can be created.", |context, _| with_attempt(context, attempt::commands::set_aside)).hint("set aside").when(may_set_aside).bind(&[char('x')]),
    command("attempt.ask-reason", "Close it with a reason and release its VLAN.", |context, _| with_attempt(context, ask_reason)).hint("close it").when(may_be_closed).bind(&[char('c')]),
    command("attempt.hide", "Close. While the key is in doubt it is only hidden: `!` shows it again.", |context, _| with_attempt(context, attempt::commands::hide)).hint("close").bind(&[plain(Esc), plain(Enter), char('q')]),
]]);

#[rustfmt::skip]
pub(in crate::ui) static UNFINISHED: Scope = Scope::new("unfinished", "Unfinished keys", &[
    &[command("unfinished.open", "Open the selected request: its key, or the progress of its search. For a change: confirm that you have seen its present state.", open_selected).hint("open").bind(&[plain(Enter)])],
    LINES,
    &[
        command("unfinished.search", "Search again for the selected key; for a change, refresh everything.", search_selected).hint("check again").when(may_search_selected).bind(&[char('l'), char('r')]),
        command("problems.open", "Show read errors and their reasons.", |context, _| context.open(Open::Problems)).hint("read errors").bind(&[char('!')]),
        CLOSE.doc("Close the list. Its requests stay unfinished: `!` shows them again.").hint("close").bind(&[plain(Esc), char('q')]),
    ],
]);

/// Shows what is unfinished, else what is wrong.
#[rustfmt::skip]
pub(in crate::ui) const SHOW_UNFINISHED: Binding =
    command("problems", "Unfinished work, read errors and the network path to the API.", show_unfinished).hint("more").when(needs_attention).bind(&[char('!')]);

fn needs_attention(model: &Model) -> bool {
    let failed = model.engine.products().failure.is_some() || model.engine.keys().failure.is_some();
    let journal = model.engine.journal();
    let lost = !journal.lost.is_empty() || !journal.second.is_empty();
    let lost = lost || !journal.changes.is_empty();
    let unwell = lost || !journal.unwritten.is_empty() || journal.readiness.has_problem();
    // A proxy or a custom authority is worth showing, too.
    let open = !model.engine.attempts().is_empty() || !model.session.network_path.is_direct();
    let clash = model.engine.inventory().clashes().next().is_some() || has_shorter_lists(model);
    let map = region_text::has_problem(model);
    open || unwell
        || map
        || failed
        || clash
        || model.engine.audit().has_problem()
        || model.engine.unread() > 0
}

/// Returns whether a list lacks, or has lost, entries without an explanation.
fn has_shorter_lists(model: &Model) -> bool {
    let missing =
        model.engine.inventory().missing_on_ramps() + model.engine.inventory().missing_keys();
    missing > 0 || !model.engine.products().left.is_empty() || !model.engine.keys().left.is_empty()
}

/// Returns the request that the dialog on top is about.
fn attempt(model: &Model) -> Option<&Attempt> {
    model.engine.attempt(model.modals.on_top::<Progress>()?.0)
}

fn is_searchable_now(one: &Attempt) -> bool {
    one.is_searchable() && !one.search.asking
}

fn may_search_again(model: &Model) -> bool {
    attempt(model).is_some_and(is_searchable_now)
}

fn may_search_selected(model: &Model) -> bool {
    let Some(open) = model.modals.on_top::<Unfinished>() else { return false };
    match model.engine.attempts().get(open.cursor) {
        Some(one) => is_searchable_now(one),
        None => model.engine.keys().asked.is_none(),
    }
}

fn may_set_aside(model: &Model) -> bool {
    attempt(model).is_some_and(|one| {
        let nothing = has_candidates(model) || one.has_looked_enough();
        !one.is_set_aside && (nothing || one.stage == AttemptStage::Waiting)
    })
}

/// Returns whether the user may send it, or send it again.
fn may_be_sent(model: &Model) -> bool {
    let ready = model.engine.mode() == Mode::ReadWrite
        && model.engine.journal().readiness == Readiness::Ready
        && model.engine.audit().blocks().is_none();
    ready && attempt(model).is_some_and(Attempt::may_be_sent)
}

fn may_be_closed(model: &Model) -> bool {
    attempt(model).is_some_and(Attempt::may_be_closed)
}

fn has_candidates(model: &Model) -> bool {
    attempt(model)
        .is_some_and(|one| matches!(one.stage, AttemptStage::Maybe(_) | AttemptStage::Several(_)))
}

/// Does something with the request that the dialog on top is about.
fn with_attempt(
    context: &mut Context<'_>,
    run: impl FnOnce(&mut Context<'_>, IntentId) -> Vec<Effect>,
) -> Vec<Effect> {
    match context.modals.on_top::<Progress>() {
        Some(&Progress(id)) => run(context, id),
        None => vec![],
    }
}

fn ask_reason(context: &mut Context<'_>, intent: IntentId) -> Vec<Effect> {
    let waiting =
        context.engine.attempt(intent).is_some_and(|one| one.stage == AttemptStage::Waiting);
    let input = Input::new(if waiting { "discarded" } else { "" }.to_owned());
    context.modals_mut().push(Reason { intent, input });
    vec![]
}

fn nth_unfinished(model: &Model, n: usize) -> Option<IntentId> {
    model.engine.attempts().get(n).map(|one| one.standing.intent.id)
}

/// Shows the list of what is unfinished, or the only one on it.
fn show_unfinished(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    match context.engine.attempts() {
        [] if context.engine.journal().changes.is_empty() => return context.open(Open::Problems),
        [only] if !only.is_set_aside && context.engine.journal().changes.is_empty() => {
            attempt::commands::show(context, only.standing.intent.id);
        }
        _ => context.modals_mut().push(Unfinished::default()),
    }
    vec![]
}

/// Opens the entry under the cursor: its key if that is known. For a change it is
/// enough that the user has seen the present state.
fn open_selected(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(&Unfinished { cursor }) = context.modals.on_top() else { return vec![] };
    if let Some(id) = nth_unfinished(context, cursor) {
        open_one(context, id)
    } else {
        let at = cursor - context.engine.attempts().len();
        context.run(|engine| engine.see_change(at))
    }
}

fn search_selected(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(&Unfinished { cursor }) = context.modals.on_top() else { return vec![] };
    match nth_unfinished(context, cursor) {
        Some(id) => context.run(|engine| engine.search(id)),
        None => context.refresh(),
    }
}

/// Opens an unfinished intent: its key where that is known.
pub(in crate::ui) fn open_one(context: &mut Context<'_>, id: IntentId) -> Vec<Effect> {
    let Some(one) = context.engine.attempt(id) else { return vec![] };
    match &one.stage {
        AttemptStage::Made(_) => {
            let origin = if one.from_previous_session { Origin::Earlier } else { Origin::Found };
            return context.open(Open::CreatedCard(id, origin));
        }
        _ => attempt::commands::show(context, id),
    }
    vec![]
}
