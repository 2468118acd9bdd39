//! Accounts on the screen: opening one, switching, signing in.
//!
//! The data of one account disappears before another one is opened: two companies'
//! circuits are never on one screen.

use std::time::Duration;

use crate::{
    api::{
        RequestId,
        account::{
            Answer, Api, Ask, EnvironmentKind, Listed, Opened, Profile, Session, Store, Target,
        },
    },
    domain::{preset::Settings, text::SafeText},
    engine::{Engine, attempt::Attempt},
    ui::{
        input::motion::{ENDS, LINES},
        model::{
            Model, Purpose,
            command::{Binding, Call, Scope, command},
            context::Context,
            modal::CLOSE,
            msg::Effect,
        },
        state::{
            access::Access,
            key::{
                Code::{BackTab, Down, Enter, Esc, Left, Right, Tab, Up},
                char, plain,
            },
        },
    },
};

use super::{
    accounts::Accounts,
    sign_in::{Keep, SignIn, SignInTarget},
};

/// Opens the list of accounts.
#[rustfmt::skip]
pub(in crate::ui) const OPEN: Binding =
    command("accounts", "Accounts: switch, sign in, edit a profile.", |context, _| list(context, None)).hint("accounts").bind(&[char('p')]);

#[rustfmt::skip]
pub(in crate::ui) static ACCOUNTS: Scope = Scope::new("accounts", "Accounts", &[
    &[
        command("account.use", "Switch to the selected account; the data of the previous one leaves the screen.", use_selected).hint("use").when(on_an_account).bind(&[plain(Enter)]),
        command("account.add", "Sign in with another API key; this adds a profile.", |context, _| sign_in(context, SignIn::new(None))).hint("add account").bind(&[char('a'), char('n')]),
        command("account.edit", "Edit the selected profile: API key, mode, secret store.", edit_selected).hint("edit").when(on_a_profile).bind(&[char('e')]),
    ],
    LINES,
    ENDS,
    &[CLOSE.doc("Close.").hint("close").bind(&[plain(Esc), char('q'), char('p')])],
]);

#[rustfmt::skip]
pub(in crate::ui) static SIGN_IN: Scope = Scope::new("sign-in", "Sign-in form", &[&[
    command("sign-in.stop", "While the API key is tested: stop.", stop_trying).hint("stop").when(is_trying).bind(&[plain(Esc)]),
    command("sign-in.try", "Go to the first invalid field, else test the API key; the secret is stored only if it works.", try_pair).hint("sign in").when(may_try).bind(&[plain(Enter)]),
    command("sign-in.next-field", "Go to the next field.", |context, _| context.change_top(|form: &mut SignIn| form.step(true))).hint("next field").when(may_try).bind(&[plain(Tab), plain(Down)]),
    command("sign-in.previous-field", "Go to the previous field.", |context, _| context.change_top(|form: &mut SignIn| form.step(false))).when(may_try).bind(&[plain(BackTab), plain(Up)]),
    command("sign-in.next-choice", "Select the next choice.", |context, _| context.change_top(|form: &mut SignIn| form.choose(true))).hint("change").when(on_a_choice).bind(&[plain(Right), char(' ')]),
    command("sign-in.previous-choice", "Select the previous choice.", |context, _| context.change_top(|form: &mut SignIn| form.choose(false))).when(on_a_choice).bind(&[plain(Left)]),
    CLOSE.doc("Close the form and discard the input.").hint("close").when(may_try).bind(&[plain(Esc)]),
]]);

fn selected(model: &Model) -> Option<&Listed> {
    model.modals.on_top().and_then(Accounts::selected)
}

fn on_an_account(model: &Model) -> bool {
    selected(model).is_some()
}

fn on_a_profile(model: &Model) -> bool {
    selected(model).is_some_and(|one| one.profile.is_some())
}

fn is_trying(model: &Model) -> bool {
    model.modals.on_top::<SignIn>().is_some_and(|form| form.trying.is_some())
}

