//! Creating a key: form, review, and what is unfinished. What becomes of a
//! request is decided in the engine.

use tui_input::Input;

use crate::{
    api::Mode,
    domain::{
        id::OnRampId,
        intent::IntentId,
        key_order::{Choice, Fault, KeyOrder},
        on_ramp::OnRamp,
    },
    engine::{
        Engine,
        attempt::{Attempt, Stage},
        effect::{Origin, Outcome},
        journal::Readiness,
        not_now::NotNow,
    },
};

use super::{
    attempt_text, attempts,
    dialog::{
        damage::Damage,
        issuing_view::Progress,
        new_key::{Field, NewKey},
        pair_form::PairForm,
        reason::Reason,
        review::Review,
        unfinished::Unfinished,
    },
    edit_key,
    key::{
        Code::{BackTab, Down, Enter, Esc, F, Left, Right, Tab, Up},
        char, plain,
    },
    model::{
        Model,
        command::{Binding, Call, Scope, command},
        interface::Open,
        modal::CLOSE,
        motion::LINES,
    },
    msg::Effect,
    place::Place,
    region_text, rehearse,
    stale_text::why_no_new_key,
    vlans,
};

#[rustfmt::skip]
pub(in crate::ui) static FORM: Scope = Scope { by_field: true, ..Scope::new("new-key", "New key form", &[
    &[
        command("form.review", "Go to the first field that is wrong, else review what will be sent.", review_form).hint("review").on(&[plain(Enter)]),
        command("field.next", "Go to the next field.", |model, _| model.change_top(|form: &mut NewKey| form.step(true))).hint("next field").on(&[plain(Tab), plain(Down)]),
        command("field.previous", "Go to the previous field.", |model, _| model.change_top(|form: &mut NewKey| form.step(false))).on(&[plain(BackTab), plain(Up)]),
        command("choice.next", "Take the next choice.", |model, _| model.change_top(|form: &mut NewKey| form.choose(true))).hint("change").when(on_a_choice).on(&[plain(Right), char(' ')]),
        command("choice.previous", "Take the previous choice.", |model, _| model.change_top(|form: &mut NewKey| form.choose(false))).when(on_a_choice).on(&[plain(Left)]),
        command("vlan.next-free", "In the VLAN field: go to the next free VLAN.", |model, _| free_vlan(model, true)).hint("next free").when(on_the_vlan).on(&[char('+'), char('=')]),
        command("vlan.previous-free", "In the VLAN field: go to the previous free VLAN.", |model, _| free_vlan(model, false)).hint("previous free").when(on_the_vlan).on(&[char('-')]),
        vlans::MAP.doc("In the VLAN field: open the map of the on-ramp's VLANs. `F2` opens it from every field.").hint("VLAN map").when(on_the_vlan).on(&[plain(F(2)), char(' ')]),
        vlans::MAP.doc("Open the map of the on-ramp's VLANs.").hint("").when(has_a_vlan).on(&[plain(F(2))]),
        command("vlan.propose", "In the VLAN field: take the VLAN that the policy proposes.", propose_vlan).hint("auto").when(on_the_vlan).on(&[char('a')]),
        rehearse::NEW_KEY_ROW,
        command("form.keep-draft", "Close the form and keep what was typed.", close_form).hint("keep draft").when(is_a_new_key).on(&[plain(Esc)]),
        command("form.close", "Where a key is changed: close the form and change nothing.", close_form).hint("back").on(&[plain(Esc)]),
    ],
]) };

#[rustfmt::skip]
pub(in crate::ui) static REVIEW: Scope = Scope::new("review", "Review", &[&[
    command("review.confirm", "Make the key. Counts only after the screen has said so, with nothing pressed for 0.4 s.", confirm).hint("make the key").when(review_is_ready).confirms().on(&[char('y')]),
    command("review.leave", "Send nothing and go back to the form.", leave_review).hint("back to the form").on(&[plain(Esc), plain(Enter), char('n'), char('q'), char('e')]),
    command("review.check-again", "Ask about the VLAN and the keys again.", |model, _| model.run(Engine::recheck)).hint("check again").when(may_check_again).on(&[char('r')]),
    rehearse::ROW,
]]);

