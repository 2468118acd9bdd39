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

/// The account of an audit, and its path.
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
    /// Returns the audit of `session`, with this client id.
    pub(in crate::shell) fn for_session(session: &Session, client_id: &str, memory: bool) -> Self {
        Self {
            memory,
            environment: session.environment.to_string(),
            host: session.host.clone(),
            profile: session.profile.clone(),
            account: Fingerprint::of_text(client_id).to_string(),
        }
    }

    /// Returns the facts that every line of a session has.
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

/// Returns the path of the audit, whether or not it exists.
pub(in crate::shell) fn path() -> Option<PathBuf> {
    state_dir::directory().map(|directory| directory.join("audit.jsonl"))
}
