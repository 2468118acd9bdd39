//! The audit's part of `config.toml`.

/// The audit setting of `config.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuditSetting {
    /// Whether no key may be created while it cannot be written.
    pub required: bool,
    /// Whether every line goes to the system's own log, too.
    pub syslog: bool,
}
