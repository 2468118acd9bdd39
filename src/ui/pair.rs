//! A diverse pair: finding two on-ramps, filling in the form.
//!
//! What is sent, and in which order, is decided in the engine.

use crate::domain::{
    diversity::{self, Pair},
    geography::{Metro, Scope},
    id::OnRampId,
    key_order::KeyOrder,
    ranking::Want,
    units::Mbps,
    vlan_map::VlanMap,
};

use super::{
    browse::Pane,
    dialog::{
        Dialog,
        new_key::{Field as KeyField, NewKey},
        pair_form::{Field, PairForm, Side, Wrong},
    },
    issue,
    keymap::Command,
    model::Model,
    msg::Effect,
    offers,
    scopes::{self, Named},
};

/// Carries out a command on the form; `None` where it is not one of its.
pub(super) fn act(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    if command == Command::NewPair {
        open(model);
        return Some(vec![]);
    }
    let form = form(model)?;
    match command {
        Command::Field(forward) => leave_field(model, |form| form.step(forward)),
        Command::Choice(forward) => {
            let preset = form.focus == Field::Key(KeyField::Preset);
            form.choose(forward);
            match form.focus {
                Field::Half(_) => propose_vlans(model),
                _ if preset => propose(model),
                _ => {}
            }
        }
        Command::FreeVlan(forward) => free_vlan(model, forward),
        Command::AutoVlan => propose_vlans(model),
        Command::Review => return Some(enter(model)),
        Command::Close => close(model),
        _ => return None,
    }
    Some(vec![])
}

fn form(model: &mut Model) -> Option<&mut PairForm> {
    match model.dialogs.last_mut() {
        Some(Dialog::Pair(form)) => Some(&mut **form),
        _ => None,
    }
}

/// Opens the form: from the on-ramp under the cursor where the table has the
/// focus, else for the place that is chosen in the panes.
fn open(model: &mut Model) {
    if let Some(form) = model.pair_draft.take() {
        model.dialogs.push(Dialog::Pair(form));
        return refit(model);
    }
    let Some(any) = model.engine.inventory().on_ramps().first() else { return };
    let key = NewKey::of(any, &model.settings.presets, None);
    let from = model.visit.is_some() || model.browse.focus == Pane::OnRamps;
    let place = place_at_hand(model, from);
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
    model.dialogs.push(Dialog::Pair(Box::new(form)));
    if place.is_some() {
        if let Some(form) = self::form(model) {
            form.focus_on(Field::Key(KeyField::Label));
        }
        propose_from(model, model.current_id().filter(|_| from).cloned().as_ref());
    }
}

