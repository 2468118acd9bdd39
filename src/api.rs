//! Requests to the Megaport API and its replies, in domain types.
//!
//! The screen uses only these types; the client turns them into HTTP, and `wire` holds
//! the vendor's JSON.

pub mod account;
pub mod audit;
pub mod cache;
mod called;
pub mod clipboard;
mod failure;
pub mod journal;
pub mod log;
pub mod network_path;
pub mod regions;
mod request_id;

use std::{collections::BTreeMap, time::Duration};

use crate::domain::{
    alteration::Alteration,
    event,
    id::{ConnectionId, KeyId, OnRampId},
    intent::{Intent, IntentId},
    key_values::KeyValues,
    location::{Location, Month, RoundTrip},
    on_ramp::{Kind, OnRamp},
    place::LocationId,
    service_key::{KeyUse, ServiceKey, Validity},
    telemetry::{PortHealth, Traffic},
    text::SafeText,
    units::Mbps,
    vlan::VlanId,
};

pub use called::{CallEnd, Called};
pub use failure::{Cause, Failure};
pub use request_id::RequestId;

/// Whether the console may change anything at Megaport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// It reads, and nothing else.
    #[default]
    ReadOnly,
    /// It creates keys.
    ReadWrite,
}

/// The permit to change something. There is none in read-only mode, and without one the
/// client provides no way to write.
#[derive(Debug)]
pub struct Permit(());

impl Permit {
    /// Returns the right that `mode` gives.
    pub const fn for_mode(mode: Mode) -> Option<Self> {
        match mode {
            Mode::ReadOnly => None,
            Mode::ReadWrite => Some(Self(())),
        }
    }
}

/// Something we change. It takes a [`Permit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Create the key of an intent. Only the user can have it sent again.
    CreateKey {
        /// The confirmed intent.
        intent: Box<Intent>,
        /// The number of this attempt to send it, from 1. Two attempts of the same
        /// number are never both sent: the journal refuses the second.
        attempt: u32,
    },
    /// Change a key; with the change as journaled.
    UpdateKey(KeyChange, Box<Alteration>),
    /// Answer a circuit that waits for our approval.
    Decide {
        /// The circuit.
        circuit: ConnectionId,
        /// Whether it may come to our on-ramp.
        approve: bool,
        /// The change as journaled.
        change: Box<Alteration>,
    },
}

impl Write {
    /// Returns its name in the journal.
    pub const fn named(&self) -> IntentId {
        match self {
            Self::CreateKey { intent, .. } => intent.id,
            Self::UpdateKey(_, change) | Self::Decide { change, .. } => change.id,
        }
    }
}

/// Something we ask. It changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Every on-ramp we own, with its VXCs and IXs.
    Products,
    /// An on-ramp.
    OnRamp(OnRampId),
    /// Every service key of the company.
    Keys,
    /// The service keys of one on-ramp.
    KeysOf(OnRampId),
    /// A key, by its text.
    Key(KeyId),
    /// Whether a key can be redeemed now.
    ValidateKey(KeyId),
    /// Whether a VLAN is free on a Port. MCRs and MVEs are not served.
    CheckVlan(OnRampId, VlanId),
    /// The load of an on-ramp in the last 24 hours.
    Traffic(OnRampId, Kind),
    /// Light and errors of a Port in the last 24 hours.
    PortHealth(OnRampId),
    /// Work that is planned or runs, and outages that go on.
    Events,
    /// The vendor's data centres.
    Locations,
    /// Round trips from one data centre to the others: medians of one month.
    RoundTrips(LocationId, Month),
    /// The name of our own company.
    Company,
}

/// A change of one key; a field that is `None` stays as it is.
///
/// The vendor resets every field that an update omits, so the client reads the key
/// first and sends everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChange {
    /// The key to change.
    pub key: KeyId,
    /// Enable or disable it.
    pub active: Option<bool>,
    /// A new label.
    pub label: Option<SafeText>,
    /// A new rate limit.
    pub rate: Option<Mbps>,
    /// Another VLAN for an unused single-use key; or, where that was changed elsewhere,
    /// whether it is single-use at all.
    pub usage: Option<KeyUse>,
    /// A new window; the inner `None` takes the window away.
    pub validity: Option<Option<Validity>>,
    /// Skip or ask for our approval.
    pub pre_approved: Option<bool>,
}

