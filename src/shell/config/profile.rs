//! A profile: which API, as whom, and where the secret is.

use std::path::PathBuf;

use crate::{
    api::Mode,
    client::{self, ConfigError, Credentials, Environment},
    shell::credentials::{Entry, Place},
};

/// An account at an API. Its secret is elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// What the user calls it.
    pub name: String,
    /// Where to call.
    pub api: Api,
    /// As whom; `None` where the environment says.
    pub client_id: Option<String>,
    /// Where its secret is.
    pub store: Store,
    /// Whether it may change anything.
    pub mode: Mode,
    /// An authority that is believed beside the system's: an absolute path.
    pub ca_file: Option<PathBuf>,
}

/// An API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Api {
    /// One of the vendor's environments.
    Environment(Environment),
    /// Two addresses of one's own: the API and its token URL.
    Urls(String, String),
}

/// Where a profile's secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Store {
    /// In the keyring of the operating system.
    Keyring,
    /// In the kernel's keyring.
    Kernel,
    /// A program prints it: its absolute path and its arguments.
    Command(Vec<String>),
    /// In the environment.
    Environment,
}

/// Whether `name` can be a profile's: it is part of an entry's name.
pub fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (1..=64).contains(&name.len()) && name.chars().all(plain)
}

/// Whether `id` can be a client id.
pub fn is_client_id(id: &str) -> bool {
    (1..=256).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic())
}

impl Api {
    /// The API's address, and where its tokens are made.
    pub fn urls(&self) -> (&str, &str) {
        match self {
            Self::Environment(environment) => environment.urls(),
            Self::Urls(api, token) => (api, token),
        }
    }

    /// The hosts a secret for this API may be sent to.
    pub fn place(&self) -> Result<Place, ConfigError> {
        let (api, token) = self.urls();
        Place::of(api, token)
    }

    /// The client's configuration, once the credentials are known.
    pub fn config(&self, credentials: Credentials) -> Result<client::Config, ConfigError> {
        let (api, token) = self.urls();
        client::Config::for_urls(api, token, credentials)
    }
}

impl Profile {
    /// What its secret is called in a store.
    pub fn entry(&self) -> Result<Entry, ConfigError> {
        let id = self.client_id.as_deref().unwrap_or_default();
        Ok(Entry::new(&self.api.place()?, &self.name, id))
    }
}

impl Store {
    /// The word `config.toml` and `--store` use.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::Kernel => "kernel",
            Self::Command(_) => "command",
            Self::Environment => "environment",
        }
    }
}

impl Mode {
    /// The word `config.toml` uses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ReadOnly => "read-only",
            Self::ReadWrite => "read-write",
        }
    }
}
