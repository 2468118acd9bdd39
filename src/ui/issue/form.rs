//! The form for a new service key.

use ratatui::buffer::Buffer;
use tui_input::{Input, InputRequest};

use crate::{
    domain::{
        id::OnRampId,
        intent::ForWhom,
        key_order::{Choice, Draft, Fault, Field as Fact, KeyOrder, Lifetime},
        on_ramp::OnRamp,
        preset::Preset,
        service_key::ServiceKey,
        time::Timestamp,
        units::{Mbps, RateFault},
        vlan::{VlanId, VlanSet},
        vlan_map::{VlanMap, Vlans},
    },
    ui::model::{
        Model,
        command::Scope,
        modal::{CursorCell, Modal},
    },
};

use super::{commands, form_view, lifetime};

/// A field of the form, top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The preset that the other fields start with.
    Preset,
    /// The label, sent as the key's description.
    Label,
    /// For whom; for the card, not sent.
    Customer,
    /// The caller's ticket or order; for the card, not sent.
    Reference,
    /// Single-use or multi-use.
    Usage,
    /// The rate limit.
    Rate,
    /// The VLAN of a single-use key.
    Vlan,
    /// Its lifetime.
    Validity,
    /// The typed end: a span, or a date.
    Until,
    /// Usable at once.
    Active,
    /// Skip our approval.
    PreApproved,
}

impl Field {
    /// Every field, top to bottom.
    pub const ALL: [Self; 11] = [
        Self::Preset,
        Self::Label,
        Self::Customer,
        Self::Reference,
        Self::Usage,
        Self::Rate,
        Self::Vlan,
        Self::Validity,
        Self::Until,
        Self::Active,
        Self::PreApproved,
    ];

    /// Returns whether text is typed into it.
    pub const fn is_text(self) -> bool {
        slot(self).is_some()
    }
}

/// The form's state.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// The on-ramp the key will open.
    pub on_ramp: OnRampId,
    /// The field that takes the keys.
    pub focus: Field,
    /// Whether Enter was pressed: from then on empty fields are wrong too.
    pub tried: bool,
    /// Single-use, multi-use, or untagged.
    pub usage: Choice,
    /// Index into [`lifetime::USUAL`], or [`lifetime::TYPED`].
    pub lifetime: usize,
    /// Usable at once.
    pub active: bool,
    /// Skip our approval.
    pub pre_approved: bool,
    /// The presets, and the one that was applied.
    pub presets: Vec<Preset>,
    /// Index into them.
    pub preset: usize,
    /// The key that is changed; `None` for a new one.
    pub editing: Option<Box<ServiceKey>>,
    /// The largest rate the on-ramp takes.
    most: u32,
    texts: [Input; 6],
}

impl NewKey {
    /// Returns an empty form for `on_ramp`, as the first preset proposes: its rate or
    /// what fits, and `vlan`.
    pub fn new(on_ramp: &OnRamp, presets: &[Preset], vlan: Option<VlanId>) -> Self {
        let mut form = Self {
            on_ramp: on_ramp.id.clone(),
            focus: Field::Label,
            tried: false,
            usage: Choice::Tagged,
            lifetime: 0,
            active: true,
            pre_approved: false,
            presets: presets.to_vec(),
            preset: 0,
            editing: None,
            most: on_ramp.max_vxc().map_or(u32::MAX, Mbps::get),
            texts: Default::default(),
        };
        form.apply(0);
        form.set(Field::Vlan, vlan.map(|v| v.to_string()).unwrap_or_default());
        form
    }

    /// Applies the values of a preset.
    fn apply(&mut self, at: usize) {
        let Some(preset) = self.presets.get(at).cloned() else { return };
        let (lifetime, typed) = lifetime::choice(preset.lifetime);
        (self.preset, self.lifetime) = (at, lifetime);
        self.usage = if preset.single { Choice::Tagged } else { Choice::Multi };
        (self.active, self.pre_approved) = (preset.active, preset.pre_approved);
        self.set(Field::Until, typed);
        self.set(Field::Rate, preset.rate.get().min(self.most).to_string());
    }

    /// Returns the text of a field; empty for one without.
    pub fn text(&self, field: Field) -> &str {
        self.input(field).map_or("", Input::value)
    }

    /// Returns the text field's state; `None` for one without text.
    pub const fn input(&self, field: Field) -> Option<&Input> {
        match slot(field) {
            Some(slot) => Some(&self.texts[slot]),
            None => None,
        }
    }

    /// Puts `text` into a field.
    pub fn set(&mut self, field: Field, text: String) {
        if let Some(slot) = slot(field) {
            self.texts[slot] = Input::new(text);
        }
    }

    /// Types into the field with the focus. Every field takes every character: invalid
    /// input is reported beside the field, and none of it is dropped.
    pub fn type_into_field(&mut self, request: InputRequest) {
        if let Some(slot) = slot(self.focus) {
            self.texts[slot].handle(request);
        }
    }

    /// Returns the rate as typed, or why it is none.
    pub fn rate(&self) -> Result<Mbps, RateFault> {
        self.text(Field::Rate).parse()
    }

    /// Returns the VLAN as typed; `None` where it is none from 2 to 4093.
    pub fn vlan(&self) -> Option<VlanId> {
        self.text(Field::Vlan).parse().ok()
    }

    /// Returns the fields that are shown: a multi-use key has no VLAN, and one preset
    /// is no choice.
    pub fn fields(&self) -> impl DoubleEndedIterator<Item = Field> + use<> {
        let (single, choice) = (self.usage == Choice::Tagged, self.presets.len() > 1);
        let typed = self.lifetime == lifetime::TYPED;
        let new = self.editing.is_none();
        Field::ALL.into_iter().filter(move |field| match field {
            Field::Vlan => single,
            Field::Preset => choice && new,
            Field::Customer | Field::Reference | Field::Usage => new,
            Field::Until => typed,
            _ => true,
        })
    }

