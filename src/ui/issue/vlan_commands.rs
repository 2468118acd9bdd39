//! The VLAN map: opening it, moving in it, asking the vendor, taking one.

use crate::{
    api::{Failure, Reply, Request},
    domain::{
        diversity,
        geography::Metro,
        id::OnRampId,
        key_order::Choice,
        on_ramp::Kind,
        place::Site,
        ranking::Want,
        vlan::{VlanId, VlanSet},
        vlan_map::Vlans,
    },
    engine::Input,
    ui::{
        model::{
            Model, Purpose,
            command::{Binding, Call, Command, Scope, command},
            context::Context,
            modal::CLOSE,
            msg::Effect,
        },
        state::key::{
            Code::{
                self, Backspace, Down, End, Enter, Esc, Home, Left, PageDown, PageUp, Right, Up,
            },
            Key, char, ctrl, plain,
        },
    },
};

use super::{
    best_fit, commands,
    form::{Field, NewKey},
    vlan_map::{BLOCK, LINE, VlanPicker},
};

/// Opens the map.
pub(in crate::ui) const MAP: Command =
    command("vlan.map", "VLAN map of this on-ramp: which VLANs are taken, and by what.", open)
        .hint("VLANs");

/// Its row in every view.
pub(in crate::ui) const OPEN: Binding = MAP.when(commands::on_an_on_ramp).bind(&[char('V')]);

/// The digits, and the key that takes one back.
const DIGITS: &[Key] = &[
    char('0'),
    char('1'),
    char('2'),
    char('3'),
    char('4'),
    char('5'),
    char('6'),
    char('7'),
    char('8'),
    char('9'),
    plain(Backspace),
];

#[rustfmt::skip]
pub(in crate::ui) static SCOPE: Scope = Scope::new("vlan-map", "VLAN map", &[&[
    command("vlan.choose", "Use the selected VLAN: in the form, or for a new key.", choose).hint("use").when(may_choose).bind(&[plain(Enter)]),
    CLOSE.doc("Back.").hint("back").bind(&[plain(Esc), char('q')]),
    command("vlan-map.next-free", "Go to the next free VLAN.", |context, _| go_to_free(context, |picker, closed| picker.free(true, closed))).hint("next free").bind(&[char('L')]),
    command("vlan-map.previous-free", "Go to the previous free VLAN.", |context, _| go_to_free(context, |picker, closed| picker.free(false, closed))).hint("previous").bind(&[char('H')]),
    command("vlan-map.propose", "Go to the VLAN that the policy proposes.", go_to_proposed).hint("auto").bind(&[char('a')]),
    command("vlan.check", "Check the selected VLAN with Megaport (Ports only).", check_vlan).hint("check with Megaport").when(may_check).bind(&[char('r')]),
    command("vlan-map.partner", "Show or hide the VLANs of the best diverse partner.", |context, _| context.change_top(|picker: &mut VlanPicker| picker.overlaid = !picker.overlaid)).hint("partner").when(has_partner).bind(&[char('=')]),
    command("vlan-map.next", "Go to the next VLAN.", |context, _| context.change_top(|picker: &mut VlanPicker| picker.move_by(1))).bind(&[char('l'), plain(Right)]),
    command("vlan-map.previous", "Go to the previous VLAN.", |context, _| context.change_top(|picker: &mut VlanPicker| picker.move_by(-1))).bind(&[char('h'), plain(Left)]),
    command("vlan-map.down", "Go down a line, 16 VLANs.", |context, _| context.change_top(|picker: &mut VlanPicker| picker.move_by(DOWN))).bind(&[char('j'), plain(Down)]),
    command("vlan-map.up", "Go up a line.", |context, _| context.change_top(|picker: &mut VlanPicker| picker.move_by(-DOWN))).bind(&[char('k'), plain(Up)]),
    command("vlan-map.next-block", "Go to the next block, 64 VLANs.", |context, _| context.change_top(|picker: &mut VlanPicker| picker.move_by(PAGE))).bind(&[plain(PageDown), ctrl('f')]),
    command("vlan-map.previous-block", "Go to the previous block.", |context, _| context.change_top(|picker: &mut VlanPicker| picker.move_by(-PAGE))).bind(&[plain(PageUp), ctrl('b')]),
    command("vlan-map.first-free", "Go to the first free VLAN.", |context, _| go_to_free(context, |picker, closed| picker.edge(false, closed))).bind(&[char('g'), plain(Home)]),
    command("vlan-map.last-free", "Go to the last free VLAN.", |context, _| go_to_free(context, |picker, closed| picker.edge(true, closed))).bind(&[char('G'), plain(End)]),
    command("vlan-map.type", "Type a VLAN to jump there.", type_digit).bind(DIGITS),
]]);

