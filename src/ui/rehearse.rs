//! Dry runs: what would be sent, shown and not sent.

use crate::{
    api::{Rehearsal, account::Secret, clipboard::Clipboard},
    domain::key_order::KeyOrder,
    engine::plan::Plan,
};

use super::{
    dialog::{
        Dialog,
        dry_run::{self, DryRun},
    },
    issue,
    keymap::{Command, Step},
    model::{Model, Purpose},
    msg::Effect,
    pair,
};

/// Carries out a command of dry runs; `None` where it is not one.
pub(super) fn act(model: &mut Model, command: Command) -> Option<Vec<Effect>> {
    match (command, model.dialogs.last_mut()?) {
        (Command::DryRun, Dialog::Review(_)) => {
            let sides = model.engine.plan().into_iter().flat_map(Plan::sides);
            let orders = sides.map(|side| side.order.clone()).collect();
            return Some(open(model, orders, false));
        }
        (Command::DryRun, Dialog::NewKey(_)) => {
            let orders = issue::order_of_form(model).map(|order| vec![order]);
            return Some(orders.map_or_else(Vec::new, |orders| open(model, orders, true)));
        }
        (Command::DryRun, Dialog::Pair(_)) => {
            let orders = pair::orders_of_form(model);
            return Some(orders.map_or_else(Vec::new, |orders| open(model, orders.into(), true)));
        }
        (Command::Move(Step::Lines(by)), Dialog::DryRun(_)) => scroll(model, by),
        (Command::Copy, Dialog::DryRun(dry)) => {
            let curl: Vec<_> = dry.requests.iter().map(|one| one.curl.as_str()).collect();
            let text = Secret::new(&curl.join("\n"));
            let id = model.new_request_id(Purpose::Clipboard);
            return Some(vec![Effect::Clipboard(id, Clipboard::Copy(text))]);
        }
        _ => return None,
    }
    Some(vec![])
}

fn open(model: &mut Model, orders: Vec<KeyOrder>, untagged: bool) -> Vec<Effect> {
    let now = model.now();
    if let Some(Dialog::Review(review)) = model.dialogs.last_mut() {
        // It is covered up: its question has to be read again.
        review.question.disturb(now);
    }
    model.dialogs.push(Dialog::DryRun(DryRun { untagged, ..DryRun::default() }));
    vec![Effect::Rehearse(orders)]
}

/// Takes in what would be sent.
pub(super) fn apply_dry_run(model: &mut Model, requests: Vec<Rehearsal>) {
    if let Some(Dialog::DryRun(dry)) = model.dialogs.last_mut() {
        dry.requests = requests;
    }
}

fn scroll(model: &mut Model, by: isize) {
    let Some(Dialog::DryRun(dry)) = model.dialogs.last() else { return };
    let furthest = dry_run::furthest(model, dry);
    if let Some(Dialog::DryRun(dry)) = model.dialogs.last_mut() {
        dry.scroll = dry.scroll.saturating_add_signed(by).min(furthest);
    }
}
