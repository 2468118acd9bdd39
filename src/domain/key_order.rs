//! An order for a new service key: legal by construction.

use std::time::Duration;

use thiserror::Error;

use crate::domain::{
    id::OnRampId,
    on_ramp::OnRamp,
    readiness::Closed,
    service_key::{KeyUse, Validity},
    tag::Tag,
    text::SafeText,
    time::Timestamp,
    units::{Mbps, RateFault},
    vlan::{VlanId, VlanTag},
    vlan_map::VlanMap,
};

/// The longest label we send, in characters. The vendor's limit is not
/// published; names on this platform stop at 64, and so do we.
pub const LABEL_LIMIT: usize = 64;

/// The longest label a user may type: the tag takes the rest.
pub const LABEL_ROOM: usize = LABEL_LIMIT - Tag::ROOM;

/// The customer a key is created for. Shown on the card; nothing of it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForWhom {
    /// The customer.
    pub customer: String,
    /// The customer's reference.
    pub reference: String,
}

impl ForWhom {
    /// The longest customer or reference, in characters: the journal stores no more,
    /// and typed text must not be cut off there.
    pub const ROOM: usize = 100;

    /// Returns the fields that are too long to be stored.
    pub fn faults(&self) -> impl Iterator<Item = Fault> + use<> {
        let long = |text: &str| Some(text.chars().count()).filter(|length| *length > Self::ROOM);
        let customer = long(&self.customer).map(Fault::CustomerTooLong);
        customer.into_iter().chain(long(&self.reference).map(Fault::ReferenceTooLong))
    }
}

/// The redemption type, as the user chose it in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// Once, on a VLAN of its own.
    #[default]
    Tagged,
    /// Many times; Megaport assigns each VLAN.
    Multi,
    /// Once, without a VLAN: the circuit takes the whole on-ramp.
    Untagged,
}

impl Choice {
    /// Returns the next one, or the one before.
    #[must_use]
    pub const fn step(self, forward: bool) -> Self {
        match (self, forward) {
            (Self::Tagged, true) | (Self::Untagged, false) => Self::Multi,
            (Self::Multi, true) | (Self::Tagged, false) => Self::Untagged,
            (Self::Untagged, true) | (Self::Multi, false) => Self::Tagged,
        }
    }
}

/// The redemption type of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderUse {
    /// Once, on this VLAN.
    Single(VlanId),
    /// Once, untagged (`-1`): its circuit takes the whole on-ramp, so nothing
    /// else may be on it. Source: the vendor's documentation allows it.
    Untagged,
    /// Many times; Megaport assigns each VLAN.
    Multi,
}

impl From<OrderUse> for KeyUse {
    /// Returns the usage of a listed key that was created as ordered.
    fn from(ordered: OrderUse) -> Self {
        match ordered {
            OrderUse::Single(vlan) => Self::Single(VlanTag::Tagged(vlan)),
            OrderUse::Untagged => Self::Single(VlanTag::Untagged),
            OrderUse::Multi => Self::Multi,
        }
    }
}

/// The lifetime of a new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// Without an end.
    OpenEnded,
    /// For so long from now.
    For(Duration),
    /// The typed text is neither a span nor a date.
    Unreadable,
}

