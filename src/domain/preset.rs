//! Defaults for a new key, as the provider configured them.

use std::time::Duration;

use super::{delivery::Delivery, ranking::Rules, units::Mbps, vlan_policy::VlanPolicy};

/// One day.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A named proposal for a new key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    /// Its name in the form.
    pub name: String,
    /// The rate limit; less where the on-ramp takes no more.
    pub rate: Mbps,
    /// Its lifetime; `None` means no expiry.
    pub lifetime: Option<Duration>,
    /// Whether it is for one connection.
    pub single: bool,
    /// Whether it may be redeemed at once.
    pub active: bool,
    /// Whether the customer's VXC starts without our approval.
    pub pre_approved: bool,
}

impl Default for Preset {
    fn default() -> Self {
        Self {
            name: "standard".to_owned(),
            rate: Mbps::new(500),
            lifetime: Some(30 * DAY),
            single: true,
            active: true,
            pre_approved: false,
        }
    }
}

/// The provider's settings for new keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The presets, the first one first; there is always one.
    pub presets: Vec<Preset>,
    /// The rule for proposed VLANs.
    pub vlans: VlanPolicy,
    /// The rules for ranking on-ramps.
    pub ranking: Rules,
    /// The delivery settings.
    pub delivery: Delivery,
}

impl Default for Settings {
    fn default() -> Self {
        let presets = vec![Preset::default()];
        Self {
            presets,
            vlans: VlanPolicy::default(),
            ranking: Rules::default(),
            delivery: Delivery::default(),
        }
    }
}

/// Reads a typed span: `36h`, `30d`, `6w`, with or without a blank; at least an hour
/// and at most ten years.
pub fn read_span(text: &str) -> Option<Duration> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let hours = match unit.trim() {
        "h" | "hour" | "hours" => 1,
        "d" | "day" | "days" => 24,
        "w" | "week" | "weeks" => 7 * 24,
        _ => return None,
    };
    let hours = number.parse::<u64>().ok()?.checked_mul(hours)?;
    (1..=10 * 365 * 24).contains(&hours).then(|| Duration::from_secs(hours * 3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_as_people_type_it() {
        let hours = |text| read_span(text).map(|span| span.as_secs() / 3600);
        assert_eq!(hours("36h"), Some(36));
        assert_eq!(hours(" 30 days "), Some(720));
        assert_eq!(hours("2W"), Some(336));
        for wrong in ["", "h", "30", "30m", "0d", "-1d", "99999999999d", "4000d", "1.5d"] {
            assert_eq!(hours(wrong), None, "{wrong}");
        }
    }
}
