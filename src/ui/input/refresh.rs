//! Reading everything again.

use crate::ui::{
    model::{
        Access, Model,
        command::{Binding, Call, Command, command},
        context::Context,
        msg::Effect,
    },
    state::key::{Code::F, char, ctrl, plain},
};

pub(in crate::ui) const REFRESH: Command =
    command("refresh", "Refresh on-ramps and keys; the selection stays.", refresh)
        .hint("refresh")
        .typed(&["refresh", "r"], "refresh everything");

pub(in crate::ui) const REFRESH_ROW: Binding =
    REFRESH.when(may_refresh).bind(&[char('r'), plain(F(5)), ctrl('r')]);

/// Returns whether there is an account to read from.
fn may_refresh(model: &Model) -> bool {
    model.access == Access::Open
}

/// Reads the lists again, and what else is on the screen.
fn refresh(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let mut effects = context.refresh();
    let view = context.view();
    effects.extend(view.refresh(context));
    effects
}