/// The user's input so far, before it is checked.
///
/// ```
/// # use onramp::{
/// #     domain::{key_order::*, time::Timestamp, units::Mbps, vlan::VlanId, vlan_map::VlanMap},
/// #     wire::products::read_product,
/// # };
/// let record = br#"{"data": {"productUid": "la-1", "productName": "Los Angeles 1",
///     "productType": "MEGAPORT", "provisioningStatus": "LIVE", "portSpeed": 10000}}"#;
/// let port = read_product(record)?.expect("a Port");
/// let now = Timestamp::from_millis(1_795_442_551_000);
/// let vlans = VlanMap::new(&port, &[], true, now);
///
/// let mut draft = Draft {
///     label: "Acme 4471".into(),
///     usage: Choice::Tagged,
///     vlan: VlanId::new(142).ok(),
///     rate: Ok(Mbps::new(500)),
///     lifetime: Lifetime::OpenEnded,
///     active: true,
///     pre_approved: false,
/// };
/// let order = draft.check(&port, &vlans, now).expect("an order");
/// assert_eq!(order.label().as_str(), "Acme 4471");
///
/// draft.label.clear();
/// assert_eq!(draft.check(&port, &vlans, now), Err(vec![Fault::NoLabel]));
/// # Ok::<(), onramp::wire::WireError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The label as typed.
    pub label: String,
    /// The redemption type.
    pub usage: Choice,
    /// The VLAN as typed; `None` where it is none from 2 to 4093.
    pub vlan: Option<VlanId>,
    /// The rate as typed, or why it is none.
    pub rate: Result<Mbps, RateFault>,
    /// The lifetime of the key.
    pub lifetime: Lifetime,
    /// Whether it may be redeemed at once.
    pub active: bool,
    /// Whether the customer's VXC starts without our approval.
    pub pre_approved: bool,
}

/// A field of the draft that a [`Fault`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The on-ramp itself.
    OnRamp,
    /// The label.
    Label,
    /// The rate limit.
    Rate,
    /// For whom it is.
    Customer,
    /// The customer's reference.
    Reference,
    /// Single-use, multi-use or untagged.
    Usage,
    /// The VLAN.
    Vlan,
    /// The validity window.
    Validity,
}

/// An error in a draft.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// The on-ramp is not listed any more.
    #[error("the on-ramp is no longer listed")]
    Gone,
    /// The on-ramp takes no new key.
    #[error("no new key here: {0}")]
    Closed(Closed),
    /// No label: it is how the key is found again when a reply is lost.
    #[error("a label is required: the key is found by it")]
    NoLabel,
    /// The label is over [`LABEL_ROOM`] characters.
    #[error("{0} characters, at most {LABEL_ROOM}")]
    LabelTooLong(usize),
    /// The customer has more than [`ForWhom::ROOM`] characters.
    #[error("{0} characters, at most {room}", room = ForWhom::ROOM)]
    CustomerTooLong(usize),
    /// The reference has more than [`ForWhom::ROOM`] characters.
    #[error("{0} characters, at most {room}", room = ForWhom::ROOM)]
    ReferenceTooLong(usize),
    /// The label holds a character that cannot be seen.
    #[error("contains an invisible character")]
    LabelHidden,
    /// The rate cannot be read.
    #[error("{0}")]
    NoRate(RateFault),
    /// The rate is over the largest VXC the on-ramp takes.
    #[error("at most {0} on this on-ramp")]
    RateTooHigh(Mbps),
    /// The VLAN is no number from 2 to 4093.
    #[error("a VLAN is 2 to 4093")]
    NoVlan,
    /// The VLAN is taken, with the reason.
    #[error("taken: {0}")]
    VlanTaken(String),
    /// An untagged key, and something else is on the on-ramp.
    #[error("this on-ramp already has a circuit or a key")]
    NotAlone,
    /// The validity is over before it was sent.
    #[error("the end is in the past")]
    Over,
    /// The validity has no length.
    #[error("ends before it starts")]
    NoTime,
    /// The validity is neither a span nor a date.
    #[error("36h, 30d, 6w, 2026-12-24 or 2026-12-24 18:00 (UTC)")]
    NoSpan,
}

impl Fault {
    /// Returns the field that has to change.
    pub const fn field(&self) -> Field {
        match self {
            Self::Gone | Self::Closed(_) => Field::OnRamp,
            Self::NoLabel | Self::LabelTooLong(_) | Self::LabelHidden => Field::Label,
            Self::CustomerTooLong(_) => Field::Customer,
            Self::ReferenceTooLong(_) => Field::Reference,
            Self::NoRate(_) | Self::RateTooHigh(_) => Field::Rate,
            Self::NoVlan | Self::VlanTaken(_) => Field::Vlan,
            Self::NotAlone => Field::Usage,
            Self::NoTime | Self::NoSpan | Self::Over => Field::Validity,
        }
    }
}

