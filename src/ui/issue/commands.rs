//! Creating a key: form, review, and what is unfinished. What becomes of a
//! request is decided in the engine.

use crate::{
    api::Mode,
    domain::{
        id::OnRampId,
        intent::IntentId,
        key_order::{Choice, Fault, KeyOrder},
        on_ramp::OnRamp,
    },
    engine::{Engine, effect::Outcome, journal::Readiness, not_now::NotNow},
    ui::{
        model::{
            Model,
            command::{Available, Binding, Call, Scope, command},
            context::Context,
            interface::Open,
            msg::Effect,
        },
        screen::{attempt_text, stale_text::why_no_new_key},
        state::{
            key::{
                Code::{BackTab, Down, Enter, Esc, F, Left, Right, Tab, Up},
                char, plain,
            },
            view_id::ViewId,
        },
    },
};

use super::{
    dry_run_commands, edit,
    form::{Field, NewKey},
    pair_form::PairForm,
    review::Review,
    vlan_commands,
};

#[rustfmt::skip]
pub(in crate::ui) static FORM: Scope = Scope { by_field: true, ..Scope::new("new-key", "New key form", &[
    &[
        command("form.review", "Go to the first invalid field, else review the request.", review_form).hint("review").bind(&[plain(Enter)]),
        command("field.next", "Go to the next field.", |context, _| context.change_top(|form: &mut NewKey| form.step(true))).hint("next field").bind(&[plain(Tab), plain(Down)]),
        command("field.previous", "Go to the previous field.", |context, _| context.change_top(|form: &mut NewKey| form.step(false))).bind(&[plain(BackTab), plain(Up)]),
        command("choice.next", "Select the next choice.", |context, _| context.change_top(|form: &mut NewKey| form.choose(true))).hint("change").when(on_a_choice).bind(&[plain(Right), char(' ')]),
        command("choice.previous", "Select the previous choice.", |context, _| context.change_top(|form: &mut NewKey| form.choose(false))).when(on_a_choice).bind(&[plain(Left)]),
        command("vlan.next-free", "In the VLAN field: go to the next free VLAN.", |context, _| free_vlan(context, true)).hint("next free").when(on_the_vlan).bind(&[char('+'), char('=')]),
        command("vlan.previous-free", "In the VLAN field: go to the previous free VLAN.", |context, _| free_vlan(context, false)).hint("previous free").when(on_the_vlan).bind(&[char('-')]),
        vlan_commands::MAP.doc("In the VLAN field: open the map of the on-ramp's VLANs. `F2` opens it from every field.").hint("VLAN map").when(on_the_vlan).bind(&[plain(F(2)), char(' ')]),
        vlan_commands::MAP.doc("Open the map of the on-ramp's VLANs.").hint("").when(has_a_vlan).bind(&[plain(F(2))]),
        command("vlan.propose", "In the VLAN field: use the VLAN that the policy proposes.", propose_vlan).hint("auto").when(on_the_vlan).bind(&[char('a')]),
        dry_run_commands::NEW_KEY_ROW,
        command("form.keep-draft", "Close the form and save a draft.", close_form).hint("close (draft saved)").when(is_a_new_key).bind(&[plain(Esc)]),
        command("form.close", "When you change a key: close the form and change nothing.", close_form).hint("back").bind(&[plain(Esc)]),
    ],
]) };

#[rustfmt::skip]
pub(in crate::ui) static REVIEW: Scope = Scope::new("review", "Review", &[&[
    command("review.confirm", "Create the key. Works only when the screen offers it, after a pause of 0.4 s.", confirm).hint("create key").when(review_is_ready).confirms().bind(&[char('y')]),
    command("review.leave", "Back to the form; nothing is sent.", leave_review).hint("back to the form").bind(&[plain(Esc), plain(Enter), char('n'), char('q'), char('e')]),
    command("review.check-again", "Check the VLAN and the keys again.", |context, _| context.run(Engine::recheck)).hint("check again").when(may_check_again).bind(&[char('r')]),
    dry_run_commands::ROW,
]]);

