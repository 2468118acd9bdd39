//! The content of `config.toml` after reading.

use std::path::PathBuf;

use crate::{
    client::Authority,
    domain::preset::Settings,
    shell::{
        account::ca_bundle,
        exit::ExitError,
        store::{audit, log::Level},
    },
};

use super::profile::Profile;

/// The contents of `config.toml`.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The file's text, with its comments.
    pub(super) text: String,
    /// The profiles, in the file's order.
    pub profiles: Vec<Profile>,
    /// The defaults for new keys.
    pub settings: Settings,
    /// The name of the one that counts when none is named.
    pub(super) default: Option<String>,
    /// A program that copies, and its arguments.
    pub copy_command: Option<Vec<String>>,
    /// The audit setting.
    pub audit: audit::AuditSetting,
    /// The log level.
    pub log: Option<Level>,
    /// The team's file of regions.
    pub regions: Option<PathBuf>,
    /// An authority for every profile that names none.
    pub(super) ca_file: Option<PathBuf>,
}

impl Config {
    /// Builds a configuration of these profiles, without a file.
    #[cfg(test)]
    pub(in crate::shell) fn from_profiles(profiles: &[Profile]) -> Self {
        Self { profiles: profiles.to_vec(), ..Self::default() }
    }

    /// Returns the profile of this name.
    pub fn find_profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }

    /// Returns the profile that counts when none is named: the default, or the only
    /// one.
    pub fn default_profile(&self) -> Option<&Profile> {
        match (&self.default, self.profiles.as_slice()) {
            (Some(name), _) => self.find_profile(name),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }

    /// Returns the authority that is believed beside the system's: that of `profile`,
    /// else that of all. A file that cannot be used is an error.
    pub fn authority(&self, profile: Option<&Profile>) -> Result<Option<Authority>, ExitError> {
        let own = profile.and_then(|profile| profile.ca_file.as_deref());
        own.or(self.ca_file.as_deref()).map(ca_bundle::load_ca_file).transpose()
    }
}