/// An order for one service key that breaks no rule we know.
///
/// It can only be created by [`Draft::check`], and restored by [`KeyOrder::restore`].
/// Rules: single-use keys carry a VLAN of 2 to 4093 that is free on the on-ramp, or
/// none if they take the whole on-ramp; multi-use keys carry none; and the rate is at
/// least 1 Mbps and at most the largest VXC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyOrder {
    on_ramp: OnRampId,
    label: SafeText,
    usage: OrderUse,
    rate: Mbps,
    validity: Option<Validity>,
    active: bool,
    pre_approved: bool,
}

impl Draft {
    /// Checks the draft against an on-ramp, its VLANs and the time by the
    /// server's clock; every fault is given, not only the first.
    pub fn check(
        &self,
        on_ramp: &OnRamp,
        vlans: &VlanMap,
        now: Timestamp,
    ) -> Result<KeyOrder, Vec<Fault>> {
        let rate = self.checked_rate();
        let mut faults = self.typing_faults(rate.as_ref().err());
        let rate = rate.ok();
        let usage = match (self.usage, self.vlan) {
            (Choice::Multi, _) => Some(OrderUse::Multi),
            (Choice::Untagged, _) => Some(OrderUse::Untagged),
            (Choice::Tagged, vlan) => vlan.map(OrderUse::Single),
        };
        faults.extend(refusals(on_ramp, rate, usage, vlans));
        let Some(usage) = usage else { return Err(faults) };
        if !faults.is_empty() {
            return Err(faults);
        }
        let window = |life| Validity { start: Some(now), end: Some(now + life) };
        Ok(KeyOrder {
            on_ramp: on_ramp.id.clone(),
            label: SafeText::clean(self.label.trim()),
            usage,
            rate: rate.unwrap_or_default(),
            validity: match self.lifetime {
                Lifetime::For(life) => Some(window(life)),
                Lifetime::OpenEnded | Lifetime::Unreadable => None,
            },
            active: self.active,
            pre_approved: self.pre_approved,
        })
    }

    /// Returns the rate, which is never zero.
    fn checked_rate(&self) -> Result<Mbps, RateFault> {
        self.rate.clone().and_then(|rate| match rate {
            Mbps::ZERO => Err(RateFault::Zero),
            rate => Ok(rate),
        })
    }

    fn label_fault(&self) -> Option<Fault> {
        let label = self.label.trim();
        let length = label.chars().count();
        if label.is_empty() {
            Some(Fault::NoLabel)
        } else if length > LABEL_ROOM {
            Some(Fault::LabelTooLong(length))
        } else {
            (SafeText::clean(label).as_str() != label).then_some(Fault::LabelHidden)
        }
    }

    /// Returns the errors that do not depend on the on-ramp.
    fn typing_faults(&self, rate: Option<&RateFault>) -> Vec<Fault> {
        let faults = [
            self.label_fault(),
            rate.cloned().map(Fault::NoRate),
            (self.usage == Choice::Tagged && self.vlan.is_none()).then_some(Fault::NoVlan),
            match self.lifetime {
                Lifetime::For(Duration::ZERO) => Some(Fault::NoTime),
                Lifetime::Unreadable => Some(Fault::NoSpan),
                Lifetime::For(_) | Lifetime::OpenEnded => None,
            },
        ];
        faults.into_iter().flatten().collect()
    }
}

/// The fields of an order, as journaled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The on-ramp the key will open.
    pub on_ramp: OnRampId,
    /// The label, tag included.
    pub label: SafeText,
    /// Single-use with its VLAN, or multi-use.
    pub usage: OrderUse,
    /// The rate limit.
    pub rate: Mbps,
    /// The validity window; `None` is open-ended.
    pub validity: Option<Validity>,
    /// Whether it may be redeemed at once.
    pub active: bool,
    /// Whether the customer's VXC starts without our approval.
    pub pre_approved: bool,
}