/// Opens the form for a new key.
#[rustfmt::skip]
pub(in crate::ui) const CREATE: Binding =
    command("key.create", "Create a service key on this on-ramp: opens a form; nothing is sent yet.", open_new_key).hint("new key").unless(can_create).bind(&[char('n')]);

/// Shows what of a damaged journal could not be read, where a key is asked for.
#[rustfmt::skip]
pub(in crate::ui) const SHOW_DAMAGE: Binding =
    command("damage.open", "If the journal is damaged: show how much could not be read, and ask whether to continue.", show_damage).when(is_damaged).bind(&[char('n'), char('N')]);

pub(in crate::ui) fn on_an_on_ramp(model: &Model) -> bool {
    model.place == ViewId::Browse && model.current_id().is_some()
}

/// Returns whether the on-ramp takes keys, and we may create them.
pub(in crate::ui) fn may_make_a_key(model: &Model) -> bool {
    let open = model.current().is_some_and(|on_ramp| on_ramp.closed().is_empty());
    model.place == ViewId::Browse
        && open
        && model.engine.mode() == Mode::ReadWrite
        && why_no_new_key(model).is_none()
}

fn form(model: &Model) -> Option<&NewKey> {
    model.modals.on_top()
}

/// Returns whether the form creates a key, and does not change one.
pub(in crate::ui) fn is_a_new_key(model: &Model) -> bool {
    form(model).is_some_and(|form| form.editing.is_none())
}

fn on_a_choice(model: &Model) -> bool {
    form(model).is_some_and(|form| !form.focus.is_text())
}

fn on_the_vlan(model: &Model) -> bool {
    form(model).is_some_and(|form| form.focus == Field::Vlan)
}

fn has_a_vlan(model: &Model) -> bool {
    form(model).is_some_and(|form| form.usage == Choice::Tagged)
}

fn may_check_again(model: &Model) -> bool {
    let checked = model.engine.plan().is_some_and(|plan| !plan.is_checking());
    checked && model.modals.on_top::<Review>().is_some()
}

fn review_is_ready(model: &Model) -> bool {
    model.modals.on_top::<Review>().is_some_and(|review| review.is_ready(model))
}

/// Returns whether a key can be created here, or why not.
fn can_create(model: &Model) -> Available {
    if may_make_a_key(model) { Available::Yes } else { or_why_not(model) }
}

/// Explains, on an on-ramp, why no key can be created there.
pub(in crate::ui) fn or_why_not(model: &Model) -> Available {
    if on_an_on_ramp(model) { Available::No(why_no_key(model)) } else { Available::Hidden }
}

/// Returns whether a damaged journal blocks new keys on an on-ramp.
fn is_damaged(model: &Model) -> bool {
    let damaged = matches!(model.engine.journal().readiness, Readiness::Damaged(_));
    damaged && model.engine.mode() == Mode::ReadWrite && on_an_on_ramp(model)
}

fn show_damage(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let why = why_no_key(context);
    context.say(why);
    context.open(Open::Damage)
}

fn open_new_key(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    open_form(context);
    vec![]
}

pub(in crate::ui) fn open_form(context: &mut Context<'_>) {
    if let Some(one) = context.engine.active_attempt() {
        let id = one.standing.intent.id;
        context.open(Open::Progress(id));
        return;
    }
    let Some(on_ramp) = context.current() else { return };
    let Some(map) = context.engine.vlans(&on_ramp.id) else { return };
    let draft = context.draft.as_ref().and_then(|draft| draft.as_kind::<NewKey>());
    let form = match draft {
        Some(draft) if draft.on_ramp == on_ramp.id => draft.clone(),
        _ => {
            let proposed = vlan_commands::propose(context, map.taken());
            NewKey::new(on_ramp, &context.settings.presets, proposed)
        }
    };
    context.modals_mut().push(form);
}

