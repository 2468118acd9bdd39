//! The client's configuration: addresses, credentials, and network path.

use std::{fmt, net::IpAddr};

use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;
use url::{Host, Url};

pub use crate::api::account::Environment;

use super::{
    ca::Authority,
    mask::Mask,
    proxy::{self, Proxy, ProxyInUse, Route},
    timeouts::Timeouts,
};

/// Everything the client needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// The base of the API's paths.
    pub api_url: Url,
    /// The URL that issues tokens.
    pub token_url: Url,
    /// The client id and secret.
    pub credentials: Credentials,
    /// Through what.
    pub proxy: Proxy,
    /// Whom to believe.
    pub trust: Trust,
    /// Whom to believe in place of those that the system believes.
    pub roots: Option<Authority>,
    /// The timeouts.
    pub timeouts: Timeouts,
}

/// An API key of the vendor's portal. `Debug` shows neither half.
#[derive(Clone)]
pub struct Credentials {
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: SecretString,
}

/// The trusted certificate authorities. No setting trusts every certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// The authorities of the system.
    System,
    /// The system's, and a custom authority.
    SystemAnd(Authority),
    /// None: for plain http to this host only.
    None,
}

/// Returns whether `address` is one that the client would call, or why not.
pub fn check_address(address: &str) -> Result<(), ConfigError> {
    check(address).map(drop)
}

/// An address the client will not call, and why. It does not quote the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// It is no URL.
    #[error("not a URL with a host")]
    NotAUrl,
    /// It has a character that hides where it leads.
    #[error("only letters, digits and plain punctuation are allowed in a URL here")]
    Character,
    /// It is neither https nor http to this host.
    #[error("https is required; plain http is allowed to this host only")]
    NotEncrypted,
    /// One address is plain http on this host and the other is elsewhere.
    #[error("plain http requires both addresses on this host")]
    Mixed,
    /// It carries a user name or a password.
    #[error("a URL must not carry a user name or a password")]
    UserInfo,
    /// It carries a query or a fragment.
    #[error("a URL must not carry a query or a fragment")]
    Query,
    /// Its host ends in a dot.
    #[error("the host must not end in a dot")]
    TrailingDot,
    /// Its host is in another script than it looks.
    #[error("the host name must be ASCII")]
    Script,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials([hidden])")
    }
}

impl Environment {
    /// Returns the base of the API's paths, and the URL that issues tokens. Source: the
    /// vendor's SDK, which derives the second from the first.
    pub const fn urls(self) -> (&'static str, &'static str) {
        match self {
            Self::Production => {
                ("https://api.megaport.com", "https://auth-m2m.megaport.com/oauth2/token")
            }
            Self::Staging => (
                "https://api-staging.megaport.com",
                "https://auth-m2m-staging.megaport.com/oauth2/token",
            ),
            Self::Development => (
                "https://api-mpone-dev.megaport.com",
                "https://auth-m2m-mpone-dev.megaport.com/oauth2/token",
            ),
        }
    }
}

impl Config {
    /// Returns the configuration for one of the vendor's environments.
    pub fn for_environment(
        environment: Environment,
        credentials: Credentials,
    ) -> Result<Self, ConfigError> {
        let (api, token) = environment.urls();
        Self::for_urls(api, token, credentials)
    }

    /// Returns the configuration for two addresses: https, or plain http to this host,
    /// without user name, query, fragment or a trailing dot.
    pub fn for_urls(api: &str, token: &str, credentials: Credentials) -> Result<Self, ConfigError> {
        let (api_url, token_url) = (check(api)?, check(token)?);
        let plain = api_url.scheme() == "http" && token_url.scheme() == "http";
        let near = is_loopback(&api_url) && is_loopback(&token_url);
        // A proxy, taken for the one, would carry the other in clear text.
        let bare = api_url.scheme() == "http" || token_url.scheme() == "http";
        if bare && !near {
            return Err(ConfigError::Mixed);
        }
        Ok(Self {
            api_url,
            token_url,
            credentials,
            proxy: if near { Proxy::None } else { Proxy::System },
            trust: if plain { Trust::None } else { Trust::System },
            roots: None,
            timeouts: Timeouts::default(),
        })
    }

    /// As [`Config::for_urls`], for a server on this host, such as the
    /// simulator: any other address is refused.
    pub fn loopback(api: &str, token: &str, credentials: Credentials) -> Result<Self, ConfigError> {
        let config = Self::for_urls(api, token, credentials)?;
        if config.proxy == Proxy::None { Ok(config) } else { Err(ConfigError::NotEncrypted) }
    }

    /// Adds trust in `authority`. Plain http to this host needs no trust.
    #[must_use]
    pub fn trusting(mut self, authority: Option<Authority>) -> Self {
        if let (Some(authority), Trust::System) = (authority, &self.trust) {
            self.trust = Trust::SystemAnd(authority);
        }
        self
    }

