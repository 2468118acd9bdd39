//! The kernel's keyring, for a jump host without a desktop.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry as Item};
use linux_keyutils::{KeyRing, KeyRingIdentifier};
use secrecy::{ExposeSecret as _, SecretString};

use super::{SecretName, SecretStore, StoreError, keyring::store_error};

/// Keys in the memory of the Linux kernel.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kernel;

fn item(entry: &SecretName) -> Result<Item, StoreError> {
    // Under sudo, cron or a bare ssh there is no session keyring: keys can be
    // added then and never read. Joining one counts for this thread only, so
    // it is done for every call, on the call's own thread.
    let _joined = KeyRing::from_special_id(KeyRingIdentifier::Session, true);
    let store: Arc<CredentialStore> =
        linux_keyutils_keyring_store::Store::new().map_err(|error| kernel_error(&error))?;
    store.build(entry.service(), entry.user(), None).map_err(|error| kernel_error(&error))
}

/// Maps an error. The kernel's keyring cannot be locked: without access it refuses, and
/// a kernel without keyrings is an absent store.
fn kernel_error(error: &keyring_core::Error) -> StoreError {
    match store_error(error) {
        StoreError::Absent(why) | StoreError::Denied(why)
            if why.as_str().contains("NotSupported") =>
        {
            StoreError::Absent(why)
        }
        StoreError::Absent(why) => StoreError::Denied(why),
        StoreError::Locked => StoreError::denied("the kernel denies access"),
        other => other,
    }
}

impl SecretStore for Kernel {
    fn name(&self) -> &'static str {
        "the kernel keyring"
    }

    fn meaning(&self) -> &'static str {
        "stored in kernel memory until reboot or about three idle days"
    }

    fn get(&self, entry: &SecretName) -> Result<SecretString, StoreError> {
        let secret = item(entry)?.get_password();
        secret.map(SecretString::from).map_err(|error| kernel_error(&error))
    }

    fn set(&self, entry: &SecretName, secret: &SecretString) -> Result<(), StoreError> {
        item(entry)?.set_password(secret.expose_secret()).map_err(|error| kernel_error(&error))
    }

    fn delete(&self, entry: &SecretName) -> Result<(), StoreError> {
        item(entry)?.delete_credential().map_err(|error| kernel_error(&error))
    }
}
