//! The log level, and the setting that decided it.

use crate::shell::exit::ExitError;

/// The log level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Level {
    /// Nothing.
    #[default]
    Off,
    /// Defects.
    Error,
    /// And failures.
    Warn,
    /// And what was done: start, end, tokens, changes.
    Info,
    /// And every read.
    Debug,
}

impl Level {
    const ALL: [Self; 5] = [Self::Off, Self::Error, Self::Warn, Self::Info, Self::Debug];

    /// Returns the word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }

    /// Returns the level of a word, in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word().eq_ignore_ascii_case(word.trim()))
    }
}

/// The level, and the setting that decided it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::shell) struct LogSetting {
    /// The level.
    pub(in crate::shell) level: Level,
    /// The setting that decided it.
    pub(in crate::shell) because: &'static str,
}

/// Returns `ONRAMP_LOG`, else the level of `config.toml`, else off.
#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
pub(in crate::shell) fn read_setting(file: Option<Level>) -> Result<LogSetting, ExitError> {
    choose(&std::env::var("ONRAMP_LOG").unwrap_or_default(), file)
}

fn choose(word: &str, file: Option<Level>) -> Result<LogSetting, ExitError> {
    let says = |level, because| Ok(LogSetting { level, because });
    match (word.trim(), file) {
        ("", Some(level)) => says(level, "by config.toml"),
        ("", None) => says(Level::Off, "the default"),
        (word, _) => Level::from_word(word).map_or_else(unknown, |by| says(by, "by ONRAMP_LOG")),
    }
}

fn unknown() -> Result<LogSetting, ExitError> {
    Err(ExitError::Usage("ONRAMP_LOG must be off, error, warn, info or debug".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_variable_overrides_the_file_and_off_is_the_default() {
        let level = |word, file| choose(word, file).expect("a level").level;
        assert_eq!(level("", None), Level::Off);
        assert_eq!(level("", Some(Level::Warn)), Level::Warn);
        assert_eq!(level("Debug", Some(Level::Warn)), Level::Debug);
        assert_eq!(level(" off ", Some(Level::Warn)), Level::Off);
        let text = choose("canary", None).expect_err("no level").to_string();
        assert!(!text.contains("canary") && text.contains("ONRAMP_LOG"), "{text}");
    }
}