#[rustfmt::skip]
pub(in crate::ui) static PROGRESS: Scope = Scope::new("attempt", "A key being made", &[&[
    command("attempt.search", "Look in the on-ramp's keys again. Never sends again.", |model, _| with_attempt(model, |model, id| model.run(|engine| engine.look(id)))).hint("look again").when(may_search_again).on(&[char('l'), char('r')]),
    command("attempt.adopt", "Say which of the keys found is the one just made.", |model, call| with_attempt(model, |model, id| attempts::adopt(model, id, call))).hint("that one is ours").when(has_candidates).on(&[char('1'), char('2'), char('3'), char('4')]),
    command("attempt.send-again", "Send it, where nothing was found: the same order with the same VLAN and tag, after a review.", |model, _| with_attempt(model, |model, id| model.open(Open::ReviewAgain(id)))).hint("send").when(may_be_sent).on(&[char('s')]),
    command("attempt.set-aside", "Leave it in doubt, with its VLAN kept, and let other keys be made.", |model, _| with_attempt(model, attempts::set_aside)).hint("set aside").when(may_set_aside).on(&[char('x')]),
    command("attempt.ask-reason", "Close it with a reason, and free its VLAN.", |model, _| with_attempt(model, ask_reason)).hint("close for good").when(may_be_closed).on(&[char('c')]),
    command("attempt.hide", "Close this. While the key is in doubt it is only hidden: `!` brings it back.", |model, _| with_attempt(model, attempts::hide)).hint("close").on(&[plain(Esc), plain(Enter), char('q')]),
]]);

#[rustfmt::skip]
pub(in crate::ui) static UNFINISHED: Scope = Scope::new("unfinished", "Unfinished keys", &[
    &[command("unfinished.open", "Open the one under the cursor: its key, or how the search for it goes. Of a change: you have seen how it is now.", open_selected).hint("open").on(&[plain(Enter)])],
    LINES,
    &[
        command("unfinished.search", "Look for the one under the cursor again; of a change, read everything again.", search_selected).hint("look again").when(may_search_selected).on(&[char('l'), char('r')]),
        command("problems.open", "Show what could not be read, and why.", |model, _| model.open(Open::Problems)).hint("what could not be read").on(&[char('!')]),
        CLOSE.doc("Close the list. Everything on it stays unfinished: `!` shows it again.").hint("close").on(&[plain(Esc), char('q')]),
    ],
]);

/// Opens the form for a new key.
#[rustfmt::skip]
pub(in crate::ui) const CREATE: Binding =
    command("key.create", "Make a service key on this on-ramp: opens a form, nothing is sent yet.", open_new_key).hint("new key").when(may_make_a_key).on(&[char('n')]);

/// Says why no key can be created here.
#[rustfmt::skip]
pub(in crate::ui) const WHY_NOT: Binding =
    command("key.explain", "Where none can be made: say why not.", explain_no_key).when(on_an_on_ramp).on(&[char('n'), char('N')]);

/// Shows what is unfinished, else what is wrong.
#[rustfmt::skip]
pub(in crate::ui) const SHOW_UNFINISHED: Binding =
    command("problems", "Show the keys and changes that are unfinished; without any, and from there, what could not be read, and why, and what stands between here and the API.", show_unfinished).hint("more").when(has_news).on(&[char('!')]);

pub(super) fn on_an_on_ramp(model: &Model) -> bool {
    model.place == Place::Browse && model.current_id().is_some()
}

/// Whether the on-ramp takes keys, and we may create them.
pub(super) fn may_make_a_key(model: &Model) -> bool {
    let open = model.current().is_some_and(|on_ramp| on_ramp.closed().is_empty());
    model.place == Place::Browse
        && open
        && model.engine.mode() == Mode::ReadWrite
        && why_no_new_key(model).is_none()
}

fn has_news(model: &Model) -> bool {
    let failed = model.engine.products().failure.is_some() || model.engine.keys().failure.is_some();
    let journal = model.engine.journal();
    let lost = !journal.lost.is_empty() || !journal.second.is_empty();
    let lost = lost || !journal.changes.is_empty();
    let unwell = lost || !journal.unwritten.is_empty() || journal.readiness.is_unwell();
    // A proxy and an authority of one's own are worth a look, too.
    let open = !model.engine.attempts().is_empty() || !model.session.way.is_plain();
    let clash = model.engine.inventory().clashes().next().is_some() || has_shorter_lists(model);
    let map = region_text::is_unwell(model);
    open || unwell
        || map
        || failed
        || clash
        || model.engine.audit().is_unwell()
        || model.engine.unread() > 0
}

