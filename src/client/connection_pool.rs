//! The connections: kept for reads, a fresh one for every write.
//!
//! A POST on a kept connection near the server's idle close fails without showing
//! whether it arrived (measured: 100 of 300, although the server had seen none). With a
//! connection of its own this doubt cannot arise.

use reqwest::{
    Certificate, Client, ClientBuilder,
    header::{ACCEPT, HeaderMap, HeaderValue},
    redirect, retry,
};

use crate::{
    api::{Cause, Failure},
    client::{
        config::{Config, Trust},
        errors::failure,
        proxy::{self, Proxy},
    },
    domain::issuance::Doubt,
};

/// The two HTTP clients.
pub(super) struct ConnectionPool {
    /// For reads and tokens: connections are kept.
    pub(super) reads: Client,
    /// For writes: every one gets a fresh HTTP/1.1 connection. On a kept one, a write
    /// near the server's idle close fails without showing whether it arrived, and the
    /// HTTP library would repeat it silently.
    pub(super) writes: Client,
}

impl ConnectionPool {
    /// Builds both. Reads the system's certificates, which takes tens of
    /// milliseconds: not for a thread of the runtime.
    pub(super) fn open(config: &Config) -> Result<Self, Failure> {
        let writes = client_builder(config).http1_only().pool_max_idle_per_host(0);
        let open = |builder: ClientBuilder| builder.build().map_err(|error| pool_failure(&error));
        Ok(Self { reads: open(client_builder(config))?, writes: open(writes)? })
    }
}

fn client_builder(config: &Config) -> ClientBuilder {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let builder = Client::builder()
        .user_agent(concat!("onramp/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .gzip(true)
        .connect_timeout(config.timeouts.connect);
    let builder = match config.proxy {
        // What the library reads of the exceptions is less than others read.
        Proxy::System => builder.proxy(reqwest::Proxy::custom(proxy::proxy_address)),
        Proxy::None => builder.no_proxy(),
    };
    let own = match &config.trust {
        Trust::System => vec![],
        Trust::SystemAnd(authority) => authority.certificates(),
        Trust::None => return builder.tls_certs_only(std::iter::empty::<Certificate>()),
    };
    match &config.roots {
        None if own.is_empty() => builder,
        None => builder.tls_certs_merge(own),
        Some(roots) => builder.tls_certs_only(roots.certificates().into_iter().chain(own)),
    }
}

fn pool_failure(error: &reqwest::Error) -> Failure {
    let chain = super::errors::error_causes(error);
    let mut failed = if chain.contains("certificates") {
        failure(
            Cause::Tls,
            "this host has no CA certificates to verify Megaport with",
            "Install the package ca-certificates, or name a file of certificates in SSL_CERT_FILE.",
        )
    } else {
        failure(
            Cause::Tls,
            "this host cannot open connections",
            "Check the proxy and certificate settings of this host: onramp doctor.",
        )
    };
    failed.doubt = Doubt::NotSent;
    failed
}
