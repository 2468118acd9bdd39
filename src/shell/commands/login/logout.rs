//! `onramp logout` and `onramp profiles`.

use std::fmt::Write as _;

use crate::{
    domain::cells::pad,
    shell::{
        account::{
            self, config::Config, credentials::StoreError, explain_missing_secret, unknown_profile,
            unusable_api,
        },
        exit::ExitError,
        stdio,
    },
};

use super::{config_path_text, mask_client_id};

/// Removes a profile's secret, and reports what was removed and from where.
pub async fn run_logout(profile: Option<&str>) -> Result<(), ExitError> {
    let config = Config::load()?;
    let profile = match profile {
        Some(name) => config.find_profile(name).ok_or_else(|| unknown_profile(name, &config))?,
        None => config.default_profile().ok_or_else(|| no_profile_named(&config))?,
    };
    let vault = account::open_vault(&profile.store)
        .map_err(|trouble| explain_missing_secret(profile, &trouble))?;
    let name = &profile.name;
    if !profile.store.keeps() {
        return stdio::print_stdout(&format!(
            "Nothing was removed: the secret of profile {name} comes from {}, {}.\n",
            vault.name(),
            vault.meaning()
        ));
    }
    let entry = profile.secret_name().map_err(unusable_api)?;
    match account::wait_for_store(&vault, vault.delete(&entry)).await {
        Ok(()) => stdio::print_stdout(&format!(
            "Removed \"{}\" of profile {name} from {}. The profile stays; `onramp login --profile \
             {name}` signs in again.\n",
            entry.service(),
            vault.name()
        )),
        Err(StoreError::NoEntry) => stdio::print_stdout(&format!(
            "Nothing was removed: {} has no \"{}\" of profile {name}.\n",
            vault.name(),
            entry.service()
        )),
        Err(trouble) => Err(explain_missing_secret(profile, &trouble)),
    }
}

fn no_profile_named(config: &Config) -> ExitError {
    ExitError::Usage(if config.profiles.is_empty() {
        format!("{} has no profile", config_path_text())
    } else {
        "no default profile: name one with --profile; `onramp profiles` lists them".to_owned()
    })
}

/// Lists the profiles. Opens no store.
pub fn list_profiles() -> Result<(), ExitError> {
    let config = Config::load()?;
    if config.profiles.is_empty() {
        let says =
            format!("{} has no profile; create one with `onramp login`.\n", config_path_text());
        return stdio::print_stdout(&says);
    }
    let usual = config.default_profile().map(|usual| usual.name.as_str());
    let mut text = String::new();
    for profile in &config.profiles {
        let place = profile.api.secret_scope().map_err(unusable_api)?;
        let star = if usual == Some(&profile.name) { '*' } else { ' ' };
        let id = profile.client_id.as_deref().map(mask_client_id).unwrap_or_default();
        let _infallible = writeln!(
            text,
            "{star} {} {} {} {} {}",
            pad(&profile.name, 16),
            pad(&place.environment().to_string(), 11),
            pad(place.host(), 32),
            pad(id.as_str(), 8),
            profile.store.word()
        );
    }
    stdio::print_stdout(&text)
}