/// Returns whether a VLAN may be chosen: always for a form, else where a new key can be
/// created.
fn may_choose(model: &Model) -> bool {
    let for_form = |picker: &VlanPicker| picker.for_form;
    model.modals.on_top().is_some_and(for_form) || commands::may_make_a_key(model)
}

fn may_check(model: &Model) -> bool {
    let kind = model
        .modals
        .on_top::<VlanPicker>()
        .filter(|picker| picker.asking.is_none())
        .and_then(|picker| model.engine.inventory().on_ramp(&picker.on_ramp))
        .map(|on_ramp| on_ramp.kind);
    kind.is_some_and(Kind::answers_vlans)
}

fn has_partner(model: &Model) -> bool {
    model.modals.on_top::<VlanPicker>().is_some_and(|picker| picker.partner.is_some())
}

/// Goes to a VLAN that is free, or closed to this customer by no policy.
fn go_to_free(
    context: &mut Context<'_>,
    go: impl FnOnce(&mut VlanPicker, &VlanSet),
) -> Vec<Effect> {
    let Some(taken) = taken(context) else { return vec![] };
    let closed = context.settings.vlans.closed_to(customer_of_form(context), &taken);
    context.change_top(|picker| go(picker, &closed))
}

fn go_to_proposed(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(taken) = taken(context) else { return vec![] };
    let to = propose(context, &taken);
    context.change_top(|picker: &mut VlanPicker| picker.go_to(to))
}

fn type_digit(context: &mut Context<'_>, call: Call) -> Vec<Effect> {
    let Some(picker) = picker(context) else { return vec![] };
    match call.key.map(|key| key.code) {
        Some(Code::Char(digit)) => {
            picker.digit(digit);
            let says = picker.is_typed_too_large().then(|| no_vlan(picker)).flatten();
            if let Some(says) = says {
                context.say(says);
            }
        }
        _ => picker.backspace(),
    }
    vec![]
}

/// Explains why the typed number is no VLAN, if it is none.
fn no_vlan(picker: &VlanPicker) -> Option<String> {
    let typed = picker.typed_without_vlan()?;
    let (first, last, at) = (VlanId::FIRST, VlanId::LAST, picker.cursor);
    Some(format!("{typed} is not a VLAN ({first} to {last}); the cursor stays on {at}."))
}

/// A line of the map, and a block of it.
const DOWN: i32 = LINE as i32;
const PAGE: i32 = BLOCK as i32;

fn picker<'c>(context: &'c mut Context<'_>) -> Option<&'c mut VlanPicker> {
    context.modals_mut().on_top_mut()
}

/// Opens the map of the form's on-ramp, or of the one under the cursor.
fn open(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let form = context.modals.on_top::<NewKey>();
    let (id, typed, for_form) = match (form, context.current_id()) {
        (Some(form), _) => (form.on_ramp.clone(), form.vlan(), true),
        (None, Some(id)) => (id.clone(), None, false),
        (None, None) => return vec![],
    };
    let Some(map) = context.engine.vlans(&id) else { return vec![] };
    let at = typed.or_else(|| map.suggest(context.settings.vlans.base)).unwrap_or(Vlans::BASE);
    let mut picker = VlanPicker::new(id, at, for_form);
    picker.partner = partner(context, &picker.on_ramp);
    context.modals_mut().push(picker);
    vec![]
}