/// Returns why an on-ramp refuses a key of this rate and use.
fn refusals(
    on_ramp: &OnRamp,
    rate: Option<Mbps>,
    usage: Option<OrderUse>,
    vlans: &VlanMap,
) -> Vec<Fault> {
    let mut faults: Vec<_> = on_ramp.closed().into_iter().map(Fault::Closed).collect();
    let too_high = rate.is_some_and(|rate| !on_ramp.takes(rate));
    faults.extend(on_ramp.max_vxc().filter(|_| too_high).map(Fault::RateTooHigh));
    faults.extend(match usage {
        Some(OrderUse::Single(vlan)) => {
            vlans.holder(vlan).map(|holder| Fault::VlanTaken(holder.reason()))
        }
        Some(OrderUse::Untagged) => (!vlans.is_empty()).then_some(Fault::NotAlone),
        Some(OrderUse::Multi) | None => None,
    });
    faults
}

impl KeyOrder {
    /// Restores an order that was checked once and journaled; `None` if no check would
    /// have passed it.
    pub fn restore(terms: Terms) -> Option<Self> {
        let Terms { on_ramp, label, usage, rate, validity, active, pre_approved } = terms;
        let long = label.as_str().chars().count() > LABEL_LIMIT;
        let legal = !label.is_empty() && !long && rate > Mbps::ZERO;
        legal.then_some(Self { on_ramp, label, usage, rate, validity, active, pre_approved })
    }

    /// Adds `tag` to the end of its label.
    #[must_use]
    pub fn tagged(mut self, tag: Tag) -> Self {
        self.label = SafeText::clean(&format!("{} {tag}", self.label));
        self
    }

    /// Returns what is wrong with the order now: an on-ramp may close, and a VLAN be
    /// taken, between the form and the request.
    pub fn faults(&self, on_ramp: Option<&OnRamp>, vlans: &VlanMap) -> Vec<Fault> {
        let Some(on_ramp) = on_ramp else { return vec![Fault::Gone] };
        refusals(on_ramp, Some(self.rate), Some(self.usage), vlans)
    }

    /// Returns the on-ramp the key will open.
    pub const fn on_ramp(&self) -> &OnRampId {
        &self.on_ramp
    }

    /// Returns the label (`description`).
    pub const fn label(&self) -> &SafeText {
        &self.label
    }

    /// Returns single-use with its VLAN, or multi-use.
    pub const fn usage(&self) -> OrderUse {
        self.usage
    }

    /// Returns the label as the user typed it, without the tag.
    pub fn typed_label(&self) -> &str {
        let label = self.label.as_str();
        label.rsplit_once(" #").map_or(label, |(label, _)| label)
    }

    /// Returns the rate limit.
    pub const fn rate(&self) -> Mbps {
        self.rate
    }

    /// Returns the validity window; `None` is open-ended.
    pub const fn validity(&self) -> Option<Validity> {
        self.validity
    }

    /// Returns whether it may be redeemed at once.
    pub const fn active(&self) -> bool {
        self.active
    }

