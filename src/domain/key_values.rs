//! The values that a key is expected to have: as it was ordered, or as it was
//! seen last.

use crate::domain::{
    id::OnRampId,
    intent::Intent,
    key_difference::{Difference, is_same_moment},
    service_key::{KeyUse, ServiceKey, Validity},
    text::SafeText,
    time::Timestamp,
    units::Mbps,
};

/// The origin of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The order. A value that Megaport fills in is no difference, and neither is a
    /// label that it has shortened.
    Order,
    /// A list, or a change or state that a user confirmed.
    List,
}

/// The values of a key that others can change, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyValues {
    /// Their origin.
    pub basis: Basis,
    /// Its label.
    pub label: SafeText,
    /// Its on-ramp.
    pub on_ramp: OnRampId,
    /// Single-use with its VLAN, or multi-use.
    pub usage: KeyUse,
    /// Its rate limit.
    pub rate: Option<Mbps>,
    /// The window in which it may be redeemed.
    pub validity: Option<Validity>,
    /// Whether it is enabled.
    pub active: bool,
    /// Whether circuits start without our approval, where that is known.
    pub pre_approved: Option<bool>,
}

impl KeyValues {
    /// Takes the values of a key's order.
    pub fn of_order(intent: &Intent) -> Self {
        let order = &intent.order;
        Self {
            basis: Basis::Order,
            label: order.label().clone(),
            on_ramp: order.on_ramp().clone(),
            usage: order.usage().into(),
            rate: Some(order.rate()),
            validity: order.validity(),
            active: order.active(),
            pre_approved: Some(order.pre_approved()),
        }
    }

    /// Takes the values of a listed key.
    pub fn of_key(key: &ServiceKey) -> Self {
        Self {
            basis: Basis::List,
            label: key.label.clone(),
            on_ramp: key.on_ramp.clone(),
            usage: key.usage,
            rate: key.rate,
            validity: key.validity,
            active: key.active,
            pre_approved: key.pre_approved,
        }
    }

    /// Returns `key` with these values.
    pub fn onto(self, key: ServiceKey) -> ServiceKey {
        let Self { basis: _, on_ramp, label, usage, rate, active, pre_approved, validity } = self;
        ServiceKey { on_ramp, label, usage, rate, active, pre_approved, validity, ..key }
    }

    /// Returns the same values, with those that an order omits taken from a list.
    #[must_use]
    pub fn filled_in_by(&self, listed: &Self) -> Self {
        let is_unsaid = self.basis == Basis::Order && self.end().is_none();
        let validity = if is_unsaid { listed.validity } else { self.validity };
        Self { validity, ..self.clone() }
    }

    /// Returns the end of its window.
    pub fn end(&self) -> Option<Timestamp> {
        self.validity.and_then(|window| window.end)
    }

    /// Returns every difference of a listed key. A value missing from its record is no
    /// difference, except where other tools are known to drop it: label, VLAN and end.
    pub fn differences(&self, key: &ServiceKey) -> Vec<Difference> {
        let listed_end = key.validity.and_then(|window| window.end);
        let of_order = self.basis == Basis::Order;
        let is_filled_in = of_order && self.end().is_none();
        let is_shortened = of_order && is_start_of(key.label.as_str(), self.label.as_str());
        let approved = key.pre_approved.filter(|_| key.pre_approved != self.pre_approved);
        let rate = key.rate.filter(|_| self.rate.is_some() && key.rate != self.rate);
        let all = [
            (self.active != key.active).then_some(Difference::Active(key.active)),
            (self.label != key.label && !is_shortened)
                .then(|| Difference::Label(self.label.clone(), key.label.clone())),
            rate.map(|rate| Difference::Rate(self.rate, Some(rate))),
            (!is_filled_in && !is_same_moment(self.end(), listed_end))
                .then(|| Difference::End(self.end(), listed_end)),
            approved.filter(|_| self.pre_approved.is_some()).map(Difference::PreApproved),
            (self.usage != key.usage).then_some(Difference::Usage(self.usage, key.usage)),
            (self.on_ramp != key.on_ramp).then(|| Difference::OnRamp(key.on_ramp_name.clone())),
        ];
        all.into_iter().flatten().collect()
    }
}

/// Returns whether a label is the start of another one, shortened by Megaport.
fn is_start_of(label: &str, of: &str) -> bool {
    let label = label.trim_end_matches('…');
    !label.is_empty() && of.starts_with(label)
}

#[cfg(test)]
pub(super) mod samples {
    use super::{
        super::{intent::samples::intent, service_key::samples::key},
        *,
    };

    /// Returns the key of [`intent`] `1`, as its order had it.
    pub(in crate::domain) fn ordered() -> ServiceKey {
        KeyValues::of_order(&intent(1)).onto(key("k", "p", 0))
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            intent::samples::{THEN, intent},
            vlan::VlanTag,
        },
        samples::ordered,
        *,
    };

    fn differs(key: &ServiceKey) -> usize {
        KeyValues::of_order(&intent(1)).differences(key).len()
    }

    #[test]
    fn every_value_that_others_can_change_is_compared() {
        assert_eq!(differs(&ordered()), 0);
        let window = |end| Some(Validity { start: None, end });
        let approved = ordered().pre_approved.map(|approved| !approved);
        for changed in [
            ServiceKey { active: !ordered().active, ..ordered() },
            ServiceKey { label: "".into(), ..ordered() },
            ServiceKey { label: "of another tool".into(), ..ordered() },
            ServiceKey { rate: Some(Mbps::new(10_000)), ..ordered() },
            ServiceKey { validity: None, ..ordered() },
            ServiceKey { validity: window(Some(THEN)), ..ordered() },
            ServiceKey { pre_approved: approved, ..ordered() },
            ServiceKey { usage: KeyUse::Single(VlanTag::Unstated), ..ordered() },
            ServiceKey { usage: KeyUse::Multi, ..ordered() },
            ServiceKey { on_ramp: OnRampId::new("other").expect("legal"), ..ordered() },
        ] {
            assert_eq!(differs(&changed), 1, "{changed:?}");
            let seen = KeyValues::of_key(&ordered());
            assert_eq!(seen.differences(&changed).len(), 1, "{changed:?}");
            assert_eq!(KeyValues::of_key(&changed).differences(&changed), []);
        }
    }

    #[test]
    fn shortened_rounded_or_missing_values_are_no_difference() {
        let label = ordered().label.as_str().chars().take(6).collect::<String>();
        let end = ordered().validity.and_then(|window| window.end);
        let rounded = end.map(|end| end + std::time::Duration::from_millis(400));
        for same in [
            ServiceKey { label: label.as_str().into(), ..ordered() },
            ServiceKey { label: format!("{label}…").as_str().into(), ..ordered() },
            ServiceKey { rate: None, pre_approved: None, ..ordered() },
            ServiceKey { validity: Some(Validity { start: None, end: rounded }), ..ordered() },
        ] {
            assert_eq!(differs(&same), 0, "{same:?}");
        }
    }
}
