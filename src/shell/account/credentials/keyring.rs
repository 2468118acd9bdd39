//! The keyring of the operating system.

use keyring::{Entry as Item, Error};
use secrecy::{ExposeSecret as _, SecretString};

use super::{SecretName, SecretStore, StoreError};

/// The Secret Service, the Keychain, or the Credential Manager.
#[derive(Debug, Clone, Copy, Default)]
pub struct Keyring;

const NAME: &str = if cfg!(target_os = "macos") {
    "the Keychain"
} else if cfg!(windows) {
    "the Credential Manager"
} else {
    "the desktop keyring (Secret Service)"
};

fn item(entry: &SecretName) -> Result<Item, StoreError> {
    // Its library connects once and remembers a failure for good; only here
    // does it say why.
    if let Err(error) = Item::store_status() {
        return Err(store_error(error));
    }
    Item::new(entry.service(), entry.user()).map_err(|error| store_error(&error))
}

/// Returns an error of the library without what it may carry: some hold the secret.
pub(super) fn store_error(error: &Error) -> StoreError {
    match error {
        Error::NoEntry => StoreError::NoEntry,
        Error::PlatformFailure(cause) => {
            let cause = cause.to_string();
            if cause.contains("disconnected") {
                StoreError::Locked
            } else {
                StoreError::absent(last_cause(&cause))
            }
        }
        Error::NoStorageAccess(cause) => {
            let cause = cause.to_string();
            match () {
                () if cause.contains("dismissed") || cause.contains("locked") => StoreError::Locked,
                () if cause.contains("result not returned") => {
                    StoreError::absent("it has no collection yet: open it once on a desktop")
                }
                () => StoreError::denied(&cause),
            }
        }
        Error::NoDefaultStore => StoreError::absent("no keyring on this system"),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            StoreError::denied("its entry is not text")
        }
        Error::TooLong(what, most) => {
            StoreError::denied(&format!("{what} can have at most {most} characters"))
        }
        Error::Ambiguous(items) => StoreError::denied(&format!(
            "{} entries have this name; remove all but one",
            items.len()
        )),
        _ => StoreError::denied("it cannot store this entry"),
    }
}

/// Returns the end of a chain of causes, which is the most specific.
fn last_cause(cause: &str) -> &str {
    cause.trim_start_matches("zbus error: ").trim_start_matches("I/O error: ")
}

impl SecretStore for Keyring {
    fn name(&self) -> &'static str {
        NAME
    }

    fn meaning(&self) -> &'static str {
        "stored encrypted until removed, unlocked by your login"
    }

    fn get(&self, entry: &SecretName) -> Result<SecretString, StoreError> {
        let secret = item(entry)?.get_password();
        secret.map(SecretString::from).map_err(|error| store_error(&error))
    }

    fn set(&self, entry: &SecretName, secret: &SecretString) -> Result<(), StoreError> {
        item(entry)?.set_password(secret.expose_secret()).map_err(|error| store_error(&error))
    }

    fn delete(&self, entry: &SecretName) -> Result<(), StoreError> {
        item(entry)?.delete_credential().map_err(|error| store_error(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn library_errors_become_outcomes_without_secrets() {
        let cases = [
            (Error::NoEntry, "no entry"),
            (Error::NoDefaultStore, "absent"),
            (Error::PlatformFailure("no secret service provider".into()), "absent"),
            (Error::NoStorageAccess("SS error: prompt dismissed".into()), "locked"),
            (Error::NoStorageAccess("SS Error: object locked".into()), "locked"),
            (Error::NoStorageAccess("SS error: result not returned from SS API".into()), "absent"),
            (Error::NoStorageAccess("AccessDenied".into()), "denied"),
            (Error::BadEncoding(b"canary".to_vec()), "denied"),
        ];
        for (error, word) in cases {
            let trouble = store_error(&error);
            assert_eq!(trouble.word(), word, "{error}");
            assert!(!trouble.to_string().contains("canary"));
        }
    }
}
