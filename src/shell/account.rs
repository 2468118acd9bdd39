//! Which API, and whose key pair: flags before variables, variables before
//! the profile, the profile before the default.

mod choice;

use std::{io::IsTerminal as _, time::Duration};

use secrecy::SecretString;

use crate::{
    api::Mode,
    client::{self, ConfigError, Credentials},
    domain::text::SafeText,
};

use super::{
    config::{Config, Profile, Store},
    credentials::{self, Place, Trouble, Vault},
    exit::Ending,
    log::{self, Note},
    say,
};

pub use super::config::Api;
pub(super) use choice::unknown;
pub use choice::{Choice, Keys, Variables, choose};

/// How long a store may take that asks a person for a password.
const ASKING: Duration = Duration::from_secs(60);

/// After how long a person is told what is waited for.
const LONG: Duration = Duration::from_secs(2);

/// What the command line says about the account.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A profile by its name.
    pub profile: Option<String>,
    /// An API.
    pub api: Option<Api>,
}

/// An account that can be used: where, and what the client needs for it.
#[derive(Debug, Clone)]
pub struct Account {
    /// The environment and the hosts.
    pub place: Place,
    /// What the client needs.
    pub config: client::Config,
    /// Whether keys may be made from the start: as the profile says, and not
    /// without one.
    pub mode: Mode,
}

/// Chooses an account and fetches its secret.
pub async fn open(wanted: &Wanted) -> Result<Account, Ending> {
    let config = Config::load()?;
    let choice = choose(wanted, &Variables::read()?, &config)?;
    log::note(&Note::Account(choice.whose()));
    let credentials = match &choice.keys {
        Keys::Variables => match credentials::pair() {
            (Some(client_id), Some(client_secret)) => Credentials { client_id, client_secret },
            _ => return Err(Ending::Credentials("the variables are gone".to_owned())),
        },
        Keys::Profile(profile) => of_profile(profile).await?,
    };
    let mode = match &choice.keys {
        Keys::Variables => Mode::ReadOnly,
        Keys::Profile(profile) => profile.mode,
    };
    let place = choice.api.place().map_err(unusable)?;
    let client = client_config(&config, &choice.api, choice.profile(), credentials)?;
    Ok(Account { place, config: client, mode })
}

/// What the client needs for `api`, the authority of one's own included.
pub(super) fn client_config(
    config: &Config,
    api: &Api,
    profile: Option<&Profile>,
    credentials: Credentials,
) -> Result<client::Config, Ending> {
    let authority = config.authority(profile)?;
    Ok(api.config(credentials).map_err(unusable)?.trusting(authority))
}

/// An address that the client will not call.
pub(super) fn unusable(error: ConfigError) -> Ending {
    Ending::Usage(format!("this API can not be used: {error}"))
}

async fn of_profile(profile: &Profile) -> Result<Credentials, Ending> {
    let client_secret = secret(profile).await.map_err(|trouble| explain(profile, &trouble))?;
    let variable = || credentials::pair().0;
    let client_id = profile.client_id.clone().or_else(variable).ok_or_else(|| {
        Ending::Credentials(format!(
            "set {}, or name the client id in config.toml",
            credentials::ID
        ))
    })?;
    Ok(Credentials { client_id, client_secret })
}

/// The secret of a profile, from its own entry only.
pub(super) async fn secret(profile: &Profile) -> Result<SecretString, Trouble> {
    let entry = profile.entry().map_err(|error| Trouble::denied(&error.to_string()))?;
    let vault = vault(&profile.store)?;
    patiently(&vault, vault.get(&entry)).await
}

/// The store itself.
pub(super) fn vault(store: &Store) -> Result<Vault, Trouble> {
    let vault = match store {
        Store::Keyring if may_ask() => Vault::new(credentials::Keyring).with_patience(ASKING),
        Store::Keyring => Vault::new(credentials::Keyring),
        #[cfg(target_os = "linux")]
        Store::Kernel => Vault::new(credentials::Kernel),
        #[cfg(not(target_os = "linux"))]
        Store::Kernel => return Err(Trouble::absent("only Linux has one")),
        Store::Command(words) => {
            Vault::new(credentials::Command::new(words).map_err(Trouble::denied)?)
        }
        Store::Environment => Vault::new(credentials::Environment),
    };
    Ok(vault)
}

/// Whether a keyring can open a window and somebody is there to answer it.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn may_ask() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let window = cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY");
    window && std::io::stdin().is_terminal()
}

/// Waits for a store, and says so where that takes long.
pub(super) async fn patiently<T>(vault: &Vault, answer: impl Future<Output = T>) -> T {
    let mut answer = std::pin::pin!(answer);
    if let Ok(answer) = tokio::time::timeout(LONG, &mut answer).await {
        return answer;
    }
    say::tell(&format!("waiting for {}: it may ask you something\n", vault.name()));
    answer.await
}

/// A store's trouble in a sentence, with a way on.
pub(super) fn explain(profile: &Profile, trouble: &Trouble) -> Ending {
    let name = vault(&profile.store).map_or("the kernel keyring", |vault| vault.name());
    let again = format!("`onramp login --profile {}`", profile.name);
    let way = match trouble {
        Trouble::NoEntry if profile.store == Store::Environment => {
            format!("set {}", credentials::SECRET)
        }
        Trouble::NoEntry => format!("sign in with {again}"),
        Trouble::Locked => "unlock it and try again, or keep the secret elsewhere (--store)".into(),
        Trouble::TimedOut | Trouble::Absent(_) | Trouble::Denied(_) => format!(
            "`onramp doctor` looks closer; without a desktop, {again} with --store kernel or \
             --store command keeps it elsewhere, and {} and {} work without a store",
            credentials::ID,
            credentials::SECRET
        ),
    };
    let whose = SafeText::clean(&profile.name);
    Ending::Credentials(format!("no secret for profile {whose} from {name}: {trouble}; {way}"))
}
