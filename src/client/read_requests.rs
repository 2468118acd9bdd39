//! The vendor's paths for reading, with the most that is read of each and its deadline.

use std::time::Duration;

use url::Url;

use crate::{
    client::timeouts::Timeouts,
    domain::{
        id::{KeyId, OnRampId},
        location::Month,
        on_ramp::Kind,
        place::LocationId,
        vlan::VlanId,
    },
};

/// The path that creates and changes keys, below the API's base.
pub(super) const KEYS_PATH: [&str; 3] = ["v2", "service", "key"];

/// The most that is read of the list of on-ramps: 256 MiB.
pub(super) const PRODUCTS_MAX_BYTES: usize = 256 << 20;
/// The most that is read of a list of keys: 128 MiB.
pub(super) const KEYS_MAX_BYTES: usize = 128 << 20;
/// The size limit of an answer with one whole on-ramp, with up to 4092 VXCs of about 2
/// kB: 64 MiB. It also applies to a key looked up, created or changed.
pub(super) const ON_RAMP_MAX_BYTES: usize = 64 << 20;
/// The most that is read of the list of data centres, some 1 MB: 32 MiB.
pub(super) const LOCATIONS_MAX_BYTES: usize = 32 << 20;
/// The most that is read of a list of events: 16 MiB.
pub(super) const EVENTS_MAX_BYTES: usize = 16 << 20;
/// The most that is read of telemetry, a day of which is some 30 kB: 4 MiB.
pub(super) const TELEMETRY_MAX_BYTES: usize = 4 << 20;
/// The most that is read of any other answer: 256 KiB.
pub(super) const SMALL_MAX_BYTES: usize = 256 << 10;

/// The path of the keys.
pub(super) const KEYS_TEMPLATE: &str = "/v2/service/key";

/// The path of a circuit, for its owners at both ends.
pub(super) const VXC_TEMPLATE: &str = "/v3/product/vxc/{uid}";

/// The path of maintenance events.
pub(super) const MAINTENANCE: &str = "maintenance";
/// The path of outages.
pub(super) const OUTAGE: &str = "outage";

/// A read request.
pub(super) struct ReadRequest {
    /// Its URL.
    pub(super) url: Url,
    /// Its path as a template, for the log.
    pub(super) path: &'static str,
    /// The most bytes that are read, after decompression.
    pub(super) cap: usize,
    /// The longest it may take.
    pub(super) within: Duration,
    /// Its subject, in a word.
    pub(super) what: &'static str,
}

/// Builds the reads for one API.
pub(super) struct ReadRequests<'c> {
    /// The base of its paths.
    pub(super) base: &'c Url,
    /// The deadlines.
    pub(super) timeouts: &'c Timeouts,
}

