//! Draws the review of a pair: what both share, each side, and the verdict.

use ratatui::text::{Line, Span};

use crate::{
    domain::{diversity::Verdict, key_order::OrderUse},
    engine::plan::{Check, Plan, PlannedKey, VlanCheck},
    ui::{
        model::Model,
        screen::frame::{self, fact},
        widget::{
            text::{count, date_time},
            theme::Role,
        },
    },
};

use super::review_view;

/// Returns both orders, their checks, and the irreversible effects.
pub(in crate::ui) fn facts(model: &Model, plan: &Plan, room: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let [first, second] = plan.sides() else { return vec![] };
    let order = &first.order;
    let valid = match order.validity().and_then(|window| window.end) {
        Some(end) => format!("until {}", date_time(end)),
        None => "no expiry".to_owned(),
    };
    let active = if order.active() { "active" } else { "disabled" };
    let approval = if order.pre_approved() { "automatic approval" } else { "we approve" };
    let each = format!("{}, single-use, {active}, {approval}", order.rate());
    let mut lines = fact(theme, "each", &each, room);
    lines.extend(fact(theme, "valid", &valid, room));
    let whom = format!("{} {}", plan.for_whom().customer, plan.for_whom().reference);
    if !whom.trim().is_empty() {
        lines.extend(fact(theme, "for", &format!("{} (not sent)", whom.trim()), room));
    }
    for (at, one) in [first, second].into_iter().enumerate() {
        lines.push(Line::default());
        lines.extend(side(model, at + 1, one, &plan.for_whom().customer, room));
    }
    lines.push(Line::default());
    let on_ramps =
        [first, second].map(|side| model.engine.inventory().on_ramp(side.order.on_ramp()));
    if let [Some(one), Some(other)] = on_ramps {
        let verdict = Verdict::judge(one, other);
        let role = if verdict.is_diverse() { Role::Good } else { Role::Bad };
        let says = format!("{}: {}.", verdict.word(), verdict.reason());
        lines.extend(frame::sentence(theme, role, &says, room));
    }
    let never = "Two keys, one after the other. They cannot be deleted later, only disabled. If \
        the second one fails, you keep the first.";
    lines.extend(frame::sentence(theme, Role::Strong, never, room));
    lines
}

/// Returns the lines of one side: on-ramp, label, VLAN and its checks.
fn side(
    model: &Model,
    number: usize,
    side: &PlannedKey,
    customer: &str,
    room: u16,
) -> Vec<Line<'static>> {
    let theme = model.theme;
    let order = &side.order;
    let on_ramp = model.engine.inventory().on_ramp(order.on_ramp());
    let mut place = vec![Span::styled(format!("{number}  "), theme.style(Role::Strong))];
    match on_ramp {
        Some(on_ramp) => place.extend([
            Span::styled(on_ramp.name.to_string(), theme.style(Role::Strong)),
            Span::raw(format!("  {}  ", on_ramp.site.name)),
            Span::styled(on_ramp.zone_word(), theme.zone(&on_ramp.zone)),
        ]),
        None => place.push(Span::raw(order.on_ramp().to_string())),
    }
    let vlan = match order.usage() {
        OrderUse::Single(vlan) => vlan.to_string(),
        OrderUse::Untagged => "untagged".to_owned(),
        OrderUse::Multi => "assigned".to_owned(),
    };
    let mut lines = vec![Line::from(place)];
    lines.extend(fact(theme, "   label", order.label().as_str(), room));
    let (role, checked) = checked(side);
    let mut line = fact(theme, "   VLAN", &vlan, room);
    if let Some(line) = line.first_mut() {
        line.spans.push(Span::raw("  "));
        line.spans.push(Span::styled(checked, theme.style(role)));
    }
    lines.extend(line);
    lines.extend(review_view::warnings(model, side, customer, room));
    for fault in &side.faults {
        let says = format!("   Changed meanwhile: {fault}");
        lines.extend(frame::sentence(theme, Role::Bad, &says, room));
    }
    if let Some(says) = review_view::held(side, model.engine.clock_offset()) {
        lines.extend(frame::sentence(theme, Role::Warn, &format!("   {says}"), room));
    }
    lines
}

/// Describes the last checks of a side in one line.
fn checked(side: &PlannedKey) -> (Role, String) {
    match (&side.vlan, &side.before) {
        (Check::Failed(failure), _) => (Role::Bad, format!("could not be checked: {failure}")),
        (_, Check::Failed(failure)) => (Role::Bad, format!("keys could not be read: {failure}")),
        (Check::Known(VlanCheck::Taken(_)), _) => {
            (Role::Bad, "taken (checked with Megaport)".to_owned())
        }
        (Check::Asking, _) | (_, Check::Asking) => (Role::Quiet, "checking…".to_owned()),
        (Check::Known(vlan), Check::Known(before)) => {
            let keys = count(before.ids.len(), "key");
            let unread = match before.unread {
                0 => String::new(),
                n => format!(", {} unread", count(n, "entry")),
            };
            let (role, word) = match vlan {
                VlanCheck::ReadAgain => (Role::Warn, "looks free in our data"),
                _ => (Role::Good, "free (checked with Megaport)"),
            };
            let role = if before.unread > 0 { Role::Warn } else { role };
            if before.missing > 0 {
                let missing = count(before.missing, "key");
                let says = format!("the list lacks {missing} listed before; reading it again");
                return (Role::Warn, says);
            }
            (role, format!("{word}; {keys} here already{unread}"))
        }
    }
}