/// Whether a list lacks, or has lost, entries without an explanation.
fn has_shorter_lists(model: &Model) -> bool {
    let missing =
        model.engine.inventory().missing_on_ramps() + model.engine.inventory().missing_keys();
    missing > 0 || !model.engine.products().left.is_empty() || !model.engine.keys().left.is_empty()
}

fn form(model: &Model) -> Option<&NewKey> {
    model.modals.on_top()
}

/// Whether the form creates a key, and does not change one.
pub(super) fn is_a_new_key(model: &Model) -> bool {
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

/// The request that the dialog on top is about.
fn attempt(model: &Model) -> Option<&Attempt> {
    model.engine.attempt(model.modals.on_top::<Progress>()?.0)
}

fn is_searchable_now(one: &Attempt) -> bool {
    one.can_be_looked_for() && !one.search.asking
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
        !one.is_set_aside && (nothing || one.stage == Stage::Waiting)
    })
}

/// Whether a person may send it, or send it again.
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
    attempt(model).is_some_and(|one| matches!(one.stage, Stage::Maybe(_) | Stage::Several(_)))
}

/// Does something with the request that the dialog on top is about.
fn with_attempt(
    model: &mut Model,
    run: impl FnOnce(&mut Model, IntentId) -> Vec<Effect>,
) -> Vec<Effect> {
    match model.modals.on_top::<Progress>() {
        Some(&Progress(id)) => run(model, id),
        None => vec![],
    }
}

fn ask_reason(model: &mut Model, intent: IntentId) -> Vec<Effect> {
    let waiting = model.engine.attempt(intent).is_some_and(|one| one.stage == Stage::Waiting);
    let input = Input::new(if waiting { "discarded" } else { "" }.to_owned());
    model.modals.push(Reason { intent, input });
    vec![]
}

fn explain_no_key(model: &mut Model, _: Call) -> Vec<Effect> {
    model.notice = Some(why_no_key(model));
    let damaged = matches!(model.engine.journal().readiness, Readiness::Damaged(_));
    if damaged && model.engine.mode() == Mode::ReadWrite {
        model.modals.push(Damage);
    }
    vec![]
}

fn nth_unfinished(model: &Model, n: usize) -> Option<IntentId> {
    model.engine.attempts().get(n).map(|one| one.standing.intent.id)
}

/// Shows the list of what is unfinished, or the only one on it.
fn show_unfinished(model: &mut Model, _: Call) -> Vec<Effect> {
    match model.engine.attempts() {
        [] if model.engine.journal().changes.is_empty() => return model.open(Open::Problems),
        [only] if !only.is_set_aside && model.engine.journal().changes.is_empty() => {
            attempts::show(model, only.standing.intent.id);
        }
        _ => model.modals.push(Unfinished::default()),
    }
    vec![]
}

/// Opens the entry of the list under the cursor: its key where that is known. Of a
/// change it is enough that somebody has seen how it is now.
fn open_selected(model: &mut Model, _: Call) -> Vec<Effect> {
    let Some(&Unfinished { cursor }) = model.modals.on_top() else { return vec![] };
    if let Some(id) = nth_unfinished(model, cursor) {
        open_one(model, id)
    } else {
        let at = cursor - model.engine.attempts().len();
        model.run(|engine| engine.see_change(at))
    }
}

fn search_selected(model: &mut Model, _: Call) -> Vec<Effect> {
    let Some(&Unfinished { cursor }) = model.modals.on_top() else { return vec![] };
    match nth_unfinished(model, cursor) {
        Some(id) => model.run(|engine| engine.look(id)),
        None => model.refresh(),
    }
}

