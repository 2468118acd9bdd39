//! Commands of every view: help, refresh, quit, the terminal.

use crate::{
    engine::attempt::Attempt,
    ui::{
        model::{
            command::{Binding, Call, Command, Held, command},
            context::Context,
            msg::Effect,
        },
        state::key::{Code::F, char, ctrl, plain},
    },
};

use super::{help::Help, leave::Leave};

const HELD: Held =
    Held::Refused("A held key does not quit: release it and press it again after a second.");

pub(in crate::ui) const HELP: Command =
    command("help", "Help: the key bindings that work here.", open_help)
        .hint("help")
        .typed(&["help", "h"], "show the key bindings");
#[rustfmt::skip]
pub(in crate::ui) const QUIT: Command =
    command("quit", "Quit; asks first while a key may exist or was never copied.", |context, _| quit(context)).hint("quit").held(HELD).typed(&["quit", "q"], "leave");
#[rustfmt::skip]
pub(in crate::ui) const INTERRUPT: Command =
    command("interrupt", "Quit; asks first while a key may exist or was never copied; pressed again after a second, quits.", interrupt).held(HELD);

pub(in crate::ui) const HELP_AND_QUIT: &[Binding] =
    &[HELP.bind(&[char('?')]), QUIT.bind(&[char('q')])];
#[rustfmt::skip]
pub(in crate::ui) const ALWAYS: &[Binding] = &[
    HELP.bind(&[plain(F(1))]),
    INTERRUPT.bind(&[ctrl('c')]),
    command("suspend", "Suspend: back to the shell; `fg` returns. Refused while a request that creates or changes something is under way.", suspend).bind(&[ctrl('z')]),
    command("redraw", "Redraw.", |_, _| vec![Effect::Redraw]).bind(&[ctrl('l')]),
];

fn open_help(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.modals_mut().push(Help::default());
    vec![]
}

fn quit(context: &mut Context<'_>) -> Vec<Effect> {
    let doubt = context.engine.active_attempt().is_some_and(Attempt::is_in_doubt);
    if doubt || !context.never_copied.is_empty() {
        context.modals_mut().push(Leave);
        return vec![];
    }
    vec![Effect::Quit]
}

fn interrupt(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if context.modals.on_top::<Leave>().is_some() { vec![Effect::Quit] } else { quit(context) }
}

fn suspend(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if context.engine.is_writing() {
        let says = "A request is under way: suspend after its reply.";
        context.say(says);
        return vec![];
    }
    vec![Effect::Suspend]
}
