//! Read-only and read-write, and the command line that changes it.

use crate::{
    api::Mode,
    ui::{
        model::{
            Access,
            command::{Binding, Call, Command, Scope, command},
            context::Context,
            modal::CLOSE,
            msg::Effect,
        },
        state::{
            key::{
                Code::{Enter, Esc},
                char, plain,
            },
            places,
            view_id::ViewId,
        },
        widget::text::count,
    },
};

use super::{allow_writes::AllowWrites, prompt::Prompt};

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("prompt", "Command line", &[&[
    command("palette.run", "Run the command.", run_typed).hint("run").bind(&[plain(Enter)]),
    CLOSE.doc("Close the command line.").hint("close").bind(&[plain(Esc)]),
]]);

/// Opens the `:` line.
#[rustfmt::skip]
pub(in crate::ui) const OPEN: Binding =
    command("palette", "Type a command (ro, rw, refresh, shift-report, export, regions, log, help, quit), or a few letters of a region, metro or country to go there.", open_prompt).bind(&[char(':')]);

pub(in crate::ui) const READ_ONLY: Command = command(
    "writes.forbid",
    "Return to read-only: nothing can be created or changed.",
    |context, _| context.run(|engine| engine.set_mode(Mode::ReadOnly, "requested")),
)
.typed(&["ro"], "read-only: nothing can be created or changed");
pub(in crate::ui) const READ_WRITE: Command =
    command("writes.ask", "Allow creating keys (asks first).", ask_to_allow_writes)
        .typed(&["rw"], "allow creating keys (asks first)");

/// Goes to the region, metro or country whose name matches best; returns whether there
/// is one.
fn go_to_place(context: &mut Context<'_>, typed: &str) -> bool {
    if typed.trim().is_empty() {
        return false;
    }
    let found = places::find(&places::all(&context.geography), typed);
    let Some(place) = found.into_iter().next() else { return false };
    context.go_to_view(ViewId::Browse);
    *context.visit_mut() = None;
    let (browse, inventory, geography) = context.browse_mut();
    browse.flat = false;
    browse.go_to(place.scope, inventory, geography);
    context.say(format!("{}: {}.", place.name, count(place.count, "on-ramp")));
    true
}

/// Carries out what is typed: a command, else the name of a place.
fn run_typed(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(prompt) = context.modals_mut().pop_kind::<Prompt>() else { return vec![] };
    let typed = prompt.input.value();
    let interface = context.interface;
    let known = || interface.typed.iter().filter_map(|one| Some((one, one.typed?.words)));
    if let Some((command, _)) = known().find(|(_, words)| words.contains(&typed.trim())) {
        return command.run(context, Call::default());
    }
    if go_to_place(context, typed) {
        return vec![];
    }
    let known: Vec<_> = known().map(|(_, words)| words[0]).collect();
    let known = known.join(", ");
    context.say(format!("No such command or place. Commands: {known}."));
    vec![]
}

fn open_prompt(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.modals_mut().push(Prompt::default());
    vec![]
}

fn ask_to_allow_writes(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if context.engine.mode() == Mode::ReadWrite {
        context.say("Creating keys is already allowed.");
    } else if context.access != Access::Open {
        let says = context.keyed("Not signed in: {key:accounts} signs in.");
        context.say(says);
    } else {
        context.modals_mut().push(AllowWrites);
    }
    vec![]
}
