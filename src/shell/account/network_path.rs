//! The proxy and the authority between this host and the API, for the screen and `doctor`.

use crate::{
    api::network_path::NetworkPath,
    client::{Config, Trust},
};

/// The proxy and the authority that calls of the API use. A proxy that only
/// tokens go through is told as such.
pub(in crate::shell) fn describe_network_path(config: &Config) -> NetworkPath {
    let proxy = match (config.api_proxy(), config.token_proxy()) {
        (Some(api), _) => Some(api.to_string()),
        (None, Some(token)) => Some(format!("{token}, for tokens only")),
        (None, None) => None,
    };
    let authority = match &config.trust {
        Trust::SystemAnd(authority) => Some(authority.name().to_string()),
        Trust::System | Trust::None => None,
    };
    NetworkPath { proxy, authority }
}