/// The place that the cursor is in: the on-ramp's region or metro, else what
/// the panes are narrowed to.
fn place_at_hand(model: &Model, from_on_ramp: bool) -> Option<Named> {
    let all = scopes::all(&model.geography);
    let named = |scope: Scope| all.iter().find(|one| one.scope == scope).cloned();
    if from_on_ramp {
        let at = model.engine.inventory().place(model.current_id()?)?;
        let region = model.geography.region_of(at).cloned();
        if let Some(name) = region {
            return named(Scope { region: Some(Some(name)), ..Scope::default() });
        }
        let site = &model.engine.inventory().on_ramps().get(at)?.site;
        let metro = Metro::of(site);
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

/// The places that fit what is typed.
pub(super) fn places(model: &Model, typed: &str) -> Vec<Named> {
    scopes::find(&scopes::all(&model.geography), typed)
}

/// What the form would order; where something is wrong, the focus goes there.
pub(super) fn orders_of_form(model: &mut Model) -> Option<[KeyOrder; 2]> {
    let Some(Dialog::Pair(open)) = model.dialogs.last() else { return None };
    match check(model, open)? {
        Ok(orders) => Some(orders),
        Err(wrong) => {
            form(model)?.go_to(&wrong);
            None
        }
    }
}

/// Enter: takes the place that is typed, goes to what is wrong, else reviews.
fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(form) = form(model) else { return vec![] };
    if form.focus == Field::Place {
        leave_field(model, |form| form.focus_on(Field::Key(KeyField::Label)));
        return vec![];
    }
    let Some(Dialog::Pair(open)) = model.dialogs.last() else { return vec![] };
    match check(model, open) {
        Some(Ok(orders)) => review(model, orders),
        Some(Err(wrong)) => {
            if let Some(form) = self::form(model) {
                form.go_to(&wrong);
            }
            vec![]
        }
        None => {
            if let Some(form) = self::form(model) {
                form.focus_on(Field::Place);
            }
            vec![]
        }
    }
}

/// Leaves the field with the focus: a place that was typed is looked up, and a
/// rate may change which two are best.
fn leave_field(model: &mut Model, go: impl FnOnce(&mut PairForm)) {
    let Some(form) = form(model) else { return };
    let (left, typed) = (form.focus, form.typed.value().to_owned());
    match left {
        Field::Place => {
            let found = places(model, &typed).into_iter().next();
            let Some(form) = self::form(model) else { return };
            let Some(found) = found else { return };
            let new = form.place.as_ref() != Some(&found);
            form.typed = found.name.clone().into();
            form.place = Some(found);
            go(form);
            if new {
                form.swapped = false;
                propose(model);
            }
        }
        Field::Key(KeyField::Rate) => {
            go(form);
            propose(model);
        }
        _ => go(form),
    }
}

fn close(model: &mut Model) {
    if let Some(Dialog::Pair(form)) = model.dialogs.pop()
        && form.is_worth_keeping()
    {
        model.notice = Some("Draft kept: N opens it again.".to_owned());
        model.pair_draft = Some(form);
    }
}

/// What is known now decides anew, for a form that was put away.
fn refit(model: &mut Model) {
    let Some(form) = form(model) else { return };
    if !form.swapped {
        propose(model);
    }
}

/// Finds the best pair for the place and the rate on the form.
fn propose(model: &mut Model) {
    propose_from(model, None);
}

fn propose_from(model: &mut Model, fixed: Option<&OnRampId>) {
    let Some(form) = form(model).filter(|form| !form.swapped) else { return };
    let Some(place) = form.place.clone() else { return };
    let rate = form.key.rate().unwrap_or(Mbps::new(1));
    let ranking = offers::rank(model, &place.scope, Want::of(rate));
    let mut found = diversity::pairs(&ranking, fixed);
    if fixed.is_some() && found.is_err() {
        found = diversity::pairs(&ranking, None);
    }
    let open = ranking.offers.iter().map(|offer| offer.candidate.on_ramp.id.clone()).collect();
    let (ids, why, next) = match &found {
        Ok(pairs) => (pairs.first().map(Pair::ids), why(pairs), pairs.get(1).map(in_words)),
        Err(none) => (None, none.to_string(), None),
    };
    let ids = ids.map(Vec::from).unwrap_or_default();
    let Some(form) = self::form(model) else { return };
    let same = form.halves == ids;
    (form.halves, form.open, form.why, form.runner_up) = (ids, open, why, next);
    if !same {
        propose_vlans(model);
    }
}

fn why(pairs: &[Pair<'_>]) -> String {
    pairs.first().map(Pair::why).unwrap_or_default()
}

fn in_words(pair: &Pair<'_>) -> String {
    let names = pair.halves.each_ref().map(|half| half.candidate.on_ramp.name.as_str());
    let [one, other] = names;
    format!("{one} with {other}")
}

/// The VLANs of both sides.
fn maps(model: &Model, form: &PairForm) -> Option<[VlanMap; 2]> {
    let [one, other] = form.halves.as_slice() else { return None };
    Some([model.engine.vlans(one)?, model.engine.vlans(other)?])
}

/// Proposes one VLAN for both sides, else one for each.
fn propose_vlans(model: &mut Model) {
    let Some(Dialog::Pair(form)) = model.dialogs.last() else { return };
    let Some([one, other]) = maps(model, form) else { return };
    let customer = form.key.text(KeyField::Customer);
    let taken = [one.taken(), other.taken()];
    let [first, second] = model.settings.vlans.propose_pair(taken, customer, model.seed());
    if let Some(form) = self::form(model) {
        form.set_vlans(first, second);
    }
}

/// Goes to the next VLAN that is free on both sides, or the one below.
fn free_vlan(model: &mut Model, forward: bool) {
    let Some(Dialog::Pair(form)) = model.dialogs.last() else { return };
    let Some([one, other]) = maps(model, form) else { return };
    let mut both = one.taken().clone();
    other.taken().iter().for_each(|id| both.insert(id));
    let closed = model.settings.vlans.closed_to(form.key.text(KeyField::Customer), &both);
    if let Some(form) = self::form(model) {
        form.key.free_vlan(forward, &closed);
        form.own_vlan = false;
        form.follow();
    }
}

/// The two orders, or what is wrong; `None` while there are no two on-ramps.
fn check(model: &Model, form: &PairForm) -> Option<Result<[KeyOrder; 2], Vec<Wrong>>> {
    let [a, b] = maps(model, form)?;
    let [one, other] = form.halves.as_slice() else { return None };
    let (one, other) =
        (model.engine.inventory().on_ramp(one)?, model.engine.inventory().on_ramp(other)?);
    let sides = [Side { on_ramp: one, vlans: &a }, Side { on_ramp: other, vlans: &b }];
    Some(form.check(sides, model.server_now()))
}

/// What is wrong with the form now.
pub(super) fn faults(model: &Model, form: &PairForm) -> Vec<Wrong> {
    check(model, form).and_then(Result::err).unwrap_or_default()
}

/// The labels of the two keys.
pub(super) fn labels(model: &Model, form: &PairForm) -> Option<[String; 2]> {
    let [one, other] = form.halves.as_slice() else { return None };
    let zone = |id| model.engine.inventory().on_ramp(id).map(|on_ramp| &on_ramp.zone);
    Some(form.labels([zone(one)?, zone(other)?]))
}

/// Opens the review of two orders.
fn review(model: &mut Model, orders: [KeyOrder; 2]) -> Vec<Effect> {
    let Some(Dialog::Pair(form)) = model.dialogs.last() else { return vec![] };
    let whom = form.key.for_whom();
    issue::open_review(model, |engine| engine.plan_keys(orders.into(), whom))
}
