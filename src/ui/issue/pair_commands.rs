//! A diverse pair: finding two on-ramps, filling in the form.
//!
//! The engine decides on the requests and their order.

use crate::{
    api::Mode,
    domain::{
        diversity::{self, Pair},
        geography::{Metro, Scope},
        id::OnRampId,
        key_order::KeyOrder,
        ranking::Want,
        units::Mbps,
        vlan_map::VlanMap,
    },
    ui::{
        model::{
            Model,
            command::{self, Available, Binding, Call, command},
            context::Context,
            msg::Effect,
        },
        state::{
            browse::Pane,
            key::{
                Code::{BackTab, Down, Enter, Esc, Left, Right, Tab, Up},
                char, plain,
            },
            places::{self, Named},
            view_id::ViewId,
        },
    },
};

use super::{
    best_fit, commands, dry_run_commands,
    form::{Field as KeyField, NewKey},
    pair_form::{Field, PairForm, PairMember, Wrong},
};

/// Opens the form for a diverse pair.
#[rustfmt::skip]
pub(in crate::ui) const CREATE: Binding =
    command("key.pair", "Create a diverse pair (two keys), for the selected on-ramp, region, metro or country.", open).hint("pair").unless(can_create).bind(&[char('N')]);

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: command::Scope = command::Scope::new("new-pair", "New pair form", &[&[
    command("pair.review", "Use the typed place; go to the first invalid field, else review the request.", review_form).hint("review").bind(&[plain(Enter)]),
    command("pair.next-field", "Go to the next field.", |context, _| leave_field(context, |form| form.step(true))).hint("next field").bind(&[plain(Tab), plain(Down)]),
    command("pair.previous-field", "Go to the previous field.", |context, _| leave_field(context, |form| form.step(false))).bind(&[plain(BackTab), plain(Up)]),
    command("pair.next-choice", "Select the next choice; for an on-ramp: the next suitable one, with its verdict.", |context, _| choose(context, true)).hint("change").when(on_a_choice).bind(&[plain(Right), char(' ')]),
    command("pair.previous-choice", "Select the previous choice.", |context, _| choose(context, false)).when(on_a_choice).bind(&[plain(Left)]),
    command("pair.next-free-vlan", "In the first VLAN field: go to the next VLAN that is free on both.", |context, _| free_vlan(context, true)).hint("next free").when(on_the_first_vlan).bind(&[char('+'), char('=')]),
    command("pair.previous-free-vlan", "In the first VLAN field: go to the previous VLAN that is free on both.", |context, _| free_vlan(context, false)).hint("previous free").when(on_the_first_vlan).bind(&[char('-')]),
    command("pair.propose-vlans", "In a VLAN field: use the VLAN that the policy proposes, the same on both if possible.", |context, _| propose_vlans(context)).hint("auto").when(on_a_vlan).bind(&[char('a')]),
    dry_run_commands::ROW,
    command("pair.keep-draft", "Close the form and save a draft.", close).hint("close (draft saved)").bind(&[plain(Esc)]),
]]);

/// Returns whether a pair can be started here, or why not.
fn can_create(model: &Model) -> Available {
    if may_make_a_pair(model) { Available::Yes } else { commands::or_why_not(model) }
}

/// Returns whether pairs can be created at all: which two is the form's business.
fn may_make_a_pair(model: &Model) -> bool {
    let fresh = model.engine.has_inventory() && model.doubt().is_none();
    model.place == ViewId::Browse && model.engine.mode() == Mode::ReadWrite && fresh
}

fn on_a_choice(model: &Model) -> bool {
    model.modals.on_top::<PairForm>().is_some_and(|form| !form.is_on_text())
}

fn on_the_first_vlan(model: &Model) -> bool {
    let form = model.modals.on_top::<PairForm>();
    form.is_some_and(|form| form.focus == Field::Key(KeyField::Vlan))
}

fn on_a_vlan(model: &Model) -> bool {
    let second = |form: &PairForm| form.focus == Field::SecondVlan;
    on_the_first_vlan(model) || model.modals.on_top().is_some_and(second)
}

/// Changes the focused choice, and proposes the dependent values again.
fn choose(context: &mut Context<'_>, forward: bool) -> Vec<Effect> {
    let Some(form) = form(context) else { return vec![] };
    let preset = form.focus == Field::Key(KeyField::Preset);
    form.choose(forward);
    match form.focus {
        Field::Half(_) => return propose_vlans(context),
        _ if preset => propose(context),
        _ => {}
    }
    vec![]
}

fn form<'c>(context: &'c mut Context<'_>) -> Option<&'c mut PairForm> {
    context.modals_mut().on_top_mut()
}

