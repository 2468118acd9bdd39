//! What stands between this host and the API.

use super::account::Session;

/// What stands between this host and the API, where anything does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Way {
    /// The proxy, without user and password.
    pub proxy: Option<String>,
    /// The file of an authority that is believed beside the system's.
    pub authority: Option<String>,
}

impl Way {
    /// Nothing does.
    pub const PLAIN: Self = Self { proxy: None, authority: None };

    /// Whether there is nothing to tell.
    pub const fn is_plain(&self) -> bool {
        self.proxy.is_none() && self.authority.is_none()
    }
}

impl Session {
    /// The host, and what stands between: for one line.
    pub fn reached(&self) -> String {
        let mut says = self.host.clone();
        if let Some(proxy) = &self.way.proxy {
            says = format!("{says} via proxy {proxy}");
        }
        if let Some(file) = &self.way.authority {
            let name = file.rsplit('/').next().unwrap_or(file);
            says = format!("{says}, extra CA {name}");
        }
        says
    }

    /// Whose account this is, and where: for a text that is read elsewhere.
    pub fn whose(&self) -> String {
        let whose = format!("{}, {}", self.fence, self.reached());
        match &self.profile {
            Some(name) => format!("{whose}, profile {name}"),
            None => whose,
        }
    }
}
