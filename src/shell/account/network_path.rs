//! The proxy and the authority between this host and the API, for the screen and `doctor`.

use crate::{
    api::network_path::NetworkPath,
    client::{Config, Trust},
};

/// Describes the proxy and the authority of API calls. A proxy used for tokens only is
/// marked as such.
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