/// Explains why no key can be created on this on-ramp now.
fn why_no_key(model: &Model) -> String {
    let closed = model.current().map(OnRamp::closed).unwrap_or_default();
    let why: Vec<_> = closed.iter().map(ToString::to_string).collect();
    if !why.is_empty() {
        return format!("No new key here: {}.", why.join(", "));
    }
    match why_no_new_key(model).filter(|_| model.engine.mode() == Mode::ReadWrite) {
        Some(why) => format!("No key can be created: {why}."),
        None => model.keyed(
            "Read-only: nothing is created. {typed:writes.ask} allows creating \
            keys.",
        ),
    }
}

/// Closes the form; input for a new key is saved as a draft.
fn close_form(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let form = context.modals_mut().pop_kind::<NewKey>();
    if let Some(form) = form.filter(|form| form.is_worth_keeping()) {
        let says = context.keyed("Draft saved: {key:key.create} reopens it.");
        context.say(says);
        context.keep_draft(Some(form));
    }
    vec![]
}

/// Puts the proposed VLAN into the form.
fn propose_vlan(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(vlans) = form(context).and_then(|form| edit::vlans(context, form)) else {
        return vec![];
    };
    match vlan_commands::propose(context, vlans.taken()) {
        Some(vlan) => {
            context.change_top(|form: &mut NewKey| form.set(Field::Vlan, vlan.to_string()))
        }
        None => vec![],
    }
}

/// Puts the next free VLAN into the form, or the one before.
fn free_vlan(context: &mut Context<'_>, forward: bool) -> Vec<Effect> {
    let Some(form) = form(context) else { return vec![] };
    let vlans = edit::vlans(context, form);
    let policy = &context.settings.vlans;
    match vlans.map(|map| policy.closed_to(form.text(Field::Customer), map.taken())) {
        Some(closed) => context.change_top(|form: &mut NewKey| form.free_vlan(forward, &closed)),
        None => vec![],
    }
}

/// Returns the errors of the form; none if its on-ramp is gone.
pub(in crate::ui) fn form_faults(model: &Model, form: &NewKey) -> Vec<Fault> {
    let now = model.server_now();
    let on_ramp = model.engine.inventory().on_ramp(&form.on_ramp);
    let vlans = edit::vlans(model, form);
    match (on_ramp, vlans) {
        (Some(on_ramp), Some(vlans)) => {
            let mut faults = form.check(on_ramp, &vlans, now).err().unwrap_or_default();
            // A key can be changed even if no new one can be created.
            let own = edit::has_its_own_vlan(form);
            faults.retain(|fault| match fault {
                Fault::Closed(_) => form.editing.is_none(),
                Fault::VlanTaken(_) | Fault::NotAlone => !own,
                _ => true,
            });
            faults
        }
        _ => vec![],
    }
}

/// Returns the order of the form; on an error, the focus moves to it.
pub(in crate::ui) fn order_of_form(context: &mut Context<'_>) -> Option<KeyOrder> {
    let form = context.modals.on_top::<NewKey>()?;
    let on_ramp = context.engine.inventory().on_ramp(&form.on_ramp);
    let Some((on_ramp, vlans)) = on_ramp.zip(edit::vlans(context, form)) else {
        context.say("That on-ramp is no longer listed.");
        return None;
    };
    match form.check(on_ramp, &vlans, context.server_now()) {
        Ok(order) => Some(order),
        Err(faults) => {
            if let Some(form) = context.modals_mut().on_top_mut::<NewKey>() {
                form.go_to_fault(&faults);
            }
            None
        }
    }
}

/// Reviews what the form orders, or what it changes.
fn review_form(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if form(context).is_some_and(|form| form.editing.is_some()) {
        return edit::review(context);
    }
    let Some(order) = order_of_form(context) else { return vec![] };
    let Some(form) = context.modals.on_top::<NewKey>() else { return vec![] };
    let whom = form.for_whom();
    open_review(context, |engine| engine.plan_keys(vec![order], whom))
}