    /// Moves the focus to the next field, or the previous one, round the ends.
    pub fn step(&mut self, forward: bool) {
        let fields: Vec<_> = self.fields().collect();
        let at = fields.iter().position(|f| *f == self.focus).unwrap_or(0);
        let by = if forward { 1 } else { fields.len() - 1 };
        self.focus = fields[(at + by) % fields.len()];
    }

    /// Changes the choice with the focus.
    pub fn choose(&mut self, forward: bool) {
        match self.focus {
            Field::Usage => self.usage = self.usage.step(forward),
            Field::Active => self.active = !self.active,
            Field::PreApproved => self.pre_approved = !self.pre_approved,
            Field::Validity => {
                let all = lifetime::TYPED + 1;
                let by = if forward { 1 } else { all - 1 };
                self.lifetime = (self.lifetime + by) % all;
            }
            Field::Preset => {
                let all = self.presets.len().max(1);
                let by = if forward { 1 } else { all - 1 };
                self.apply((self.preset + by) % all);
            }
            _ => {}
        }
    }

    /// Goes to the next free VLAN above what is typed, or the one below.
    pub fn free_vlan(&mut self, forward: bool, closed: &VlanSet) {
        let typed = self.text(Field::Vlan).trim().parse().unwrap_or(Vlans::BASE.get());
        let step = if forward { typed.saturating_add(1) } else { typed.saturating_sub(1) };
        let from = VlanId::new(step.clamp(VlanId::FIRST.get(), VlanId::LAST.get()));
        let found = from.ok().and_then(|from| {
            if forward { closed.next_free(from) } else { closed.previous_free(from) }
        });
        if let Some(vlan) = found {
            self.set(Field::Vlan, vlan.to_string());
        }
    }

    /// Returns the label as it will be sent: as typed, else customer and reference.
    pub fn label(&self) -> String {
        let typed = self.text(Field::Label).trim();
        if typed.is_empty() {
            let parts = [self.text(Field::Customer).trim(), self.text(Field::Reference).trim()];
            return parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" ");
        }
        typed.to_owned()
    }

    /// Returns its lifetime; `now` is by the server's clock.
    pub fn lifetime(&self, now: Timestamp) -> Lifetime {
        match lifetime::USUAL.get(self.lifetime) {
            Some((_, None)) => Lifetime::OpenEnded,
            Some((_, Some(span))) => Lifetime::For(*span),
            None => crate::domain::lifetime::parse_lifetime(self.text(Field::Until), now),
        }
    }

    /// Returns the customer.
    pub fn for_whom(&self) -> ForWhom {
        ForWhom {
            customer: self.text(Field::Customer).trim().to_owned(),
            reference: self.text(Field::Reference).trim().to_owned(),
        }
    }

    /// Checks everything typed; `now` is by the server's clock.
    pub fn check(
        &self,
        on_ramp: &OnRamp,
        vlans: &VlanMap,
        now: Timestamp,
    ) -> Result<KeyOrder, Vec<Fault>> {
        let draft = Draft {
            label: self.label(),
            usage: self.usage,
            vlan: self.vlan(),
            rate: self.rate(),
            lifetime: self.lifetime(now),
            active: self.active,
            pre_approved: self.pre_approved,
        };
        let too_long: Vec<_> = self.for_whom().faults().collect();
        match draft.check(on_ramp, vlans, now) {
            Ok(order) if too_long.is_empty() => Ok(order),
            Ok(_) => Err(too_long),
            Err(mut faults) => {
                faults.extend(too_long);
                Err(faults)
            }
        }
    }

    /// Puts the focus on the first field that is wrong.
    pub fn go_to_fault(&mut self, faults: &[Fault]) {
        self.tried = true;
        let wrong = |field: &Field| faults.iter().any(|fault| field_of(fault) == Some(*field));
        if let Some(field) = self.fields().find(wrong) {
            self.focus = field;
        }
    }

    /// Returns whether anything is in it that would be a pity to lose.
    pub fn is_worth_keeping(&self) -> bool {
        let filled = |field: &Field| !self.text(*field).is_empty();
        self.editing.is_none()
            && [Field::Label, Field::Customer, Field::Reference].iter().any(filled)
    }
}

const fn slot(field: Field) -> Option<usize> {
    match field {
        Field::Label => Some(0),
        Field::Customer => Some(1),
        Field::Reference => Some(2),
        Field::Rate => Some(3),
        Field::Vlan => Some(4),
        Field::Until => Some(5),
        _ => None,
    }
}

/// Returns the form field that has to change for `fault` to go away.
pub const fn field_of(fault: &Fault) -> Option<Field> {
    match fault.field() {
        Fact::OnRamp => None,
        Fact::Label => Some(Field::Label),
        Fact::Customer => Some(Field::Customer),
        Fact::Reference => Some(Field::Reference),
        Fact::Rate => Some(Field::Rate),
        Fact::Vlan => Some(Field::Vlan),
        Fact::Usage => Some(Field::Usage),
        Fact::Validity => Some(Field::Until),
    }
}

impl Modal for NewKey {
    fn scope(&self) -> &'static Scope {
        &commands::FORM
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        form_view::draw(model, self, buffer)
    }

    fn is_typing(&self) -> bool {
        self.focus.is_text()
    }

    fn type_in(&mut self, request: InputRequest) {
        self.type_into_field(request);
    }
}
