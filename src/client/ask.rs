//! The vendor's paths, with their caps and deadlines.

use std::time::Duration;

use url::Url;

use crate::domain::{
    id::{KeyId, OnRampId},
    vlan::VlanId,
};

use super::pace::Timeouts;

/// The most that is read of the list of on-ramps: 256 MiB.
pub(super) const PRODUCTS_CAP: usize = 256 << 20;
/// The most that is read of a list of keys: 128 MiB.
pub(super) const KEYS_CAP: usize = 128 << 20;
/// The most that is read of an answer that carries one whole on-ramp, with up
/// to 4092 VXCs of about 2 kB: 64 MiB. So do a key looked up, made or changed.
pub(super) const ON_RAMP_CAP: usize = 64 << 20;
/// The most that is read of any other answer: 256 KiB.
pub(super) const SMALL_CAP: usize = 256 << 10;

/// The path of the keys.
pub(super) const KEYS: &str = "/v2/service/key";

/// The path of a circuit, for its owners at both ends.
pub(super) const VXC: &str = "/v3/product/vxc/{uid}";

/// One read.
pub(super) struct Ask {
    /// Where.
    pub(super) url: Url,
    /// The same as a template, for the log.
    pub(super) path: &'static str,
    /// The most bytes that are read, after decompression.
    pub(super) cap: usize,
    /// The longest it may take.
    pub(super) within: Duration,
    /// What is asked for, in a word.
    pub(super) what: &'static str,
}

/// Builds the reads for one API.
pub(super) struct Asks<'c> {
    /// The base of its paths.
    pub(super) base: &'c Url,
    /// The deadlines.
    pub(super) timeouts: &'c Timeouts,
}

impl Asks<'_> {
    /// `path` below the base, each part escaped.
    pub(super) fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(path);
        }
        url
    }

    fn small(&self, url: Url, path: &'static str, cap: usize, what: &'static str) -> Ask {
        Ask { url, path, cap, within: self.timeouts.other, what }
    }

    /// No filter is sent: whether the server honours them is not known, and
    /// a narrowed list would pass for the whole.
    pub(super) fn products(&self) -> Ask {
        let within = self.timeouts.products;
        let url = self.url(&["v2", "products"]);
        Ask { url, path: "/v2/products", cap: PRODUCTS_CAP, within, what: "account" }
    }

    pub(super) fn on_ramp(&self, id: &OnRampId) -> Ask {
        let url = self.url(&["v2", "product", id.as_str()]);
        self.small(url, "/v2/product/{id}", ON_RAMP_CAP, "on-ramp")
    }

    pub(super) fn keys(&self) -> Ask {
        let url = self.url(&["v2", "service", "key"]);
        let within = self.timeouts.keys;
        Ask { url, path: KEYS, cap: KEYS_CAP, within, what: "account" }
    }

    pub(super) fn keys_of(&self, id: &OnRampId) -> Ask {
        let mut ask = self.keys();
        ask.url.query_pairs_mut().append_pair("productIdOrUid", id.as_str());
        (ask.what, ask.path) = ("on-ramp", "/v2/service/key?productIdOrUid={id}");
        ask
    }

    pub(super) fn key(&self, id: &KeyId) -> Ask {
        let mut url = self.url(&["v2", "service", "key"]);
        url.query_pairs_mut().append_pair("key", id.reveal());
        self.small(url, "/v2/service/key?key={key}", ON_RAMP_CAP, "key")
    }

    pub(super) fn validate(&self, id: &KeyId) -> Ask {
        let mut url = self.url(&["v2", "service", "key", "validate"]);
        url.query_pairs_mut().append_pair("key", id.reveal());
        self.small(url, "/v2/service/key/validate?key={key}", SMALL_CAP, "key")
    }

    pub(super) fn vlan(&self, id: &OnRampId, vlan: VlanId) -> Ask {
        let mut url = self.url(&["v2", "product", "port", id.as_str(), "vlan"]);
        url.query_pairs_mut().append_pair("vlan", &vlan.to_string());
        self.small(url, "/v2/product/port/{id}/vlan?vlan={vlan}", SMALL_CAP, "Port")
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
            let asks = Asks { base: &base, timeouts: &timeouts };
            assert_eq!(asks.on_ramp(&OnRampId::new("x-1").unwrap()).url.as_str(), path);
        }
    }
}
