//! The kernel's keyring, for a jump host without a desktop.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry as Item};
use linux_keyutils::{KeyRing, KeyRingIdentifier};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Entry, SecretStore, Trouble, keyring::told};

/// Keys in the memory of the Linux kernel.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kernel;

fn item(entry: &Entry) -> Result<Item, Trouble> {
    // Under sudo, cron or a bare ssh there is no session keyring: keys can be
    // added then and never read. Joining one counts for this thread only, so
    // it is done for every call, on the call's own thread.
    let _joined = KeyRing::from_special_id(KeyRingIdentifier::Session, true);
    let store: Arc<CredentialStore> =
        linux_keyutils_keyring_store::Store::new().map_err(|error| refused(&error))?;
    store.build(entry.service(), entry.user(), None).map_err(|error| refused(&error))
}

/// The kernel has no lock to be opened: what it does not give, it refuses,
/// and a kernel without keyrings has none.
fn refused(error: &keyring_core::Error) -> Trouble {
    match told(error) {
        Trouble::Absent(why) | Trouble::Denied(why) if why.as_str().contains("NotSupported") => {
            Trouble::Absent(why)
        }
        Trouble::Absent(why) => Trouble::Denied(why),
        Trouble::Locked => Trouble::denied("the kernel gives no access"),
        other => other,
    }
}

impl SecretStore for Kernel {
    fn name(&self) -> &'static str {
        "the kernel keyring"
    }

    fn meaning(&self) -> &'static str {
        "kept in the kernel's memory, gone at reboot or after about three idle days"
    }

    fn get(&self, entry: &Entry) -> Result<SecretString, Trouble> {
        let secret = item(entry)?.get_password();
        secret.map(SecretString::from).map_err(|error| refused(&error))
    }

    fn set(&self, entry: &Entry, secret: &SecretString) -> Result<(), Trouble> {
        item(entry)?.set_password(secret.expose_secret()).map_err(|error| refused(&error))
    }

    fn delete(&self, entry: &Entry) -> Result<(), Trouble> {
        item(entry)?.delete_credential().map_err(|error| refused(&error))
    }
}
