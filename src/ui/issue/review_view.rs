//! Draws the review.

use ratatui::{buffer::Buffer, layout::Rect, text::Line};

use crate::{
    domain::key_order::OrderUse,
    engine::plan::{Check, Plan, PlannedKey, VlanCheck},
    ui::{
        model::Model,
        screen::{
            frame::{self, fact},
            order_text::order_facts,
        },
        widget::{
            text::{clock, count},
            theme::{Role, Theme},
        },
    },
};

use super::{pair_review_view, review::Review};

pub(in crate::ui) fn draw(model: &Model, review: &Review, buffer: &mut Buffer) {
    let Some(plan) = model.engine.plan() else { return };
    let title = match (plan.is_again(), plan.sides().len()) {
        (true, _) => "Send this request?",
        (false, 2) => "Create this pair?",
        (false, _) => "Create this key?",
    };
    let area = frame::open(model, title, frame::SIZE, Role::Warn, buffer);
    let mut lines = facts(model, plan, area.width);
    if lines.len() + QUESTION > usize::from(area.height) {
        lines.retain(|line| !line.spans.is_empty());
    }
    lines.truncate(usize::from(area.height).saturating_sub(QUESTION));
    frame::lines(&lines, area, buffer);
    let (role, ask) = question(model, plan, review);
    let asked = frame::sentence(model.theme, role, &model.keyed(ask), area.width);
    let y = area.y + u16::try_from(lines.len()).unwrap_or(0);
    frame::lines(&asked, Rect { y, height: area.bottom() - y, ..area }, buffer);
}

/// The question itself.
const ASK: &str = "y = create key. Esc, Enter or n = back to the form";

/// The question about a pair.
const BOTH: &str = "y = create both keys. Esc, Enter or n = back to the form";

/// The question about an intent that was confirmed before.
const AGAIN: &str = "y = send, with the same tag. Esc, Enter or n = back";

/// The lines reserved for the question.
const QUESTION: usize = 2;

/// Returns whether everything that will be sent is on the screen.
pub(in crate::ui) fn is_all_shown(model: &Model, plan: &Plan) -> bool {
    let area = frame::inside(model, frame::SIZE);
    let lines = facts(model, plan, area.width);
    let needed = lines.iter().filter(|line| !line.spans.is_empty()).count();
    needed + QUESTION <= usize::from(area.height)
}

/// Returns the order, its checks, and the irreversible effects.
fn facts(model: &Model, plan: &Plan, room: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let [side] = plan.sides() else {
        return pair_review_view::facts(model, plan, room);
    };
    let mut lines = order_facts(model, &side.order, room);
    let whom = format!("{} {}", plan.for_whom().customer, plan.for_whom().reference);
    if !whom.trim().is_empty() {
        lines.extend(fact(theme, "for", &format!("{} (not sent)", whom.trim()), room));
    }
    lines.push(Line::default());
    lines.extend(checks(theme, side, model.engine.clock_offset(), room));
    lines.extend(warnings(model, side, &plan.for_whom().customer, room));
    lines.push(Line::default());
    let never = "A key cannot be deleted later, only disabled.";
    lines.extend(frame::sentence(theme, Role::Strong, never, room));
    lines
}

/// Returns the warnings that do not forbid it.
pub(in crate::ui) fn warnings(
    model: &Model,
    side: &PlannedKey,
    customer: &str,
    room: u16,
) -> Vec<Line<'static>> {
    let vlan = match side.order.usage() {
        OrderUse::Single(vlan) => Some(vlan),
        OrderUse::Untagged | OrderUse::Multi => None,
    };
    let kept = vlan.and_then(|vlan| {
        let why = model.settings.vlans.why_kept(vlan, customer)?;
        Some(format!("VLAN {vlan} is {why}"))
    });
    let all: Vec<_> =
        kept.into_iter().chain(side.warnings.iter().map(ToString::to_string)).collect();
    if all.is_empty() {
        return vec![];
    }
    frame::sentence(model.theme, Role::Warn, &format!("Note: {}.", all.join("; ")), room)
}

