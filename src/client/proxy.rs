//! The choice of a proxy for a call, by the rules of the library that makes it.

use std::{fmt, net::Ipv6Addr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::Url;

use crate::{client::mask::Mask, domain::text::SafeText};

/// The schemes of proxies that the library knows.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// Through what a connection goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proxy {
    /// The system's (`https_proxy` and its like).
    System,
    /// Straight.
    None,
}

/// A proxy, without the user and the password it is used with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyInUse {
    /// Its host, with its port where it has one.
    pub host: SafeText,
}

/// Whom a call goes to, and through what.
#[derive(Debug, Clone)]
pub(super) struct Route<'a> {
    /// The host.
    pub(super) host: &'a str,
    /// The proxy, where it goes through one.
    pub(super) proxy: Option<ProxyInUse>,
}

impl ProxyInUse {
    /// Parses the proxy in a variable's value: `None` where it is anything but
    /// `[scheme://][user[:password]@]host[:port]`, or where the library would read
    /// something else in it.
    ///
    /// A path after the host means nothing and is allowed. A user or a password with an
    /// unencoded `#`, `/`, `?` or `@` is refused: both parsers take the part before it
    /// for the host.
    pub fn parse(value: &str) -> Option<Self> {
        if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
        let known = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, behind) = rest.split_at(end);
        let host = authority.split_once('@').map_or(authority, |(_, host)| host);
        if !known || behind.contains('@') || !is_host_and_port(host) {
            return None;
        }
        let any = Uri::from_static("https://any.invalid");
        let found = Matcher::builder().all(value).build().intercept(&any)?;
        let agrees = found.uri().authority()?.as_str().eq_ignore_ascii_case(host);
        agrees.then(|| Self::new(&found))
    }

    fn new(found: &Intercept) -> Self {
        let uri = found.uri();
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let host = if is_host_and_port(host) { host } else { "an address that is not shown" };
        Self { host: SafeText::clean(host) }
    }
}

/// Returns whether `text` is a host, with a port or without one, and nothing else.
fn is_host_and_port(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) if host.parse::<Ipv6Addr>().is_err() => return false,
        Some((_, port)) => ("", port),
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let is_port =
        |port: &str| port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    (text.starts_with('[') || !host.is_empty())
        && host.chars().all(plain)
        && (port.is_empty() || is_port(port))
}

impl fmt::Display for ProxyInUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.host, f)
    }
}

/// Returns the proxy for `url`: that of the environment, or of the system's settings,
/// unless it makes an exception.
pub(super) fn find_proxy(proxy: Proxy, url: &Url) -> Option<ProxyInUse> {
    intercept(proxy, url).map(|found| ProxyInUse::new(&found))
}

/// Hides the password that the proxy for `url` is used with.
pub(super) fn hide_password(mask: &mut Mask, proxy: Proxy, url: &Url) {
    let Some(found) = intercept(proxy, url) else { return };
    if let Some((user, password)) = found.raw_auth() {
        mask.hide_pair(user, password);
    }
    let Some(pair) = pair_of(&found) else { return };
    let (user, password) = pair.split_once(':').unwrap_or((&pair, ""));
    mask.hide_pair(user, password);
    if password.is_empty() {
        // Some proxies take a token in place of a user.
        mask.hide_pair("", user);
    }
}

/// Returns the user and the password that an http proxy is used with, joined by a
/// colon.
fn pair_of(found: &Intercept) -> Option<String> {
    let header = found.basic_auth()?.to_str().ok()?;
    let pair = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    Some(String::from_utf8_lossy(&pair).into_owned())
}

/// Returns the address of the proxy for `url`, with the user and the password it is
/// used with.
pub(super) fn proxy_address(url: &Url) -> Option<Url> {
    let found = intercept(Proxy::System, url)?;
    let mut address: Url = found.uri().to_string().parse().ok()?;
    let pair = pair_of(&found);
    let (user, password) = match (found.raw_auth(), &pair) {
        (Some((user, password)), _) => (user, password),
        (None, Some(pair)) => pair.split_once(':').unwrap_or((pair, "")),
        (None, None) => return Some(address),
    };
    address.set_username(user).ok()?;
    address.set_password(Some(password).filter(|password| !password.is_empty())).ok()?;
    Some(address)
}

fn intercept(proxy: Proxy, url: &Url) -> Option<Intercept> {
    if proxy == Proxy::None || is_exempt(&no_proxy_variable(), url) {
        return None;
    }
    let uri: Uri = url.as_str().parse().ok()?;
    Matcher::from_system().intercept(&uri)
}

#[expect(clippy::disallowed_methods, reason = "the library below reads it itself, too")]
fn no_proxy_variable() -> String {
    let set = |name| std::env::var(name).ok();
    set("NO_PROXY").or_else(|| set("no_proxy")).unwrap_or_default()
}

