//! The variables that name a proxy, checked before anything is sent.

use crate::{client::ProxyInUse, shell::exit::ExitError};

/// Every variable that the HTTP library reads an address from.
const VARIABLES: [&str; 6] =
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];

/// Refuses a variable that does not name a proxy, by its name alone: its value may
/// contain a password, and the library would use no proxy at all.
pub(in crate::shell) fn check_proxy_variables() -> Result<(), ExitError> {
    VARIABLES
        .iter()
        .find(|name| !is_proxy_or_unset(name))
        .map_or(Ok(()), |name| Err(bad_variable(name)))
}

#[expect(clippy::disallowed_methods, reason = "the shell reads the environment")]
fn is_proxy_or_unset(name: &str) -> bool {
    let Some(value) = std::env::var_os(name) else { return true };
    value.is_empty() || value.to_str().is_some_and(|value| ProxyInUse::parse(value).is_some())
}

fn bad_variable(name: &str) -> ExitError {
    ExitError::Usage(format!(
        "{name} is not the address of a proxy; nothing was sent. Write it as http://host:port or \
         http://user:password@host:port, without spaces; in user and password write # as %23, / \
         as %2F, ? as %3F and @ as %40"
    ))
}