impl ReadRequests<'_> {
    /// Builds the URL of `path` below the base, each part escaped.
    pub(super) fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(path);
        }
        url
    }

    fn small(&self, url: Url, path: &'static str, cap: usize, what: &'static str) -> ReadRequest {
        ReadRequest { url, path, cap, within: self.timeouts.other, what }
    }

    /// Builds the request for all on-ramps. No filter is sent: whether the server
    /// honours them is not known, and a narrowed list would pass for the whole.
    pub(super) fn products(&self) -> ReadRequest {
        let within = self.timeouts.products;
        let url = self.url(&["v2", "products"]);
        ReadRequest { url, path: "/v2/products", cap: PRODUCTS_MAX_BYTES, within, what: "account" }
    }

    pub(super) fn on_ramp(&self, id: &OnRampId) -> ReadRequest {
        let url = self.url(&["v2", "product", id.as_str()]);
        self.small(url, "/v2/product/{id}", ON_RAMP_MAX_BYTES, "on-ramp")
    }

    pub(super) fn keys(&self) -> ReadRequest {
        let url = self.url(&["v2", "service", "key"]);
        let within = self.timeouts.keys;
        ReadRequest { url, path: KEYS_TEMPLATE, cap: KEYS_MAX_BYTES, within, what: "account" }
    }

    pub(super) fn keys_of(&self, id: &OnRampId) -> ReadRequest {
        let mut ask = self.keys();
        ask.url.query_pairs_mut().append_pair("productIdOrUid", id.as_str());
        (ask.what, ask.path) = ("on-ramp", "/v2/service/key?productIdOrUid={id}");
        ask
    }

    pub(super) fn key(&self, id: &KeyId) -> ReadRequest {
        let mut url = self.url(&["v2", "service", "key"]);
        url.query_pairs_mut().append_pair("key", id.reveal());
        self.small(url, "/v2/service/key?key={key}", ON_RAMP_MAX_BYTES, "key")
    }

    pub(super) fn validate(&self, id: &KeyId) -> ReadRequest {
        let mut url = self.url(&["v2", "service", "key", "validate"]);
        url.query_pairs_mut().append_pair("key", id.reveal());
        self.small(url, "/v2/service/key/validate?key={key}", SMALL_MAX_BYTES, "key")
    }

    pub(super) fn vlan(&self, id: &OnRampId, vlan: VlanId) -> ReadRequest {
        let mut url = self.url(&["v2", "product", "port", id.as_str(), "vlan"]);
        url.query_pairs_mut().append_pair("vlan", &vlan.to_string());
        self.small(url, "/v2/product/port/{id}/vlan?vlan={vlan}", SMALL_MAX_BYTES, "Port")
    }

    /// Builds a request for one day, by the server's clock and not by ours.
    pub(super) fn traffic(&self, id: &OnRampId, kind: Kind) -> ReadRequest {
        let kind = match kind {
            Kind::Port => "megaport",
            Kind::Mcr => "mcr2",
            Kind::Mve => "mve",
        };
        let mut url = self.url(&["v2", "product", kind, id.as_str(), "telemetry"]);
        url.query_pairs_mut().append_pair("type", "BITS").append_pair("days", "1");
        self.small(url, "/v2/product/{type}/{id}/telemetry", TELEMETRY_MAX_BYTES, "telemetry")
    }

    /// Builds the request for events. The state is sent in exactly the vendor's case.
    pub(super) fn events(&self, kind: &str, state: &str) -> ReadRequest {
        let mut url = self.url(&["ens", "v1", "status", kind]);
        url.query_pairs_mut().append_pair("state", state);
        self.small(url, "/ens/v1/status/{kind}?state={state}", EVENTS_MAX_BYTES, "list of events")
    }

    pub(super) fn company(&self) -> ReadRequest {
        let url = self.url(&["v2", "employment"]);
        self.small(url, "/v2/employment", LOCATIONS_MAX_BYTES, "company")
    }

    /// Builds the request for data centres. It needs no token, and one does no harm.
    pub(super) fn locations(&self) -> ReadRequest {
        let url = self.url(&["v3", "locations"]);
        self.small(url, "/v3/locations", LOCATIONS_MAX_BYTES, "list of locations")
    }

    pub(super) fn round_trips(&self, from: LocationId, month: Month) -> ReadRequest {
        let mut url = self.url(&["v2", "locations", "rtt"]);
        url.query_pairs_mut()
            .append_pair("srcLocation", &from.to_string())
            .append_pair("year", &format!("{:02}", month.short_year()))
            .append_pair("month", &month.month.to_string());
        self.small(url, "/v2/locations/rtt?srcLocation={id}", EVENTS_MAX_BYTES, "location")
    }

    pub(super) fn line(&self, id: &OnRampId) -> ReadRequest {
        let mut url = self.url(&["v2", "product", "megaport", id.as_str(), "telemetry"]);
        url.query_pairs_mut().extend_pairs([
            ("type", "OPTICAL"),
            ("type", "ERRORS"),
            ("days", "1"),
        ]);
        self.small(url, "/v2/product/{type}/{id}/telemetry", TELEMETRY_MAX_BYTES, "telemetry")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_hang_below_any_base() {
        let timeouts = Timeouts::default();
        for (base, path) in [
            ("https://a.example", "https://a.example/v2/product/x-1"),
            ("https://a.example/", "https://a.example/v2/product/x-1"),
            ("https://a.example/gate/", "https://a.example/gate/v2/product/x-1"),
        ] {
            let base = Url::parse(base).unwrap();
            let asks = ReadRequests { base: &base, timeouts: &timeouts };
            assert_eq!(asks.on_ramp(&OnRampId::new("x-1").unwrap()).url.as_str(), path);
        }
    }
}
