//! Switches: what the vendor never published, decided here one by one.
//!
//! Reference section 14 lists the unknowns. A client must work with either
//! position of every switch; the defaults are the reference's own guesses.

use serde::Deserialize;

/// The simulator's behaviour where the vendor's is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, not a state")]
pub struct Switches {
    /// Ignores the `country` and `metro` filters of `GET /v2/products` (reference 2.1).
    pub ignore_country_and_metro: bool,
    /// The VLAN check counts VLANs held by unused service keys (reference 5).
    pub vlan_check_counts_unused_keys: bool,
    /// The VLAN check knows Ports only, and answers 404 for an MCR or MVE (reference 5).
    pub vlan_check_for_ports_only: bool,
    /// A deactivated key that has not expired still holds its VLAN (reference 5).
    pub inactive_keys_hold_vlans: bool,
    /// A key on a VLAN that is taken is refused (reference 4.7).
    pub enforce_vlan: bool,
    /// `description` survives POST and PUT; the official tools have seen it lost
    /// (reference 4.5).
    pub keep_description: bool,
    /// A used single-use key disappears from lists (reference 4.6).
    pub used_keys_vanish: bool,
    /// A new key appears in lists only after this many milliseconds.
    pub list_lag_ms: u64,
    /// Reads show a changed key as it was before for this many milliseconds.
    pub change_lag_ms: u64,
    /// "Not found" is a 400, as before August 2024 (reference 3).
    pub not_found_as_400: bool,
    /// Wrong client credentials are a 401 in place of the documented 400 (reference 1).
    pub bad_credentials_as_401: bool,
    /// 500 requests in any 5 minutes for each client address, then 429 (reference 10.2).
    pub rate_limit: bool,
    /// There is telemetry; without, it is a 404 (reference 6.1).
    pub telemetry: bool,
    /// Telemetry is published this many milliseconds after it was measured (reference
    /// 6.1: up to ten minutes).
    pub telemetry_delay_ms: i64,
    /// Telemetry writes its words as `bits` and `IN` (reference 6.1: both were seen).
    pub telemetry_in_other_case: bool,
    /// Round-trip times were measured; staging has none (reference 7.2).
    pub round_trips: bool,
    /// A Port that its owner has locked still takes VXCs, and so keys (reference 2.2: its
    /// help and its words differ).
    pub locked_ports_take_vxcs: bool,
    /// `lastUsed` stays `null` after a key was used, as in every published sample
    /// (reference 4.1).
    pub last_used_stays_null: bool,
    /// A change of a key may name another on-ramp, and moves the key there (reference 4.5).
    pub keys_can_move: bool,
    /// A multi-use key may have a VLAN (reference 4.7).
    pub multi_use_keys_take_vlans: bool,
    /// Every API key is *Read Only*: a write answers 403 (reference 1 and 10.1).
    pub read_only: bool,
    /// The server's clock is this many milliseconds ahead of the machine's.
    pub clock_offset_ms: i64,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            ignore_country_and_metro: false,
            vlan_check_counts_unused_keys: true,
            vlan_check_for_ports_only: false,
            inactive_keys_hold_vlans: true,
            enforce_vlan: true,
            keep_description: true,
            used_keys_vanish: false,
            list_lag_ms: 0,
            change_lag_ms: 0,
            not_found_as_400: false,
            bad_credentials_as_401: false,
            rate_limit: true,
            telemetry: true,
            telemetry_delay_ms: 600_000,
            telemetry_in_other_case: false,
            round_trips: true,
            locked_ports_take_vxcs: true,
            last_used_stays_null: false,
            keys_can_move: false,
            multi_use_keys_take_vlans: false,
            read_only: false,
            clock_offset_ms: 0,
        }
    }
}