/// Describes the last checks.
fn checks(theme: Theme, side: &PlannedKey, offset: i64, room: u16) -> Vec<Line<'static>> {
    let vlan = match &side.vlan {
        Check::Asking => (Role::Quiet, "VLAN: checking…".to_owned()),
        Check::Known(VlanCheck::Free) => {
            (Role::Good, "VLAN: free (checked with Megaport)".to_owned())
        }
        Check::Known(VlanCheck::Assigned) => (Role::Quiet, "VLAN: none to check".to_owned()),
        Check::Known(VlanCheck::ReadAgain) if side.order.usage() == OrderUse::Untagged => {
            (Role::Good, "On-ramp: read again, nothing is on it".to_owned())
        }
        Check::Known(VlanCheck::ReadAgain) => {
            let says = "VLAN: looks free in our data (Megaport checks VLANs of Ports only)";
            (Role::Warn, says.to_owned())
        }
        Check::Known(VlanCheck::Taken(others)) if others.is_empty() => {
            (Role::Bad, "VLAN: taken (checked with Megaport, which names no free one)".to_owned())
        }
        Check::Known(VlanCheck::Taken(others)) => {
            let others: Vec<_> = others.iter().map(ToString::to_string).collect();
            (Role::Bad, format!("VLAN: taken (checked with Megaport). Free: {}", others.join(", ")))
        }
        Check::Failed(failure) => (Role::Bad, format!("VLAN: could not be checked: {failure}")),
    };
    let keys = match &side.before {
        Check::Asking => (Role::Quiet, "Keys: reading this on-ramp's…".to_owned()),
        Check::Known(before) if before.unread > 0 => {
            let unread = count(before.unread, "entry");
            let says =
                format!("Keys: {} here already, {unread} could not be read", before.ids.len());
            (Role::Warn, says)
        }
        Check::Known(before) if before.missing > 0 => {
            let missing = count(before.missing, "key");
            let says = format!("Keys: the list lacks {missing} listed before; reading it again");
            (Role::Warn, says)
        }
        Check::Known(before) => {
            (Role::Good, format!("Keys: {} on this on-ramp already", before.ids.len()))
        }
        Check::Failed(failure) => (Role::Bad, format!("Keys: could not be read: {failure}")),
    };
    let faults = side.faults.iter().map(|fault| (Role::Bad, format!("Changed meanwhile: {fault}")));
    let held = held(side, offset).map(|says| (Role::Warn, says));
    let all = [vlan, keys].into_iter().chain(faults).chain(held);
    all.flat_map(|(role, says)| frame::sentence(theme, role, &says, room)).collect()
}

/// Explains why a request waits although nothing is wrong with it.
pub(in crate::ui) fn held(side: &PlannedKey, offset: i64) -> Option<String> {
    let until = clock(side.held_until?.shifted(offset));
    Some(format!(
        "A refused request for the same order may still have created a key: checked until {until}"
    ))
}

fn question(model: &Model, plan: &Plan, review: &Review) -> (Role, &'static str) {
    if plan.is_checking() {
        (Role::Quiet, "Checking once more…")
    } else if plan.waits() {
        (Role::Quiet, "Waiting for the checks; nothing was sent. Esc = back")
    } else if !plan.is_clear() {
        (
            Role::Bad,
            "The key cannot be created like this; nothing was sent. Esc = back   \
             {key:review.check-again} = check again",
        )
    } else if !is_all_shown(model, plan) {
        (
            Role::Bad,
            "Terminal too small to show the whole review; enlarge it to continue. Esc = \
            back",
        )
    } else if model.arms_in(review.question.arms_in(model.now())).is_some() {
        (Role::Quiet, "Pause briefly, then press y.")
    } else {
        let ask = match (plan.is_again(), plan.sides().len()) {
            (true, _) => AGAIN,
            (false, 2) => BOTH,
            (false, _) => ASK,
        };
        (Role::Accent, ask)
    }
}
