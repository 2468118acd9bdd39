//! Calls a secret store from a thread of its own, under a deadline.
//!
//! Keyring calls block, and on a stuck D-Bus they never return. Each call therefore has a
//! plain thread that is abandoned when its time is over. It is not `spawn_blocking`: the
//! runtime waits for its blocking threads when it ends, and the program would hang.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use secrecy::SecretString;
use tokio::sync::oneshot;

use crate::shell::{
    stdio::error_text,
    store::log::{Note, write_note},
};

use super::{SecretName, SecretStore, StoreError};

/// A store that is called with a timeout.
#[derive(Clone)]
pub struct Vault {
    store: Arc<dyn SecretStore>,
    patience: Duration,
    /// A call that never came back may hold a lock of the store's library, so
    /// every later one would hang as well.
    hung: Arc<AtomicBool>,
}

impl Vault {
    /// Wraps a store.
    pub fn new(store: impl SecretStore + 'static) -> Self {
        let patience = store.patience();
        Self { store: Arc::new(store), patience, hung: Arc::default() }
    }

    /// Waits `patience` instead: for a store that may ask the user for a password.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Returns the user's name for the store.
    pub fn name(&self) -> &'static str {
        self.store.name()
    }

    /// Returns its timeout.
    pub const fn patience(&self) -> Duration {
        self.patience
    }

    /// Describes how long it keeps a secret, and what unlocks it.
    pub fn meaning(&self) -> &'static str {
        self.store.meaning()
    }

    /// Reads a secret.
    pub async fn get(&self, entry: &SecretName) -> Result<SecretString, StoreError> {
        let entry = entry.clone();
        self.call_store("get", move |store| store.get(&entry)).await
    }

    /// Stores a secret.
    pub async fn set(&self, entry: &SecretName, secret: &SecretString) -> Result<(), StoreError> {
        let (entry, secret) = (entry.clone(), secret.clone());
        self.call_store("set", move |store| store.set(&entry, &secret)).await
    }

    /// Removes a secret.
    pub async fn delete(&self, entry: &SecretName) -> Result<(), StoreError> {
        let entry = entry.clone();
        self.call_store("delete", move |store| store.delete(&entry)).await
    }

    /// Returns whether the store would keep a secret now.
    pub async fn probe(&self) -> Result<(), StoreError> {
        self.call_store("probe", |store| store.probe()).await
    }

    /// Calls the store and notes the result.
    async fn call_store<T: Send + 'static>(
        &self,
        asked: &'static str,
        ask: impl FnOnce(&dyn SecretStore) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let answer = self.call_on_thread(ask).await;
        let outcome = answer.as_ref().map_or_else(StoreError::word, |_| "ok");
        write_note(&Note::Store { name: self.name(), asked, outcome });
        answer
    }

    /// Calls on a plain thread: a runtime waits for its blocking threads when it ends.
    async fn call_on_thread<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&dyn SecretStore) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if self.hung.load(Ordering::SeqCst) {
            return Err(StoreError::TimedOut);
        }
        let (answer, answered) = oneshot::channel();
        let store = Arc::clone(&self.store);
        let work = move || drop(answer.send(ask(&*store)));
        let thread = std::thread::Builder::new().name("secrets".into()).spawn(work);
        thread.map_err(|error| StoreError::denied(&error_text(&error)))?;
        match tokio::time::timeout(self.patience, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(StoreError::denied("its library failed")),
            Err(_) => {
                self.hung.store(true, Ordering::SeqCst);
                Err(StoreError::TimedOut)
            }
        }
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Vault").field(&self.name()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::account::credentials::{Memory, SecretScope};
    use secrecy::ExposeSecret as _;

    /// A store in which every call ends in the same way; `None` never ends.
    struct Fake(Option<StoreError>);

    impl Fake {
        fn end<T>(&self) -> Result<T, StoreError> {
            match &self.0 {
                Some(trouble) => Err(trouble.clone()),
                None => loop {
                    std::thread::park();
                },
            }
        }
    }

    impl SecretStore for Fake {
        fn name(&self) -> &'static str {
            "a fake"
        }
        fn meaning(&self) -> &'static str {
            "for tests"
        }
        fn get(&self, _: &SecretName) -> Result<SecretString, StoreError> {
            self.end()
        }
        fn set(&self, _: &SecretName, _: &SecretString) -> Result<(), StoreError> {
            self.end()
        }
        fn delete(&self, _: &SecretName) -> Result<(), StoreError> {
            self.end()
        }
    }

    fn entry(profile: &str) -> SecretName {
        let place = SecretScope::for_hosts("http://127.0.0.1:1", "http://127.0.0.1:1/token")
            .expect("legal");
        SecretName::new(&place, profile, "an-id")
    }

    #[tokio::test]
    async fn every_outcome_of_a_store_arrives_as_it_is() {
        let all = [
            StoreError::absent("no bus"),
            StoreError::Locked,
            StoreError::denied("policy"),
            StoreError::NoEntry,
            StoreError::TimedOut,
        ];
        for trouble in all {
            let vault = Vault::new(Fake(Some(trouble.clone())));
            assert_eq!(vault.get(&entry("a")).await.err().as_ref(), Some(&trouble));
            assert_eq!(vault.set(&entry("a"), &"x".into()).await.as_ref(), Err(&trouble));
            assert_eq!(vault.delete(&entry("a")).await.as_ref(), Err(&trouble));
            assert_eq!(vault.probe().await, Err(trouble));
        }
    }

    #[tokio::test]
    async fn hanging_store_is_given_up_after_3_s_and_not_retried() {
        let vault = Vault::new(Fake(None));
        assert_eq!(vault.patience, Duration::from_secs(3));
        let vault = vault.with_patience(Duration::from_millis(20));
        assert_eq!(vault.get(&entry("a")).await.err(), Some(StoreError::TimedOut));
        let vault = vault.with_patience(Duration::MAX);
        assert_eq!(vault.clone().probe().await, Err(StoreError::TimedOut), "at once");
    }

    #[tokio::test]
    async fn a_secret_comes_back_from_its_own_entry_only() {
        let vault = Vault::new(Memory::default());
        let secret = SecretString::from(format!("{:x}", fastrand::u128(..)));
        vault.set(&entry("a"), &secret).await.expect("kept");
        let got = vault.get(&entry("a")).await.expect("read");
        assert_eq!(got.expose_secret(), secret.expose_secret());
        assert_eq!(vault.get(&entry("b")).await.err(), Some(StoreError::NoEntry));
        vault.delete(&entry("a")).await.expect("removed");
        assert_eq!(vault.delete(&entry("a")).await, Err(StoreError::NoEntry));
        assert_eq!(vault.probe().await, Ok(()));
    }
}