/// Opens the form: from the on-ramp under the cursor where the table has the
/// focus, else for the place that is chosen in the panes.
fn open(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    if let Some(form) = context.take_pair_draft() {
        context.modals_mut().push_boxed(form);
        refit(context);
        return vec![];
    }
    let Some(any) = context.engine.inventory().on_ramps().first() else { return vec![] };
    let key = NewKey::new(any, &context.settings.presets, None);
    let from = context.visit.is_some() || context.browse.focus == Pane::OnRamps;
    let place = place_at_hand(context, from);
    let form = PairForm {
        focus: Field::Place,
        typed: place.as_ref().map(|place| place.name.clone()).unwrap_or_default().into(),
        place: place.clone(),
        key,
        halves: vec![],
        open: vec![],
        why: String::new(),
        runner_up: None,
        swapped: false,
        second_vlan: String::new().into(),
        own_vlan: false,
    };
    context.modals_mut().push(form);
    if place.is_some() {
        if let Some(form) = self::form(context) {
            form.focus_on(Field::Key(KeyField::Label));
        }
        propose_from(context, context.current_id().filter(|_| from).cloned().as_ref());
    }
    vec![]
}

/// Returns the place that the cursor is in: the on-ramp's region or metro, else what
/// the panes are narrowed to.
fn place_at_hand(model: &Model, from_on_ramp: bool) -> Option<Named> {
    let all = places::all(&model.geography);
    let named = |scope: Scope| all.iter().find(|one| one.scope == scope).cloned();
    if from_on_ramp {
        let at = model.engine.inventory().place(model.current_id()?)?;
        let region = model.geography.region_of(at).cloned();
        if let Some(name) = region {
            return named(Scope { region: Some(Some(name)), ..Scope::default() });
        }
        let site = &model.engine.inventory().on_ramps().get(at)?.site;
        let metro = Metro::of_site(site);
        let of = |one: &&Named| one.scope.metro.as_ref() == Some(&metro);
        return all.iter().find(of).cloned();
    }
    let Scope { country, metro, region } = model.browse.scope.clone();
    match (region, metro, country) {
        (Some(Some(name)), ..) => named(Scope { region: Some(Some(name)), ..Scope::default() }),
        (_, Some(metro), _) => named(Scope { metro: Some(metro), ..Scope::default() }),
        (_, _, Some(country)) => named(Scope { country: Some(country), ..Scope::default() }),
        _ => None,
    }
}

/// Returns the places that fit what is typed.
pub(in crate::ui) fn places(model: &Model, typed: &str) -> Vec<Named> {
    places::find(&places::all(&model.geography), typed)
}

/// Returns the orders of the form; on an error, the focus moves to it.
pub(in crate::ui) fn orders_of_form(context: &mut Context<'_>) -> Option<[KeyOrder; 2]> {
    let open = context.modals.on_top::<PairForm>()?;
    match check(context, open)? {
        Ok(orders) => Some(orders),
        Err(wrong) => {
            form(context)?.go_to(&wrong);
            None
        }
    }
}

/// Handles Enter: takes the typed place, goes to the first error, else reviews.
fn review_form(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(form) = form(context) else { return vec![] };
    if form.focus == Field::Place {
        return leave_field(context, |form| form.focus_on(Field::Key(KeyField::Label)));
    }
    let Some(open) = context.modals.on_top::<PairForm>() else { return vec![] };
    match check(context, open) {
        Some(Ok(orders)) => review(context, orders),
        Some(Err(wrong)) => {
            if let Some(form) = self::form(context) {
                form.go_to(&wrong);
            }
            vec![]
        }
        None => {
            if let Some(form) = self::form(context) {
                form.focus_on(Field::Place);
            }
            vec![]
        }
    }
}

/// Leaves the focused field: a typed place is searched, and a rate may change which two
/// are best.
fn leave_field(context: &mut Context<'_>, go: impl FnOnce(&mut PairForm)) -> Vec<Effect> {
    let Some(form) = form(context) else { return vec![] };
    let (left, typed) = (form.focus, form.typed.value().to_owned());
    match left {
        Field::Place => {
            let found = places(context, &typed).into_iter().next();
            let Some(form) = self::form(context) else { return vec![] };
            let Some(found) = found else { return vec![] };
            let new = form.place.as_ref() != Some(&found);
            form.typed = found.name.clone().into();
            form.place = Some(found);
            go(form);
            if new {
                form.swapped = false;
                propose(context);
            }
        }
        Field::Key(KeyField::Rate) => {
            go(form);
            propose(context);
        }
        _ => go(form),
    }
    vec![]
}

/// Closes the form; its input is saved as a draft.
fn close(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let form = context.modals_mut().pop_kind::<PairForm>();
    if let Some(form) = form.filter(|form| form.is_worth_keeping()) {
        let says = context.keyed("Draft saved: {key:key.pair} reopens it.");
        context.say(says);
        context.keep_pair_draft(Some(form));
    }
    vec![]
}

