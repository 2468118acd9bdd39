//! The two variables that the vendor's own command line reads too.

use secrecy::SecretString;

use super::{SecretName, SecretStore, StoreError};

/// The variable of the client id.
pub const CLIENT_ID_VARIABLE: &str = "MEGAPORT_ACCESS_KEY";
/// The variable of the client secret.
pub const SECRET_VARIABLE: &str = "MEGAPORT_SECRET_KEY";

/// The environment of this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct Environment;

/// Returns the client id and the client secret of the environment, each where set.
pub fn read_key_pair() -> (Option<String>, Option<SecretString>) {
    (read(CLIENT_ID_VARIABLE), read(SECRET_VARIABLE).map(SecretString::from))
}

#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn read(name: &str) -> Option<String> {
    let value = std::env::var(name).ok()?;
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Reports that only the user can change it.
fn not_writable<T>() -> Result<T, StoreError> {
    Err(StoreError::denied("you set and unset the variables yourself"))
}

impl SecretStore for Environment {
    fn name(&self) -> &'static str {
        "the environment (MEGAPORT_SECRET_KEY)"
    }

    fn meaning(&self) -> &'static str {
        "set in the environment; onramp stores nothing"
    }

    fn get(&self, _: &SecretName) -> Result<SecretString, StoreError> {
        read_key_pair().1.ok_or(StoreError::NoEntry)
    }

    fn set(&self, _: &SecretName, _: &SecretString) -> Result<(), StoreError> {
        not_writable()
    }

    fn delete(&self, _: &SecretName) -> Result<(), StoreError> {
        not_writable()
    }

    fn probe(&self) -> Result<(), StoreError> {
        read_key_pair().1.map(drop).ok_or(StoreError::NoEntry)
    }
}