impl KeyChange {
    /// Returns a change of `key` that changes nothing yet.
    pub const fn new(key: KeyId) -> Self {
        let (active, label, rate, usage) = (None, None, None, None);
        Self { key, active, label, rate, usage, validity: None, pre_approved: None }
    }

    /// Returns the values that it gives to `values`.
    #[must_use]
    pub fn onto(&self, values: KeyValues) -> KeyValues {
        let Self { active, label, rate, usage, validity, pre_approved, key: _ } = self;
        KeyValues {
            active: active.unwrap_or(values.active),
            label: label.clone().unwrap_or(values.label),
            rate: rate.or(values.rate),
            usage: usage.unwrap_or(values.usage),
            validity: validity.unwrap_or(values.validity),
            pre_approved: pre_approved.or(values.pre_approved),
            ..values
        }
    }

    /// Returns whether it changes nothing.
    pub const fn is_empty(&self) -> bool {
        let Self { active, label, rate, usage, validity, pre_approved, key: _ } = self;
        active.is_none()
            && label.is_none()
            && rate.is_none()
            && usage.is_none()
            && validity.is_none()
            && pre_approved.is_none()
    }
}

/// A list that was read entry by entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// The entries that could be read.
    pub entries: Vec<T>,
    /// The entries that could not.
    pub unread: Vec<Unread>,
    /// The number of ignored entries of each other kind, by the vendor's name of it.
    pub other: BTreeMap<SafeText, usize>,
}

/// A list entry that could not be read. It is counted and shown, never fatal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its position in the vendor's list, from 0.
    pub position: usize,
    /// The reason, without its content.
    pub why: SafeText,
}

/// The vendor's answer about one VLAN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VlanAnswer {
    /// It is free now. Advice, not a reservation.
    Free,
    /// It is taken; these few others are free.
    Taken(Vec<VlanId>),
}

/// A request as it would be sent, for the user to inspect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRunRequest {
    /// The HTTP method.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// The body, spread over lines.
    pub body: String,
    /// The same request as a shell command, with `$TOKEN` for the token.
    pub curl: String,
}

/// A reply from the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Every on-ramp, as read: LAG members apart.
    Products(Listing<OnRamp>),
    /// An on-ramp.
    OnRamp(Box<OnRamp>),
    /// Every key of the company.
    Keys(Listing<ServiceKey>),
    /// Every key of one on-ramp.
    KeysOf(OnRampId, Listing<ServiceKey>),
    /// A key.
    Key(Box<ServiceKey>),
    /// Whether the key can be redeemed now.
    KeyIsValid(bool),
    /// Megaport's answer about a VLAN.
    Vlan(VlanAnswer),
    /// The measured load of the on-ramp.
    Traffic(OnRampId, Box<Traffic>),
    /// The health of the Port's link.
    PortHealth(OnRampId, Box<PortHealth>),
    /// Events: planned, running or failed.
    Events(Listing<event::Event>),
    /// The vendor's data centres.
    Locations(Listing<Location>),
    /// Round trips from this data centre.
    RoundTrips(LocationId, Listing<RoundTrip>),
    /// The name of our own company, if the vendor has one.
    Company(Option<SafeText>),
    /// The created key.
    Created(Box<ServiceKey>),
    /// The key as it is after a change.
    Updated(Box<ServiceKey>),
    /// The answer about a circuit was taken.
    Decided(ConnectionId),
}

/// A message of the client task; messages arrive in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Bytes of an answer have come in.
    Progress {
        /// The request.
        id: RequestId,
        /// The bytes received so far, after decompression.
        bytes: u64,
    },
    /// A call took place; for the log: nothing on the screen depends on it.
    Called(Called),
    /// The API asks for no requests for this long.
    Wait(Duration),
    /// The credentials were refused, and are not tried again for this long.
    SignInWaits(Duration),
    /// A request has ended.
    Done {
        /// The request.
        id: RequestId,
        /// The result.
        result: Result<Reply, Failure>,
        /// The server's clock minus ours in milliseconds, if a reply carried it.
        clock_offset: Option<i64>,
    },
}
