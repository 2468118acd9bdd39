//! The trait that every secret store implements, and how a store can fail.

use std::time::Duration;

use secrecy::SecretString;
use thiserror::Error;

use crate::{domain::text::SafeText, shell::stdio::error_text};

use super::SecretName;

/// The timeout of a store that asks no user.
pub const STORE_TIMEOUT: Duration = Duration::from_secs(3);

/// A store of secrets. Calls may block: [`Vault`](super::Vault) moves them off the
/// runtime.
pub trait SecretStore: Send + Sync {
    /// Returns the user's name for it.
    fn name(&self) -> &'static str;

    /// Describes how long it keeps a secret, and what unlocks it.
    fn meaning(&self) -> &'static str;

    /// Returns the timeout of a call.
    fn patience(&self) -> Duration {
        STORE_TIMEOUT
    }

    /// Reads a secret.
    fn get(&self, entry: &SecretName) -> Result<SecretString, StoreError>;

    /// Stores a secret, replacing the one before.
    fn set(&self, entry: &SecretName, secret: &SecretString) -> Result<(), StoreError>;

    /// Removes a secret.
    fn delete(&self, entry: &SecretName) -> Result<(), StoreError>;

    /// Tests whether it would keep a secret now. A store that looks healthy while
    /// reading may still be locked, so the test writes.
    fn probe(&self) -> Result<(), StoreError> {
        let entry = SecretName::probe();
        self.set(&entry, &SecretString::from("probe"))?;
        self.delete(&entry)
    }
}

/// The reason why a store failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// There is no such store here.
    #[error("it is not available ({0})")]
    Absent(SafeText),
    /// It exists but is locked, and was not unlocked.
    #[error("it is locked")]
    Locked,
    /// It refused.
    #[error("it refused access ({0})")]
    Denied(SafeText),
    /// It is open and has no such secret.
    #[error("it has no such entry")]
    NoEntry,
    /// It gave no answer in time. It is not asked again.
    #[error("it does not respond")]
    TimedOut,
}

impl StoreError {
    /// Builds the error of a missing store, with the reason.
    pub fn absent(why: &str) -> Self {
        Self::Absent(SafeText::clean(&error_text(&why)))
    }

    /// Builds the error of a refusal, with the reason.
    pub fn denied(why: &str) -> Self {
        Self::Denied(SafeText::clean(&error_text(&why)))
    }

    /// Returns its word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Absent(_) => "absent",
            Self::Locked => "locked",
            Self::Denied(_) => "denied",
            Self::NoEntry => "no entry",
            Self::TimedOut => "timed out",
        }
    }
}
