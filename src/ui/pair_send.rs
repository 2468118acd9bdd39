//! Sending a pair.
use super::{model::Model, msg::Effect};
use crate::domain::key_order::KeyOrder;

pub(super) fn review(_model: &mut Model, _orders: [KeyOrder; 2]) -> Vec<Effect> {
    vec![]
}
