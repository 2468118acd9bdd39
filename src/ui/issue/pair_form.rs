//! The form for a diverse pair: two keys of one order.

use ratatui::buffer::Buffer;
use tui_input::{Input, InputRequest};

use crate::{
    domain::{
        diversity::Verdict,
        id::OnRampId,
        key_order::{Choice, Fault, KeyOrder},
        on_ramp::OnRamp,
        place::Zone,
        text::SafeText,
        time::Timestamp,
        vlan::VlanId,
        vlan_map::VlanMap,
    },
    ui::{
        model::{
            Model,
            command::Scope,
            modal::{CursorCell, Modal},
        },
        state::places::Named,
    },
};

use super::{
    form::{Field as KeyField, NewKey, field_of},
    pair_commands, pair_form_view,
};

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The place to search for two on-ramps.
    Place,
    /// A field that both keys share.
    Key(KeyField),
    /// One of the two on-ramps, from 0.
    Half(usize),
    /// The VLAN on the second on-ramp.
    SecondVlan,
}

/// An error, and its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field to change.
    pub field: Field,
    /// The text of the error.
    pub says: String,
}

/// One half of the pair, with its checks.
#[derive(Debug, Clone, Copy)]
pub struct PairMember<'a> {
    /// The on-ramp.
    pub on_ramp: &'a OnRamp,
    /// Its VLANs.
    pub vlans: &'a VlanMap,
}

/// The form's state.
#[derive(Debug, Clone)]
pub struct PairForm {
    /// The field that takes the keys.
    pub focus: Field,
    /// The place that is being typed.
    pub typed: Input,
    /// The place to search, once one was chosen.
    pub place: Option<Named>,
    /// The values both keys share; its VLAN is the first one's.
    pub key: NewKey,
    /// The two on-ramps; empty while there is no pair.
    pub halves: Vec<OnRampId>,
    /// The on-ramps that either side can be swapped for, the best first.
    pub open: Vec<OnRampId>,
    /// The reason for these two, or why there are none.
    pub why: String,
    /// The next best pair, in words.
    pub runner_up: Option<String>,
    /// Whether the user has swapped a side: proposals no longer change them.
    pub swapped: bool,
    /// The VLAN on the second on-ramp.
    pub second_vlan: Input,
    /// Whether it was typed; else it follows the first one's.
    pub own_vlan: bool,
}

