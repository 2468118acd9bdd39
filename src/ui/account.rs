//! Accounts on the screen: opening one, switching, signing in.
//!
//! What belongs to one account leaves the screen before another one is
//! opened: two customers' circuits are never on one screen.

use std::time::Duration;

use crate::{
    api::{
        RequestId,
        account::{Answer, Api, Ask, Fence, Opened, Profile, Session, Store, Target},
    },
    domain::{text::SafeText, time::Timestamp},
    engine::{Engine, attempt::Attempt},
};

use super::{
    dialog::{
        Dialog,
        accounts::Accounts,
        sign_in::{Keep, SignIn, Where},
    },
    engine_step,
    keymap::Command,
    model::{Model, Purpose, realm_of},
    msg::Effect,
};

/// How many accounts a page goes.
const PAGE: usize = 10;

/// What the console begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// This account, which is at these hosts; with how long a program of the user's is
    /// waited for, where one prints its secret.
    Open(Target, Session, Option<Duration>),
    /// None is set up: sign in, at this API where one was named.
    SignIn(Option<Api>),
}

/// Whether an account is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// One is.
    Open,
    /// One is being opened.
    Opening {
        /// The request for it.
        id: RequestId,
        /// Which one.
        name: String,
        /// Since when.
        since: Timestamp,
        /// How long a program of the user's is waited for, where one prints the secret.
        program: Option<Duration>,
    },
    /// None is, and why, if something went wrong.
    Closed(Option<SafeText>),
}

impl Access {
    /// Why no account is open.
    pub const fn failure(&self) -> Option<&SafeText> {
        match self {
            Self::Closed(why) => why.as_ref(),
            _ => None,
        }
    }
}

/// What to do first.
pub(super) fn begin(model: &mut Model, start: Start) -> Vec<Effect> {
    match start {
        Start::Open(target, session, program) => open(model, target, session, program),
        Start::SignIn(api) => sign_in(model, SignIn::new(api.as_ref())),
    }
}

/// Carries out a command of these dialogs; `None` where it is not one of them.
pub(super) fn act(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    if command == Command::Accounts {
        return Some(list(model, None));
    }
    match model.dialogs.last_mut()? {
        Dialog::Accounts(accounts) => match command {
            Command::Move(step) => accounts.move_by(step.lines(PAGE)),
            Command::Use => return Some(use_selected(model)),
            Command::Add => return Some(sign_in(model, SignIn::new(None))),
            Command::Edit => {
                let form = SignIn::edit(accounts.selected()?.profile.as_ref()?);
                return Some(sign_in(model, form));
            }
            _ => return None,
        },
        Dialog::SignIn(form) => match command {
            Command::Field(forward) => form.step(forward),
            Command::Choice(forward) => form.choose(forward),
            Command::SignIn => return Some(try_pair(model)),
            Command::LeaveOff => {
                let id = form.trying.take()?;
                model.waiting.remove(&id);
                return Some(vec![Effect::LeaveOff]);
            }
            _ => return None,
        },
        _ => return None,
    }
    Some(vec![])
}

/// Opens the list of accounts, with a reason where there is one.
fn list(model: &mut Model, remark: Option<SafeText>) -> Vec<Effect> {
    model.dialogs.retain(|dialog| !matches!(dialog, Dialog::Accounts(_)));
    let accounts = Accounts { remark, ..Accounts::default() };
    model.dialogs.push(Dialog::Accounts(Box::new(accounts)));
    vec![ask(model, Ask::Accounts, Purpose::Accounts).1]
}

/// Opens the form, and finds out which stores would keep a secret.
fn sign_in(model: &mut Model, form: SignIn) -> Vec<Effect> {
    model.dialogs.retain(|dialog| !matches!(dialog, Dialog::SignIn(_)));
    model.dialogs.push(Dialog::SignIn(Box::new(form)));
    Keep::PROBED.map(|store| ask(model, Ask::Probe(store), Purpose::Accounts).1).into()
}

/// A key that may exist keeps its account open: closing it would lose it.
fn may_leave(model: &mut Model) -> bool {
    let doubt = model.engine.active_attempt().is_some_and(Attempt::is_in_doubt);
    if doubt {
        let says = "A key may exist here: ! shows it. Settle it before using another account.";
        model.notice = Some(says.to_owned());
    }
    !doubt
}

fn use_selected(model: &mut Model) -> Vec<Effect> {
    let Some(Dialog::Accounts(accounts)) = model.dialogs.last() else { return vec![] };
    let Some(one) = accounts.selected().cloned() else { return vec![] };
    if !may_leave(model) {
        return vec![];
    }
    let program = one.profile.as_ref().and_then(|profile| profile.store.program_patience());
    let profile = one.profile.map(|profile| profile.name);
    open(
        model,
        one.target,
        Session { fence: one.fence, host: one.host, profile, ..Session::nowhere() },
        program,
    )
}

/// Opens an account. What is known of the one before is gone from here on.
fn open(
    model: &mut Model,
    target: Target,
    session: Session,
    program: Option<Duration>,
) -> Vec<Effect> {
    let name = match &target {
        Target::Variables => "the key pair in the variables".to_owned(),
        Target::Profile(name) => format!("profile {name}"),
        Target::Demo => "the demo".to_owned(),
    };
    model.enter(session, crate::api::Mode::ReadOnly, *model.regions.clone());
    let (id, effect) = ask(model, Ask::Open(target), Purpose::Opening);
    model.access = Access::Opening { id, name, since: model.now(), program };
    vec![Effect::HangUp, effect]
}

