//! A profile: which API, as whom, and where the secret is.

use crate::{
    api::Mode,
    client::{self, ConfigError, Credentials},
    shell::account::credentials::{SecretName, SecretScope},
};

pub use crate::api::account::{Api, Profile, Store, is_client_id, is_profile_name as is_name};

impl Api {
    /// Returns the API's address, and the URL that issues its tokens.
    pub fn urls(&self) -> (&str, &str) {
        match self {
            Self::Environment(environment) => environment.urls(),
            Self::Urls(api, token) => (api, token),
        }
    }

    /// Returns the hosts a secret for this API may be sent to.
    pub fn secret_scope(&self) -> Result<SecretScope, ConfigError> {
        let (api, token) = self.urls();
        SecretScope::for_hosts(api, token)
    }

    /// Returns the client's configuration, once the credentials are known.
    pub fn config(&self, credentials: Credentials) -> Result<client::Config, ConfigError> {
        let (api, token) = self.urls();
        client::Config::for_urls(api, token, credentials)
    }
}

impl Profile {
    /// Returns the name of its secret in a store.
    pub fn secret_name(&self) -> Result<SecretName, ConfigError> {
        let id = self.client_id.as_deref().unwrap_or_default();
        Ok(SecretName::new(&self.api.secret_scope()?, &self.name, id))
    }
}

impl Mode {
    /// Returns the word `config.toml` uses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ReadOnly => "read-only",
            Self::ReadWrite => "read-write",
        }
    }
}
