//! Signs in, for the command line and for the screen: try the key pair, store the secret,
//! write the profile, in this order.

use std::fmt::Write as _;

use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    api::Cause,
    client::{self, Credentials},
    shell::{account, exit::ExitError, store::permissions::path_text},
};

use super::{
    config::{Config, Profile, Store},
    credentials::{self, SecretName, StoreError, Vault},
    unusable_api,
};

/// Tries a profile's key pair, stores the secret, and only then writes the profile.
/// Returns the steps done, in sentences.
pub(in crate::shell) async fn sign_in(
    config: &mut Config,
    profile: &Profile,
    secret: &SecretString,
) -> Result<String, ExitError> {
    let place = profile.api.secret_scope().map_err(unusable_api)?;
    let entry = profile.secret_name().map_err(unusable_api)?;
    let vault =
        account::open_vault(&profile.store).map_err(|trouble| store_error(profile, &trouble))?;
    let client_id = account::client_id(profile).ok_or_else(|| {
        ExitError::Credentials(format!(
            "set {}, or name the client id",
            credentials::CLIENT_ID_VARIABLE
        ))
    })?;
    verify_key_pair(config, profile, client_id, secret).await?;
    let keeps = profile.store.keeps();
    if keeps {
        store_secret(&vault, &entry, secret)
            .await
            .map_err(|trouble| store_error(profile, &trouble))?;
    }
    let before = config.find_profile(&profile.name).cloned();
    let path = match config.save(profile) {
        Ok(path) => path,
        Err(error) => {
            if keeps {
                drop(vault.delete(&entry).await);
            }
            return Err(error);
        }
    };
    let mut says = format!("Signed in to {} ({}).\n", place.environment(), place.host());
    let name = vault.name();
    let _ = if keeps {
        writeln!(says, "The secret is in {name}, as \"{}\": {}.", entry.service(), vault.meaning())
    } else {
        writeln!(says, "The secret comes from {name}: {}.", vault.meaning())
    };
    let _ = writeln!(says, "Profile {} is in {}.", profile.name, path_text(&path));
    if let Some(before) = before
        && let Some(gone) = remove_old_entry(&before, profile).await
    {
        says.push_str(&gone);
    }
    Ok(says)
}

/// Asks the token endpoint, before anything is stored.
async fn verify_key_pair(
    config: &Config,
    profile: &Profile,
    id: String,
    secret: &SecretString,
) -> Result<(), ExitError> {
    let credentials = Credentials { client_id: id, client_secret: secret.clone() };
    let config = account::client_config(config, &profile.api, Some(profile), credentials)?;
    client::verify_credentials(config).await.map_err(|failed| {
        let says = format!("{} Nothing was stored.", failed.in_full());
        match failed.cause {
            Cause::Credentials => ExitError::Credentials(says),
            _ => ExitError::Failed(says),
        }
    })
}

/// Stores the secret and reads it once more: some stores accept secrets that they do
/// not return.
async fn store_secret(
    vault: &Vault,
    entry: &SecretName,
    secret: &SecretString,
) -> Result<(), StoreError> {
    account::wait_for_store(vault, vault.set(entry, secret)).await?;
    let kept = vault.get(entry).await?;
    if kept.expose_secret() == secret.expose_secret() {
        Ok(())
    } else {
        Err(StoreError::denied("it returns something else"))
    }
}

/// Removes the entry that a profile had and does not use any more.
async fn remove_old_entry(before: &Profile, now: &Profile) -> Option<String> {
    let (old, new) = (before.secret_name().ok()?, now.secret_name().ok()?);
    if !before.store.keeps() || (old == new && before.store == now.store) {
        return None;
    }
    let vault = account::open_vault(&before.store).ok()?;
    vault.delete(&old).await.ok()?;
    Some(format!("Its old entry \"{}\" was removed from {}.\n", old.service(), vault.name()))
}

/// Explains that the secret cannot be stored, and is not stored anywhere else.
pub(in crate::shell) fn store_error(profile: &Profile, trouble: &StoreError) -> ExitError {
    let name =
        account::open_vault(&profile.store).map_or("the kernel keyring", |vault| vault.name());
    let mut ways = vec!["--store command (printed by your own program)", "--store environment"];
    if profile.store != Store::Kernel && cfg!(target_os = "linux") {
        ways.insert(0, "--store kernel (until reboot)");
    }
    ExitError::Credentials(format!(
        "{name} cannot store a secret: {trouble}. Nothing was stored. Alternatives: {}",
        ways.join(", ")
    ))
}
