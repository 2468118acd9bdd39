//! Read-only and read-write, and the command line that changes it.

use crate::api::Mode;

use super::{
    act,
    dialog::{Dialog, prompt},
    engine_step, export, handover,
    key::plain,
    keymap::Command,
    model::{Access, Model},
    msg::Effect,
    place::Place,
    scopes,
    text::count,
};

/// Goes to the region, metro or country whose name fits best. Whether there is
/// one.
fn go_to_place(model: &mut Model, typed: &str) -> bool {
    if typed.trim().is_empty() {
        return false;
    }
    let found = scopes::find(&scopes::all(&model.geography), typed);
    let Some(place) = found.into_iter().next() else { return false };
    (model.place, model.visit, model.browse.flat) = (Place::Browse, None, false);
    model.browse.go_to(place.scope, model.engine.inventory(), &model.geography);
    model.notice = Some(format!("{}: {}.", place.name, count(place.count, "on-ramp")));
    true
}

/// Carries out a typed command.
pub(super) fn run(model: &mut Model, typed: &str) -> Vec<Effect> {
    let same = |one: &&prompt::Word| one.names.contains(&typed.trim());
    let Some(word) = prompt::WORDS.iter().find(same) else {
        if go_to_place(model, typed) {
            return vec![];
        }
        let known: Vec<_> = prompt::WORDS.iter().map(|word| word.names[0]).collect();
        let known = known.join(", ");
        model.notice = Some(format!("No such command or place. There are {known}."));
        return vec![];
    };
    match word.does {
        prompt::Does::ReadOnly => {
            engine_step::run(model, |engine| engine.set_mode(Mode::ReadOnly, "asked for"))
        }
        prompt::Does::ReadWrite if model.engine.mode() == Mode::ReadWrite => {
            model.notice = Some("Keys can be made already.".to_owned());
            vec![]
        }
        prompt::Does::ReadWrite if model.access != Access::Open => {
            model.notice = Some("Nobody is signed in: p signs in.".to_owned());
            vec![]
        }
        prompt::Does::ReadWrite => {
            model.dialogs.push(Dialog::AllowWrites);
            vec![]
        }
        prompt::Does::HandOver => handover::write(model),
        prompt::Does::Export(form) => export::write(model, form),
        prompt::Does::Regions => {
            model.dialogs.push(Dialog::RegionMap { offset: 0 });
            vec![]
        }
        prompt::Does::Log => {
            model.dialogs.push(Dialog::Log(Box::default()));
            vec![Effect::ReadLog]
        }
        prompt::Does::Refresh => act::act(model, Command::Refresh, plain(super::key::Code::Enter)),
        prompt::Does::Help => act::act(model, Command::Help, plain(super::key::Code::Enter)),
        prompt::Does::Quit => act::act(model, Command::Quit, plain(super::key::Code::Enter)),
    }
}