impl PairForm {
    /// Returns the fields that are shown, top to bottom.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = vec![Field::Place];
        if self.halves.len() == 2 {
            fields.extend([Field::Half(0), Field::Half(1)]);
        }
        for field in self.key.fields().filter(|field| *field != KeyField::Usage) {
            fields.push(Field::Key(field));
            if field == KeyField::Vlan {
                fields.push(Field::SecondVlan);
            }
        }
        fields
    }

    /// Returns whether text is typed into the field with the focus.
    pub const fn is_on_text(&self) -> bool {
        match self.focus {
            Field::Place | Field::SecondVlan => true,
            Field::Key(field) => field.is_text(),
            Field::Half(_) => false,
        }
    }

    /// Moves the focus to the next field, or the previous one, round the ends.
    pub fn step(&mut self, forward: bool) {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        let by = if forward { 1 } else { fields.len() - 1 };
        self.focus_on(fields[(at + by) % fields.len()]);
    }

    /// Puts the focus there.
    pub fn focus_on(&mut self, field: Field) {
        self.focus = field;
        if let Field::Key(field) = field {
            self.key.focus = field;
        }
    }

    /// Types into the field with the focus.
    pub fn type_into_field(&mut self, request: InputRequest) {
        match self.focus {
            Field::Place => drop(self.typed.handle(request)),
            Field::Key(_) => self.key.type_into_field(request),
            Field::SecondVlan => {
                self.second_vlan.handle(request);
                self.own_vlan = true;
            }
            Field::Half(_) => {}
        }
        self.follow();
    }

    /// Makes the second VLAN follow the first until the user types one.
    pub fn follow(&mut self) {
        if !self.own_vlan {
            self.second_vlan = Input::new(self.key.text(KeyField::Vlan).to_owned());
        }
    }

    /// Puts VLANs into both fields: the same one where both have it free.
    pub fn set_vlans(&mut self, first: Option<VlanId>, second: Option<VlanId>) {
        let text = |vlan: Option<VlanId>| vlan.map_or_else(String::new, |vlan| vlan.to_string());
        self.key.set(KeyField::Vlan, text(first));
        self.own_vlan = first != second;
        self.second_vlan = Input::new(text(second));
    }

    /// Changes the choice with the focus; a side goes to the next on-ramp that
    /// is open and not the other side.
    pub fn choose(&mut self, forward: bool) {
        match self.focus {
            Field::Key(_) => self.key.choose(forward),
            Field::Half(side) => self.swap(side, forward),
            Field::Place | Field::SecondVlan => {}
        }
    }

    fn swap(&mut self, side: usize, forward: bool) {
        let [Some(now), Some(other)] = [self.halves.get(side), self.halves.get(1 - side)] else {
            return;
        };
        let others: Vec<_> = self.open.iter().filter(|id| *id != other).cloned().collect();
        let Some(at) = others.iter().position(|id| id == now) else { return };
        let by = if forward { 1 } else { others.len() - 1 };
        self.halves[side] = others[(at + by) % others.len()].clone();
        self.swapped = true;
    }

    /// Returns the labels of the two keys: by their zones where these differ, else by
    /// number.
    pub fn labels(&self, zones: [&Zone; 2]) -> [String; 2] {
        let label = self.key.label();
        let stated = zones.iter().all(|zone| **zone != Zone::Unstated);
        let ends = if stated && zones[0] != zones[1] {
            zones.map(|zone| zone.word().to_lowercase())
        } else {
            ["1".to_owned(), "2".to_owned()]
        };
        ends.map(|end| if label.is_empty() { String::new() } else { format!("{label} {end}") })
    }

    /// Checks everything; `now` is by the server's clock. Only a surely
    /// diverse pair is one.
    pub fn check(
        &self,
        sides: [PairMember<'_>; 2],
        now: Timestamp,
    ) -> Result<[KeyOrder; 2], Vec<Wrong>> {
        let verdict = Verdict::judge(sides[0].on_ramp, sides[1].on_ramp);
        let mut wrong = vec![];
        if !verdict.is_diverse() {
            let says = format!("{}: {}", verdict.word(), verdict.reason());
            wrong.push(Wrong { field: Field::Half(1), says });
        }
        let labels = self.labels(sides.map(|side| &side.on_ramp.zone));
        let mut orders = vec![];
        for (at, side) in sides.iter().enumerate() {
            let mut key = self.key.clone();
            (key.usage, key.on_ramp) = (Choice::Tagged, side.on_ramp.id.clone());
            key.set(KeyField::Label, labels[at].clone());
            if at == 1 {
                key.set(KeyField::Vlan, self.second_vlan.value().to_owned());
            }
            match key.check(side.on_ramp, side.vlans, now) {
                Ok(order) => orders.push(order),
                Err(faults) => wrong.extend(faults.iter().map(|fault| place(fault, at, side))),
            }
        }
        wrong.dedup();
        let orders = <[KeyOrder; 2]>::try_from(orders);
        orders
            .map_err(|_| ())
            .and_then(|orders| if wrong.is_empty() { Ok(orders) } else { Err(()) })
            .map_err(|()| wrong)
    }

    /// Puts the focus on the first field that is wrong.
    pub fn go_to(&mut self, wrong: &[Wrong]) {
        self.key.tried = true;
        let first = self.fields().into_iter().find(|at| wrong.iter().any(|one| one.field == *at));
        if let Some(field) = first.or(wrong.first().map(|one| one.field)) {
            self.focus_on(field);
        }
    }

    /// Returns whether anything is in it that would be a pity to lose.
    pub fn is_worth_keeping(&self) -> bool {
        self.key.is_worth_keeping()
    }
}

/// Returns the field of a fault of one half.
fn place(fault: &Fault, at: usize, side: &PairMember<'_>) -> Wrong {
    let name: &SafeText = &side.on_ramp.name;
    let (field, says) = match field_of(fault) {
        None => (Field::Half(at), fault.to_string()),
        Some(KeyField::Vlan) if at == 1 => (Field::SecondVlan, fault.to_string()),
        Some(KeyField::Rate) => (Field::Key(KeyField::Rate), format!("{fault} ({name})")),
        Some(field) => (Field::Key(field), fault.to_string()),
    };
    Wrong { field, says }
}

impl Modal for PairForm {
    fn scope(&self) -> &'static Scope {
        &pair_commands::SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        pair_form_view::draw(model, self, buffer)
    }

    fn is_typing(&self) -> bool {
        self.is_on_text()
    }

    fn type_in(&mut self, request: InputRequest) {
        self.type_into_field(request);
    }
}