    /// Returns the proxy that calls of the API go through.
    pub fn api_proxy(&self) -> Option<ProxyInUse> {
        proxy::find_proxy(self.proxy, &self.api_url)
    }

    /// Returns the proxy that tokens are asked for through.
    pub fn token_proxy(&self) -> Option<ProxyInUse> {
        proxy::find_proxy(self.proxy, &self.token_url)
    }

    /// Returns the destination and the proxy of API calls.
    pub(super) fn api_route(&self) -> Route<'_> {
        Route { host: self.api_host(), proxy: self.api_proxy() }
    }

    /// Returns the route of token requests.
    pub(super) fn token_route(&self) -> Route<'_> {
        Route { host: self.token_host(), proxy: self.token_proxy() }
    }

    /// Returns the mask that hides the secrets of the calls.
    pub(super) fn mask(&self) -> Mask {
        let mut mask = Mask::default();
        let Credentials { client_id, client_secret } = &self.credentials;
        mask.hide_pair(client_id, client_secret.expose_secret());
        for url in [&self.api_url, &self.token_url] {
            proxy::hide_password(&mut mask, self.proxy, url);
        }
        mask
    }

    /// Returns the API's address.
    pub fn api_url(&self) -> &str {
        self.api_url.as_str()
    }

    /// Returns the API's host, for messages.
    pub(super) fn api_host(&self) -> &str {
        self.api_url.host_str().unwrap_or("the API")
    }

    /// Returns the token host, for messages.
    pub(super) fn token_host(&self) -> &str {
        self.token_url.host_str().unwrap_or("the token host")
    }
}

fn check(raw: &str) -> Result<Url, ConfigError> {
    if !raw.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
        return Err(ConfigError::Character);
    }
    let url = Url::parse(raw).map_err(|_| ConfigError::NotAUrl)?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(ConfigError::NotAUrl)?;
    if !url.username().is_empty() || url.password().is_some() || raw.contains('@') {
        return Err(ConfigError::UserInfo);
    }
    if raw.contains(['?', '#']) {
        return Err(ConfigError::Query);
    }
    if host.ends_with('.') {
        return Err(ConfigError::TrailingDot);
    }
    if host.split('.').any(|label| label.starts_with("xn--")) {
        return Err(ConfigError::Script);
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err(ConfigError::NotEncrypted),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Credentials {
        Credentials { client_id: "canary-id".into(), client_secret: "canary-secret".into() }
    }

    fn refused(url: &str) -> Option<ConfigError> {
        Config::for_urls(url, "https://auth.example.com/token", credentials()).err()
    }

    #[test]
    fn every_environment_is_a_legal_address() {
        for one in [Environment::Production, Environment::Staging, Environment::Development] {
            let config = Config::for_environment(one, credentials()).unwrap();
            assert_eq!((config.proxy, config.trust), (Proxy::System, Trust::System));
        }
    }

    #[test]
    fn plain_http_goes_to_this_host_only() {
        for near in ["http://127.0.0.1:8080", "http://[::1]:1", "http://localhost:9/x/"] {
            let config = Config::loopback(near, near, credentials()).unwrap();
            assert_eq!((config.proxy, config.trust), (Proxy::None, Trust::None), "{near}");
        }
        for far in ["http://10.0.0.1", "http://localhost.example.com", "http://api.megaport.com"] {
            assert_eq!(refused(far), Some(ConfigError::NotEncrypted), "{far}");
        }
        let far = "https://api.example.com";
        assert!(Config::loopback(far, far, credentials()).is_err());
    }

    #[test]
    fn an_address_that_hides_where_it_leads_is_refused() {
        for (url, why) in [
            ("https://user@api.megaport.com", ConfigError::UserInfo),
            ("https://api.megaport.com@evil.example", ConfigError::UserInfo),
            ("https://:@evil.example", ConfigError::UserInfo),
            ("https://api.megaport.com?x", ConfigError::Query),
            ("https://api.megaport.com#x", ConfigError::Query),
            ("https://api.megaport.com./", ConfigError::TrailingDot),
            ("https:\\\\evil.example", ConfigError::Character),
            ("https://api.megaport.com\u{2024}evil.example", ConfigError::Character),
            ("https://api megaport.com", ConfigError::Character),
            ("https://xn--bcher-kva.example", ConfigError::Script),
            ("https://", ConfigError::NotAUrl),
            ("file:///etc/passwd", ConfigError::NotAUrl),
            ("ftp://api.megaport.com", ConfigError::NotEncrypted),
            ("api.megaport.com", ConfigError::NotAUrl),
            ("", ConfigError::NotAUrl),
        ] {
            assert_eq!(refused(url), Some(why), "{url}");
        }
        assert_eq!(refused("https://api.example.com/prefix"), None);
    }

    #[test]
    fn config_debug_hides_both_halves_of_the_api_key() {
        let config = Config::for_environment(Environment::Staging, credentials()).unwrap();
        assert!(!format!("{config:?}").contains("canary"));
    }
}
