//! Accounts: the API, its credentials and where the secret is stored; the requests of
//! the screen about them, and the replies.

use std::{fmt, path::PathBuf, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};

use crate::domain::{preset::Settings, region::RegionMap, text::SafeText};

use super::{Mode, network_path::NetworkPath};

/// A vendor environment. A key works only in the one it was created in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// The production environment.
    Production,
    /// A copy of production that is reset every 24 hours; nothing is billed.
    Staging,
    /// The vendor's own; of little use to others.
    Development,
}

/// An API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Api {
    /// A vendor environment.
    Environment(Environment),
    /// Two custom addresses: the API and its token URL.
    Urls(String, String),
}

/// The secret store of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Store {
    /// In this program's memory: it is asked for at each start.
    Session,
    /// In the keyring of the operating system.
    Keyring,
    /// In the kernel's keyring.
    Kernel,
    /// A program prints it: its absolute path and its arguments.
    Command(Vec<String>),
    /// In the environment.
    Environment,
}

impl Store {
    /// The timeout of a program that prints a secret: it may ask the user for a
    /// fingerprint or a password.
    pub const PROGRAM_PATIENCE: Duration = Duration::from_secs(60);

    /// Returns the timeout of a user's program; `None` where there is none.
    pub const fn program_patience(&self) -> Option<Duration> {
        match self {
            Self::Command(_) => Some(Self::PROGRAM_PATIENCE),
            Self::Session | Self::Keyring | Self::Kernel | Self::Environment => None,
        }
    }
}

/// An account at an API. Its secret is elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The user's name for it.
    pub name: String,
    /// The API to call.
    pub api: Api,
    /// The client id; `None` if the environment variables hold it.
    pub client_id: Option<String>,
    /// The store of its secret.
    pub store: Store,
    /// Whether it may change anything.
    pub mode: Mode,
    /// An authority that is believed beside the system's: an absolute path.
    pub ca_file: Option<PathBuf>,
}

/// A secret on its way from the keyboard to a store. It has no `Display`, its
/// `Debug` shows nothing, and its memory is cleared when it is dropped.
#[derive(Clone)]
pub struct Secret(SecretString);

/// The kind of environment, as shown in every frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvironmentKind {
    /// Nowhere yet.
    Nowhere,
    /// A vendor environment.
    Vendor(Environment),
    /// An API at a custom address.
    Custom,
    /// The embedded simulator.
    Demo,
}

/// An account that is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The environment shown in every frame.
    pub environment: EnvironmentKind,
    /// The API's host; empty while there is none.
    pub host: String,
    /// The profile's name, where there is one.
    pub profile: Option<String>,
    /// The end of the client id, which distinguishes accounts without a profile.
    pub key_end: Option<SafeText>,
    /// The proxy and CA in use; unknown before the account is open.
    pub network_path: NetworkPath,
}

/// An account that can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The key pair in the variables of the environment.
    Variables,
    /// The profile of this name.
    Profile(String),
    /// The embedded simulator.
    Demo,
}

/// A request of the screen about accounts.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// The list of accounts.
    Accounts,
    /// Test whether a store would keep a secret now.
    Probe(Store),
    /// Use this account from now on.
    Open(Target),
    /// Test a key pair, store its secret, write the profile, and use it. Without a
    /// secret the stored one is tested.
    SignIn(Box<Profile>, Option<Secret>),
}

/// An account that could be opened, for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The account to open.
    pub target: Target,
    /// The environment that every frame would show.
    pub environment: EnvironmentKind,
    /// The API's host.
    pub host: String,
    /// The profile, where it is one.
    pub profile: Option<Profile>,
    /// Whether it is the one that counts when none is named.
    pub usual: bool,
}

/// A reply to the screen about accounts.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The accounts there are.
    Accounts(Vec<Listed>),
    /// The state of a store.
    Probed(Store, Result<(), SafeText>),
    /// An account is open.
    Opened(Box<Opened>),
    /// The secret of this profile is not where it should be: it has to be
    /// typed. With the reason.
    Missing(Box<Profile>, SafeText),
    /// It did not work, and why.
    Failed(SafeText),
}

