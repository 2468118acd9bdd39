//! The network path from this host to the API: proxy and CA.

/// The proxy and CA between this host and the API, if any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkPath {
    /// The proxy, without user and password.
    pub proxy: Option<String>,
    /// The file of an authority that is believed beside the system's.
    pub authority: Option<String>,
}

impl NetworkPath {
    /// No proxy and no further certificate authority.
    pub const DIRECT: Self = Self { proxy: None, authority: None };

    /// Returns whether there is no proxy and no custom CA.
    pub const fn is_direct(&self) -> bool {
        self.proxy.is_none() && self.authority.is_none()
    }
}
