//! Opens accounts: the choice of API and key pair. Flags override variables, variables
//! the profile, and a named profile the default.
//!
//! `choice` decides without opening anything, `config` reads `config.toml`,
//! `credentials` asks secret stores, `service` does all of it in the background for the
//! console. Commands call `open_account` directly.

pub(in crate::shell) mod ca_bundle;
mod choice;
pub mod config;
pub mod credentials;
pub(in crate::shell) mod network_path;
pub(in crate::shell) mod proxies;
pub(in crate::shell) mod service;
pub(in crate::shell) mod sign_in;

use std::{io::IsTerminal as _, time::Duration};

use secrecy::SecretString;

use crate::{
    api::{
        Mode,
        account::{EnvironmentKind, Session},
    },
    client::{self, Config, Credentials, Trust},
    domain::text::SafeText,
    shell::{
        account::{
            config::{Profile, Store},
            credentials::{StoreError, Vault},
        },
        exit::ExitError,
        simulator::SimulatorOptions,
        stdio,
        store::{
            audit,
            log::{Note, write_note},
            regions::RegionFiles,
        },
        terminal,
    },
    simulator::Simulator,
};

pub use crate::shell::account::choice::{
    AccountSelection, Choice, KeyPairSource, Variables, choose_account,
};
pub(super) use crate::shell::account::choice::{unknown_profile, unusable_api};
pub use crate::shell::account::config::Api;

/// The timeout of a store that asks the user for a password.
const PASSWORD_TIMEOUT: Duration = Duration::from_secs(60);

/// The delay before the user is shown what is waited for.
const WAIT_NOTICE_AFTER: Duration = Duration::from_secs(2);

/// An account that can be used.
#[derive(Debug)]
pub struct Account {
    /// The session shown on the screen.
    pub session: Session,
    /// The configuration of the client.
    pub config: client::Config,
    /// Whether keys may be created from the start: as the profile states, and not
    /// without one.
    pub mode: Mode,
    /// The audit setting.
    pub audit: audit::AuditSetting,
    /// The files of its region map.
    pub regions: RegionFiles,
    /// The simulator it is on, which ends with this value.
    pub simulator: Option<Simulator>,
}

/// The reason why an account could not be opened.
#[derive(Debug)]
pub(super) enum OpenError {
    /// The secret of this profile is not where it should be.
    Missing(Box<Profile>, StoreError),
    /// Something else.
    Ended(ExitError),
}

impl From<ExitError> for OpenError {
    fn from(ending: ExitError) -> Self {
        Self::Ended(ending)
    }
}

impl From<OpenError> for ExitError {
    fn from(shut: OpenError) -> Self {
        match shut {
            OpenError::Missing(profile, trouble) => explain_missing_secret(&profile, &trouble),
            OpenError::Ended(ending) => ending,
        }
    }
}

/// Fetches the secret of a chosen account.
pub(super) async fn open_account(choice: &Choice) -> Result<Account, OpenError> {
    proxies::check_proxy_variables()?;
    write_note(&Note::Account(choice.whose()));
    let (credentials, mode) = match &choice.keys {
        KeyPairSource::Variables => match credentials::read_key_pair() {
            (Some(client_id), Some(client_secret)) => {
                (Credentials { client_id, client_secret }, Mode::ReadOnly)
            }
            _ => {
                return Err(ExitError::Credentials(
                    "the environment variables are no longer set".to_owned(),
                )
                .into());
            }
        },
        KeyPairSource::Profile(profile) => (profile_credentials(profile).await?, profile.mode),
    };
    build_account(&choice.api, credentials, mode, choice.profile()).map_err(OpenError::Ended)
}

/// Builds the client's configuration for `api`, a custom authority included.
pub(super) fn client_config(
    config: &config::Config,
    api: &Api,
    profile: Option<&Profile>,
    credentials: Credentials,
) -> Result<Config, ExitError> {
    proxies::check_proxy_variables()?;
    let authority = config.authority(profile)?;
    let config = api.config(credentials).map_err(unusable_api)?.trusting(authority);
    // Plain http to this host trusts no authority, whatever the variables name.
    let roots = if config.trust == Trust::None { None } else { ca_bundle::read_variables()? };
    Ok(Config { roots, ..config })
}

/// Builds an account whose credentials are known.
pub(super) fn build_account(
    api: &Api,
    credentials: Credentials,
    mode: Mode,
    profile: Option<&Profile>,
) -> Result<Account, ExitError> {
    let place = api.secret_scope().map_err(unusable_api)?;
    let settings = config::Config::load()?;
    let config = client_config(&settings, api, profile, credentials)?;
    let session = Session {
        environment: place.environment(),
        host: place.host().to_owned(),
        profile: profile.map(|profile| profile.name.clone()),
        key_end: profile.is_none().then(|| client_id_end(&config.credentials.client_id)),
        network_path: network_path::describe_network_path(&config),
    };
    let (audit, regions) = (settings.audit, RegionFiles::default());
    Ok(Account { session, config, mode, audit, regions, simulator: None })
}