fn may_try(model: &Model) -> bool {
    model.modals.on_top::<SignIn>().is_some_and(|form| form.trying.is_none())
}

fn on_a_choice(model: &Model) -> bool {
    may_try(model) && !model.modals.on_top().is_some_and(SignIn::is_on_text)
}

fn edit_selected(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    match selected(context).and_then(|one| one.profile.as_ref()).map(SignIn::edit) {
        Some(form) => sign_in(context, form),
        None => vec![],
    }
}

fn stop_trying(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let form = context.modals_mut().on_top_mut::<SignIn>();
    let Some(id) = form.and_then(|form| form.trying.take()) else { return vec![] };
    context.end_request(id);
    vec![Effect::CancelOpening]
}

/// Opens the list of accounts, with a reason where there is one.
fn list(context: &mut Context<'_>, remark: Option<SafeText>) -> Vec<Effect> {
    context.modals_mut().close::<Accounts>();
    let accounts = Accounts { remark, ..Accounts::default() };
    context.modals_mut().push(accounts);
    vec![ask(context, Ask::Accounts, Purpose::Accounts).1]
}

/// Opens the empty form, for this API where one was named.
pub(in crate::ui) fn open_sign_in(context: &mut Context<'_>, api: Option<&Api>) -> Vec<Effect> {
    sign_in(context, SignIn::new(api))
}

/// Opens the form, and tests which stores would keep a secret.
fn sign_in(context: &mut Context<'_>, form: SignIn) -> Vec<Effect> {
    context.modals_mut().close::<SignIn>();
    context.modals_mut().push(form);
    Keep::PROBED.map(|store| ask(context, Ask::Probe(store), Purpose::Accounts).1).into()
}

/// Returns whether the account may be closed: a key that may exist keeps it open, since
/// closing would lose it.
fn may_leave(context: &mut Context<'_>) -> bool {
    let doubt = context.engine.active_attempt().is_some_and(Attempt::is_in_doubt);
    if doubt {
        let says = context.keyed(
            "A key may exist here: {key:problems} shows it. Settle it before you switch accounts.",
        );
        context.say(says);
    }
    !doubt
}

fn use_selected(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(one) = selected(context).cloned() else { return vec![] };
    if !may_leave(context) {
        return vec![];
    }
    let program = one.profile.as_ref().and_then(|profile| profile.store.program_patience());
    let profile = one.profile.map(|profile| profile.name);
    open(
        context,
        one.target,
        Session { environment: one.environment, host: one.host, profile, ..Session::nowhere() },
        program,
    )
}

/// Opens an account. The data of the one before is dropped here.
pub(in crate::ui) fn open(
    context: &mut Context<'_>,
    target: Target,
    session: Session,
    program: Option<Duration>,
) -> Vec<Effect> {
    let name = match &target {
        Target::Variables => "the API key in the environment variables".to_owned(),
        Target::Profile(name) => format!("profile {name}"),
        Target::Demo => "the demo".to_owned(),
    };
    let regions = *context.regions.clone();
    context.enter(session, crate::api::Mode::ReadOnly, regions, Settings::default());
    let (id, effect) = ask(context, Ask::Open(target), Purpose::Opening);
    context.set_access(Access::Opening { id, name, since: context.now(), program });
    vec![Effect::CloseAccount, effect]
}

/// Tests the key pair of the form.
fn try_pair(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let now = context.now();
    let Some(form) = context.modals_mut().on_top_mut::<SignIn>() else { return vec![] };
    if form.at == SignInTarget::Demo {
        let demo = Session { environment: EnvironmentKind::Demo, ..Session::nowhere() };
        return if may_leave(context) { open(context, Target::Demo, demo, None) } else { vec![] };
    }
    if form.go_to_fault() {
        return vec![];
    }
    let (profile, secret) = form.profile();
    if !may_leave(context) {
        return vec![];
    }
    let (id, effect) = ask(context, Ask::SignIn(Box::new(profile), secret), Purpose::Opening);
    if let Some(form) = context.modals_mut().on_top_mut::<SignIn>() {
        (form.trying, form.since, form.remark) = (Some(id), now, None);
    }
    vec![effect]
}

