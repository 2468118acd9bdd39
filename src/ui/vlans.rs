//! The VLAN map: opening it, moving in it, asking the vendor, taking one.

use crate::{
    api::{Failure, Reply, Request},
    domain::{
        diversity,
        geography::Metro,
        id::OnRampId,
        key_order::Choice,
        place::Site,
        ranking::Want,
        vlan::{VlanId, VlanSet},
        vlan_map::Vlans,
    },
    engine::Input,
};

use super::{
    dialog::{
        Dialog,
        new_key::Field,
        vlan_picker::{BLOCK, LINE, VlanPicker},
    },
    engine_step, issue,
    key::{Code, Key},
    keymap::Command,
    model::{Model, Purpose},
    msg::Effect,
    offers,
};

/// Carries out a command of the map; `None` where it is not one of them.
pub(super) fn act(model: &mut Model, command: Command, key: Key) -> Option<Vec<Effect>> {
    if command == Command::VlanMap {
        open(model);
        return Some(vec![]);
    }
    let taken = taken(model)?;
    match command {
        Command::AutoVlan => {
            let to = propose(model, &taken);
            if let Some(picker) = picker(model) {
                picker.go_to(to);
            }
            return Some(vec![]);
        }
        Command::Again => return Some(ask(model)),
        Command::TakeVlan => return Some(take(model)),
        _ => {}
    }
    let closed = model.settings.vlans.closed_to(customer_of_form(model), &taken);
    let picker = picker(model)?;
    match (command, key.code) {
        (Command::Along(by), _) => picker.move_by(by),
        (Command::FreeVlan(forward), _) => picker.free(forward, &closed),
        (Command::EdgeVlan(last), _) => picker.edge(last, &closed),
        (Command::Digit, Code::Char(digit)) => {
            picker.digit(digit);
            let says = picker.is_typed_too_large().then(|| no_vlan(picker)).flatten();
            model.notice = says.or(model.notice.take());
        }
        (Command::Digit, _) => picker.backspace(),
        (Command::Overlay, _) => picker.overlaid = !picker.overlaid,
        _ => return None,
    }
    Some(vec![])
}

/// That what is typed is no VLAN, where it is none.
fn no_vlan(picker: &VlanPicker) -> Option<String> {
    let typed = picker.typed_without_vlan()?;
    let (first, last, at) = (VlanId::FIRST, VlanId::LAST, picker.cursor);
    Some(format!("{typed} is no VLAN ({first} to {last}): the cursor stays on {at}."))
}

/// One line of the map, and one block of it.
pub(super) const DOWN: i32 = LINE as i32;
pub(super) const PAGE: i32 = BLOCK as i32;

fn picker(model: &mut Model) -> Option<&mut VlanPicker> {
    match model.dialogs.last_mut() {
        Some(Dialog::Vlans(picker)) => Some(&mut **picker),
        _ => None,
    }
}

/// Opens the map of the form's on-ramp, or of the one under the cursor.
fn open(model: &mut Model) {
    let (id, typed, for_form) = match model.dialogs.last() {
        Some(Dialog::NewKey(form)) => (form.on_ramp.clone(), form.vlan(), true),
        _ => match model.current_id() {
            Some(id) => (id.clone(), None, false),
            None => return,
        },
    };
    let Some(map) = model.engine.vlans(&id) else { return };
    let at = typed.or_else(|| map.suggest(model.settings.vlans.base)).unwrap_or(Vlans::BASE);
    let mut picker = VlanPicker::of(id, at, for_form);
    picker.partner = partner(model, &picker.on_ramp);
    model.dialogs.push(Dialog::Vlans(Box::new(picker)));
}

/// The best diverse partner of an on-ramp in its region, whatever the rate.
fn partner(model: &Model, id: &OnRampId) -> Option<OnRampId> {
    let rate = crate::domain::units::Mbps::new(1);
    let here = model.engine.inventory().place(id)?;
    let region = model.geography.region_of(here);
    let metro = Metro::of(&model.engine.inventory().on_ramp(id)?.site);
    let near = |at: usize, site: &Site| match region {
        Some(_) => model.geography.region_of(at) == region,
        // Two places of which no metro is known are not known to be near.
        None => !metro.name.is_empty() && Metro::of(site) == metro,
    };
    let all = model.engine.inventory().on_ramps().iter().enumerate();
    let near = all.filter(|(at, on_ramp)| near(*at, &on_ramp.site)).map(|(at, _)| at);
    let pairs = diversity::pairs(&offers::rank_of(model, near, Want::of(rate)), Some(id)).ok()?;
    pairs.first()?.ids().into_iter().find(|other| other != id)
}