/// Tries what the form says.
fn try_pair(model: &mut Model) -> Vec<Effect> {
    let now = model.now();
    let Some(Dialog::SignIn(form)) = model.dialogs.last_mut() else { return vec![] };
    if form.at == Where::Demo {
        let demo = Session { fence: Fence::Demo, ..Session::nowhere() };
        return if may_leave(model) { open(model, Target::Demo, demo, None) } else { vec![] };
    }
    if form.go_to_fault() {
        return vec![];
    }
    let (profile, secret) = form.profile();
    if !may_leave(model) {
        return vec![];
    }
    let (id, effect) = ask(model, Ask::SignIn(Box::new(profile), secret), Purpose::Opening);
    if let Some(Dialog::SignIn(form)) = model.dialogs.last_mut() {
        (form.trying, form.since, form.remark) = (Some(id), now, None);
    }
    vec![effect]
}

fn ask(model: &mut Model, ask: Ask, purpose: Purpose) -> (RequestId, Effect) {
    let id = model.new_request_id(purpose);
    (id, Effect::Account(id, ask))
}

/// Megaport refuses the key pair: its secret may have been rotated, and its
/// store may have the new one. It is read again once, and what is on the
/// screen stays; while a key is in doubt its line is not cut.
pub(super) fn read_again(model: &mut Model) -> Vec<Effect> {
    let doubt = model.engine.active_attempt().is_some_and(Attempt::is_in_doubt);
    // Variables do not change while a program runs, and the demo's pair is its
    // own.
    let Some(name) = model.session.profile.clone() else { return vec![] };
    if doubt || model.reread || model.access != Access::Open {
        return vec![];
    }
    model.reread = true;
    vec![ask(model, Ask::Open(Target::Profile(name)), Purpose::Rereading).1]
}

/// The secret was read again: everything is asked for anew.
fn reread(model: &mut Model, answer: &Answer) -> Vec<Effect> {
    let Answer::Opened(_) = answer else { return vec![] };
    let mut effects = engine_step::run(model, Engine::restart);
    effects.extend(model.refresh());
    effects
}

/// Takes in an answer.
pub(super) fn apply_account_answer(
    model: &mut Model,
    id: RequestId,
    answer: Answer,
) -> Vec<Effect> {
    match model.waiting.remove(&id) {
        None => return vec![],
        Some(Purpose::Rereading) => return reread(model, &answer),
        Some(_) => {}
    }
    match answer {
        Answer::Accounts(all) => {
            let in_use = model.session.profile.clone();
            if let Some(accounts) = accounts(model) {
                accounts.take(all, in_use.as_deref());
            }
        }
        Answer::Probed(store, found) => {
            if let Some(form) = form(model) {
                form.probed(&store, found);
            }
        }
        Answer::Opened(opened) => return enter(model, *opened),
        Answer::Missing(profile, why) => return missing(model, &profile, why),
        Answer::Failed(why) => return failed(model, id, why),
    }
    vec![]
}

fn accounts(model: &mut Model) -> Option<&mut Accounts> {
    model.dialogs.iter_mut().rev().find_map(|dialog| match dialog {
        Dialog::Accounts(accounts) => Some(&mut **accounts),
        _ => None,
    })
}

fn form(model: &mut Model) -> Option<&mut SignIn> {
    model.dialogs.iter_mut().rev().find_map(|dialog| match dialog {
        Dialog::SignIn(form) => Some(&mut **form),
        _ => None,
    })
}

fn enter(model: &mut Model, opened: Opened) -> Vec<Effect> {
    let Opened { session, mode, regions, settings, says } = opened;
    model.enter(session, mode, regions);
    model.settings = settings;
    model.notice = says.map(|says| says.to_string());
    model.start()
}

/// The secret has to be typed: the form opens with everything else in it.
fn missing(model: &mut Model, profile: &Profile, why: SafeText) -> Vec<Effect> {
    let mut form = SignIn::edit(profile);
    form.kept = false;
    // That a session has ended is no trouble.
    let trouble = (profile.store != Store::Session).then_some(why);
    form.remark = trouble
        .as_ref()
        .map(|why| SafeText::clean(&format!("The secret has to be typed again. {why}.")));
    close(model, trouble);
    sign_in(model, form)
}

fn close(model: &mut Model, why: Option<SafeText>) {
    model.access = Access::Closed(why);
    model.session = Session::nowhere();
    model.engine.leave(realm_of(&model.session));
}

fn failed(model: &mut Model, id: RequestId, why: SafeText) -> Vec<Effect> {
    if let Some(form) = form(model)
        && form.trying == Some(id)
    {
        (form.trying, form.remark) = (None, Some(why));
        return vec![];
    }
    if matches!(&model.access, Access::Opening { id: asked, .. } if *asked == id) {
        close(model, Some(why.clone()));
        return list(model, Some(why));
    }
    if let Some(accounts) = accounts(model) {
        accounts.remark = Some(why);
    }
    vec![]
}