fn ask(context: &mut Context<'_>, ask: Ask, purpose: Purpose) -> (RequestId, Effect) {
    let id = context.new_request_id(purpose);
    (id, Effect::Account(id, ask))
}

/// Megaport refuses the key pair: its secret may have been rotated, and its store may
/// have the new one. It is read again once, and what is on the screen stays; while a
/// key is in doubt its connection is not closed.
pub(in crate::ui) fn read_again(context: &mut Context<'_>) -> Vec<Effect> {
    let doubt = context.engine.active_attempt().is_some_and(Attempt::is_in_doubt);
    // Variables do not change while a program runs, and the demo's pair is its
    // own.
    let Some(name) = context.session.profile.clone() else { return vec![] };
    if doubt || context.reread || context.access != Access::Open {
        return vec![];
    }
    context.note_reread();
    vec![ask(context, Ask::Open(Target::Profile(name)), Purpose::Rereading).1]
}

/// Reads everything again after the secret was read again.
fn reread(context: &mut Context<'_>, answer: &Answer) -> Vec<Effect> {
    let Answer::Opened(_) = answer else { return vec![] };
    let mut effects = context.run(Engine::restart);
    effects.extend(context.refresh());
    effects
}

/// Applies an answer.
pub(in crate::ui) fn apply_account_answer(
    context: &mut Context<'_>,
    id: RequestId,
    answer: Answer,
) -> Vec<Effect> {
    match context.end_request(id) {
        None => return vec![],
        Some(Purpose::Rereading) => return reread(context, &answer),
        Some(_) => {}
    }
    match answer {
        Answer::Accounts(all) => {
            let in_use = context.session.profile.clone();
            if let Some(accounts) = context.modals_mut().find_mut::<Accounts>() {
                accounts.apply_list(all, in_use.as_deref());
            }
        }
        Answer::Probed(store, found) => {
            if let Some(form) = context.modals_mut().find_mut::<SignIn>() {
                form.probed(&store, found);
            }
        }
        Answer::Opened(opened) => return enter(context, *opened),
        Answer::Missing(profile, why) => return missing(context, &profile, why),
        Answer::Failed(why) => return failed(context, id, why),
    }
    vec![]
}

fn enter(context: &mut Context<'_>, opened: Opened) -> Vec<Effect> {
    let Opened { session, mode, regions, settings, says } = opened;
    context.enter(session, mode, regions, settings);
    context.set_notice(says.map(|says| says.to_string()));
    context.start()
}

/// Opens the form with everything but the secret, which has to be typed.
fn missing(context: &mut Context<'_>, profile: &Profile, why: SafeText) -> Vec<Effect> {
    let mut form = SignIn::edit(profile);
    form.kept = false;
    // The end of a session is no problem.
    let trouble = (profile.store != Store::Session).then_some(why);
    form.remark =
        trouble.as_ref().map(|why| SafeText::clean(&format!("Type the secret again. {why}.")));
    context.leave_account(trouble);
    sign_in(context, form)
}

fn failed(context: &mut Context<'_>, id: RequestId, why: SafeText) -> Vec<Effect> {
    if let Some(form) = context.modals_mut().find_mut::<SignIn>()
        && form.trying == Some(id)
    {
        (form.trying, form.remark) = (None, Some(why));
        return vec![];
    }
    if matches!(&context.access, Access::Opening { id: asked, .. } if *asked == id) {
        context.leave_account(Some(why.clone()));
        return list(context, Some(why));
    }
    if let Some(accounts) = context.modals_mut().find_mut::<Accounts>() {
        accounts.remark = Some(why);
    }
    vec![]
}
