//! `onramp login`, `logout` and `profiles`.

mod logout;

use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    client::Environment,
    domain::text::SafeText,
    shell::{
        account::{
            self, Variables,
            config::{self, Api, Config, Mode, Profile, Store, is_client_id, is_name},
            credentials, proxies, sign_in, unusable_api,
        },
        console::prompt,
        exit::ExitError,
        stdio,
        store::permissions::path_text,
    },
};

pub use crate::shell::commands::login::logout::{list_profiles, run_logout};

/// The options of `onramp login`.
#[derive(Debug, Clone, Default)]
pub struct LoginOptions {
    /// The profile to create or to renew.
    pub profile: Option<String>,
    /// The API.
    pub api: Option<Api>,
    /// The client id.
    pub client_id: Option<String>,
    /// The store for the secret.
    pub store: Option<Store>,
    /// The file descriptor that the secret comes from.
    pub secret_fd: Option<u32>,
}

/// Signs in: asks for missing values, tests the key pair, stores the secret, and only
/// then writes the profile.
pub async fn run_login(options: LoginOptions) -> Result<(), ExitError> {
    // Checked first, so that no user types a secret that cannot be sent.
    proxies::check_proxy_variables()?;
    let mut config = Config::load()?;
    let secret_fd = options.secret_fd;
    let mut profile = planned_profile(options, &config)?;
    let place = profile.api.secret_scope().map_err(unusable_api)?;
    let vault = account::open_vault(&profile.store)
        .map_err(|trouble| sign_in::store_error(&profile, &trouble))?;
    let keeps = profile.store.keeps();
    if keeps {
        // Checked first, so that no user types a secret that cannot be stored.
        let ready = account::wait_for_store(&vault, vault.probe()).await;
        ready.map_err(|trouble| sign_in::store_error(&profile, &trouble))?;
    }
    if profile.store != Store::Environment && profile.client_id.is_none() {
        profile.client_id = Some(ask_id(place.environment().word()).await?);
    }
    let entry = profile.secret_name().map_err(unusable_api)?;
    let secret = if keeps {
        ask_secret(secret_fd, place.environment().word()).await?
    } else {
        let secret = account::wait_for_store(&vault, vault.get(&entry)).await;
        secret.map_err(|trouble| account::explain_missing_secret(&profile, &trouble))?
    };
    let says = sign_in::sign_in(&mut config, &profile, &secret).await?;
    stdio::print_stdout(&says)
}

/// Returns the profile as it will be.
fn planned_profile(options: LoginOptions, config: &Config) -> Result<Profile, ExitError> {
    if let Some(id) = &options.client_id
        && !is_client_id(id)
    {
        return Err(ExitError::Usage("a client id has no spaces".to_owned()));
    }
    let variables = Variables::read()?;
    let usual = || options.api.is_none().then(|| config.default_profile()).flatten();
    let before = match &options.profile {
        Some(name) => config.find_profile(name),
        None => usual().filter(|_| variables.environment.is_none()),
    };
    let api =
        options.api.or_else(|| before.map(|before| before.api.clone())).unwrap_or_else(|| {
            Api::Environment(variables.environment.unwrap_or(Environment::Production))
        });
    let place = api.secret_scope().map_err(unusable_api)?;
    let name = options.profile.or_else(|| before.map(|before| before.name.clone()));
    let name = name.unwrap_or_else(|| place.environment().word().to_ascii_lowercase());
    if !is_name(&name) {
        let says = "the name of a profile has only letters, digits, dots, dashes and underscores";
        return Err(ExitError::Usage(says.to_owned()));
    }
    let before = config.find_profile(&name);
    let store = options.store.or_else(|| before.map(|before| before.store.clone()));
    let store = store.unwrap_or(Store::Keyring);
    if let Store::Command(words) = &store {
        // It is not quoted: the user may have typed a secret.
        let wrong = |why| ExitError::Usage(format!("--command: {why}"));
        credentials::Command::new(words).map_err(wrong)?;
    }
    let old = |before: &Profile| before.client_id.clone();
    let client_id = options.client_id.or_else(|| before.and_then(old));
    let mode = before.map_or_else(Mode::default, |before| before.mode);
    let ca_file = before.and_then(|before| before.ca_file.clone());
    Ok(Profile { name, api, client_id, store, mode, ca_file })
}

async fn ask_id(environment: &str) -> Result<String, ExitError> {
    if !prompt::can_ask() {
        return Err(ExitError::Usage("without a terminal, --client-id is required".to_owned()));
    }
    let id = prompt::ask_line(&format!("{environment} client id (access key): "), true).await?;
    let id = id.expose_secret().to_owned();
    if is_client_id(&id) {
        Ok(id)
    } else {
        Err(ExitError::Usage("a client id has no spaces".into()))
    }
}

async fn ask_secret(descriptor: Option<u32>, environment: &str) -> Result<SecretString, ExitError> {
    let secret = match descriptor {
        Some(number) => prompt::from_descriptor(number)?,
        None if prompt::can_ask() => {
            let question = format!("{environment} client secret (nothing is shown): ");
            prompt::ask_line(&question, false).await?
        }
        None => prompt::from_standard_input()?,
    };
    match secret.expose_secret() {
        "" => Err(ExitError::Usage("no secret was given".to_owned())),
        text if text.chars().any(char::is_control) => {
            Err(ExitError::Usage("a secret has no control characters".to_owned()))
        }
        _ => Ok(secret),
    }
}

/// Returns a client id, all but its end hidden.
pub(in crate::shell) fn mask_client_id(id: &str) -> SafeText {
    let tail: Vec<char> = id.chars().rev().take(4).collect();
    let long = id.chars().count() >= 12;
    let tail: String = if long { tail.into_iter().rev().collect() } else { String::new() };
    SafeText::clean(&format!("...{tail}"))
}

/// Returns the path of `config.toml`, for a sentence.
fn config_path_text() -> SafeText {
    config::path().map_or_else(|| SafeText::clean("config.toml"), |path| path_text(&path))
}