/// What is taken on the on-ramp of the map, and on the partner laid over it.
fn taken(model: &Model) -> Option<VlanSet> {
    let Some(Dialog::Vlans(picker)) = model.dialogs.last() else { return None };
    let mut taken = model.engine.vlans(&picker.on_ramp)?.taken().clone();
    let partner = picker.partner.as_ref().filter(|_| picker.overlaid);
    if let Some(map) = partner.and_then(|id| model.engine.vlans(id)) {
        map.taken().iter().for_each(|id| taken.insert(id));
    }
    Some(taken)
}

/// The VLAN that the policy proposes, for the customer on the form.
pub(super) fn propose(model: &Model, taken: &VlanSet) -> Option<VlanId> {
    model.settings.vlans.propose(taken, customer_of_form(model), model.seed())
}

/// The customer on the form; nobody where there is none.
pub(super) fn customer_of_form(model: &Model) -> &str {
    let form = model.dialogs.iter().rev().find_map(|dialog| match dialog {
        Dialog::NewKey(form) => Some(form),
        _ => None,
    });
    form.map_or("", |form| form.text(Field::Customer))
}

/// Asks the vendor about the VLAN under the cursor.
fn ask(model: &mut Model) -> Vec<Effect> {
    let Some(picker) = picker(model).filter(|picker| picker.asking.is_none()) else {
        return vec![];
    };
    picker.typed.clear();
    let (id, vlan) = (picker.on_ramp.clone(), picker.cursor);
    if !model.engine.inventory().on_ramp(&id).is_some_and(|on_ramp| on_ramp.kind.answers_vlans()) {
        return vec![];
    }
    let (asked, effect) = model.ask(Request::CheckVlan(id, vlan), Purpose::MapVlan);
    if let Some(picker) = self::picker(model) {
        picker.asking = Some((asked, vlan));
    }
    vec![effect]
}

/// Takes in what the vendor said.
pub(super) fn apply_vlan_reply(model: &mut Model, result: Result<Reply, Failure>) -> Vec<Effect> {
    let now = model.now();
    let open = model.dialogs.iter_mut().rev().find_map(|dialog| match dialog {
        Dialog::Vlans(picker) => Some(&mut **picker),
        _ => None,
    });
    let Some(picker) = open else { return vec![] };
    let Some((_, vlan)) = picker.asking.take() else { return vec![] };
    let on_ramp = picker.on_ramp.clone();
    let answer = match result {
        Ok(Reply::Vlan(answer)) => Ok(answer),
        Ok(_) => return vec![],
        Err(failure) => Err(failure),
    };
    picker.answers.insert(vlan, (now, answer.clone()));
    match answer {
        Ok(answer) => engine_step::handle(model, Input::Vlan(on_ramp, vlan, answer)),
        Err(_) => vec![],
    }
}

/// Takes the VLAN under the cursor: into the form, or for a new key.
fn take(model: &mut Model) -> Vec<Effect> {
    let Some(picker) = self::picker(model) else { return vec![] };
    if let Some(says) = no_vlan(picker) {
        // Whoever typed another number does not mean the one under the cursor.
        picker.typed.clear();
        model.notice = Some(says);
        return vec![];
    }
    let (on_ramp, vlan, for_form) = (picker.on_ramp.clone(), picker.cursor, picker.for_form);
    if let Some(holder) = model.engine.vlans(&on_ramp).and_then(|map| map.holder(vlan).cloned()) {
        if let Some(picker) = self::picker(model) {
            picker.typed.clear();
        }
        model.notice = Some(format!("{vlan} is taken: {}.", holder.reason()));
        return vec![];
    }
    model.dialogs.pop();
    if !for_form {
        issue::open_form(model);
    }
    if let Some(Dialog::NewKey(form)) = model.dialogs.last_mut() {
        form.set(Field::Vlan, vlan.to_string());
        form.usage = Choice::Tagged;
    }
    vec![]
}
