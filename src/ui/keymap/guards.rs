//! The `when` of the key table: small questions to the model.

use crate::api::{Mode, account::Listed};
use crate::domain::{key_order::Choice, on_ramp::Kind};
use crate::engine::journal::Readiness;
use crate::ui::{
    approve,
    browse::Pane,
    change,
    dialog::{
        Dialog,
        approval::{self, Approval},
        card::Card,
        change::Change,
        mapping::Subject,
        new_key::Field,
        new_key::NewKey,
        pair_form::{Field as PairField, PairForm},
        review_view,
        sign_in::SignIn,
        vlan_picker::VlanPicker,
    },
    mapping,
    model::{Access, Model},
    place::Place,
};

pub(super) fn always(_: &Model) -> bool {
    true
}

/// In the panes and the table, and nowhere else.
pub(super) fn in_browse(model: &Model) -> bool {
    in_browse_place(model) && model.visit.is_none()
}

pub(super) fn in_browse_place(model: &Model) -> bool {
    model.place == Place::Browse
}

pub(super) fn not_in_keys(model: &Model) -> bool {
    model.place != Place::Keys
}

pub(super) fn not_in_events(model: &Model) -> bool {
    model.place != Place::Events
}

pub(super) fn not_in_activity(model: &Model) -> bool {
    model.place != Place::Activity
}

pub(super) fn on_a_row(model: &Model) -> bool {
    model.key_list.current().is_some()
}

/// On a key that the list has, in the keys view.
pub(super) fn on_a_listed_key(model: &Model) -> bool {
    model.key_list.current().is_some_and(|row| row.id().is_some())
}

pub(super) fn on_an_on_ramp(model: &Model) -> bool {
    in_browse_place(model) && model.current_id().is_some()
}

/// Whether the on-ramp takes keys, and we may make them.
pub(super) fn may_make_a_key(model: &Model) -> bool {
    let open = model.current().is_some_and(|on_ramp| on_ramp.closed().is_empty());
    in_browse_place(model)
        && open
        && model.engine.mode() == Mode::ReadWrite
        && model.unready_for_new().is_none()
}

/// On something that may have a region. That changes nothing at Megaport, so
/// it needs no mode.
pub(super) fn may_map(model: &Model) -> bool {
    in_browse_place(model) && model.engine.has_inventory()
}

/// Whether a mapping can be taken back.
pub(super) fn may_unmap(model: &Model) -> bool {
    may_map(model) && model.mapping.undos > 0
}

/// Whether there is another file to write a mapping to.
pub(super) fn has_another_file(model: &Model) -> bool {
    model.regions.layers().iter().filter(|layer| !layer.fixed).count() > 1
}

/// Whether what is mapped can be named more widely.
pub(super) fn has_widths(model: &Model) -> bool {
    let Some(Dialog::Mapping(open)) = model.dialogs.last() else { return false };
    matches!(&open.subject, Subject::Places(widths) if widths.len() > 1)
}

pub(super) fn can_go_back(model: &Model) -> bool {
    model.visit.is_some()
        || !model.browse.filter.input.value().is_empty()
        || model.browse.focus != Pane::Country
}

pub(super) fn has_news(model: &Model) -> bool {
    let failed = model.engine.products().failure.is_some() || model.engine.keys().failure.is_some();
    let journal = model.engine.journal();
    let lost = !journal.lost.is_empty() || !journal.second.is_empty();
    let lost = lost || !journal.changes.is_empty();
    let unwell = lost || !journal.unwritten.is_empty() || is_unwell(&journal.readiness);
    // A proxy and an authority of one's own are worth a look, too.
    let open = !model.engine.attempts().is_empty() || !model.session.way.is_plain();
    let clash = model.engine.inventory().clashes().next().is_some() || has_shorter_lists(model);
    let map = mapping::is_unwell(model);
    open || unwell
        || map
        || failed
        || clash
        || model.engine.audit().is_unwell()
        || model.engine.unread() > 0
}

/// Whether a list lacks, or has lost, entries without an explanation.
pub(in crate::ui) fn has_shorter_lists(model: &Model) -> bool {
    let missing =
        model.engine.inventory().missing_on_ramps() + model.engine.inventory().missing_keys();
    missing > 0 || !model.engine.products().left.is_empty() || !model.engine.keys().left.is_empty()
}

fn form(model: &Model) -> Option<&NewKey> {
    match model.dialogs.last() {
        Some(Dialog::NewKey(form)) => Some(form),
        _ => None,
    }
}

/// Whether the form makes a key, and does not change one.
pub(super) fn is_a_new_key(model: &Model) -> bool {
    form(model).is_some_and(|form| form.editing.is_none())
}

pub(super) fn on_a_choice(model: &Model) -> bool {
    form(model).is_some_and(|form| !form.focus.is_text())
}

pub(super) fn on_the_vlan(model: &Model) -> bool {
    form(model).is_some_and(|form| form.focus == Field::Vlan)
}

