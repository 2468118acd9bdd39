//! The account whose acts an audit records, and the audit's path.

use std::path::PathBuf;

use crate::{
    api::account::Session,
    domain::{
        audit::{Fact, Value, harmless},
        fingerprint::Fingerprint,
    },
    shell::store::state_dir,
};

/// Whose acts, and where they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::shell) struct AuditAccount {
    /// Whether they are gone with the console.
    pub(super) memory: bool,
    pub(super) environment: String,
    pub(super) host: String,
    profile: Option<String>,
    /// The fingerprint of the client id.
    pub(super) account: String,
}

impl AuditAccount {
    /// The audit of `session`, whose client id this is.
    pub(in crate::shell) fn for_session(session: &Session, client_id: &str, memory: bool) -> Self {
        Self {
            memory,
            environment: session.environment.to_string(),
            host: session.host.clone(),
            profile: session.profile.clone(),
            account: Fingerprint::of_text(client_id).to_string(),
        }
    }

    /// What every line of a session says of it.
    pub(super) fn facts(&self) -> Vec<Fact> {
        let text = |text: &str| Value::Text(harmless(text));
        let mut facts = vec![
            ("environment", text(&self.environment)),
            ("api_host", text(&self.host)),
            ("account", text(&self.account)),
        ];
        facts.extend(self.profile.as_deref().map(|name| ("profile", text(name))));
        facts
    }
}

/// Where the audit is, or would be.
pub(in crate::shell) fn path() -> Option<PathBuf> {
    state_dir::directory().map(|directory| directory.join("audit.jsonl"))
}