/// An account that was opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The session.
    pub session: Session,
    /// Whether keys may be created from the start.
    pub mode: Mode,
    /// The provider's regions for it.
    pub regions: RegionMap,
    /// The defaults for new keys.
    pub settings: Settings,
    /// A remark about it, after signing in.
    pub says: Option<SafeText>,
}

impl Environment {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Production, Self::Staging, Self::Development];

    /// Returns the environment of a word, in any case.
    pub fn from_label(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.label().eq_ignore_ascii_case(word))
    }

    /// Returns the word a form and a config file use.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Development => "development",
        }
    }
}

impl Store {
    /// Returns the word `config.toml` and `--store` use.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Keyring => "keyring",
            Self::Kernel => "kernel",
            Self::Command(_) => "command",
            Self::Environment => "environment",
        }
    }

    /// Returns whether onramp itself puts the secret there.
    pub const fn keeps(&self) -> bool {
        matches!(self, Self::Session | Self::Keyring | Self::Kernel)
    }
}

impl EnvironmentKind {
    /// Returns the word, as every frame shows it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nowhere => "NOT SIGNED IN",
            Self::Vendor(Environment::Production) => "PRODUCTION",
            Self::Vendor(Environment::Staging) => "STAGING",
            Self::Vendor(Environment::Development) => "DEVELOPMENT",
            Self::Custom => "CUSTOM",
            Self::Demo => "DEMO",
        }
    }
}

impl fmt::Display for EnvironmentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl Session {
    /// Returns a session without an account.
    pub const fn nowhere() -> Self {
        Self {
            environment: EnvironmentKind::Nowhere,
            host: String::new(),
            profile: None,
            key_end: None,
            network_path: NetworkPath::DIRECT,
        }
    }

    /// Names the account, so that two of one environment never look alike: by its
    /// profile, else by the end of its client id. Empty for the demo.
    pub fn who(&self) -> String {
        match (&self.profile, &self.key_end) {
            (Some(name), _) => name.clone(),
            (None, Some(end)) => format!("key …{end}"),
            (None, None) => String::new(),
        }
    }

    /// Returns the host and the network path, for one line.
    pub fn reached(&self) -> String {
        let mut says = self.host.clone();
        if let Some(proxy) = &self.network_path.proxy {
            says = format!("{says} via proxy {proxy}");
        }
        if let Some(file) = &self.network_path.authority {
            let name = file.rsplit('/').next().unwrap_or(file);
            says = format!("{says}, extra CA {name}");
        }
        says
    }

    /// Names the account and its environment, for a text that is read elsewhere.
    pub fn whose(&self) -> String {
        let whose = format!("{}, {}", self.environment, self.reached());
        match (&self.profile, &self.key_end) {
            (Some(name), _) => format!("{whose}, profile {name}"),
            (None, Some(_)) => format!("{whose}, {}", self.who()),
            (None, None) => whose,
        }
    }
}

impl Secret {
    /// Takes a text over.
    pub fn new(text: &str) -> Self {
        Self(SecretString::from(text))
    }

    /// Returns the secret, for the module that sends or stores it.
    pub const fn inside(&self) -> &SecretString {
        &self.0
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Returns whether `name` can be a profile's: it is part of an entry's name.
pub fn is_profile_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (1..=64).contains(&name.len()) && name.chars().all(plain)
}

/// Returns whether `id` can be a client id.
pub fn is_client_id(id: &str) -> bool {
    (1..=256).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_nothing_of_itself() {
        let asked = Ask::SignIn(
            Box::new(Profile {
                name: "lab".into(),
                api: Api::Environment(Environment::Staging),
                client_id: Some("an-id".into()),
                store: Store::Session,
                mode: Mode::ReadOnly,
                ca_file: None,
            }),
            Some(Secret::new("canary")),
        );
        assert!(!format!("{asked:?}").contains("canary"));
    }

    #[test]
    fn a_profiles_name_is_plain() {
        for name in ["quantumgpu", "a.b_c-9", &"x".repeat(64)] {
            assert!(is_profile_name(name), "{name}");
        }
        for name in ["", "a b", "a/b", "ü", &"x".repeat(65)] {
            assert!(!is_profile_name(name), "{name}");
        }
    }
}