pub(super) fn may_check_again(model: &Model) -> bool {
    let checked = model.engine.plan().is_some_and(|plan| !plan.is_checking());
    checked && matches!(model.dialogs.last(), Some(Dialog::Review(_)))
}

/// Whether the screen may say that `y` counts: every check is clear, all of it
/// is on the screen, and the keyboard was quiet.
pub(in crate::ui) fn review_is_ready(model: &Model) -> bool {
    let (Some(Dialog::Review(review)), Some(plan)) = (model.dialogs.last(), model.engine.plan())
    else {
        return false;
    };
    plan.is_clear()
        && model.arms_in(review.question.arms_in(model.now())).is_none()
        && review_view::is_all_shown(model, plan)
}

/// Whether the card has been on the screen long enough to be closed.
pub(super) fn card_takes_keys(model: &Model) -> bool {
    matches!(model.dialogs.last(), Some(Dialog::Card(card)) if card.takes_keys_in(model.now()).is_none())
}

/// The key that the dialog on top is about.
fn issuing(model: &Model) -> Option<&Attempt> {
    match model.dialogs.last() {
        Some(Dialog::Attempt(id)) => model.engine.attempt(*id),
        _ => None,
    }
}

fn may_look(one: &Attempt) -> bool {
    one.can_be_looked_for() && !one.search.asking
}

pub(super) fn may_look_again(model: &Model) -> bool {
    issuing(model).is_some_and(may_look)
}

pub(super) fn may_look_at_the_line(model: &Model) -> bool {
    match model.dialogs.last() {
        Some(Dialog::Unfinished { cursor }) => match model.engine.attempts().get(*cursor) {
            Some(one) => may_look(one),
            None => model.engine.keys().asked.is_none(),
        },
        _ => false,
    }
}

pub(super) fn may_set_aside(model: &Model) -> bool {
    issuing(model).is_some_and(|one| {
        let nothing = has_candidates(model) || one.has_looked_enough();
        !one.is_set_aside && (nothing || one.stage == Stage::Waiting)
    })
}

/// Whether a person may send it, or send it again.
pub(super) fn may_be_sent(model: &Model) -> bool {
    let ready = model.engine.mode() == Mode::ReadWrite
        && model.engine.journal().readiness == Readiness::Ready
        && model.engine.audit().blocks().is_none();
    ready && issuing(model).is_some_and(Attempt::may_be_sent)
}

pub(super) fn may_be_closed(model: &Model) -> bool {
    issuing(model).is_some_and(Attempt::may_be_closed)
}

pub(super) fn has_candidates(model: &Model) -> bool {
    issuing(model).is_some_and(|one| matches!(one.stage, Stage::Maybe(_) | Stage::Several(_)))
}

/// Whether the journal itself needs somebody's eye.
pub(in crate::ui) const fn is_unwell(readiness: &Readiness) -> bool {
    matches!(readiness, Readiness::Damaged(_) | Readiness::Unusable(_))
}

pub(super) fn on_a_key(model: &Model) -> bool {
    crate::ui::visit_view::selected_key(model).is_some()
}

/// There is something to read from.
pub(super) fn may_refresh(model: &Model) -> bool {
    model.access == Access::Open
}

fn account(model: &Model) -> Option<&Listed> {
    match model.dialogs.last() {
        Some(Dialog::Accounts(accounts)) => accounts.selected(),
        _ => None,
    }
}

pub(super) fn on_an_account(model: &Model) -> bool {
    account(model).is_some()
}

pub(super) fn on_a_profile(model: &Model) -> bool {
    account(model).is_some_and(|one| one.profile.is_some())
}

fn sign_in(model: &Model) -> Option<&SignIn> {
    match model.dialogs.last() {
        Some(Dialog::SignIn(form)) => Some(form),
        _ => None,
    }
}

pub(super) fn is_trying(model: &Model) -> bool {
    sign_in(model).is_some_and(|form| form.trying.is_some())
}

pub(super) fn may_try(model: &Model) -> bool {
    sign_in(model).is_some_and(|form| form.trying.is_none())
}

pub(super) fn on_a_sign_in_choice(model: &Model) -> bool {
    sign_in(model).is_some_and(|form| form.trying.is_none() && !form.is_typing())
}

pub(super) fn has_a_vlan(model: &Model) -> bool {
    form(model).is_some_and(|form| form.usage == Choice::Tagged)
}

fn vlan_map(model: &Model) -> Option<&VlanPicker> {
    match model.dialogs.last() {
        Some(Dialog::Vlans(picker)) => Some(picker),
        _ => None,
    }
}

/// Into a form always; for a new key where one can be made.
pub(super) fn may_take_vlan(model: &Model) -> bool {
    vlan_map(model).is_some_and(|picker| picker.for_form) || may_make_a_key(model)
}

pub(super) fn may_ask_vlan(model: &Model) -> bool {
    let kind = vlan_map(model)
        .filter(|picker| picker.asking.is_none())
        .and_then(|picker| model.engine.inventory().on_ramp(&picker.on_ramp))
        .map(|on_ramp| on_ramp.kind);
    kind.is_some_and(Kind::answers_vlans)
}