/// Reviews an intent that was never sent, or whose key was not found.
pub(in crate::ui) fn review_again(context: &mut Context<'_>, id: IntentId) -> Vec<Effect> {
    open_review(context, |engine| engine.plan_again(id))
}

/// Has the engine plan something, and opens its review.
pub(in crate::ui) fn open_review(
    context: &mut Context<'_>,
    plan: impl FnOnce(&mut Engine) -> Result<Outcome, NotNow>,
) -> Vec<Effect> {
    match plan(context.engine_mut()) {
        Ok(outcome) => {
            // There is one plan at a time, and so one review.
            context.modals_mut().close::<Review>();
            let review = Review::opened(context.now());
            context.modals_mut().push(review);
            context.present(outcome)
        }
        Err(why) => {
            let says = no_review(context, why);
            context.set_notice(says);
            vec![]
        }
    }
}

/// Explains why nothing is reviewed now.
fn no_review(model: &Model, why: NotNow) -> Option<String> {
    Some(match why {
        NotNow::NoNames => "The journal is still being opened; try again in a moment.".to_owned(),
        NotNow::OtherRealm => "This key belongs to another environment.".to_owned(),
        NotNow::FirstOfPairOpen(label) => {
            format!("The other key of the pair, {label}, is still in doubt. Settle it first.")
        }
        NotNow::Elsewhere(running) => attempt_text::elsewhere(&running),
        NotNow::Waits(from) => {
            let send = model.keyed("Not sent yet: {key:attempt.send-again} works");
            format!("{send} {}.", attempt_text::from_in_words(model, from))
        }
        NotNow::Busy(label) => format!("The key {label} is still in doubt. Settle it first."),
        _ => return None,
    })
}

fn leave_review(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    context.engine_mut().drop_plan();
    context.modals_mut().pop();
    vec![]
}

/// Confirms the review on the screen.
fn confirm(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(yes) = context.take_answer() else { return vec![] };
    let no_words = |_: &Model, why| match why {
        NotNow::Unready(why) => Some(format!("Nothing was sent: {why}.")),
        _ => None,
    };
    context.try_run(|engine| engine.confirm(&yes), no_words)
}

/// Replaces a confirmed review by its request. The form comes back only if the key was
/// surely not created.
pub(in crate::ui) fn close_submitted(context: &mut Context<'_>, again: bool) {
    context.modals_mut().pop_kind::<Review>();
    if again {
        return;
    }
    if let Some(form) = context.modals_mut().pop_kind::<NewKey>() {
        context.keep_draft(Some(form));
    } else if let Some(form) = context.modals_mut().pop_kind::<PairForm>() {
        context.keep_pair_draft(Some(form));
    }
}

/// Opens the form of an order that surely created nothing, as it was.
pub(in crate::ui) fn reopen_draft(context: &mut Context<'_>) {
    let draft = context.take_pair_draft().or_else(|| context.take_draft());
    if let Some(form) = draft {
        context.modals_mut().push_boxed(form);
    }
}

/// Closes forms for the same order when the key of a refused or closed request appears,
/// before the user confirms one. A review lies on its form.
pub(in crate::ui) fn stop_same_order(
    context: &mut Context<'_>,
    on_ramp: &OnRampId,
    plan_dropped: bool,
) {
    let before = context.modals.len();
    context.modals_mut().retain(|dialog| match dialog.as_kind::<NewKey>() {
        Some(form) => !(plan_dropped || form.on_ramp == *on_ramp) || form.editing.is_some(),
        None => !plan_dropped || !(dialog.is::<Review>() || dialog.is::<PairForm>()),
    });
    if context.modals.len() != before {
        context.say(
            "Stopped: Megaport refused the request but created the key. Check it in the \
            keys view before you order again.",
        );
    }
}
