//! Read-only and read-write, and the command line that changes it.

use crate::{api::Mode, domain::audit::Act};

use super::{
    act,
    dialog::{Dialog, prompt},
    export, handover,
    journal::Readiness,
    key::plain,
    keymap::Command,
    model::{Access, Model},
    msg::Effect,
    place::Place,
    scopes,
    text::count,
};

/// Changes the mode and says so; `why` is for the audit.
pub(super) fn set(model: &mut Model, mode: Mode, why: &str) -> Vec<Effect> {
    if model.mode == mode {
        return vec![];
    }
    model.mode = mode;
    if mode == Mode::ReadWrite {
        // It is opened anew, to be written to.
        model.journal.readiness = Readiness::Opening;
    }
    let says = match mode {
        Mode::ReadOnly => "Read-only from now on: nothing can be made. :rw allows it again.",
        Mode::ReadWrite => "Keys can be made from now on. :ro takes that back.",
    };
    model.notice = Some(says.to_owned());
    let act = Act::Mode { writes: mode == Mode::ReadWrite, why: why.into() };
    vec![model.audit_of(act), Effect::SetMode(mode)]
}

/// Goes to the region, metro or country whose name fits best. Whether there is
/// one.
fn go_to_place(model: &mut Model, typed: &str) -> bool {
    if typed.trim().is_empty() {
        return false;
    }
    let found = scopes::find(&scopes::all(&model.geography), typed);
    let Some(place) = found.into_iter().next() else { return false };
    (model.place, model.visit, model.browse.flat) = (Place::Browse, None, false);
    model.browse.go_to(place.scope, &model.inventory, &model.geography);
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
        prompt::Does::ReadOnly => set(model, Mode::ReadOnly, "asked for"),
        prompt::Does::ReadWrite if model.mode == Mode::ReadWrite => {
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
