//! The VLAN map of an on-ramp, for viewing and picking.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;

use crate::{
    api::{Failure, RequestId, VlanAnswer},
    domain::{
        id::OnRampId,
        time::Timestamp,
        vlan::{VlanId, VlanSet},
    },
    ui::model::{
        Model,
        command::Scope,
        modal::{CursorCell, Modal},
    },
};

use super::{vlan_commands, vlan_map_view};

/// The VLANs of one block of the overview.
pub const BLOCK: u16 = 64;
/// The VLANs of one line of the zoomed block.
pub const LINE: u16 = 16;

/// The picker's state.
#[derive(Debug, Clone)]
pub struct VlanPicker {
    /// The on-ramp of the map.
    pub on_ramp: OnRampId,
    /// The VLAN under the cursor.
    pub cursor: VlanId,
    /// The digits that are being typed.
    pub typed: String,
    /// The on-ramp whose VLANs can be laid over: the best diverse partner.
    pub partner: Option<OnRampId>,
    /// Whether they are.
    pub overlaid: bool,
    /// The request to the vendor in progress.
    pub asking: Option<(RequestId, VlanId)>,
    /// Megaport's answers, with their times.
    pub answers: BTreeMap<VlanId, (Timestamp, Result<VlanAnswer, Failure>)>,
    /// Whether a form takes what is picked.
    pub for_form: bool,
}

impl VlanPicker {
    /// Returns a picker with the cursor on `at`.
    pub const fn new(on_ramp: OnRampId, at: VlanId, for_form: bool) -> Self {
        Self {
            on_ramp,
            cursor: at,
            typed: String::new(),
            partner: None,
            overlaid: false,
            asking: None,
            answers: BTreeMap::new(),
            for_form,
        }
    }

    /// Moves the cursor by so many VLANs, as far as there are any.
    pub fn move_by(&mut self, by: i32) {
        let to = i32::from(self.cursor.get()).saturating_add(by);
        let (first, last) = (VlanId::FIRST.get(), VlanId::LAST.get());
        let to = u16::try_from(to.clamp(first.into(), last.into())).unwrap_or(first);
        self.go_to(VlanId::new(to).ok());
    }

    /// Puts the cursor there.
    pub fn go_to(&mut self, to: Option<VlanId>) {
        self.typed.clear();
        self.cursor = to.unwrap_or(self.cursor);
    }

    /// Types a digit: the cursor follows as soon as the number is a VLAN. A digit that
    /// would make it invalid starts a new number.
    pub fn digit(&mut self, digit: char) {
        if self.is_typed_too_large() {
            self.typed.clear();
        }
        self.typed.push(digit);
        if let Ok(id) = self.typed.parse() {
            self.cursor = id;
        }
    }

    /// Returns the number that is typed, where the cursor is not on it since it is no
    /// VLAN.
    pub fn typed_without_vlan(&self) -> Option<&str> {
        let is_vlan = self.typed.parse::<VlanId>().is_ok();
        (!self.typed.is_empty() && !is_vlan).then_some(self.typed.as_str())
    }

    /// Returns whether what is typed is no VLAN, and none with more digits either.
    pub fn is_typed_too_large(&self) -> bool {
        self.typed.parse().is_ok_and(|n: u32| n > VlanId::LAST.get().into())
    }

    /// Takes the last digit back.
    pub fn backspace(&mut self) {
        self.typed.pop();
        if let Ok(id) = self.typed.parse() {
            self.cursor = id;
        }
    }

    /// Goes to the next free VLAN above the cursor, or the one below.
    pub fn free(&mut self, forward: bool, taken: &VlanSet) {
        let at = self.cursor.get();
        let from = VlanId::new(if forward { at + 1 } else { at - 1 }).ok();
        let next = |from| if forward { taken.next_free(from) } else { taken.previous_free(from) };
        self.go_to(from.and_then(next));
    }

    /// Goes to the first free VLAN of all, or the last.
    pub fn edge(&mut self, last: bool, taken: &VlanSet) {
        self.go_to(if last {
            taken.previous_free(VlanId::LAST)
        } else {
            taken.next_free(VlanId::FIRST)
        });
    }

    /// Returns the first number of the block with the cursor; not a legal VLAN in the
    /// lowest block.
    pub const fn block(&self) -> u16 {
        self.cursor.get() / BLOCK * BLOCK
    }
}

impl Modal for VlanPicker {
    fn scope(&self) -> &'static Scope {
        &vlan_commands::SCOPE
    }

    fn draw(&self, model: &Model, buffer: &mut Buffer) -> Option<CursorCell> {
        vlan_map_view::draw(model, self, buffer);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u16) -> VlanId {
        VlanId::new(n).expect("legal")
    }

    fn picker(at: u16) -> VlanPicker {
        VlanPicker::new(OnRampId::new("p").expect("legal"), id(at), true)
    }

    #[test]
    fn digits_jump_and_any_other_movement_starts_over() {
        let mut picker = picker(100);
        picker.digit('1');
        assert_eq!(picker.cursor, id(100), "1 is no VLAN");
        picker.digit('4');
        picker.digit('2');
        assert_eq!((picker.cursor, picker.block()), (id(142), 128));
        picker.backspace();
        assert_eq!(picker.cursor, id(14));
        picker.move_by(16);
        picker.digit('9');
        assert_eq!(picker.cursor, id(9));
        for digit in "999".chars() {
            picker.digit(digit);
        }
        assert_eq!(picker.cursor, id(999), "9999 is none: the cursor stays");
        assert_eq!(picker.typed_without_vlan(), Some("9999"));
        picker.digit('8');
        assert_eq!(
            (picker.cursor, picker.typed_without_vlan()),
            (id(8), None),
            "a new number begins"
        );
    }

    #[test]
    fn the_cursor_stays_within_what_is_legal() {
        let mut picker = picker(3);
        picker.move_by(-64);
        assert_eq!(picker.cursor, VlanId::FIRST);
        picker.move_by(i32::MAX);
        assert_eq!(picker.cursor, VlanId::LAST);
        picker.free(true, &VlanSet::default());
        assert_eq!(picker.cursor, VlanId::LAST);
    }

    #[test]
    fn it_finds_the_next_free_one_and_the_first_and_the_last() {
        let taken: VlanSet = [2, 3, 100, 101, 4093].map(id).into_iter().collect();
        let mut picker = picker(99);
        picker.free(true, &taken);
        assert_eq!(picker.cursor, id(102));
        picker.free(false, &taken);
        assert_eq!(picker.cursor, id(99));
        picker.edge(true, &taken);
        assert_eq!(picker.cursor, id(4092));
        picker.edge(false, &taken);
        assert_eq!(picker.cursor, id(4));
    }
}