pub(super) fn has_partner(model: &Model) -> bool {
    vlan_map(model).is_some_and(|picker| picker.partner.is_some())
}

/// Whether pairs can be made at all: which two is the form's business.
pub(super) fn may_make_a_pair(model: &Model) -> bool {
    let fresh = model.engine.has_inventory() && model.doubt().is_none();
    in_browse_place(model) && model.engine.mode() == Mode::ReadWrite && fresh
}

fn pair(model: &Model) -> Option<&PairForm> {
    match model.dialogs.last() {
        Some(Dialog::Pair(form)) => Some(form),
        _ => None,
    }
}

pub(super) fn on_a_pair_choice(model: &Model) -> bool {
    pair(model).is_some_and(|form| !form.is_typing())
}

pub(super) fn on_the_pairs_vlan(model: &Model) -> bool {
    pair(model).is_some_and(|form| form.focus == PairField::Key(Field::Vlan))
}

pub(super) fn on_a_pairs_vlan(model: &Model) -> bool {
    on_the_pairs_vlan(model) || pair(model).is_some_and(|form| form.focus == PairField::SecondVlan)
}

fn card(model: &Model) -> Option<&Card> {
    match model.dialogs.last() {
        Some(Dialog::Card(card)) => Some(card),
        _ => None,
    }
}

pub(super) fn card_is_of_a_pair(model: &Model) -> bool {
    card_takes_keys(model) && card(model).is_some_and(Card::is_of_a_pair)
}

pub(super) fn card_was_copied(model: &Model) -> bool {
    card(model).is_some_and(|card| card.copied.is_some())
}

/// Whether keys may be changed now.
fn may_write_to_keys(model: &Model) -> bool {
    let card = card(model).is_none() || card_takes_keys(model);
    model.engine.mode() == Mode::ReadWrite && card
}

/// Whether a key at hand is active, and we may change that.
pub(super) fn may_switch_off(model: &Model) -> bool {
    may_write_to_keys(model) && change::selected_keys(model).iter().any(|key| key.active)
}

pub(super) fn may_switch_on(model: &Model) -> bool {
    may_write_to_keys(model) && change::selected_keys(model).iter().any(|key| !key.active)
}

/// Whether the one key at hand can be changed on the form.
pub(super) fn may_edit(model: &Model) -> bool {
    may_write_to_keys(model) && change::selected_keys(model).len() == 1
}

pub(super) fn may_put_back(model: &Model) -> bool {
    may_write_to_keys(model) && change::changes_back(model).next().is_some()
}

pub(super) fn may_take_listed(model: &Model) -> bool {
    may_write_to_keys(model) && change::drifted_keys(model).next().is_some()
}

pub(super) fn has_another_key(model: &Model) -> bool {
    matches!(model.dialogs.last(), Some(Dialog::Aloud(aloud)) if aloud.has_another())
}

fn open_change(model: &Model) -> Option<&Change> {
    match model.dialogs.last() {
        Some(Dialog::Change(change)) => Some(change),
        _ => None,
    }
}

pub(super) fn may_change(model: &Model) -> bool {
    let may =
        |change: &Change| change.may_go(model) && model.arms_in(change.arms_in(model)).is_none();
    model.engine.mode() == Mode::ReadWrite && open_change(model).is_some_and(may)
}

pub(super) fn may_mark(model: &Model) -> bool {
    let run = open_change(model).and_then(|change| change.run(model));
    run.is_some_and(|run| !run.is_confirmed() && run.steps().len() > 1)
}

pub(super) fn nothing_is_changing(model: &Model) -> bool {
    open_change(model).is_some_and(|change| !change.is_under_way(model))
}

/// Whether a circuit at hand waits for our approval, and we may answer.
pub(super) fn a_circuit_waits(model: &Model) -> bool {
    model.engine.mode() == Mode::ReadWrite && approve::waiting(model).is_some()
}

fn may_decide(model: &Model) -> bool {
    let may = |open: &Approval| model.arms_in(open.arms_in(model)).is_none();
    let open = approval::may_answer(model);
    let open = open && matches!(model.dialogs.last(), Some(Dialog::Approval(open)) if may(open));
    open && model.engine.mode() == Mode::ReadWrite
}

pub(super) fn may_approve(model: &Model) -> bool {
    may_decide(model) && !approve::is_asked_again(model)
}

/// Whether `y` would reject the circuit.
pub(super) fn may_confirm_rejection(model: &Model) -> bool {
    may_decide(model) && approve::is_asked_again(model)
}

pub(super) fn nothing_is_decided(model: &Model) -> bool {
    matches!(model.dialogs.last(), Some(Dialog::Approval(_))) && !approve::is_under_way(model)
}

/// Whether there is anything to choose from, in the views of on-ramps.
pub(super) fn may_rank(model: &Model) -> bool {
    in_browse_place(model) && model.engine.has_inventory()
}
use crate::engine::attempt::{Attempt, Stage};
