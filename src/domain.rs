//! Layer 1: the trade, as pure values and rules.
//!
//! Everything here is decided from arguments alone: no clock, no I/O, no
//! async, nothing of the vendor's JSON and nothing of the screen. A rule that
//! can be stated without HTTP or a terminal belongs here, with its tests.

pub mod absence;
pub mod alteration;
pub mod audit;
pub mod cells;
pub mod column;
pub mod country;
pub mod delivery;
pub mod diversity;
pub mod drift;
pub mod event;
pub mod export;
pub mod fingerprint;
pub mod freshness;
pub mod geography;
pub mod id;
pub mod intent;
pub mod inventory;
pub mod issuance;
pub mod key_difference;
pub mod key_order;
pub mod key_usage;
pub mod key_values;
pub mod lag;
pub mod ledger;
pub mod lifetime;
pub mod link;
pub mod location;
pub mod on_ramp;
pub mod on_ramp_columns;
pub mod place;
pub mod preset;
pub mod ranking;
pub mod readiness;
pub mod refresh_policy;
pub mod region;
pub mod service_key;
pub mod shift_report;
pub mod snapshot;
pub mod spoken;
pub mod status;
pub mod tag;
pub mod telemetry;
pub mod text;
pub mod time;
pub mod units;
pub mod vlan;
pub mod vlan_map;
pub mod vlan_policy;
pub mod vxc;
pub mod watch;
pub mod words;
