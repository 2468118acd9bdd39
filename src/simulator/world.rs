//! The world: what exists when the simulator starts, and how its file reads.
//!
//! A world file is JSON with five lists and, where there are any, `events`. It names things once and in short; the
//! `documents` module writes the vendor's full documents from it.
//!
//! ```json
//! { "companies": [{"id": 48213, "uid": "…", "name": "QuantumGPU"}],
//!   "sites":     [{"id": 59, "name": "Equinix LA1", "city": "Los Angeles",
//!                  "metro": "Los Angeles", "country": "USA", "market": "US"}],
//!   "services":  [{"uid": "…", "id": 90417, "name": "Los Angeles 1", "kind": "MEGAPORT",
//!                  "company": 48213, "site": 59, "speed": 10000, "zone": "blue",
//!                  "created": "-300d"}],
//!   "vxcs":      [{"uid": "…", "id": 1, "name": "Customer 1", "rate": 500, "created": "-9d4h",
//!                  "a": {"uid": "…", "vlan": 123}, "b": {"uid": "…", "vlan": 100}}],
//!   "keys":      [{"key": "…", "service": "…", "single_use": true, "max_speed": 500,
//!                  "vlan": 101, "created": "-2d", "valid_until": "+28d"}] }
//! ```
//!
//! * The **first company is the provider**, the others are its customers.
//! * **Times** are integers (milliseconds since 1970) or text relative to the
//!   start: a sign, then numbers with `d`, `h`, `m` or `s`, as in `"-30d"` or
//!   `"+12d4h"`. So a world never ages.
//! * An **end** of a VXC names a service of this world by `uid`, or describes a
//!   foreign one by `owner`, `name` and `site` as well.
//! * `also` replaces members of the finished document (relative times work in
//!   members ending in `Date`, and in `start` and `end`), `without` drops some:
//!   both are there for the vendor's quirks.
//!
//! This module reads and checks; it must not know how anything is served.

mod check;
mod content;
mod demo;
mod read;
mod when;

pub use content::{Company, End, Event, EventKind, Ix, Key, Kind, Lag, Service, Site, Vxc, World};
pub use read::WorldError;
pub(super) use read::describe_error;
pub use when::When;
