//! Changing keys: what to change, and the question about it. What becomes of a
//! change is decided in the engine.

use crate::{
    api::{KeyChange, Mode},
    domain::service_key::ServiceKey,
    ui::{
        model::{
            Model,
            command::{Call, Scope, command},
            context::Context,
            interface::ChangeKind,
            msg::Effect,
        },
        screen::words::no_change,
        state::key::{
            Code::{Enter, Esc},
            char, plain,
        },
    },
};

use super::{question::Change, question_view};

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("change", "Key change", &[&[
    command("change.confirm", "Change the marked keys, one after the other. Works only after a pause of 0.4 s.", confirm).hint("confirm").when(may_change).confirms().bind(&[char('y')]),
    command("change.mark", "Mark or unmark a key.", mark).hint("mark").when(may_mark).bind(&[char('1'), char('2'), char('3'), char('4')]),
    command("change.drop", "Change nothing more and go back.", leave).hint("back").when(nothing_is_changing).bind(&[plain(Esc), plain(Enter), char('n'), char('q')]),
]]);

fn may_change(model: &Model) -> bool {
    let may =
        |change: &Change| change.may_go(model) && model.arms_in(change.arms_in(model)).is_none();
    model.engine.mode() == Mode::ReadWrite && model.modals.on_top().is_some_and(may)
}

fn may_mark(model: &Model) -> bool {
    let run = model.modals.on_top::<Change>().and_then(|change| change.run(model));
    run.is_some_and(|run| !run.is_confirmed() && run.steps().len() > 1)
}

fn nothing_is_changing(model: &Model) -> bool {
    model.modals.on_top::<Change>().is_some_and(|change| !change.is_under_way(model))
}

/// Marks the key of the pressed digit, or removes its mark.
fn mark(context: &mut Context<'_>, call: Call) -> Vec<Effect> {
    let now = context.now();
    let (modals, engine) = context.modals_and_engine();
    let Some(change) = modals.on_top_mut::<Change>() else { return vec![] };
    let Some(at) = call.digit().and_then(|n| n.checked_sub(1)) else { return vec![] };
    engine.toggle_change(change.id, at);
    change.question.disturb(now);
    vec![]
}

fn confirm(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(id) = context.modals.on_top::<Change>().map(|change| change.id) else { return vec![] };
    let Some(yes) = context.take_answer() else { return vec![] };
    context.try_run(
        |engine| engine.confirm_changes(id, &yes),
        |model, why| Some(no_change(model, &why)),
    )
}

fn leave(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if let Some(change) = context.modals_mut().pop_kind::<Change>() {
        context.engine_mut().drop_changes(change.id);
    }
    vec![]
}

/// Asks about a change of keys, if all of it fits on the screen.
pub(in crate::ui) fn open(
    context: &mut Context<'_>,
    kind: ChangeKind,
    changes: Vec<(ServiceKey, KeyChange)>,
) {
    let id = context.engine_mut().plan_changes(changes);
    let open = Change::new(kind, id, context.now());
    if kind != ChangeKind::Edit && !question_view::is_all_shown(context, &open) {
        context.engine_mut().drop_changes(id);
        context.say(
            "Not all marked keys fit on this terminal: mark fewer keys or enlarge the \
            terminal.",
        );
        return;
    }
    context.modals_mut().push(open);
}
