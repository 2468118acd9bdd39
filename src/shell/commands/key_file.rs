//! The file that a created key goes into: for this user only, and opened before anything
//! is sent.

use std::path::PathBuf;

use crate::{
    domain::service_key::ServiceKey,
    shell::{
        exit::ExitError,
        stdio::error_text,
        store::permissions::{self, path_text},
    },
};

/// A new, empty key file. It is removed unless a key was written into it.
pub(super) struct KeyFile {
    path: PathBuf,
    has_key: bool,
}

impl KeyFile {
    /// Creates it. A file that exists is never changed, and a link not followed.
    pub(super) fn create(path: PathBuf) -> Result<Self, ExitError> {
        permissions::create(&path, "").map_err(|error| {
            let says = format!("--key-file: {}: {}", path_text(&path), error_text(&error));
            ExitError::Usage(says)
        })?;
        Ok(Self { path, has_key: false })
    }

    /// Returns its path, for the audit.
    pub(super) fn name(&self) -> String {
        path_text(&self.path).to_string()
    }

    /// Writes the key, on a line of its own.
    pub(super) fn write(mut self, key: &ServiceKey) -> Result<(), String> {
        let text = format!("{}\n", key.id.reveal());
        self.has_key = true;
        permissions::replace(&self.path, &text)
            .map_err(|error| format!("{}: {}", path_text(&self.path), error_text(&error)))
    }
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        if !self.has_key {
            drop(std::fs::remove_file(&self.path));
        }
    }
}
