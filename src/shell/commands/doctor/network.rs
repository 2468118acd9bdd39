//! Checks the network path to the API: proxy, DNS, TLS, the API itself, a token, the
//! clock.

use std::time::Duration;

use url::Url;

use crate::{
    api::Cause,
    client::{self, ApiAnswered, Config, Credentials, Proxy, ProxyInUse, Trust},
    domain::text::SafeText,
    shell::account::{self, Api, ca_bundle, config::Config as Settings, proxies},
};

use super::{
    account::AccountFinding,
    host::variable,
    report::{Mark, Report},
};

/// The timeout of name resolution.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(5);

/// The tolerated difference of the clocks, in milliseconds.
const CLOCK_SKEW_MAX_MS: i64 = 60_000;

/// Checks the path to the API step by step, with the key pair if there is one.
pub(super) async fn check_network(report: &mut Report, settings: &Settings, found: AccountFinding) {
    if let Err(error) = proxies::check_proxy_variables() {
        return report.add(Mark::Bad, "proxy", error.to_string());
    }
    let AccountFinding { api, profile, pair } = found;
    let has_pair = pair.is_some();
    let nobody = Credentials { client_id: String::new(), client_secret: "".into() };
    let pair = pair.unwrap_or(nobody);
    let config = match account::client_config(settings, &api, profile.as_ref(), pair) {
        Ok(config) => config,
        Err(error) => {
            let label = if ca_bundle::read_variables().is_err() { "ca" } else { "api" };
            return report.add(Mark::Bad, label, error.to_string());
        }
    };
    check_proxy(report, &config);
    check_authorities(report, &config);
    let proxied = config.api_proxy().is_some();
    resolve_names(report, &config.api_url, proxied).await;
    if config.token_url.host_str() != config.api_url.host_str() {
        resolve_names(report, &config.token_url, config.token_proxy().is_some()).await;
    }
    match client::probe_api(config.clone()).await {
        Ok(reached) => report_answer(report, &api, &config, reached),
        Err(failed) => {
            let label = if failed.cause == Cause::Tls { "tls" } else { "api" };
            report.add(Mark::Bad, label, failed.in_full());
        }
    }
    if has_pair {
        let host = SafeText::clean(config.token_url.host_str().unwrap_or_default());
        match client::verify_credentials(config).await {
            Ok(()) => report.add(Mark::Well, "token", format!("issued by {host}; not shown")),
            Err(failed) => {
                let keys = failed.cause == Cause::Credentials;
                report.add(if keys { Mark::Keys } else { Mark::Bad }, "token", failed.in_full());
            }
        }
    } else {
        report.add(Mark::Note, "token", "not requested: there are no credentials");
    }
}

/// Reports the proxy in use. Its user and password are not shown.
fn check_proxy(report: &mut Report, config: &Config) {
    let all = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let set = all.iter().find_map(|name| Some((name, variable(name)?)));
    let (api, token) = (config.api_proxy(), config.token_proxy());
    for (through, what) in [(&api, ""), (&token, ", for tokens")] {
        let Some(through) = through else { continue };
        if what.is_empty() || api != token {
            let by = set.as_ref().map_or("the system settings", |(name, _)| **name);
            report.add(Mark::Note, "proxy", format!("{through}, by {by}{what}"));
        }
    }
    if api.is_some() || token.is_some() {
        return;
    }
    match set {
        None => report.add(Mark::Well, "proxy", "none in the environment"),
        Some((name, value)) => match ProxyInUse::parse(&value) {
            // Refused above.
            None => {}
            Some(through) if config.proxy == Proxy::None => {
                let says = format!("{through} in {name}, not used for this host");
                report.add(Mark::Note, "proxy", says);
            }
            Some(through) => {
                let says = format!("{through} in {name}, not used: NO_PROXY excludes this host");
                report.add(Mark::Note, "proxy", says);
            }
        },
    }
}

/// Reports the trusted authorities, if they are not the system's usual ones.
fn check_authorities(report: &mut Report, config: &Config) {
    if let Trust::SystemAnd(authority) = &config.trust {
        let (name, count) = (authority.name(), authority.count());
        let many = if count == 1 { "" } else { "s" };
        let says = format!("{count} certificate{many} of {name} trusted besides the system's");
        report.add(Mark::Note, "ca_file", says);
    }
    if config.trust == Trust::None {
        return;
    }
    for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        if let Some(path) = variable(name) {
            let path = if path.starts_with('/') { &path } else { "a path that is not absolute" };
            let path = SafeText::clean(path);
            report.add(Mark::Note, "ca", format!("{name}={path} instead of the system's"));
        }
    }
    for trouble in ca_bundle::find_roots().1 {
        report.add(Mark::Bad, "ca", trouble);
    }
}

/// Checks that the name server knows the host; a proxy resolves it for us.
async fn resolve_names(report: &mut Report, url: &Url, proxied: bool) {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    let asked = tokio::net::lookup_host((host.trim_matches(['[', ']']), port));
    let name = SafeText::clean(host);
    let bad = if proxied { Mark::Note } else { Mark::Bad };
    match tokio::time::timeout(RESOLVE_TIMEOUT, asked).await {
        Ok(Ok(addresses)) => {
            let count = addresses.count();
            let many = if count == 1 { "" } else { "es" };
            report.add(Mark::Well, "DNS", format!("{name}: {count} address{many}"));
        }
        Ok(Err(_)) => report.add(bad, "DNS", format!("cannot resolve {name}")),
        Err(_) => report.add(bad, "DNS", format!("{name}: the name server does not respond")),
    }
}

fn report_answer(report: &mut Report, api: &Api, config: &Config, reached: ApiAnswered) {
    let host = SafeText::clean(config.api_url.host_str().unwrap_or_default());
    if config.api_url.scheme() == "https" {
        report.add(Mark::Well, "tls", format!("the certificate of {host} is trusted here"));
    } else {
        report.add(Mark::Note, "tls", "none: plain http to this host");
    }
    let environment = api.secret_scope().map_or("CUSTOM", |place| place.environment().word());
    let says = format!("{environment}: {host} replies (status {})", reached.status);
    report.add(Mark::Well, "api", says);
    let Some(offset) = reached.clock_offset else {
        return report.add(Mark::Note, "clock", "the server does not report its time");
    };
    // The server's header counts seconds.
    let (seconds, direction) =
        (offset.abs() / 1000, if offset > 0 { "behind" } else { "ahead of" });
    if offset.abs() > CLOCK_SKEW_MAX_MS {
        report.add(
            Mark::Bad,
            "clock",
            format!("{seconds} s {direction} the server: set this clock"),
        );
    } else {
        report.add(Mark::Well, "clock", format!("{seconds} s {direction} the server"));
    }
}
