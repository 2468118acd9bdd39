//! Secret stores: one trait, and its errors.
//!
//! No store writes a secret in clear, and none is a fallback for another: the user
//! chooses one and sees which one it is. Every call runs on a thread of its own under a
//! deadline, since a desktop's keyring can hang forever.

mod command;
mod entry;
mod environment;
#[cfg(target_os = "linux")]
mod kernel;
mod keyring;
mod memory;
mod store;
mod vault;

use std::sync::LazyLock;

pub use crate::shell::account::credentials::command::Command;
pub use crate::shell::account::credentials::entry::{SecretName, SecretScope};
pub use crate::shell::account::credentials::environment::{
    CLIENT_ID_VARIABLE, Environment, SECRET_VARIABLE, read_key_pair,
};
#[cfg(target_os = "linux")]
pub use crate::shell::account::credentials::kernel::Kernel;
pub use crate::shell::account::credentials::keyring::Keyring;
pub use crate::shell::account::credentials::memory::Memory;
pub use crate::shell::account::credentials::store::{STORE_TIMEOUT, SecretStore, StoreError};
pub use crate::shell::account::credentials::vault::Vault;

/// Returns the one store of this session: what is put into it is there until the
/// program ends.
pub fn session_vault() -> Vault {
    static KEPT: LazyLock<Vault> = LazyLock::new(|| Vault::new(Memory::default()));
    KEPT.clone()
}