/// Returns the best diverse partner of an on-ramp in its region, at any rate.
fn partner(model: &Model, id: &OnRampId) -> Option<OnRampId> {
    let rate = crate::domain::units::Mbps::new(1);
    let here = model.engine.inventory().place(id)?;
    let region = model.geography.region_of(here);
    let metro = Metro::of_site(&model.engine.inventory().on_ramp(id)?.site);
    let near = |at: usize, site: &Site| match region {
        Some(_) => model.geography.region_of(at) == region,
        // Two places of which no metro is known are not known to be near.
        None => !metro.name.is_empty() && Metro::of_site(site) == metro,
    };
    let all = model.engine.inventory().on_ramps().iter().enumerate();
    let near = all.filter(|(at, on_ramp)| near(*at, &on_ramp.site)).map(|(at, _)| at);
    let pairs =
        diversity::pairs(&best_fit::rank_of(model, near, Want::for_rate(rate)), Some(id)).ok()?;
    pairs.first()?.ids().into_iter().find(|other| other != id)
}

/// Returns the taken VLANs of the map's on-ramp, and of the partner laid over it.
fn taken(model: &Model) -> Option<VlanSet> {
    let picker = model.modals.on_top::<VlanPicker>()?;
    let mut taken = model.engine.vlans(&picker.on_ramp)?.taken().clone();
    let partner = picker.partner.as_ref().filter(|_| picker.overlaid);
    if let Some(map) = partner.and_then(|id| model.engine.vlans(id)) {
        map.taken().iter().for_each(|id| taken.insert(id));
    }
    Some(taken)
}

/// Returns the VLAN that the policy proposes, for the customer on the form.
pub(in crate::ui) fn propose(model: &Model, taken: &VlanSet) -> Option<VlanId> {
    model.settings.vlans.propose(taken, customer_of_form(model), model.seed())
}

/// Returns the customer on the form; empty if there is none.
pub(in crate::ui) fn customer_of_form(model: &Model) -> &str {
    let form = model.modals.find::<NewKey>();
    form.map_or("", |form| form.text(Field::Customer))
}

/// Asks the vendor about the VLAN under the cursor.
fn check_vlan(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(picker) = picker(context).filter(|picker| picker.asking.is_none()) else {
        return vec![];
    };
    picker.typed.clear();
    let (id, vlan) = (picker.on_ramp.clone(), picker.cursor);
    if !context.engine.inventory().on_ramp(&id).is_some_and(|on_ramp| on_ramp.kind.answers_vlans())
    {
        return vec![];
    }
    let (asked, effect) = context.ask(Request::CheckVlan(id, vlan), Purpose::MapVlan);
    if let Some(picker) = self::picker(context) {
        picker.asking = Some((asked, vlan));
    }
    vec![effect]
}

/// Applies Megaport's answer.
pub(in crate::ui) fn apply_vlan_reply(
    context: &mut Context<'_>,
    result: Result<Reply, Failure>,
) -> Vec<Effect> {
    let now = context.now();
    let Some(picker) = context.modals_mut().find_mut::<VlanPicker>() else { return vec![] };
    let Some((_, vlan)) = picker.asking.take() else { return vec![] };
    let on_ramp = picker.on_ramp.clone();
    let answer = match result {
        Ok(Reply::Vlan(answer)) => Ok(answer),
        Ok(_) => return vec![],
        Err(failure) => Err(failure),
    };
    picker.answers.insert(vlan, (now, answer.clone()));
    match answer {
        Ok(answer) => context.run(|engine| engine.handle(Input::Vlan(on_ramp, vlan, answer))),
        Err(_) => vec![],
    }
}

/// Takes the VLAN under the cursor: into the form, or for a new key.
fn choose(context: &mut Context<'_>, _: Call) -> Vec<Effect> {
    let Some(picker) = self::picker(context) else { return vec![] };
    if let Some(says) = no_vlan(picker) {
        // The user who typed another number does not mean the one under the cursor.
        picker.typed.clear();
        context.say(says);
        return vec![];
    }
    let (on_ramp, vlan, for_form) = (picker.on_ramp.clone(), picker.cursor, picker.for_form);
    if let Some(holder) = context.engine.vlans(&on_ramp).and_then(|map| map.holder(vlan).cloned()) {
        if let Some(picker) = self::picker(context) {
            picker.typed.clear();
        }
        context.say(format!("{vlan} is taken: {}.", holder.reason()));
        return vec![];
    }
    context.modals_mut().pop();
    if !for_form {
        commands::open_form(context);
    }
    context.change_top(|form: &mut NewKey| {
        form.set(Field::Vlan, vlan.to_string());
        form.usage = Choice::Tagged;
    })
}
