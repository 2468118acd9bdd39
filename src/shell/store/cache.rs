//! The cache: the lists of one account as they were last read, in a file.
//!
//! It can be deleted at any time, holds no key, and no request is ever sent because of
//! it. A damaged file is renamed, and its lists are read again.

mod file;
mod record;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use etcetera::BaseStrategy as _;
use sha2::{Digest as _, Sha256};

use crate::{
    api::cache::CachedLists,
    domain::{snapshot::Snapshot, text::SafeText, time::Timestamp},
    shell::stdio::error_text,
};

use super::{
    permissions::{self, path_text},
    state_dir,
};

/// The start of a file name; a hash of the account follows.
const FILE_PREFIX: &str = "lists-";

/// Returns the directory of the cache, whether or not it exists: `$ONRAMP_CACHE_DIR`,
/// else onramp's directory under the XDG one. Reads nothing.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
pub(in crate::shell) fn directory() -> Option<PathBuf> {
    if let Some(own) = std::env::var_os("ONRAMP_CACHE_DIR").filter(|d| !d.is_empty()) {
        return Some(PathBuf::from(own));
    }
    let xdg = etcetera::base_strategy::Xdg::new().ok()?;
    Some(xdg.cache_dir().join("onramp"))
}

/// The lists of one account.
#[derive(Debug, Clone)]
pub(in crate::shell) struct Cache {
    directory: Option<PathBuf>,
    name: String,
    /// The age of the last written lists: a late write does not replace newer ones.
    newest: Arc<Mutex<Option<Timestamp>>>,
}

impl Cache {
    /// Returns the cache of one environment, API and key pair, by their hash: another
    /// account's lists are never shown.
    pub(in crate::shell) fn for_account(environment: &str, api: &str, client_id: &str) -> Self {
        Self::in_directory(directory(), environment, api, client_id)
    }

    fn in_directory(
        directory: Option<PathBuf>,
        environment: &str,
        api: &str,
        client_id: &str,
    ) -> Self {
        let digest = Sha256::digest(format!("{environment}\n{api}\n{client_id}").as_bytes());
        let digits: Vec<_> = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self {
            directory,
            name: format!("{FILE_PREFIX}{}", digits.concat()),
            newest: Arc::default(),
        }
    }

    /// Returns the path of its file, whether or not it exists.
    pub(in crate::shell) fn path(&self) -> Option<PathBuf> {
        Some(self.directory.as_ref()?.join(&self.name))
    }

    /// Reads it on a thread of its own, because a disk can hang. The thread reports the
    /// result.
    pub(in crate::shell) fn load(&self, report: impl FnOnce(CachedLists) + Send + 'static) {
        let cache = self.clone();
        run_on_thread(move || report(cache.read()));
    }

    /// Writes it on a thread of its own. One that cannot be written costs the
    /// next start its first second, and nothing else.
    pub(in crate::shell) fn save(&self, snapshot: Snapshot) {
        let cache = self.clone();
        run_on_thread(move || drop(cache.write(&snapshot)));
    }

    /// Reads it now; a damaged one is renamed.
    fn read(&self) -> CachedLists {
        let Some(path) = self.path() else { return CachedLists::default() };
        // What others may have written is not believed, and not touched.
        if path.parent().is_none_or(|directory| !directory.is_dir()) {
            return CachedLists::default();
        }
        if let Err(why) = path.parent().map_or(Ok(()), permissions::check) {
            let says = format!("The saved lists are not used: {why}.");
            return CachedLists { trouble: Some(SafeText::clean(&says)), ..CachedLists::default() };
        }
        match file::read(&path) {
            Ok(snapshot) => CachedLists { snapshot: snapshot.map(Box::new), trouble: None },
            Err(why) => {
                let aside = match file::set_aside(&path) {
                    Ok(to) => format!("moved to {}", path_text(&to)),
                    Err(error) => format!("could not be moved aside ({})", error_text(&error)),
                };
                let says = format!(
                    "The saved lists could not be read ({why}): {aside}; lists are \
                        fetched again."
                );
                CachedLists { trouble: Some(SafeText::clean(&says)), ..CachedLists::default() }
            }
        }
    }

    fn write(&self, snapshot: &Snapshot) -> Result<(), String> {
        let path = self.path().ok_or("no directory for it")?;
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if newest.is_some_and(|newest| newest > snapshot.read_at) {
            return Ok(());
        }
        state_dir::open_at(path.parent().ok_or("it has no directory")?)?;
        file::write(&path, snapshot)?;
        *newest = Some(snapshot.read_at);
        Ok(())
    }
}

/// The facts about a cache without its content.
#[derive(Debug)]
pub(in crate::shell) struct CacheFacts {
    /// Its size in bytes.
    pub(in crate::shell) bytes: u64,
    /// The time its on-ramps were read.
    pub(in crate::shell) read_at: Timestamp,
}

/// Returns every account's lists in `directory`, with their state. Nothing is created
/// or changed.
pub(in crate::shell) fn list_caches(
    directory: &Path,
) -> Vec<(PathBuf, Result<CacheFacts, String>)> {
    let named = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(FILE_PREFIX) && !name.contains('.')
    };
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).filter(named).collect();
    paths.sort();
    let facts = |path: PathBuf| {
        let found = facts(&path);
        (path, found)
    };
    paths.into_iter().map(facts).collect()
}

fn facts(path: &Path) -> Result<CacheFacts, String> {
    let snapshot = file::read(path)?.ok_or("it no longer exists")?;
    let bytes = path.symlink_metadata().map_err(|error| error_text(&error))?.len();
    Ok(CacheFacts { bytes, read_at: snapshot.read_at })
}

/// Runs `work` on a thread that is not joined: one that hangs on its disk does not keep
/// the program from ending.
fn run_on_thread(work: impl FnOnce() + Send + 'static) {
    drop(thread::Builder::new().name("cache".to_owned()).spawn(work));
}

#[cfg(all(test, unix))]
mod tests;