/// Returns the last characters of a client id: enough to tell two apart, and useless
/// otherwise.
fn client_id_end(client_id: &str) -> SafeText {
    let letters: Vec<_> = client_id.chars().collect();
    let shown = letters.len().min(4).min(letters.len() / 2);
    SafeText::clean(&letters[letters.len() - shown..].iter().collect::<String>())
}

/// Returns the embedded simulator as an account.
pub(super) async fn open_demo(setting: &SimulatorOptions) -> Result<Account, ExitError> {
    let simulator = setting.start(None).await?;
    let credentials = Credentials {
        client_id: simulator.client_id().to_owned(),
        client_secret: SecretString::from(simulator.client_secret()),
    };
    let config = Config::loopback(&simulator.base_url(), &simulator.token_url(), credentials);
    let config = config.map_err(|error| ExitError::Failed(error.to_string()))?;
    let host = simulator.address().to_string();
    let session = Session { environment: EnvironmentKind::Demo, host, ..Session::nowhere() };
    let (mode, audit, simulator) =
        (Mode::ReadWrite, audit::AuditSetting::default(), Some(simulator));
    Ok(Account { session, config, mode, audit, regions: RegionFiles::default(), simulator })
}

async fn profile_credentials(profile: &Profile) -> Result<Credentials, OpenError> {
    let client_secret = read_secret(profile).await.map_err(|trouble| match trouble {
        StoreError::NoEntry if profile.store.keeps() => {
            OpenError::Missing(Box::new(profile.clone()), trouble)
        }
        trouble => OpenError::Ended(explain_missing_secret(profile, &trouble)),
    })?;
    let client_id = client_id(profile).ok_or_else(|| {
        ExitError::Credentials(format!(
            "set {}, or name the client id in config.toml",
            credentials::CLIENT_ID_VARIABLE
        ))
    })?;
    Ok(Credentials { client_id, client_secret })
}

/// Returns the client id of a profile: its own, else the environment's.
pub(super) fn client_id(profile: &Profile) -> Option<String> {
    profile.client_id.clone().or_else(|| credentials::read_key_pair().0)
}

/// Returns the secret of a profile, from its own entry only.
pub(super) async fn read_secret(profile: &Profile) -> Result<SecretString, StoreError> {
    let entry = profile.secret_name().map_err(|error| StoreError::denied(&error.to_string()))?;
    let vault = open_vault(&profile.store)?;
    wait_for_store(&vault, vault.get(&entry)).await
}

/// Returns the store itself.
pub(super) fn open_vault(store: &Store) -> Result<Vault, StoreError> {
    let vault = match store {
        Store::Session => credentials::session_vault(),
        Store::Keyring if can_open_window() => {
            Vault::new(credentials::Keyring).with_patience(PASSWORD_TIMEOUT)
        }
        Store::Keyring => Vault::new(credentials::Keyring),
        #[cfg(target_os = "linux")]
        Store::Kernel => Vault::new(credentials::Kernel),
        #[cfg(not(target_os = "linux"))]
        Store::Kernel => return Err(Trouble::absent("only Linux has one")),
        Store::Command(words) => {
            Vault::new(credentials::Command::new(words).map_err(StoreError::denied)?)
        }
        Store::Environment => Vault::new(credentials::Environment),
    };
    Ok(vault)
}

/// Returns whether a keyring can open a window and a user is there to answer it.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn can_open_window() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let window = cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY");
    window && std::io::stdin().is_terminal()
}

/// Waits for a store, and shows a message if that takes long.
pub(super) async fn wait_for_store<T>(vault: &Vault, answer: impl Future<Output = T>) -> T {
    let mut answer = std::pin::pin!(answer);
    if let Ok(answer) = tokio::time::timeout(WAIT_NOTICE_AFTER, &mut answer).await {
        return answer;
    }
    if !terminal::is_set_up() {
        let (name, most) = (vault.name(), vault.patience().as_secs());
        stdio::print_stderr(&format!("waiting up to {most} s for {name}: it may ask for input\n"));
    }
    answer.await
}

/// Explains the failure of a store in a sentence, with a next step.
pub(super) fn explain_missing_secret(profile: &Profile, trouble: &StoreError) -> ExitError {
    let name = open_vault(&profile.store).map_or("the kernel keyring", |vault| vault.name());
    let again = format!("`onramp login --profile {}`", profile.name);
    let advice = match trouble {
        StoreError::NoEntry if profile.store == Store::Environment => {
            format!("set {}", credentials::SECRET_VARIABLE)
        }
        StoreError::NoEntry if profile.store == Store::Session => {
            "the console asks for it at each start".to_owned()
        }
        StoreError::NoEntry => format!("sign in with {again}"),
        StoreError::Locked => {
            "unlock it and try again, or store the secret elsewhere (--store)".into()
        }
        StoreError::TimedOut | StoreError::Absent(_) | StoreError::Denied(_) => format!(
            "`onramp doctor` shows more; without a desktop, use {again} with --store kernel or \
             --store command, or set {} and {}",
            credentials::CLIENT_ID_VARIABLE,
            credentials::SECRET_VARIABLE
        ),
    };
    let whose = SafeText::clean(&profile.name);
    ExitError::Credentials(format!(
        "no secret for profile {whose} from {name}: {trouble}; {advice}"
    ))
}
