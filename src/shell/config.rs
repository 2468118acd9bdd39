//! `config.toml`: the profiles, and which one counts when none is named.
//!
//! There is no secret in it. It says where a secret is sent and which program
//! prints one, so it is not read while somebody else could have written it.

mod file;
mod keys;
mod letters;
mod profile;

use std::path::PathBuf;

use etcetera::BaseStrategy as _;

use crate::{client::Authority, domain::preset::Settings};

use super::{
    audit, authority,
    exit::Ending,
    log::Level,
    private::{self, shown},
};

pub use crate::api::Mode;
pub use profile::{Api, Profile, Store, is_client_id, is_name};

/// What `config.toml` says.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The file's text, with its comments.
    text: String,
    /// The profiles, in the file's order.
    pub profiles: Vec<Profile>,
    /// What new keys are proposed with.
    pub settings: Settings,
    /// The name of the one that counts when none is named.
    default: Option<String>,
    /// A program that copies, and its arguments.
    pub copy_command: Option<Vec<String>>,
    /// How acts are written down.
    pub audit: audit::Setting,
    /// How much is logged.
    pub log: Option<Level>,
    /// The team's file of regions.
    pub regions: Option<PathBuf>,
    /// An authority for every profile that names none.
    ca_file: Option<PathBuf>,
}

/// `$ONRAMP_CONFIG_DIR`, else onramp's directory under the XDG one.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
pub fn directory() -> Option<PathBuf> {
    if let Some(own) = std::env::var_os("ONRAMP_CONFIG_DIR").filter(|d| !d.is_empty()) {
        return Some(PathBuf::from(own));
    }
    etcetera::base_strategy::Xdg::new().ok().map(|xdg| xdg.config_dir().join("onramp"))
}

/// Where `config.toml` is, or would be.
pub fn path() -> Option<PathBuf> {
    directory().map(|directory| directory.join("config.toml"))
}

impl Config {
    /// Reads `config.toml`. No file there means no profiles.
    pub fn load() -> Result<Self, Ending> {
        let Some(path) = path() else { return Ok(Self::default()) };
        let name = shown(&path);
        let unread = |error| Ending::Usage(format!("{name} could not be read: {error}"));
        match path.metadata() {
            // Without it there may still be texts of one's own beside it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return file::read(String::new(), &path, name.as_str());
            }
            Err(error) => return Err(unread(error)),
            Ok(facts) if !facts.is_file() => {
                return Err(Ending::Usage(format!("{name} is no file")));
            }
            Ok(_) => {}
        }
        private::check(&path)
            .map_err(|why| Ending::Usage(format!("{name} is not read, because {why}")))?;
        let text = std::fs::read_to_string(&path).map_err(unread)?;
        file::read(text, &path, name.as_str())
    }

    /// These profiles, without a file.
    #[cfg(test)]
    pub(super) fn of(profiles: &[Profile]) -> Self {
        Self { profiles: profiles.to_vec(), ..Self::default() }
    }

    /// The profile of this name.
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }

    /// The profile that counts when none is named: the default, or the only
    /// one.
    pub fn usual(&self) -> Option<&Profile> {
        match (&self.default, self.profiles.as_slice()) {
            (Some(name), _) => self.get(name),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }

    /// The authority that is believed beside the system's: that of `profile`,
    /// else that of all. A file that can not be used is an error.
    pub fn authority(&self, profile: Option<&Profile>) -> Result<Option<Authority>, Ending> {
        let own = profile.and_then(|profile| profile.ca_file.as_deref());
        own.or(self.ca_file.as_deref()).map(authority::load).transpose()
    }

    /// Puts a profile in the place of the one with its name, or at the end;
    /// the first one becomes the default. Writes the file.
    pub fn save(&mut self, profile: &Profile) -> Result<PathBuf, Ending> {
        let path = path().ok_or_else(|| {
            Ending::Failed("there is no place for config.toml: set ONRAMP_CONFIG_DIR".to_owned())
        })?;
        let name = shown(&path);
        let unwritten = |why: String| Ending::Failed(format!("{name} was not written: {why}"));
        let is_first = self.profiles.is_empty() && self.default.is_none();
        let text = file::with(&self.text, profile, is_first).map_err(unwritten)?;
        let saved = file::read(text, &path, name.as_str())?;
        if let Some(directory) = path.parent() {
            private::make(directory).map_err(|error| unwritten(error.to_string()))?;
            private::check(directory).map_err(unwritten)?;
        }
        private::write(&path, &saved.text).map_err(|error| unwritten(error.to_string()))?;
        *self = saved;
        Ok(path)
    }
}
