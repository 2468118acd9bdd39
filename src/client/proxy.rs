//! Which proxy a call goes through, by the rules of the library that makes it.

use std::fmt;

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::Url;

use crate::domain::text::SafeText;

use super::config::Proxy;

/// A proxy, without the user and the password it is used with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Through {
    /// Its host, with its port where it has one.
    pub host: SafeText,
    /// Whether this program can use its kind: SOCKS it can not.
    pub usable: bool,
}

impl Through {
    /// The proxy that a variable's value names, if the library can read it.
    pub fn read(value: &str) -> Option<Self> {
        let any = Uri::from_static("https://any.invalid");
        Matcher::builder().all(value).build().intercept(&any).map(|found| Self::of(&found))
    }

    fn of(found: &Intercept) -> Self {
        let uri = found.uri();
        let host = uri.authority().map_or("", |authority| authority.as_str());
        // Nothing of a user may stand in front of it, whatever was read.
        let host = host.rsplit('@').next().unwrap_or_default();
        let usable = matches!(uri.scheme_str(), Some("http" | "https"));
        Self { host: SafeText::clean(host), usable }
    }
}

impl fmt::Display for Through {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.usable { "" } else { " (SOCKS, which is not supported)" };
        write!(f, "{}{not}", self.host)
    }
}

/// The proxy for `url`: that of the environment, or of the system's settings,
/// unless it makes an exception.
pub(super) fn to(proxy: Proxy, url: &Url) -> Option<Through> {
    if proxy == Proxy::None {
        return None;
    }
    let uri: Uri = url.as_str().parse().ok()?;
    Matcher::from_system().intercept(&uri).map(|found| Through::of(&found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_shown_without_the_user_and_the_password_in_its_address() {
        for (value, shown) in [
            ("http://proxy.example:3128", "proxy.example:3128"),
            ("proxy.example:3128", "proxy.example:3128"),
            ("http://somebody:canary@proxy.example:3128/path?canary", "proxy.example:3128"),
            ("https://canary@proxy.example", "proxy.example"),
            ("http://[::1]:3128", "[::1]:3128"),
            ("socks5://a:canary@s.example:1080", "s.example:1080 (SOCKS, which is not supported)"),
        ] {
            let read = Through::read(value).expect(value);
            assert_eq!(read.to_string(), shown);
            assert!(!format!("{read:?}").contains("canary"));
        }
        for value in ["", "ftp://proxy.example", "http://", "a b"] {
            assert_eq!(Through::read(value), None, "{value}");
        }
    }
}
