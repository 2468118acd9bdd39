//! Load: what a service carries, invented and the same for the same moment.
//!
//! It follows what is committed on the service, with a quiet night and a busy
//! evening by the sun of its site, and some noise. Knows no calls.

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// The input from which the traffic of a service is invented.
#[derive(Debug, Clone, Copy)]
pub(super) struct LoadProfile {
    /// The service's number.
    pub(super) id: u64,
    /// The committed rates of its circuits, summed, in Mbps.
    pub(super) committed: f64,
    /// Its largest load, in Mbps.
    pub(super) speed: f64,
    /// Degrees east.
    pub(super) longitude: f64,
}

impl LoadProfile {
    /// Returns In and Out at `moment`, in Mbps with one digit after the point.
    pub(super) fn traffic_at(&self, moment: i64) -> (f64, f64) {
        // Some services are used harder than others.
        let keenness = 0.35 + 0.45 * pseudo_random(self.id, 0);
        let busy = self.committed * keenness * (0.35 + 0.65 * self.daytime_factor(moment));
        let noise = |salt| 0.9 + 0.2 * pseudo_random(self.id ^ salt, moment / 300_000);
        let (inward, outward) = (busy * noise(1), busy * 0.55 * noise(2));
        let round = |mbps: f64| (mbps.clamp(0.0, self.speed) * 10.0).round() / 10.0;
        (round(inward), round(outward))
    }

    /// Returns the share of daytime: from 0 at five in the morning to 1 at five in the
    /// afternoon, by the sun.
    fn daytime_factor(&self, moment: i64) -> f64 {
        let seconds = u32::try_from(moment.rem_euclid(DAY_MS) / 1000).unwrap_or_default();
        let hour = f64::from(seconds) / 3600.0 + self.longitude / 15.0;
        let turn = (hour - 5.0) / 24.0 * std::f64::consts::TAU;
        (1.0 - turn.cos()) / 2.0
    }
}

/// Returns a number from 0 to 1 that looks random and is not.
pub(super) fn pseudo_random(id: u64, slot: i64) -> f64 {
    let mut mixed = id.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ slot.unsigned_abs();
    for shift in [30, 27, 31] {
        mixed = (mixed ^ (mixed >> shift)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    f64::from(u32::try_from(mixed >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_busier_than_nights_and_nothing_exceeds_the_speed() {
        let profile = LoadProfile { id: 7, committed: 40_000.0, speed: 10_000.0, longitude: 0.0 };
        let (night, _) = LoadProfile { speed: f64::MAX, ..profile }.traffic_at(5 * 3_600_000);
        let (day, _) = LoadProfile { speed: f64::MAX, ..profile }.traffic_at(17 * 3_600_000);
        assert!(day > 2.0 * night && night > 0.0, "{day} {night}");
        assert!(profile.traffic_at(17 * 3_600_000).0 <= 10_000.0);
        assert_eq!(profile.traffic_at(12_345_678), profile.traffic_at(12_345_678));
    }
}
