//! The way to the API: proxy, names, TLS, the API itself, a token, the clock.

use std::time::Duration;

use url::Url;

use crate::{
    api::{Cause, Failure},
    client::{self, Config, Credentials, Proxy, Reached},
    domain::text::SafeText,
    shell::account::Api,
};

use super::{Mark, Report, here::variable};

/// How long the name server may take.
const NAMES: Duration = Duration::from_secs(5);

/// How far the clocks may be apart, in milliseconds.
const SKEW: i64 = 60_000;

/// Follows the way to `api`, with `pair` where there is one.
pub(super) async fn look(report: &mut Report, api: &Api, pair: Option<Credentials>) {
    let has_pair = pair.is_some();
    let nobody = Credentials { client_id: String::new(), client_secret: "".into() };
    let config = match api.config(pair.unwrap_or(nobody)) {
        Ok(config) => config,
        Err(error) => return report.add(Mark::Bad, "api", error.to_string()),
    };
    let proxied = proxy(report, &config);
    names(report, &config.api_url, proxied).await;
    if config.token_url.host_str() != config.api_url.host_str() {
        names(report, &config.token_url, proxied).await;
    }
    match client::reach(config.clone()).await {
        Ok(reached) => answered(report, api, &config, reached),
        Err(failed) => {
            let label = if failed.cause == Cause::Tls { "tls" } else { "api" };
            report.add(Mark::Bad, label, sentence(&failed));
        }
    }
    if has_pair {
        let host = SafeText::clean(config.token_url.host_str().unwrap_or_default());
        match client::verify(config).await {
            Ok(()) => report.add(Mark::Well, "token", format!("made by {host}; not shown")),
            Err(failed) => {
                let keys = failed.cause == Cause::Credentials;
                report.add(if keys { Mark::Keys } else { Mark::Bad }, "token", sentence(&failed));
            }
        }
    } else {
        report.add(Mark::Note, "token", "not asked for: there are no credentials");
    }
}

fn sentence(failed: &Failure) -> String {
    format!("{}. {}", failed.happened, failed.advice)
}

/// Whether a proxy is used. Its user and password are not shown.
fn proxy(report: &mut Report, config: &Config) -> bool {
    let names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let found = names.iter().find_map(|name| Some((name, variable(name)?)));
    let Some((name, value)) = found else {
        report.add(Mark::Well, "proxy", "none in the environment");
        return false;
    };
    let url = Url::parse(&value).or_else(|_| Url::parse(&format!("http://{value}")));
    let host = url.ok().and_then(|url| {
        let port = url.port_or_known_default()?;
        Some(SafeText::clean(&format!("{}:{port}", url.host_str()?)))
    });
    let Some(host) = host else {
        report.add(Mark::Bad, "proxy", format!("{name} is no address"));
        return true;
    };
    if config.proxy == Proxy::None {
        report.add(Mark::Note, "proxy", format!("{host} in {name}, not used for this machine"));
        return false;
    }
    let except = if variable("NO_PROXY").or_else(|| variable("no_proxy")).is_some() {
        ", with exceptions in NO_PROXY"
    } else {
        ""
    };
    report.add(Mark::Note, "proxy", format!("{host} in {name}{except}"));
    true
}

/// Whether the name server knows the host; a proxy asks for us.
async fn names(report: &mut Report, url: &Url, proxied: bool) {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    let asked = tokio::net::lookup_host((host.trim_matches(['[', ']']), port));
    let name = SafeText::clean(host);
    let bad = if proxied { Mark::Note } else { Mark::Bad };
    match tokio::time::timeout(NAMES, asked).await {
        Ok(Ok(addresses)) => {
            let count = addresses.count();
            let many = if count == 1 { "" } else { "es" };
            report.add(Mark::Well, "names", format!("{name}: {count} address{many}"));
        }
        Ok(Err(_)) => report.add(bad, "names", format!("{name} is not known here")),
        Err(_) => report.add(bad, "names", format!("{name}: the name server does not answer")),
    }
}

fn answered(report: &mut Report, api: &Api, config: &Config, reached: Reached) {
    let host = SafeText::clean(config.api_url.host_str().unwrap_or_default());
    if config.api_url.scheme() == "https" {
        report.add(Mark::Well, "tls", format!("the certificate of {host} is trusted here"));
    } else {
        report.add(Mark::Note, "tls", "none: plain http to this machine");
    }
    let environment = api.place().map_or("CUSTOM", |place| place.fence().word());
    let says = format!("{environment}: {host} answers (status {})", reached.status);
    report.add(Mark::Well, "api", says);
    let Some(offset) = reached.clock_offset else {
        return report.add(Mark::Note, "clock", "the server does not tell its time");
    };
    // The server's header counts seconds.
    let (seconds, way) = (offset.abs() / 1000, if offset > 0 { "behind" } else { "ahead of" });
    if offset.abs() > SKEW {
        report.add(Mark::Bad, "clock", format!("{seconds} s {way} the server: set this clock"));
    } else {
        report.add(Mark::Well, "clock", format!("{seconds} s {way} the server"));
    }
}
