//! The review of a key before it is created, as lines of text.

use crate::{
    api::DryRunRequest,
    domain::{cells::pad, key_order::OrderUse, words::date_time},
    engine::plan::{Check, PlannedKey, VlanCheck},
};

/// Returns the review: the order, its warnings, and the request.
pub(super) fn review(
    planned: &PlannedKey,
    customer: &str,
    request: Option<&DryRunRequest>,
) -> String {
    let order = &planned.order;
    let usage = match order.usage() {
        OrderUse::Single(_) => "single-use",
        OrderUse::Untagged => "single-use, untagged",
        OrderUse::Multi => "multi-use",
    };
    let vlan = match (order.usage(), &planned.vlan) {
        (OrderUse::Multi, _) => "assigned by Megaport".to_owned(),
        (OrderUse::Untagged, _) => "untagged".to_owned(),
        (OrderUse::Single(vlan), Check::Known(VlanCheck::Free)) => {
            format!("{vlan}, free (checked with Megaport)")
        }
        (OrderUse::Single(vlan), _) => format!("{vlan}, looks free in our data"),
    };
    let end = order.validity().and_then(|window| window.end);
    let end = end.map_or_else(|| "no expiry".to_owned(), |end| format!("until {}", date_time(end)));
    let approval = if order.pre_approved() { "automatic" } else { "by us, for each circuit" };
    let facts = [
        ("on-ramp", planned.place.as_str()),
        ("label", order.label().as_str()),
        ("customer", customer),
        ("type", usage),
        ("rate limit", &order.rate().to_string()),
        ("VLAN", &vlan),
        ("valid", &end),
        ("active", if order.active() { "yes" } else { "no" }),
        ("approval", approval),
    ];
    let mut out = String::new();
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        let name = pad(name, 12);
        out.push_str(&[name.as_str(), value, "\n"].concat());
    }
    for warning in &planned.warnings {
        out.push_str(&["Note: ", &warning.to_string(), ".\n"].concat());
    }
    if let Some(DryRunRequest { method, url, body, curl }) = request {
        out.push_str(&["\n", method, " ", url, "\n", body, "\n\n", curl, "\n"].concat());
    }
    out
}
