//! A store for this session only.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use secrecy::SecretString;

use super::{SecretName, SecretStore, StoreError};

/// A store that holds secrets until the program ends.
#[derive(Default)]
pub struct Memory {
    kept: Mutex<HashMap<(String, String), SecretString>>,
}

impl Memory {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<(String, String), SecretString>) -> T) -> T {
        act(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn key(entry: &SecretName) -> (String, String) {
    (entry.service().to_owned(), entry.user().to_owned())
}

impl SecretStore for Memory {
    fn name(&self) -> &'static str {
        "this session"
    }

    fn meaning(&self) -> &'static str {
        "kept until the program ends; the console asks for it at each start"
    }

    fn get(&self, entry: &SecretName) -> Result<SecretString, StoreError> {
        self.with(|kept| kept.get(&key(entry)).cloned()).ok_or(StoreError::NoEntry)
    }

    fn set(&self, entry: &SecretName, secret: &SecretString) -> Result<(), StoreError> {
        self.with(|kept| kept.insert(key(entry), secret.clone()));
        Ok(())
    }

    fn delete(&self, entry: &SecretName) -> Result<(), StoreError> {
        self.with(|kept| kept.remove(&key(entry))).map(drop).ok_or(StoreError::NoEntry)
    }
}