/// Opens an unfinished intent: its key where that is known.
pub(super) fn open_one(model: &mut Model, id: IntentId) -> Vec<Effect> {
    let Some(one) = model.engine.attempt(id) else { return vec![] };
    match &one.stage {
        Stage::Made(_) => {
            let origin = if one.from_previous_session { Origin::Earlier } else { Origin::Found };
            return model.open(Open::CreatedCard(id, origin));
        }
        _ => attempts::show(model, id),
    }
    vec![]
}

fn open_new_key(model: &mut Model, _: Call) -> Vec<Effect> {
    open_form(model);
    vec![]
}

pub(super) fn open_form(model: &mut Model) {
    if let Some(one) = model.engine.active_attempt() {
        let id = one.standing.intent.id;
        return attempts::show(model, id);
    }
    let Some(on_ramp) = model.current() else { return };
    let Some(map) = model.engine.vlans(&on_ramp.id) else { return };
    let draft = model.draft.as_ref().and_then(|draft| draft.as_kind::<NewKey>());
    let form = match draft {
        Some(draft) if draft.on_ramp == on_ramp.id => draft.clone(),
        _ => {
            let proposed = vlans::propose(model, map.taken());
            NewKey::of(on_ramp, &model.settings.presets, proposed)
        }
    };
    model.modals.push(form);
}

/// Why no key can be made on this on-ramp now.
fn why_no_key(model: &Model) -> String {
    let closed = model.current().map(OnRamp::closed).unwrap_or_default();
    let why: Vec<_> = closed.iter().map(ToString::to_string).collect();
    if !why.is_empty() {
        return format!("No new key here: {}.", why.join(", "));
    }
    match why_no_new_key(model).filter(|_| model.engine.mode() == Mode::ReadWrite) {
        Some(why) => format!("No key can be made: {why}."),
        None => "Read-only: nothing is made. :rw allows making keys.".to_owned(),
    }
}

/// Closes the form; what was typed for a new key is kept.
fn close_form(model: &mut Model, _: Call) -> Vec<Effect> {
    let form = model.modals.pop_kind::<NewKey>();
    if let Some(form) = form.filter(|form| form.is_worth_keeping()) {
        model.notice = Some("Draft kept: n opens it again.".to_owned());
        model.draft = Some(form);
    }
    vec![]
}

/// Puts the proposed VLAN into the form.
fn propose_vlan(model: &mut Model, _: Call) -> Vec<Effect> {
    let Some(vlans) = form(model).and_then(|form| edit_key::vlans(model, form)) else {
        return vec![];
    };
    match vlans::propose(model, vlans.taken()) {
        Some(vlan) => model.change_top(|form: &mut NewKey| form.set(Field::Vlan, vlan.to_string())),
        None => vec![],
    }
}

/// Puts the next free VLAN into the form, or the one before.
fn free_vlan(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(form) = form(model) else { return vec![] };
    let vlans = edit_key::vlans(model, form);
    let policy = &model.settings.vlans;
    match vlans.map(|map| policy.closed_to(form.text(Field::Customer), map.taken())) {
        Some(closed) => model.change_top(|form: &mut NewKey| form.free_vlan(forward, &closed)),
        None => vec![],
    }
}

