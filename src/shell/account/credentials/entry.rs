//! The name of a secret in a store, which also states the hosts it may be sent to.

use crate::{
    api::account::{Environment, EnvironmentKind},
    client::{self, ConfigError, Credentials},
};

/// The hosts a secret may be sent to. Two places with the same text are the
/// same hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretScope {
    environment: EnvironmentKind,
    hosts: String,
}

impl SecretScope {
    /// Returns the place of an API and its token address: both decide, since the secret
    /// goes to the second one.
    pub fn for_hosts(api: &str, token: &str) -> Result<Self, ConfigError> {
        let nobody = Credentials { client_id: String::new(), client_secret: "".into() };
        let config = client::Config::for_urls(api, token, nobody)?;
        let host = |url: &url::Url| {
            let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
            format!("{}{port}", url.host_str().unwrap_or_default())
        };
        let (api_host, token_host) = (host(&config.api_url), host(&config.token_url));
        let is = |one: &Environment| {
            let (api, token) = one.urls();
            let token = token.trim_start_matches("https://");
            let secure = config.api_url.scheme() == "https" && config.token_url.scheme() == "https";
            secure
                && api.trim_start_matches("https://") == api_host
                && token.split('/').next() == Some(token_host.as_str())
        };
        let known = Environment::ALL.into_iter().find(is);
        let environment = known.map_or(EnvironmentKind::Custom, EnvironmentKind::Vendor);
        let alone = known.is_some() || api_host == token_host;
        let hosts = if alone { api_host } else { format!("{api_host} {token_host}") };
        Ok(Self { environment, hosts })
    }

    /// Returns the environment, as every frame shows it.
    pub const fn environment(&self) -> EnvironmentKind {
        self.environment
    }

    /// Returns the API's host, with its port where it has one.
    pub fn host(&self) -> &str {
        self.hosts.split(' ').next().unwrap_or_default()
    }
}

/// The name of a secret in a store: its account, and the hosts that may receive it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretName {
    service: String,
    user: String,
}

impl SecretName {
    /// Returns the entry of a profile's key at a place. A profile's name has no slash,
    /// a client id no blank and a place no `@`, so no two of them collide.
    pub fn new(place: &SecretScope, profile: &str, client_id: &str) -> Self {
        let service = format!("onramp {} {}", place.environment, place.hosts);
        Self { service, user: format!("{profile}/{client_id}") }
    }

    /// Returns an entry for trying a store out; never holds anything secret.
    pub(super) fn probe() -> Self {
        // Two that try at once must not delete each other's.
        let user = format!("{:016x}", fastrand::u64(..));
        Self { service: "onramp PROBE".to_owned(), user }
    }

    /// Returns the environment and the hosts.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// Returns the profile and the client id.
    pub(super) fn user(&self) -> &str {
        &self.user
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: &str = "https://api.megaport.com";
    const TOKEN: &str = "https://auth-m2m.megaport.com/oauth2/token";

    #[test]
    fn an_entry_carries_its_environment_and_its_host() {
        let place = SecretScope::for_hosts(API, TOKEN).expect("legal");
        let entry = SecretName::new(&place, "main", "abc");
        assert_eq!(entry.service(), "onramp PRODUCTION api.megaport.com");
        assert_eq!(entry.user(), "main/abc");
        assert_eq!((place.environment().word(), place.host()), ("PRODUCTION", "api.megaport.com"));
    }

    #[test]
    fn vendor_secret_is_not_found_under_another_token_host() {
        let moved =
            SecretScope::for_hosts(API, "https://auth.example.net/oauth2/token").expect("legal");
        let entry = SecretName::new(&moved, "main", "abc");
        assert_eq!(entry.service(), "onramp CUSTOM api.megaport.com auth.example.net");
    }

    #[test]
    fn only_the_vendors_own_hosts_are_its_environments() {
        let environment =
            |api: &str| SecretScope::for_hosts(api, TOKEN).expect("legal").environment().word();
        assert_eq!(environment("https://api.megaport.com/"), "PRODUCTION");
        assert_eq!(environment("https://api.megaport.com.example.net"), "CUSTOM");
        assert_eq!(environment("https://api-staging.megaport.com"), "CUSTOM", "a mixture");
        let (api, token) = client::Environment::Staging.urls();
        assert_eq!(
            SecretScope::for_hosts(api, token).expect("legal").environment().word(),
            "STAGING"
        );
    }

    #[test]
    fn another_port_is_another_place() {
        let of = |port| {
            let url = format!("http://127.0.0.1:{port}");
            SecretScope::for_hosts(&url, &format!("{url}/oauth2/token")).expect("legal")
        };
        assert_ne!(of(1), of(2));
        let entry = SecretName::new(&of(1), "a", "b");
        assert_eq!(entry.service(), "onramp CUSTOM 127.0.0.1:1");
    }

    #[test]
    fn profiles_whose_names_run_together_keep_entries_of_their_own() {
        let place = SecretScope::for_hosts(API, TOKEN).expect("legal");
        let (one, other) =
            (SecretName::new(&place, "a", "b/c"), SecretName::new(&place, "a-b", "c"));
        assert_ne!(one, other);
    }
}