/// Returns whether a list as in `NO_PROXY` excludes `url`. Beyond what the library
/// reads (names with their subdomains, addresses, networks and `*`), it accepts
/// `*.name` and a port after any of them.
fn is_exempt(list: &str, url: &Url) -> bool {
    let entries = list.split([',', ' ']).filter_map(|entry| {
        let (host, port) = host_and_port(entry);
        let fits = port.is_none() || port == url.port_or_known_default();
        let host = host.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(host);
        fits.then_some(host)
    });
    let entries = entries.collect::<Vec<_>>().join(",");
    let any = Matcher::builder().all("http://any.invalid").no(entries.as_str()).build();
    url.as_str().parse::<Uri>().is_ok_and(|uri| any.intercept(&uri).is_none())
}

/// Returns an entry without its port, and that; the colons of an IPv6 address are none.
fn host_and_port(entry: &str) -> (&str, Option<u16>) {
    let (host, port) = entry.rsplit_once(':').unwrap_or((entry, ""));
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    match port.parse() {
        Ok(port) if inner.is_some() || !host.contains(':') => (inner.unwrap_or(host), Some(port)),
        _ => (entry.trim_matches(['[', ']']), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxy_is_shown_without_its_user_and_password() {
        for (value, shown) in [
            ("http://proxy.example:3128", "proxy.example:3128"),
            ("proxy.example:3128", "proxy.example:3128"),
            ("http://proxy.example:3128/", "proxy.example:3128"),
            ("http://somebody:canary@proxy.example:3128/path?canary", "proxy.example:3128"),
            ("http://somebody:can%23ary%2F%3F%40@proxy.example:3128", "proxy.example:3128"),
            ("https://canary@proxy.example", "proxy.example"),
            ("http://[::1]:3128", "[::1]:3128"),
            ("socks5h://a:canary@s.example:1080", "s.example:1080"),
        ] {
            let read = ProxyInUse::parse(value).expect(value);
            assert_eq!(read.to_string(), shown);
            assert!(!format!("{read:?}").contains("canary"));
        }
    }

    #[test]
    fn exceptions_are_read_as_they_are_written_elsewhere() {
        let url = |url: &str| Url::parse(url).expect("a URL");
        let (plain, odd) =
            (url("https://api.megaport.com/v2"), url("https://api.megaport.com:8443"));
        for (list, is_plain, is_odd) in [
            ("", false, false),
            ("*", true, true),
            ("megaport.com", true, true),
            (".megaport.com", true, true),
            ("*.megaport.com", true, true),
            ("*.MEGAPORT.com:443", true, false),
            ("api.megaport.com:443", true, false),
            ("api.megaport.com:8443", false, true),
            ("localhost, api.megaport.com", true, true),
            ("localhost api.megaport.com", true, true),
            ("port.com", false, false),
            ("*port.com", false, false),
            ("megaport.com.example", false, false),
        ] {
            assert_eq!(
                (is_exempt(list, &plain), is_exempt(list, &odd)),
                (is_plain, is_odd),
                "{list}"
            );
        }
        let address = url("https://10.1.2.3:8443");
        for (list, is_in) in [
            ("10.1.0.0/16", true),
            ("10.1.2.3:8443", true),
            ("10.1.2.3:443", false),
            ("[::1]:8443", false),
        ] {
            assert_eq!(is_exempt(list, &address), is_in, "{list}");
        }
        let six = url("https://[2001:db8::1]:8443");
        for list in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:8443", "2001:db8::/32"] {
            assert!(is_exempt(list, &six), "{list}");
        }
        assert!(!is_exempt("[2001:db8::1]:443", &six));
    }

    #[test]
    fn proxy_address_with_ambiguous_password_is_refused() {
        for value in [
            "",
            "ftp://proxy.example",
            "http://",
            "http://@",
            "a b",
            " http://proxy.example:3128",
            "http://proxy.example:3128 ",
            "http://proxy.example:3128\n",
            "http://user:can#ary@proxy.example:3128",
            "http://user:can/ary@proxy.example:3128",
            "http://user:can?ary@proxy.example:3128",
            "http://user:can@ary@proxy.example:3128",
            "http://user:12#ary@proxy.example:3128",
            "http://user:12/ary@proxy.example:3128",
            "http://user:12?ary@proxy.example:3128",
            "http://canary#1@proxy.example:3128",
            "user:can#ary@proxy.example:3128",
            "http://user:can ary@proxy.example:3128",
            "http://user:canäry@proxy.example:3128",
            "http://user:canary",
            "http://user:canary@",
            "http://user:canary@:3128",
            "http://user:canary@proxy.example:port",
            "http://user:canary@proxy.example:99999",
            "http://user:canary@[::1",
            "http://user:canary@[proxy]:3128",
            "canary://proxy.example:3128",
            "http:/user:canary@proxy.example",
            "user:a://canary@proxy.example",
        ] {
            assert_eq!(ProxyInUse::parse(value), None, "{value}");
        }
    }
}