/// Updates the proposals of a saved form with the present data.
fn refit(context: &mut Context<'_>) {
    let Some(form) = form(context) else { return };
    if !form.swapped {
        propose(context);
    }
}

/// Finds the best pair for the place and the rate on the form.
fn propose(context: &mut Context<'_>) {
    propose_from(context, None);
}

fn propose_from(context: &mut Context<'_>, fixed: Option<&OnRampId>) {
    let Some(form) = form(context).filter(|form| !form.swapped) else { return };
    let Some(place) = form.place.clone() else { return };
    let rate = form.key.rate().unwrap_or(Mbps::new(1));
    let ranking = best_fit::rank(context, &place.scope, Want::for_rate(rate));
    let mut found = diversity::pairs(&ranking, fixed);
    if fixed.is_some() && found.is_err() {
        found = diversity::pairs(&ranking, None);
    }
    let open = ranking.offers.iter().map(|offer| offer.candidate.on_ramp.id.clone()).collect();
    let (ids, why, next) = match &found {
        Ok(pairs) => (pairs.first().map(Pair::ids), why(pairs), pairs.get(1).map(describe)),
        Err(none) => (None, none.to_string(), None),
    };
    let ids = ids.map(Vec::from).unwrap_or_default();
    let Some(form) = self::form(context) else { return };
    let same = form.halves == ids;
    (form.halves, form.open, form.why, form.runner_up) = (ids, open, why, next);
    if !same {
        propose_vlans(context);
    }
}

fn why(pairs: &[Pair<'_>]) -> String {
    pairs.first().map(Pair::why).unwrap_or_default()
}

fn describe(pair: &Pair<'_>) -> String {
    let names = pair.halves.each_ref().map(|half| half.candidate.on_ramp.name.as_str());
    let [one, other] = names;
    format!("{one} with {other}")
}

/// Returns the VLANs of both sides.
fn maps(model: &Model, form: &PairForm) -> Option<[VlanMap; 2]> {
    let [one, other] = form.halves.as_slice() else { return None };
    Some([model.engine.vlans(one)?, model.engine.vlans(other)?])
}

/// Proposes one VLAN for both sides, else one for each.
fn propose_vlans(context: &mut Context<'_>) -> Vec<Effect> {
    let Some(form) = context.modals.on_top::<PairForm>() else { return vec![] };
    let Some([one, other]) = maps(context, form) else { return vec![] };
    let customer = form.key.text(KeyField::Customer);
    let taken = [one.taken(), other.taken()];
    let [first, second] = context.settings.vlans.propose_pair(taken, customer, context.seed());
    context.change_top(|form: &mut PairForm| form.set_vlans(first, second))
}

/// Goes to the next VLAN that is free on both sides, or the one below.
fn free_vlan(context: &mut Context<'_>, forward: bool) -> Vec<Effect> {
    let Some(form) = context.modals.on_top::<PairForm>() else { return vec![] };
    let Some([one, other]) = maps(context, form) else { return vec![] };
    let mut both = one.taken().clone();
    other.taken().iter().for_each(|id| both.insert(id));
    let closed = context.settings.vlans.closed_to(form.key.text(KeyField::Customer), &both);
    context.change_top(|form: &mut PairForm| {
        form.key.free_vlan(forward, &closed);
        form.own_vlan = false;
        form.follow();
    })
}

/// Returns the two orders, or what is wrong; `None` while there are no two on-ramps.
fn check(model: &Model, form: &PairForm) -> Option<Result<[KeyOrder; 2], Vec<Wrong>>> {
    let [a, b] = maps(model, form)?;
    let [one, other] = form.halves.as_slice() else { return None };
    let (one, other) =
        (model.engine.inventory().on_ramp(one)?, model.engine.inventory().on_ramp(other)?);
    let sides = [PairMember { on_ramp: one, vlans: &a }, PairMember { on_ramp: other, vlans: &b }];
    Some(form.check(sides, model.server_now()))
}

/// Returns the errors of the form.
pub(in crate::ui) fn faults(model: &Model, form: &PairForm) -> Vec<Wrong> {
    check(model, form).and_then(Result::err).unwrap_or_default()
}

/// Returns the labels of the two keys.
pub(in crate::ui) fn labels(model: &Model, form: &PairForm) -> Option<[String; 2]> {
    let [one, other] = form.halves.as_slice() else { return None };
    let zone = |id| model.engine.inventory().on_ramp(id).map(|on_ramp| &on_ramp.zone);
    Some(form.labels([zone(one)?, zone(other)?]))
}

/// Opens the review of two orders.
fn review(context: &mut Context<'_>, orders: [KeyOrder; 2]) -> Vec<Effect> {
    let Some(form) = context.modals.on_top::<PairForm>() else { return vec![] };
    let whom = form.key.for_whom();
    commands::open_review(context, |engine| engine.plan_keys(orders.into(), whom))
}