/// What is wrong with the form now; nothing where its on-ramp is gone.
pub(super) fn form_faults(model: &Model, form: &NewKey) -> Vec<Fault> {
    let now = model.server_now();
    let on_ramp = model.engine.inventory().on_ramp(&form.on_ramp);
    let vlans = edit_key::vlans(model, form);
    match (on_ramp, vlans) {
        (Some(on_ramp), Some(vlans)) => {
            let mut faults = form.check(on_ramp, &vlans, now).err().unwrap_or_default();
            // A key can be changed where no new one can be made.
            let own = edit_key::has_its_own_vlan(form);
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

/// What the form would order; where something is wrong, the focus goes there.
pub(super) fn order_of_form(model: &mut Model) -> Option<KeyOrder> {
    let form = model.modals.on_top::<NewKey>()?;
    let on_ramp = model.engine.inventory().on_ramp(&form.on_ramp);
    let Some((on_ramp, vlans)) = on_ramp.zip(edit_key::vlans(model, form)) else {
        model.notice = Some("That on-ramp is no longer listed.".to_owned());
        return None;
    };
    match form.check(on_ramp, &vlans, model.server_now()) {
        Ok(order) => Some(order),
        Err(faults) => {
            if let Some(form) = model.modals.on_top_mut::<NewKey>() {
                form.go_to_fault(&faults);
            }
            None
        }
    }
}

/// Reviews what the form orders, or what it changes.
fn review_form(model: &mut Model, _: Call) -> Vec<Effect> {
    if form(model).is_some_and(|form| form.editing.is_some()) {
        return edit_key::review(model);
    }
    let Some(order) = order_of_form(model) else { return vec![] };
    let Some(form) = model.modals.on_top::<NewKey>() else { return vec![] };
    let whom = form.for_whom();
    open_review(model, |engine| engine.plan_keys(vec![order], whom))
}

/// Reviews an intent that was never sent, or whose key was not found.
pub(super) fn review_again(model: &mut Model, id: IntentId) -> Vec<Effect> {
    open_review(model, |engine| engine.plan_again(id))
}

/// Has the engine plan something, and opens its review.
pub(super) fn open_review(
    model: &mut Model,
    plan: impl FnOnce(&mut Engine) -> Result<Outcome, NotNow>,
) -> Vec<Effect> {
    match plan(&mut model.engine) {
        Ok(outcome) => {
            // There is one plan at a time, and so one review.
            model.modals.close::<Review>();
            model.modals.push(Review::opened(model.now()));
            model.present(outcome)
        }
        Err(why) => {
            model.notice = no_review(model, why);
            vec![]
        }
    }
}

/// Why nothing is reviewed now.
fn no_review(model: &Model, why: NotNow) -> Option<String> {
    Some(match why {
        NotNow::NoNames => "One moment: the journal is being opened.".to_owned(),
        NotNow::OtherRealm => "It is for another API than this console's.".to_owned(),
        NotNow::FirstOfPairOpen(label) => {
            format!("First the other key of the pair, {label}: it is not known.")
        }
        NotNow::Elsewhere(running) => attempt_text::elsewhere(&running),
        NotNow::Waits(from) => {
            format!("Not sent yet: s works {}.", attempt_text::from_in_words(model, from))
        }
        NotNow::Busy(label) => format!("First the key {label}: it is not settled yet."),
        _ => return None,
    })
}

fn leave_review(model: &mut Model, _: Call) -> Vec<Effect> {
    model.engine.drop_plan();
    model.modals.pop();
    vec![]
}

/// Somebody has said yes to the review on the screen.
fn confirm(model: &mut Model, _: Call) -> Vec<Effect> {
    let Some(yes) = model.confirmed.take() else { return vec![] };
    let no_words = |why| match why {
        NotNow::Unready(why) => Some(format!("Nothing was sent: {why}.")),
        _ => None,
    };
    model.try_run(|engine| engine.confirm(&yes), no_words)
}

/// A review was confirmed: it gives way to the request. The form comes back only
/// if the key was surely not created.
pub(super) fn close_submitted(model: &mut Model, again: bool) {
    model.modals.pop_kind::<Review>();
    if again {
        return;
    }
    if let Some(form) = model.modals.pop_kind::<NewKey>() {
        model.draft = Some(form);
    } else if let Some(form) = model.modals.pop_kind::<PairForm>() {
        model.pair_draft = Some(form);
    }
}

/// Opens the form of an order that surely created nothing, as it was.
pub(super) fn reopen_draft(model: &mut Model) {
    let draft = model.pair_draft.take().or_else(|| model.draft.take());
    if let Some(form) = draft {
        model.modals.push_boxed(form);
    }
}

/// A key has appeared that was refused or given up: what was begun since for the
/// same order is closed, before anybody confirms it. A review lies on its form.
pub(super) fn stop_same_order(model: &mut Model, on_ramp: &OnRampId, plan_dropped: bool) {
    let before = model.modals.len();
    model.modals.retain(|dialog| match dialog.as_kind::<NewKey>() {
        Some(form) => !(plan_dropped || form.on_ramp == *on_ramp) || form.editing.is_some(),
        None => !plan_dropped || !(dialog.is::<Review>() || dialog.is::<PairForm>()),
    });
    if model.modals.len() != before {
        model.notice = Some("Stopped: the refused request has created a key after all.".to_owned());
    }
}
