//! Draws the review.

use ratatui::{buffer::Buffer, text::Line};

use crate::{
    domain::{
        key_order::{KeyOrder, OrderUse},
        time::Timestamp,
    },
    ui::{
        model::Model,
        text::{date_time, relative},
        theme::{Role, Theme},
    },
};

use super::{
    frame::{self, fact, yes_no},
    review::{Check, Review, Vlan},
};

pub(in crate::ui) fn draw(model: &Model, review: &Review, buffer: &mut Buffer) {
    let theme = model.theme;
    let area = frame::open(model, "Make this key?", frame::SIZE, Role::Warn, buffer);
    let mut lines = order(model, &review.order);
    let whom = &review.for_whom;
    if !whom.customer.is_empty() || !whom.reference.is_empty() {
        let whom = format!("{} {}", whom.customer, whom.reference);
        lines.push(fact(theme, "for", format!("{} (not sent)", whom.trim())));
    }
    lines.push(Line::default());
    lines.extend(checks(theme, review, area.width));
    lines.push(Line::default());
    let never = "A key can never be deleted, only switched off.";
    lines.extend(frame::sentence(theme, Role::Strong, never, area.width));
    let (role, ask) = question(review, model.now);
    lines.extend(frame::sentence(theme, role, ask, area.width));
    frame::lines(&lines, area, buffer);
}

/// What will be sent, one fact a line.
pub(super) fn order(model: &Model, order: &KeyOrder) -> Vec<Line<'static>> {
    let theme = model.theme;
    let on_ramp = model.inventory.on_ramp(order.on_ramp());
    let place = on_ramp.map_or_else(
        || order.on_ramp().to_string(),
        |o| format!("{}, {}, zone {}", o.name, o.site.name, o.zone.word()),
    );
    let (usage, vlan) = match order.usage() {
        OrderUse::Single(vlan) => ("single-use", vlan.to_string()),
        OrderUse::Multi => ("multi-use", "assigned by Megaport".to_owned()),
    };
    let valid = match order.validity().and_then(|v| v.end) {
        Some(end) => format!("until {} ({})", date_time(end), relative(end, model.server_now())),
        None => "open-ended".to_owned(),
    };
    vec![
        fact(theme, "on-ramp", place),
        fact(theme, "label", order.label().to_string()),
        fact(theme, "use", usage),
        fact(theme, "rate limit", order.rate().to_string()),
        fact(theme, "VLAN", vlan),
        fact(theme, "valid", valid),
        fact(theme, "active", yes_no(order.active())),
        fact(
            theme,
            "approval",
            if order.pre_approved() { "skipped" } else { "by us, for each circuit" },
        ),
    ]
}

/// How the last checks stand.
fn checks(theme: Theme, review: &Review, room: u16) -> Vec<Line<'static>> {
    let vlan = match &review.vlan {
        Check::Asking => (Role::Quiet, "VLAN: asking Megaport…".to_owned()),
        Check::Known(Vlan::Free) => (Role::Good, "VLAN: Megaport says it is free".to_owned()),
        Check::Known(Vlan::Assigned) => (Role::Quiet, "VLAN: none to check".to_owned()),
        Check::Known(Vlan::NotServed) => {
            let says = "VLAN: Megaport checks Ports only; free by this on-ramp's VXCs and keys";
            (Role::Warn, says.to_owned())
        }
        Check::Known(Vlan::Taken(others)) => {
            let others: Vec<_> = others.iter().map(ToString::to_string).collect();
            (Role::Bad, format!("VLAN: taken, says Megaport. Free are {}", others.join(", ")))
        }
        Check::Failed(failure) => (Role::Bad, format!("VLAN: could not be checked: {failure}")),
    };
    let keys = match &review.before {
        Check::Asking => (Role::Quiet, "Keys: reading this on-ramp's…".to_owned()),
        Check::Known(before) => {
            (Role::Good, format!("Keys: {} on this on-ramp before", before.len()))
        }
        Check::Failed(failure) => (Role::Bad, format!("Keys: could not be read: {failure}")),
    };
    let faults =
        review.faults.iter().map(|fault| (Role::Bad, format!("Changed meanwhile: {fault}")));
    let all = [vlan, keys].into_iter().chain(faults);
    all.flat_map(|(role, says)| frame::sentence(theme, role, &says, room)).collect()
}

fn question(review: &Review, now: Timestamp) -> (Role, &'static str) {
    if review.is_checking() {
        (Role::Quiet, "One moment: checking once more…")
    } else if review.clear().is_some() && review.arms_in(now).is_some() {
        (Role::Quiet, "One moment: y counts when no key was pressed for 0.4 s.")
    } else if review.clear().is_some() {
        (Role::Accent, "y makes it. Esc, Enter or n: back to the form, nothing sent.")
    } else {
        (Role::Bad, "It can not be made like this; nothing was sent. Esc: back. r: check again.")
    }
}
