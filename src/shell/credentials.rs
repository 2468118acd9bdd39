//! Where secrets live: stores behind one trait, and how they can fail.
//!
//! No store writes a secret in clear, and none stands in for another: a person
//! chooses one and is told which one it is. Every call runs on a thread of its
//! own under a deadline, since a desktop's keyring can hang for ever.

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

pub use command::Command;
pub use entry::{Entry, Place};
pub use environment::{Environment, ID, SECRET, pair};
#[cfg(target_os = "linux")]
pub use kernel::Kernel;
pub use keyring::Keyring;
pub use memory::Memory;
pub use store::{SOON, SecretStore, Trouble};
pub use vault::Vault;

/// The one store of this session: what is put into it is there until the
/// program ends.
pub fn session() -> Vault {
    static KEPT: LazyLock<Vault> = LazyLock::new(|| Vault::new(Memory::default()));
    KEPT.clone()
}
