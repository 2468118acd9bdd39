//! `config.toml`: the profiles, the default among them, and the settings beside them.
//!
//! It holds no secret. It names where a secret is sent and which program prints one, so it
//! is not read if another user could have written it.

mod content;
mod error;
mod file;
mod keys;
mod profile;
mod templates;

use std::path::PathBuf;

use etcetera::BaseStrategy as _;

use crate::shell::{
    exit::ExitError,
    stdio::error_text,
    store::{
        permissions::{self, path_text},
        regions::Configured,
    },
};

pub use crate::api::Mode;
pub use crate::shell::account::config::content::Config;
pub use crate::shell::account::config::profile::{Api, Profile, Store, is_client_id, is_name};

/// Returns `$ONRAMP_CONFIG_DIR`, else onramp's directory under the XDG one.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
pub fn directory() -> Option<PathBuf> {
    if let Some(own) = std::env::var_os("ONRAMP_CONFIG_DIR").filter(|d| !d.is_empty()) {
        return Some(PathBuf::from(own));
    }
    etcetera::base_strategy::Xdg::new().ok().map(|xdg| xdg.config_dir().join("onramp"))
}

/// Returns the path of `config.toml`, whether or not it exists.
pub fn path() -> Option<PathBuf> {
    directory().map(|directory| directory.join("config.toml"))
}

/// Returns the files of regions that the configuration names.
pub fn region_files() -> Result<Configured, ExitError> {
    let own = directory().map(|directory| directory.join("regions.toml"));
    Ok(Configured { own, team: Config::load()?.regions })
}

impl Config {
    /// Reads `config.toml`. No file there means no profiles.
    pub fn load() -> Result<Self, ExitError> {
        let Some(path) = path() else { return Ok(Self::default()) };
        let name = path_text(&path);
        let unread =
            |error| ExitError::Usage(format!("{name} could not be read: {}", error_text(&error)));
        match path.metadata() {
            // Without it there may still be user templates beside it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return file::read_config(String::new(), &path, name.as_str());
            }
            Err(error) => return Err(unread(error)),
            Ok(facts) if !facts.is_file() => {
                return Err(ExitError::Usage(format!("{name} is not a file")));
            }
            Ok(_) => {}
        }
        permissions::check(&path)
            .map_err(|why| ExitError::Usage(format!("{name} is not used: {why}")))?;
        let text = std::fs::read_to_string(&path).map_err(unread)?;
        file::read_config(text, &path, name.as_str())
    }

    /// Puts a profile in the place of the one with its name, or at the end;
    /// the first one becomes the default. Writes the file.
    pub fn save(&mut self, profile: &Profile) -> Result<PathBuf, ExitError> {
        let path = path().ok_or_else(|| {
            ExitError::Failed("no directory for config.toml: set ONRAMP_CONFIG_DIR".to_owned())
        })?;
        let name = path_text(&path);
        let unwritten = |why: String| ExitError::Failed(format!("{name} was not written: {why}"));
        let is_first = self.profiles.is_empty() && self.default.is_none();
        let text = file::with_profile(&self.text, profile, is_first).map_err(unwritten)?;
        let saved = file::read_config(text, &path, name.as_str())?;
        if let Some(directory) = path.parent() {
            permissions::create_directory(directory)
                .map_err(|error| unwritten(error_text(&error)))?;
            permissions::check(directory).map_err(unwritten)?;
        }
        permissions::write(&path, &saved.text).map_err(|error| unwritten(error_text(&error)))?;
        *self = saved;
        Ok(path)
    }
}
