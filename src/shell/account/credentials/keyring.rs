//! The keyring of the operating system.

use keyring::{Entry as Item, Error};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Entry, SecretStore, Trouble};

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

fn item(entry: &Entry) -> Result<Item, Trouble> {
    // Its library connects once and remembers a failure for good; only here
    // does it say why.
    if let Err(error) = Item::store_status() {
        return Err(told(error));
    }
    Item::new(entry.service(), entry.user()).map_err(|error| told(&error))
}

/// An error of the library without what it may carry: some hold the secret.
pub(super) fn told(error: &Error) -> Trouble {
    match error {
        Error::NoEntry => Trouble::NoEntry,
        Error::PlatformFailure(cause) => {
            let cause = cause.to_string();
            if cause.contains("disconnected") {
                Trouble::Locked
            } else {
                Trouble::absent(short(&cause))
            }
        }
        Error::NoStorageAccess(cause) => {
            let cause = cause.to_string();
            match () {
                () if cause.contains("dismissed") || cause.contains("locked") => Trouble::Locked,
                () if cause.contains("result not returned") => {
                    Trouble::absent("it has no collection yet: open it once on a desktop")
                }
                () => Trouble::denied(&cause),
            }
        }
        Error::NoDefaultStore => Trouble::absent("no keyring on this system"),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => Trouble::denied("its entry is no text"),
        Error::TooLong(what, most) => {
            Trouble::denied(&format!("{what} may have {most} characters at most"))
        }
        Error::Ambiguous(items) => {
            Trouble::denied(&format!("{} entries have this name; remove all but one", items.len()))
        }
        _ => Trouble::denied("it cannot keep this entry"),
    }
}

/// The end of a chain of causes says most.
fn short(cause: &str) -> &str {
    cause.trim_start_matches("zbus error: ").trim_start_matches("I/O error: ")
}

impl SecretStore for Keyring {
    fn name(&self) -> &'static str {
        NAME
    }

    fn meaning(&self) -> &'static str {
        "kept until it is removed, encrypted, opened by your login"
    }

    fn get(&self, entry: &Entry) -> Result<SecretString, Trouble> {
        let secret = item(entry)?.get_password();
        secret.map(SecretString::from).map_err(|error| told(&error))
    }

    fn set(&self, entry: &Entry, secret: &SecretString) -> Result<(), Trouble> {
        item(entry)?.set_password(secret.expose_secret()).map_err(|error| told(&error))
    }

    fn delete(&self, entry: &Entry) -> Result<(), Trouble> {
        item(entry)?.delete_credential().map_err(|error| told(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_librarys_errors_become_outcomes_and_never_quote_a_secret() {
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
            let trouble = told(&error);
            assert_eq!(trouble.word(), word, "{error}");
            assert!(!trouble.to_string().contains("canary"));
        }
    }
}
