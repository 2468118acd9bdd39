//! The two variables that the vendor's own command line reads too.

use secrecy::SecretString;

use super::{Entry, SecretStore, Trouble};

/// The variable of the client id.
pub const ID: &str = "MEGAPORT_ACCESS_KEY";
/// The variable of the client secret.
pub const SECRET: &str = "MEGAPORT_SECRET_KEY";

/// The environment of this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct Environment;

/// The client id and the client secret of the environment, each where set.
pub fn pair() -> (Option<String>, Option<SecretString>) {
    (read(ID), read(SECRET).map(SecretString::from))
}

#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn read(name: &str) -> Option<String> {
    let value = std::env::var(name).ok()?;
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Nobody but the user can change it.
fn yours<T>() -> Result<T, Trouble> {
    Err(Trouble::denied("you set and unset the variables yourself"))
}

impl SecretStore for Environment {
    fn name(&self) -> &'static str {
        "the environment (MEGAPORT_SECRET_KEY)"
    }

    fn meaning(&self) -> &'static str {
        "kept by whatever sets the variable; onramp keeps nothing"
    }

    fn get(&self, _: &Entry) -> Result<SecretString, Trouble> {
        pair().1.ok_or(Trouble::NoEntry)
    }

    fn set(&self, _: &Entry, _: &SecretString) -> Result<(), Trouble> {
        yours()
    }

    fn delete(&self, _: &Entry) -> Result<(), Trouble> {
        yours()
    }

    fn probe(&self) -> Result<(), Trouble> {
        pair().1.map(drop).ok_or(Trouble::NoEntry)
    }
}