    /// Returns whether the customer's VXC starts without our approval.
    pub const fn pre_approved(&self) -> bool {
        self.pre_approved
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;

    /// Returns a draft that a plain 10 Gbps Port takes.
    pub(crate) fn draft() -> Draft {
        Draft {
            label: "ACME-4471 blue".into(),
            usage: Choice::Tagged,
            vlan: VlanId::new(142).ok(),
            rate: Ok(Mbps::new(500)),
            lifetime: Lifetime::For(Duration::from_secs(30 * 24 * 3600)),
            active: true,
            pre_approved: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{on_ramp::samples::*, service_key::samples::key},
        samples::draft,
        *,
    };
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000);

    fn check(draft: &Draft, on_ramp: &OnRamp) -> Result<KeyOrder, Vec<Fault>> {
        draft.check(on_ramp, &VlanMap::new(on_ramp, &[], true, NOW), NOW)
    }

    #[test]
    fn a_draft_with_several_faults_names_them_all() {
        let mut port = port("p");
        port.vxcs = vec![vxc("acme", 1, 142)];
        let draft = Draft { label: "  ".into(), rate: Ok(Mbps::new(20_000)), ..draft() };
        let faults = check(&draft, &port).expect_err("three faults");
        assert_eq!(
            faults,
            [
                Fault::NoLabel,
                Fault::RateTooHigh(Mbps::new(10_000)),
                Fault::VlanTaken("circuit acme".into())
            ]
        );
    }

    #[test]
    fn a_multi_use_order_carries_no_vlan_whatever_was_typed() {
        let order = check(
            &Draft { usage: Choice::Multi, vlan: VlanId::new(2).ok(), ..draft() },
            &port("p"),
        );
        assert_eq!(order.expect("legal").usage(), OrderUse::Multi);
    }

    #[test]
    fn a_closed_on_ramp_takes_no_order() {
        let mut port = port("p");
        port.admin_locked = true;
        assert_eq!(check(&draft(), &port), Err(vec![Fault::Closed(Closed::AdminLocked)]));
    }

    #[test]
    fn a_label_with_a_hidden_character_is_refused_not_mended() {
        let faults = check(&Draft { label: "ACME\u{202e}".into(), ..draft() }, &port("p"));
        assert_eq!(faults, Err(vec![Fault::LabelHidden]));
    }

    #[test]
    fn an_untagged_key_needs_an_on_ramp_with_nothing_else_on_it() {
        let draft = Draft { usage: Choice::Untagged, vlan: None, ..draft() };
        let mut port = port("p");
        port.vxcs.clear();
        port.ixs.clear();
        let alone = check(&draft, &port).expect("nothing is on it");
        assert_eq!(alone.usage(), OrderUse::Untagged);
        port.vxcs = vec![vxc("v", 500, 142)];
        assert_eq!(check(&draft, &port), Err(vec![Fault::NotAlone]));
        port.vxcs.clear();
        let key = key("k", "p", 142);
        let held = VlanMap::new(&port, [&key], true, NOW);
        assert_eq!(draft.check(&port, &held, NOW), Err(vec![Fault::NotAlone]), "an unused key");
        let unread = VlanMap::new(&port, [], false, NOW);
        assert_eq!(
            draft.check(&port, &unread, NOW),
            Err(vec![Fault::NotAlone]),
            "not all was read"
        );
    }

    proptest! {
        #[test]
        fn every_order_that_can_be_made_is_legal(
            label in ".{0,80}", vlan in proptest::option::of(any::<u16>()),
            rate in 0u32..200_000, usage in proptest::sample::select(vec![Choice::Tagged, Choice::Multi, Choice::Untagged]),
            life in proptest::option::of(0u64..9_999_999),
        ) {
            let port = port("p");
            let span = |life| Lifetime::For(Duration::from_secs(life));
            let lifetime = life.map_or(Lifetime::OpenEnded, span);
            let vlan = vlan.and_then(|n| VlanId::new(n).ok());
            let draft = Draft { label, usage, vlan, rate: Ok(Mbps::new(rate)), lifetime, ..draft() };
            if let Ok(order) = check(&draft, &port) {
                prop_assert!(order.rate() >= Mbps::new(1) && order.rate() <= Mbps::new(10_000));
                prop_assert!(!order.label().is_empty());
                prop_assert!(order.label().as_str().chars().count() <= LABEL_LIMIT);
                prop_assert_eq!(matches!(order.usage(), OrderUse::Single(_)), usage == Choice::Tagged);
                if let Some(v) = order.validity() {
                    prop_assert!(v.end > v.start);
                }
            }
        }
    }
}
